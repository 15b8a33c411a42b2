"""Where mail goes and who it comes from."""

from config.env import MODE, read

DEFAULT_FROM_EMAIL = read("DEFAULT_FROM_EMAIL", default="" if MODE == "production" else "Madoi <madoi@example.org>")
SERVICE_MAILBOX = read("SERVICE_MAILBOX", default="" if MODE == "production" else "madoi@example.org")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

EMAIL_TIMEOUT = 10
if MODE == "demo":
    EMAIL_BACKEND = "config.demo.mailbox.KeptMailBackend"
else:
    vars().update(read.email_url("EMAIL_URL", default="consolemail://" if MODE == "development" else "dummymail://"))

"""Where mail goes and who it comes from."""

from config.env import MODE, STATE_DIR, read

DEFAULT_FROM_EMAIL = read("DEFAULT_FROM_EMAIL", default="" if MODE == "production" else "Madoi <madoi@example.org>")
SERVICE_MAILBOX = read("SERVICE_MAILBOX", default="" if MODE == "production" else "madoi@example.org")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

EMAIL_TIMEOUT = 10
if MODE == "demo":
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = STATE_DIR / "mail"
else:
    vars().update(read.email_url("EMAIL_URL", default="consolemail://" if MODE == "development" else "dummymail://"))

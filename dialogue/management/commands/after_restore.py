"""Settle the outbox of a restored backup before a worker starts."""

from typing import Any

from django.core.management.base import BaseCommand

from dialogue import clock
from dialogue.services.resending import settle_restored


class Command(BaseCommand):
    help = (
        "After restoring a backup and before starting the worker: reminders that came due since the backup may have "
        "been sent, so they are listed as uncertain. Invitations and changes go again under their old Message-ID."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        uncertain, again = settle_restored(now=clock.now())
        self.stdout.write(f"{uncertain} reminders listed as uncertain, {again} other messages are due")

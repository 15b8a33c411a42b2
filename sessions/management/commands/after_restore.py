"""Settle a restored backup before a worker starts."""

from typing import Any

from django.core.management.base import BaseCommand

from dialogue import clock
from dialogue.services.resending import settle_restored, skip_numbers
from sessions.services.forgetting import forget_anew
from sessions.services.restoring import overtake_calendars


class Command(BaseCommand):
    help = (
        "After restoring a backup and before starting the worker: reminders that came due since the backup may have "
        "been sent, so they are listed as uncertain. Invitations and changes go again under their old Message-ID. What "
        "is to come gets a version that every calendar believes, whatever was sent since the backup. Who was erased "
        "since is erased again, as the list of these says (ERASED_FILE)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        skip_numbers()
        uncertain, again = settle_restored(now=now)  # first: what a sender had in its hands waits again, and is raised
        overtaken = overtake_calendars(now=now)
        forgotten = forget_anew(now=now)
        self.stdout.write(f"{uncertain} reminders listed as uncertain, {again} other messages are due")
        self.stdout.write(f"{overtaken} dates to come have a version above what was sent since the backup")
        self.stdout.write(f"{forgotten} places were erased again")

"""Look for mail that came back."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dialogue import clock
from dialogue.services.bounces import read_bounces


class Command(BaseCommand):
    help = "Read delivery status notifications (RFC 3464) out of a mailbox and mark the addresses that fail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("mailbox", nargs="?", help="maildir:///path or mbox:///path; BOUNCES_FROM by default")

    def handle(self, *args: Any, **options: Any) -> None:
        url = options["mailbox"] or settings.BOUNCES_FROM
        if not url:
            raise CommandError("Name a mailbox, or set BOUNCES_FROM.")
        try:
            failing = read_bounces(url=url, now=clock.now())
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{failing} failing addresses noted")

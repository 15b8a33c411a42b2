"""Look for what people's calendars answer."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dialogue import clock
from sessions.services.reading_replies import read_replies


class Command(BaseCommand):
    help = "Read the replies of calendars (iMIP, RFC 6047) out of a mailbox and keep what they answer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("mailbox", nargs="?", help="maildir:///path or mbox:///path; REPLIES_FROM by default")

    def handle(self, *args: Any, **options: Any) -> None:
        url = options["mailbox"] or settings.REPLIES_FROM
        if not url:
            raise CommandError("Name a mailbox, or set REPLIES_FROM.")
        try:
            outcomes = read_replies(url=url, now=clock.now())
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        for outcome, count in sorted(outcomes.items()):
            self.stdout.write(f"{outcome}: {count}")
        self.stdout.write(f"{sum(outcomes.values())} replies read")

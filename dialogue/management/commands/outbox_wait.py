"""Say for how long the oldest message that is due has not left: for whoever watches the site."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dialogue import clock
from dialogue.models import OutboundMessage
from dialogue.querysets import TOO_LONG


class Command(BaseCommand):
    help = "Print the seconds for which the oldest message that is due has not left; fail where they are too many."

    def add_arguments(self, parser: ArgumentParser) -> None:
        most = int(TOO_LONG.total_seconds())
        parser.add_argument("--most", type=int, default=most, metavar="SECONDS", help=f"fail above these ({most})")

    def handle(self, *args: Any, **options: Any) -> None:
        waits = int(OutboundMessage.objects.longest_wait(clock.now()).total_seconds())
        self.stdout.write(f"{waits}")
        if waits > options["most"]:
            raise CommandError(f"the oldest message that is due has not left for {waits} s")

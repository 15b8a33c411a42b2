"""`manage.py make_token EMAIL`: print a token with which a person's own program may read the API."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dialogue import clock
from dialogue.models import Person
from dialogue.services.tokens import LIFE, make_token


class Command(BaseCommand):
    help = "Make an API token for the person with this e-mail address and print it, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--days", type=int, default=LIFE.days, help="how long it opens the API (1 to 366)")

    def handle(self, *args: Any, email: str, days: int, **options: Any) -> None:
        """Print the token alone, so that it can be piped into a secret store."""
        if not 1 <= days <= 366:
            raise CommandError("A token lives for 1 to 366 days.")
        person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
        if person is None:
            raise CommandError("There is no active account with this address.")
        self.stdout.write(make_token(person=person, now=clock.now(), life=timedelta(days=days)))

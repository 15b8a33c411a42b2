"""`manage.py reset_second_factor EMAIL`: let somebody who lost their passkey and recovery codes set up anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dialogue import clock
from dialogue.models import Person
from dialogue.services.second_factors import reset_second_factor


class Command(BaseCommand):
    help = "Take away a person's second factors and end their sessions. Make sure first who is asking."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        """Say how many factors there were."""
        person = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
        if person is None:
            raise CommandError("There is no active account with this address.")
        taken = reset_second_factor(person=person, now=clock.now())
        self.stdout.write(f"{taken} taken away. At the next sign-in a coordinator sets up anew.")

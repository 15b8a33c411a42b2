"""`manage.py create_programme`: make a programme with its first coordinator, on a new site."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dialogue import clock
from dialogue.core.mail_address import mail_address
from dialogue.models import Person
from dialogue.services.terms import create_programme


class Command(BaseCommand):
    help = "Make a programme of a host with its first coordinator, who signs in by a code sent to the address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", help="the host, as its people write it")
        parser.add_argument("name", help="the programme")
        parser.add_argument("email", help="the coordinator's address")
        parser.add_argument("--name-en", default="", help="the programme in English")
        parser.add_argument("--coordinator", default="", help="what the coordinator wants to be called")

    def handle(self, *args: Any, **options: Any) -> None:
        """Done again, it finds the same programme and person.

        Raises:
            CommandError: the address cannot be sent to.
        """
        now = clock.now()
        try:
            email = mail_address(options["email"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        person = Person.objects.filter(email=email).first() or Person.objects.create_user(
            email=email, preferred_name=options["coordinator"] or email.split("@")[0], created_at=now
        )
        programme = create_programme(
            organisation=options["organisation"],
            name=options["name"],
            name_en=options["name_en"],
            coordinator=person,
            now=now,
        )
        self.stdout.write(f"programme {programme.pk}: {programme.name}, coordinator {email}")

"""`manage.py import_roster TERM FILE`: bring a roster file into a term, all of it or nothing."""

import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from dialogue import clock
from dialogue.core.roster import FileMapping, RosterRefused, read_facilitators, read_participants
from dialogue.core.roster.mapping_toml import MappingRefused
from dialogue.forms.rosters import CONSENT_TEXTS
from dialogue.mapping_errors import mapping_sentence, read_mapping
from dialogue.models import Term
from dialogue.roster_errors import sentence
from dialogue.services.roster import Outcome, import_facilitators, import_participants
from dialogue.services.roster_rows import ConsentStatement

BAD_INPUT = 2


class Command(BaseCommand):
    help = (
        "Bring participants (or facilitators) of a CSV or xlsx file into a term. Without consent, people wait for it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("term", type=int, help="the number in the term's address")
        parser.add_argument("file", type=Path)
        parser.add_argument("--facilitators", action="store_true", help="the file holds facilitators")
        parser.add_argument("--mapping", type=Path, default=None, help="TOML: how the file is to be read")
        parser.add_argument("--consent-collected-by", default="", help="who collected everybody's consent")
        parser.add_argument("--consent-given-on", type=date.fromisoformat, help="by which day, YYYY-MM-DD")
        parser.add_argument("--consent-text", choices=[*CONSENT_TEXTS], default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many people were added, updated and left as they were.

        Raises:
            CommandError: no such term or file, or a consent statement that is not whole.
        """
        term = Term.objects.filter(pk=options["term"]).first()
        if term is None:
            raise CommandError(f"There is no term {options['term']}.")
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        try:
            mapping = read_mapping(options["mapping"]) if options["mapping"] else None
        except OSError as error:
            raise CommandError(f"{options['mapping']}: {error.strerror}") from error
        except MappingRefused as refusal:
            for error in refusal.errors:
                self.stderr.write(f"{options['mapping'].name}: {mapping_sentence(error)}")
            self.stderr.write(_("Nothing was written."))
            sys.exit(BAD_INPUT)
        try:
            outcome = self._bring_in(term, content, mapping, options)
        except RosterRefused as refusal:
            for error in refusal.errors:
                self.stderr.write(sentence(error))
            self.stderr.write(_("Nothing was written."))
            sys.exit(BAD_INPUT)
        self.stdout.write(f"added {outcome.added}, updated {outcome.updated}, unchanged {outcome.unchanged}")

    def _bring_in(self, term: Term, content: bytes, mapping: FileMapping | None, options: dict[str, Any]) -> Outcome:
        now = clock.now()
        name = options["file"].name
        if options["facilitators"]:
            rows = read_facilitators(content=content, filename=name, default_zone=term.zone, mapping=mapping).rows
            return import_facilitators(term=term, rows=rows, now=now)
        consent = _consent(options)
        rows = read_participants(
            content=content, filename=name, today=now.date(), default_zone=term.zone, mapping=mapping
        ).rows
        return import_participants(term=term, rows=rows, consent=consent, now=now)


def _consent(options: dict[str, Any]) -> ConsentStatement | None:
    collected_by, given_on = options["consent_collected_by"], options["consent_given_on"]
    text_version = options["consent_text"]
    if not (collected_by or given_on or text_version):
        return None
    if not (collected_by and given_on and text_version):
        raise CommandError("Consent needs all three: --consent-collected-by, --consent-given-on and --consent-text.")
    return ConsentStatement(collected_by=collected_by, given_on=given_on, text_version=text_version)

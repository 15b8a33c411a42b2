"""`madoi plan`: form cohorts and book sessions from files, in a fresh database, and write what came of it."""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dialogue import clock
from dialogue.core.roster import FileMapping, RosterRefused, read_facilitators, read_participants
from dialogue.core.roster.mapping_toml import MappingRefused
from dialogue.mapping_errors import mapping_sentence, read_mapping
from dialogue.models import Term
from dialogue.roster_errors import sentence
from dialogue.term_dates import closed_dates_of
from sessions.plan_files import Written, write_plan
from sessions.planning import PlanFailed, PlanOrder, make_plan, plan_seed

BAD_INPUT = 2
STAGES: Mapping[str, Promise] = {
    "import": gettext_lazy("Reading people and times …"),
    "match": gettext_lazy("Forming cohorts …"),
    "book": gettext_lazy("Booking sessions …"),
    "write": gettext_lazy("Writing files …"),
}


class BadInput(Exception):
    """The files or options cannot be used; `lines` say why in the reader's language."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Command(BaseCommand):
    help = "Form cohorts and book sessions from a roster file. Sends nothing."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("roster", type=Path)
        parser.add_argument("--facilitators", type=Path, required=True)
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--starts", type=_day, default=None, help="first possible day, YYYY-MM-DD")
        parser.add_argument("--sessions", type=int, default=8)
        parser.add_argument("--every", choices=["weekly", "fortnightly", "monthly"], default="weekly")
        parser.add_argument("--minutes", type=int, default=90)
        parser.add_argument("--zone", default="Asia/Tokyo")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--mapping", type=Path, default=None, help="TOML: how the roster is to be read")
        parser.add_argument("--language", choices=["ja", "en"], default=_terminal_language())

    def handle(self, **options: Any) -> None:
        with translation.override(options["language"]):
            try:
                self._plan(options)
            except BadInput as refusal:
                for line in refusal.lines:
                    self.stderr.write(line)
                sys.exit(BAD_INPUT)

    def _plan(self, options: dict[str, Any]) -> None:
        contents = [_content(options["roster"]), _content(options["facilitators"])]
        if options["zone"] not in available_timezones():
            raise BadInput(_("--zone: “%(zone)s” is not known. Choose one such as Asia/Tokyo.") % options)
        today = clock.now().date()
        starts_on = options["starts"] or today + timedelta(days=14)
        # The day, so that a repeat repeats; dates that have passed are planned as they would have been before them.
        day = min(today, date.fromordinal(max(1, starts_on.toordinal() - 1)))
        now = datetime.combine(day, datetime.min.time(), UTC)
        mapping = _mapping(options["mapping"])
        participants, facilitators = _read(options, contents, now.date(), mapping)
        order = PlanOrder(
            starts_on=starts_on,
            sessions=options["sessions"],
            cadence=options["every"],
            minutes=options["minutes"],
            zone=options["zone"],
            seed=options["seed"],
        )
        settings.PLAN_SEED = plan_seed(seed=options["seed"], contents=contents)
        try:
            term = make_plan(order=order, participants=participants, facilitators=facilitators, now=now, say=self._say)
            self._say("write")
            written = write_plan(
                term=term,
                line_of={row.email: row.line for row in participants},
                facilitator_line_of={row.email: row.line for row in facilitators},
                out=options["out"],
                now=now,
            )
        except ValidationError as error:
            raise BadInput(*_option_errors(error)) from error
        except PlanFailed as error:
            raise BadInput(_("Planning stopped by a fault: %(fault)s") % {"fault": error}) from error
        except OSError as error:
            raise BadInput(f"{options['out']}: {error.strerror}") from error
        finally:
            settings.PLAN_SEED = ""
        self._summarise(term, written, options["out"])

    def _say(self, stage: str) -> None:
        self.stderr.write(str(STAGES[stage]))

    def _summarise(self, term: Term, written: Written, out: Path) -> None:
        run = term.match_runs.first()
        people = written.placed + written.unplaced
        say = self.stdout.write
        say("")
        say(_("%(placed)s of %(people)s people are placed.") % {"placed": written.placed, "people": people})
        if run is not None and run.proven:
            say(_("Nobody more can be placed with these times and rules: this is proven."))
        say(
            ngettext("%(count)s cohort", "%(count)s cohorts", written.cohorts) % {"count": written.cohorts}
            + " · "
            + ngettext("%(count)s session", "%(count)s sessions", written.sessions) % {"count": written.sessions}
            + " · "
            + ngettext("%(count)s invitation", "%(count)s invitations", written.mails) % {"count": written.mails}
        )
        waiting = Counter(one.get_waiting_reason_display() for one in term.participations.waiting())
        for reason, count in waiting.most_common():
            say(f"  {count}  {reason}")
        skipped = [day for day in closed_dates_of(term) if day <= _latest_day(term)]
        if skipped:
            days = ", ".join(day.isoformat() for day in skipped)
            say(_("Closed days passed over: %(days)s") % {"days": days})
        say(_("No consent is recorded here, and nothing was sent. The files are in %(folder)s.") % {"folder": out})


def _terminal_language() -> str:
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if locale.startswith("en") else "ja"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text}: YYYY-MM-DD") from error


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise BadInput(_("%(path)s: there is no such file.") % {"path": path}) from error
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error


def _mapping(path: Path | None) -> FileMapping | None:
    if path is None:
        return None
    try:
        return read_mapping(path)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    except MappingRefused as refusal:
        raise BadInput(*(f"{path.name}: {mapping_sentence(error)}" for error in refusal.errors)) from refusal


def _read(options: dict[str, Any], contents: list[bytes], today: date, mapping: FileMapping | None):
    """Read both files and name what is wrong in either before anything is written."""
    wrong: list[str] = []
    participants: tuple = ()
    facilitators: tuple = ()
    try:
        participants = read_participants(
            content=contents[0],
            filename=options["roster"].name,
            today=today,
            default_zone=options["zone"],
            mapping=mapping,
        ).rows
    except RosterRefused as refusal:
        wrong += [f"{options['roster'].name}: {sentence(error)}" for error in refusal.errors]
    try:
        facilitators = read_facilitators(
            content=contents[1], filename=options["facilitators"].name, default_zone=options["zone"]
        ).rows
    except RosterRefused as refusal:
        wrong += [f"{options['facilitators'].name}: {sentence(error)}" for error in refusal.errors]
    if wrong:
        raise BadInput(*wrong, _("Nothing was written."))
    return participants, facilitators


def _option_errors(error: ValidationError) -> list[str]:
    named = {"session_count": "--sessions", "session_minutes": "--minutes", "zone": "--zone", "starts_on": "--starts"}
    return [
        f"{named.get(field, field)}: {message}"
        for field, messages in error.message_dict.items()
        for message in messages
    ]


def _latest_day(term: Term) -> date:
    session = term.cohorts.order_by("-sessions__starts_at").values_list("sessions__starts_at", flat=True).first()
    return session.date() if session else term.starts_on

"""The files that `plan` writes. CSV in UTF-8 without BOM; a cell that Excel would calculate is quoted."""

import csv
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from dialogue.core.roster import print_windows
from dialogue.core.week import WeeklyWindow
from dialogue.models import Term
from sessions.calendar import feed
from sessions.calendar_entries import feed_name
from sessions.planning import cohorts_of, invitations
from sessions.services.feeds import entries_in_feed

COHORTS = "cohorts.csv"
SESSIONS = "sessions.csv"
UNPLACED = "unplaced.csv"
MAIL = "mail"
CALENDAR = "calendar"

COHORT_COLUMNS = (
    "cohort",
    "row",
    "email",
    "preferred_name",
    "generation",
    "facilitator_email",
    "window",
    "zone",
)
SESSION_COLUMNS = (
    "cohort",
    "number",
    "uid",
    "starts_at_utc",
    "starts_local",
    "zone",
    "minutes",
    "facilitator_email",
)
UNPLACED_COLUMNS = ("row", "email", "reason_code", "reason")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Written:
    """How much a plan holds."""

    cohorts: int
    placed: int
    unplaced: int
    sessions: int
    mails: int


def write_plan(
    *, term: Term, line_of: Mapping[str, int], facilitator_line_of: Mapping[str, int], out: Path, now: datetime
) -> Written:
    """Write the plan into `out`, replacing what an earlier plan left there. Whole, or nothing of it.

    `line_of` and `facilitator_line_of` give the row in its file, as Excel counts, by e-mail address. Files of a
    facilitator are named with an f before the row.

    Raises:
        OSError: the folder cannot be written to.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".plan-", dir=out) as made:
        folder = Path(made)
        placed = _write_cohorts(term, line_of, folder / COHORTS)
        sessions = _write_sessions(term, folder / SESSIONS)
        unplaced = _write_unplaced(term, line_of, folder / UNPLACED)
        mails = _write_mails(line_of, facilitator_line_of, folder / MAIL, now)
        _write_feeds(term, line_of, facilitator_line_of, folder / CALENDAR, now)
        for name in (COHORTS, SESSIONS, UNPLACED, MAIL, CALENDAR):
            _replace(folder / name, out / name)
    return Written(cohorts=term.cohorts.count(), placed=placed, unplaced=unplaced, sessions=sessions, mails=mails)


def _replace(made: Path, place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    made.replace(place)


def _write_cohorts(term: Term, line_of: Mapping[str, int], path: Path) -> int:
    rows = [
        (
            cohort.number,
            line_of[member.participation.person.email],
            member.participation.person.email,
            member.participation.person.preferred_name,
            member.participation.generation,
            cohort.facilitation.person.email,
            print_windows(
                [WeeklyWindow(cohort.weekday, cohort.starts, cohort.starts + term.session_minutes)],
                translation.get_language(),
            ),
            term.zone,
        )
        for cohort in cohorts_of(term)
        for member in cohort.memberships.all()
    ]
    _write_csv(path, COHORT_COLUMNS, sorted(rows))
    return len(rows)


def _write_sessions(term: Term, path: Path) -> int:
    zone = ZoneInfo(term.zone)
    rows = [
        (
            cohort.number,
            session.number,
            session.uid,
            session.starts_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            session.starts_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M"),
            term.zone,
            term.session_minutes,
            session.facilitator.email,
        )
        for cohort in cohorts_of(term)
        for session in sorted(cohort.sessions.all(), key=lambda one: one.number)
    ]
    _write_csv(path, SESSION_COLUMNS, rows)
    return len(rows)


def _write_unplaced(term: Term, line_of: Mapping[str, int], path: Path) -> int:
    waiting = term.participations.waiting().select_related("person")
    rows = sorted(
        (line_of[one.person.email], one.person.email, one.waiting_reason, one.get_waiting_reason_display())
        for one in waiting
    )
    _write_csv(path, UNPLACED_COLUMNS, rows)
    return len(rows)


def _write_mails(
    line_of: Mapping[str, int], facilitator_line_of: Mapping[str, int], folder: Path, now: datetime
) -> int:
    folder.mkdir()
    counted: dict[str, int] = {}
    for row, content in invitations(now):
        # Somebody who also facilitates has one mail for each session, under the row of the roster they are in.
        name = _file_name(row.recipient.email, line_of, facilitator_line_of)
        counted[name] = counted.get(name, 0) + 1
        (folder / f"{name}-{counted[name]:02}.eml").write_bytes(content)
    return sum(counted.values())


def _write_feeds(
    term: Term, line_of: Mapping[str, int], facilitator_line_of: Mapping[str, int], folder: Path, now: datetime
) -> None:
    folder.mkdir()
    people = {one.person for one in term.participations.filter(status="placed").select_related("person")}
    people |= {cohort.facilitation.person for cohort in cohorts_of(term)}
    for person in people:
        with translation.override(person.language), timezone.override(person.zone):
            content = feed(entries_in_feed(person, now), name=feed_name())
        name = _file_name(person.email, line_of, facilitator_line_of)
        (folder / f"{name}.ics").write_bytes(content)


def _file_name(email: str, line_of: Mapping[str, int], facilitator_line_of: Mapping[str, int]) -> str:
    return str(line_of[email]) if email in line_of else f"f{facilitator_line_of[email]}"


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([_guarded(cell) for cell in row] for row in rows)


def _guarded(cell: object) -> object:
    """Return text so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell

"""The lists of how a term's cohorts meet as sheets: cohorts, sessions, attendance, gatherings."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dialogue.core.recurrence import Cadence
from dialogue.core.sheet import Cell, Sheet
from dialogue.core.wall_clock import zone_named
from dialogue.core.wording import format_weekly
from dialogue.models import Generation, Term
from sessions.after_figures import figures_of
from sessions.list_files.names import NAMES
from sessions.list_files.rows import clock_of, moment, whole
from sessions.models import DialogueSession
from sessions.term_attendance import Cell as Attended
from sessions.term_attendance import attendance_of
from sessions.term_cohorts import by_generation, cohorts_of, state_in, window_of
from sessions.term_lines import COLUMNS as SESSION
from sessions.term_lines import sessions_of
from sessions.term_voices import figures_in, voice_lines


def cohorts(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    zone, language = zone_named(term.zone), get_language() or "ja"
    cohorts = cohorts_of(term, now=now)
    cohorts = whole(cohorts.running() if asked.get("show") == "running" else cohorts)
    rows: list[Sequence[Cell]] = []
    for one in cohorts:
        meets = format_weekly(window=window_of(one, term), language=language, every=Cadence(term.cadence))
        people = [_(", ").join(each.person.preferred_name for each in some) for _label, some in by_generation(one)]
        leads = one.facilitation.person.preferred_name
        rows.append((one.number, str(state_in(one).label), meets, leads, *people, *moment(one.next_start, zone)))
    return Sheet(
        name=str(NAMES["cohorts"]),
        headings=(
            _("Cohort"), _("Status"), _("When"), _("Facilitator"), *(str(label) for label in Generation.labels),
            _("Next session"), _("Starts at"),
        ),
        rows=rows,
    )  # fmt: skip


def sessions(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    zone, states = zone_named(term.zone), dict(DialogueSession.Status.choices)
    rows = whole(sessions_of(term, show=asked.get("show", ""), now=now)).values_list(*SESSION)
    return Sheet(
        name=str(NAMES["sessions"]),
        headings=(
            _("Day"), _("Starts at"), _("Ends at"), _("Cohort"), _("Session"), _("Facilitator"), _("State"),
            _("Come"), _("Late"), _("Cannot come"), _("Not answered"),
        ),
        rows=(
            (*_held(status, starts, ends, zone), cohort, number, leads, str(states[status]), *answers)
            for _pk, number, starts, ends, status, _cohort, cohort, leads, *answers in rows
        ),
    )  # fmt: skip


def _held(status: str, starts: datetime, ends: datetime, zone: ZoneInfo) -> Sequence[Cell]:
    """Return day, beginning and end; nothing for a session that was put off: the day it had is not its day."""
    if status == DialogueSession.Status.PROPOSED:
        return (None, None, None)
    return (*moment(starts, zone), clock_of(ends, zone))


def attendance(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    columns, rows = attendance_of(list(whole(term.cohorts.order_by("number"))), now=now)
    return Sheet(
        name=str(NAMES["attendance"]),
        headings=(_("Cohort"), *(_("Session %(number)s") % {"number": number} for number in columns)),
        rows=((row.number, *(_attended(cell) for cell in row.cells)) for row in rows),
    )


def _attended(cell: Attended | None) -> str:
    """Return a cell in words: a spreadsheet programme would read 4/5 as the fifth of April."""
    if cell is None:
        return ""
    if cell.over and not cell.known:
        return _("no record yet")
    words = _("%(number)s of %(expected)s") if cell.over else _("%(number)s of %(expected)s say that they come")
    return words % {"number": cell.number, "expected": cell.expected}


def gatherings(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    zone = zone_named(term.zone)
    return Sheet(
        name=str(NAMES["gatherings"]),
        headings=(
            _("Gathering"), _("For whom"), _("State"), _("Day"), _("Starts at"), _("Ends at"), _("People invited"),
            _("Come"), _("Cannot come"), _("Have chosen a date"),
        ),
        rows=(
            (
                one.get_kind_display(),
                one.get_audience_display(),
                one.get_status_display(),
                *moment(one.starts_at, zone),
                clock_of(one.ends_at, zone) if one.ends_at else None,
                one.invited,
                *((one.yes, one.no, None) if one.starts_at else (None, None, one.chose)),
            )
            for one in whole(term.gatherings.latest_with_answers())
        ),
    )  # fmt: skip


def voices(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    zone = zone_named(term.zone)
    return Sheet(
        name=str(NAMES["voices"]),
        headings=(
            _("Cohort"), _("Session"), _("Day"), _("In the circle"), _("Evenness"), _("Rests on"),
            _("Between the generations"), _("Balance"), _("For the form of the next session"),
        ),
        rows=(
            (
                line.figure.session.cohort.number,
                line.figure.session.number,
                line.figure.session.starts_at.astimezone(zone).date(),
                str(line.picture.text) if line.picture else "",
                str(line.figure.gini),
                line.figure.get_basis_display(),
                str(line.between),
                "" if line.figure.balance is None else str(line.figure.balance),
                "\n".join(line.hints),
            )
            for line in voice_lines(whole(figures_in(term)))
        ),
    )  # fmt: skip


def after(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    """Return the lines of the page, which hold five answers or more each, and nothing of the weeks that wait."""
    return Sheet(
        name=str(NAMES["after"]),
        headings=(
            _("Question"), _("Week from"), _("Last week from"), _("People who answered"), _("Yes"), _("Hard to say"),
            _("No"),
        ),
        rows=(
            (str(figure.name), line.first, line.last, line.answers, *line.bands)
            for figure in figures_of(term, now=now)
            for line in figure.lines
        ),
    )  # fmt: skip

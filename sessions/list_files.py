"""Every list of a term as a sheet: the rows of the page that it stands on, narrowed as the page is.

No file holds more of anybody than its page does: no addresses, no own words, no figure of a person.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import Http404, QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dialogue.core.recurrence import Cadence
from dialogue.core.sheet import Cell, Sheet
from dialogue.core.wall_clock import zone_named
from dialogue.core.week import WeeklyWindow
from dialogue.core.wording import format_weekly
from dialogue.downloads import MOST_ROWS
from dialogue.models import Facilitation, Generation, Term
from dialogue.reception_words import full_name_of
from matching.models import MatchRun
from matching.proposal_cards import unplaced_of
from sessions.funnel import funnel_of
from sessions.models import DialogueSession
from sessions.roster import COLUMNS as PERSON
from sessions.roster import facilitations, lines_of, participants
from sessions.roster_form import PeopleFilter
from sessions.term_attendance import Cell as Attended
from sessions.term_attendance import attendance_of
from sessions.term_cohorts import by_generation, cohorts_of, window_of
from sessions.term_lines import COLUMNS as SESSION
from sessions.term_lines import sessions_of
from sessions.waiting_people import LOOKED_AT, waiting_in, waiting_lines


class TooLong(Exception):
    """A list has more rows than one file takes."""


def sheet_of(what: str, term: Term, asked: QueryDict, *, now: datetime) -> Sheet:
    """Return the list of a term that goes by this name (a key of `LISTS`), narrowed by what the page was asked.

    Raises:
        TooLong: it has more than `MOST_ROWS` rows.
        Http404: what was asked names a run that the term does not have.
    """
    return LISTS[what](term, asked, now)


def _whole(rows: Any) -> Any:
    """Return the rows, if one file takes them.

    Raises:
        TooLong: it does not.
    """
    if rows.count() > MOST_ROWS:
        raise TooLong
    return rows


def _people(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    chosen = PeopleFilter(asked, term=term).chosen()
    rows = _whole(participants(term, chosen, now=now)).values_list(*PERSON)
    yes, no = _("Given"), _("Missing")
    return Sheet(
        name=str(NAMES["people"]),
        headings=(
            _("Name"), _("Kana"), _("Generation"), _("Affiliation"), _("Status"), _("Consent"), _("Cohort"),
        ),
        rows=(
            (one.name, one.kana.strip(), one.generation, one.affiliation, one.state, yes if one.has_consent else no,
             one.cohort)
            for one in lines_of(rows, term)
        ),
    )  # fmt: skip


def _facilitators(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    rows = _whole(facilitations(term, PeopleFilter(asked, term=None).chosen()))
    return Sheet(
        name=str(NAMES["facilitators"]),
        headings=(_("Name"), _("Kana"), _("Times"), _("Time zone"), _("Cohorts now"), _("Cohorts at most")),
        rows=(
            (
                one.person.full_name or one.person.preferred_name,
                f"{one.person.family_kana} {one.person.given_kana}".strip(),
                _times(one),
                one.person.zone,
                len(one.cohorts.all()),
                one.max_cohorts,
            )
            for one in rows
        ),
    )


def _times(one: Facilitation) -> str:
    windows = (WeeklyWindow(each.weekday, each.starts, each.ends) for each in one.windows.all())
    language = get_language() or "ja"
    return "\n".join(format_weekly(window=window, language=language) for window in windows)


def _cohorts(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    zone, language = zone_named(term.zone), get_language() or "ja"
    cohorts = cohorts_of(term, now=now)
    cohorts = _whole(cohorts.running() if asked.get("show") == "running" else cohorts)
    rows: list[Sequence[Cell]] = []
    for one in cohorts:
        meets = format_weekly(window=window_of(one, term), language=language, every=Cadence(term.cadence))
        people = [_(", ").join(each.person.preferred_name for each in some) for _label, some in by_generation(one)]
        leads = one.facilitation.person.preferred_name
        rows.append((one.number, str(one.get_status_display()), meets, leads, *people, *_moment(one.next_start, zone)))
    return Sheet(
        name=str(NAMES["cohorts"]),
        headings=(
            _("Cohort"), _("Status"), _("When"), _("Facilitator"), *(str(label) for label in Generation.labels),
            _("Next session"), _("Starts at"),
        ),
        rows=rows,
    )  # fmt: skip


def _sessions(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    zone, states = zone_named(term.zone), dict(DialogueSession.Status.choices)
    rows = _whole(sessions_of(term, show=asked.get("show", ""), now=now)).values_list(*SESSION)
    return Sheet(
        name=str(NAMES["sessions"]),
        headings=(
            _("Day"), _("Starts at"), _("Ends at"), _("Cohort"), _("Session"), _("Facilitator"), _("State"),
            _("Come"), _("Late"), _("Cannot come"), _("Not answered"),
        ),
        rows=(
            (*_moment(starts, zone), _clock(ends, zone), cohort, number, leads, str(states[status]), *answers)
            for _pk, number, starts, ends, status, _cohort, cohort, leads, *answers in rows
        ),
    )  # fmt: skip


def _attendance(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    columns, rows = attendance_of(list(_whole(term.cohorts.order_by("number"))), now=now)
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


def _waiting(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    zone = zone_named(term.zone)
    lines = waiting_lines(list(_whole(waiting_in(term))), term=term, now=now, zone=zone)
    return Sheet(
        name=str(NAMES["waiting"]),
        headings=(_("Name"), _("Generation"), _("Waits for"), _("Since"), _("Days"), _("What would place them")),
        rows=(
            (one.name, one.generation, one.reason, one.since.astimezone(zone).date(), one.days, one.change)
            for one in lines
        ),
    )


def _unplaced(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    """Return whom the run of `run`, or else the latest that was looked at, could not place."""
    runs = MatchRun.objects.filter(term=term).select_related("term__programme").order_by("-pk")
    wanted = asked.get("run", "")
    if wanted and not (wanted.isascii() and wanted.isdigit() and len(wanted) <= 18):
        raise Http404
    run = runs.filter(pk=int(wanted)).first() if wanted else runs.filter(status__in=LOOKED_AT).first()
    if run is None and wanted:
        raise Http404
    groups = unplaced_of(run) if run else []
    return Sheet(
        name=str(NAMES["unplaced"]),
        headings=(_("Name"), _("Generation"), _("Reason"), _("What would place them")),
        rows=(
            (full_name_of(one.participation), str(one.participation.get_generation_display()), group.words, one.change)
            for group in groups
            for one in group.people
        ),
    )


def _funnel(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    reached, stands = funnel_of(term, now=now)
    return Sheet(
        name=str(NAMES["funnel"]),
        headings=(_("Stage"), _("Everybody"), *(str(label) for label in Generation.labels)),
        rows=(
            (str(line.words), line.total, *(number for _value, number in line.by_generation))
            for line in (*reached, *stands)
        ),
    )


def _moment(at: datetime | None, zone: ZoneInfo) -> tuple[Cell, Cell]:
    """Return day and hour by the term's clock; empty cells for no moment."""
    return (at.astimezone(zone).date(), _clock(at, zone)) if at else (None, None)


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


LISTS: Final[Mapping[str, Callable[[Term, QueryDict, datetime], Sheet]]] = {
    "people": _people,
    "facilitators": _facilitators,
    "cohorts": _cohorts,
    "sessions": _sessions,
    "attendance": _attendance,
    "waiting": _waiting,
    "unplaced": _unplaced,
    "funnel": _funnel,
}
"""The lists that can be taken along, by the name in their address."""

NAMES: Final[Mapping[str, Promise]] = {
    "people": gettext_lazy("Participants"),
    "facilitators": gettext_lazy("Facilitators"),
    "cohorts": gettext_lazy("Cohorts"),
    "sessions": gettext_lazy("Sessions"),
    "attendance": gettext_lazy("Attendance"),
    "waiting": gettext_lazy("Everybody who waits"),
    "unplaced": gettext_lazy("Without a place"),
    "funnel": gettext_lazy("From invited to finished"),
}
"""What each list is called, on its sheet and where it is told who took it along."""

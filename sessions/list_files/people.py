"""The lists of a term's people as sheets: each holds what its page shows, and no address."""

from datetime import datetime

from django.http import Http404, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dialogue.core.sheet import Sheet
from dialogue.core.wall_clock import zone_named
from dialogue.core.week import WeeklyWindow
from dialogue.core.wording import format_weekly
from dialogue.models import Facilitation, Generation, Term
from dialogue.reception_lists import asked_for, sign_ups_of
from dialogue.reception_lists import lines_of as sign_up_lines
from dialogue.reception_words import full_name_of
from matching.models import MatchRun
from matching.proposal_cards import unplaced_of
from sessions.funnel import funnel_of
from sessions.list_files.names import NAMES
from sessions.list_files.rows import moment, whole
from sessions.roster import COLUMNS as PERSON
from sessions.roster import facilitations, lines_of, participants
from sessions.roster_form import PeopleFilter
from sessions.waiting_people import LOOKED_AT, waiting_in, waiting_lines


def people(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    chosen = PeopleFilter(asked, term=term).chosen()
    rows = whole(participants(term, chosen, now=now)).values_list(*PERSON)
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


def facilitators(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    rows = whole(facilitations(term, PeopleFilter(asked, term=None).chosen()))
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


def reception(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    zone = zone_named(term.zone)
    show, words = asked_for(asked)
    rows = list(whole(sign_ups_of(term, show=show, words=words)))
    return Sheet(
        name=str(NAMES["reception"]),
        headings=(
            _("Name"), _("Kana"), _("Signed up"), _("Time of day"), _("Generation"), _("Partner"), _("Status"),
            _("There and missing"),
        ),
        rows=(
            (one.name, one.kana, *moment(one.applied_at, zone), one.generation, one.partner, one.stage,
             _(", ").join(check.text for check in one.checks))
            for one in sign_up_lines(rows, term=term, slots=term.slots.count())
        ),
    )  # fmt: skip


def waiting(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    zone = zone_named(term.zone)
    lines = waiting_lines(list(whole(waiting_in(term))), term=term, now=now, zone=zone)
    return Sheet(
        name=str(NAMES["waiting"]),
        headings=(_("Name"), _("Generation"), _("Waits for"), _("Since"), _("Days"), _("What would place them")),
        rows=(
            (one.name, one.generation, one.reason, one.since.astimezone(zone).date(), one.days, one.change)
            for one in lines
        ),
    )


def unplaced(term: Term, asked: QueryDict, now: datetime) -> Sheet:
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


def funnel(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    reached, stands = funnel_of(term, now=now)
    return Sheet(
        name=str(NAMES["funnel"]),
        headings=(_("Stage"), _("Everybody"), *(str(label) for label in Generation.labels)),
        rows=(
            (str(line.words), line.total, *(number for _value, number in line.by_generation))
            for line in (*reached, *stands)
        ),
    )

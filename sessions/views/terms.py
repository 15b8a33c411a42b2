"""The terms that somebody coordinates, and where each stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue import clock
from dialogue.closed_set_words import CLOSED_SETS
from dialogue.core.room_lines import Room, rooms_of
from dialogue.models import Participation, Programme, Term
from dialogue.term_dates import turns_of
from dialogue.term_warnings import outlook_of, warnings_about, warnings_about_rooms
from matching.held import held_in
from sessions.core.next_step import Step, TermState
from sessions.quorum_reading import open_dangers
from sessions.term_cohorts import SIDES
from sessions.term_figures import TermOverview, overviews_of

STATE_WORDS: dict[TermState, tuple[str | Promise, str]] = {
    TermState.TAKING_IN: (_("Taking people in"), "open"),
    TermState.BEFORE_COHORTS: (_("Before cohorts are formed"), "waiting"),
    TermState.RUNNING: (_("Running"), "done"),
    TermState.OVER: (_("Over"), "ended"),
}
STEP_WORDS: dict[Step, tuple[str | Promise, str | Promise]] = {
    Step.BRING_PEOPLE: (_("Bring in your people from a file."), _("Bring in people")),
    Step.BRING_FACILITATORS: (_("Facilitators are missing. Bring them in from a file."), _("Bring in facilitators")),
    Step.COLLECT_CONSENT: (_("Nobody can be matched yet. See for each person why they wait."), _("See who waits")),
    Step.WAIT_FOR_RUN: (_("Cohorts are being formed."), _("See how far it is")),
    Step.LOOK_AT_RUN: (_("Cohorts are proposed. Look at them and publish."), _("Look at the proposals")),
    Step.RUN_AGAIN: (_("The last run stopped. Nothing has changed."), _("See what happened")),
    Step.FORM_COHORTS: (_("People wait with consent. Form cohorts."), _("Form cohorts")),
    Step.BOOK_AGAIN: (_("A cohort's sessions could not be booked."), _("See the cohorts")),
    Step.REPAIR: (_("A cohort no longer keeps the rules of the term."), _("See the cohorts")),
    Step.SAVE_SESSIONS: (_("A session cannot take place as it stands. Choose what helps."), _("See what helps")),
    Step.LET_RUN: (_("Everything is on its way. Nothing to do."), _("See the sessions")),
    Step.NOTHING: (_("All sessions are over."), _("See the sessions")),
}
STAGES = (_("Bring in people"), _("Form cohorts"), _("Look and publish"), _("Running"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TermCard:
    """A term as its pages say it: its state in words, and the next thing to do with its link."""

    overview: TermOverview
    state: str | Promise
    tone: str
    sentence: str | Promise
    action: str | Promise
    url: str

    @property
    def stage(self) -> int:
        """The number of the stage that the term is in, from 1; past the last one when it is over."""
        if self.overview.state is TermState.OVER:
            return len(STAGES) + 1
        if self.overview.next_step is Step.LOOK_AT_RUN:
            return 3
        return {TermState.TAKING_IN: 1, TermState.BEFORE_COHORTS: 2, TermState.RUNNING: 4}[self.overview.state]


@login_required
def terms(request: HttpRequest) -> HttpResponse:
    """List the terms that the reader coordinates, by programme, the latest first."""
    if not Programme.objects.managed_by(request.user).exists():
        raise Http404
    cards = _cards(
        Term.objects.managed_by(request.user)
        .select_related("programme")
        .order_by("programme__name", "programme", "-starts_on", "-pk")
    )
    programmes = [
        (programme, list(some)) for programme, some in groupby(cards, lambda card: card.overview.term.programme)
    ]
    return render(request, "sessions/coordinator/terms.html", {"programmes": programmes})


@login_required
def term(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where a term stands: the next step, the numbers with their lists, the dates of its rhythm."""
    managed = Term.objects.managed_by(request.user).select_related("programme").prefetch_related("closed_days", "slots")
    [card] = _cards([get_object_or_404(managed, pk=pk)])
    overview = card.overview
    return render(
        request,
        "sessions/coordinator/term.html",
        {
            "term": overview.term,
            "tab": "overview",
            "card": card,
            "held": held_in(overview.term, now=clock.now()),
            "in_danger": open_dangers(overview.term.pk, now=clock.now()) if overview.figures.sessions_in_danger else [],
            "stages": [{"name": name} for name in STAGES],
            "generations": [(value, label, overview.by_generation.get(value, 0)) for value, label in SIDES.items()],
            "waiting": [
                (reason, Participation.WaitingReason(reason).label, number)
                for reason, number in sorted(overview.waiting.items(), key=lambda item: (-item[1], item[0]))
            ],
            "outlook": (outlook := outlook_of(overview.term, weekdays=_weekdays(overview.term))),
            "warnings": [
                *warnings_about(outlook=outlook, name=overview.term.name, starts_on=overview.term.starts_on),
                *warnings_about_rooms(rooms := _rooms(overview.term), minutes=overview.term.session_minutes),
            ],
            "rooms": rooms,
            "turns": [
                (turns, [(day, CLOSED_SETS.get(reason) or _given(reason)) for day, reason in turns.passed_over.items()])
                for turns in turns_of(overview.term)
                if outlook is None or turns.weekday in outlook.dates_by_weekday
            ],
        },
    )


def _rooms(term: Term) -> list[Room]:
    return rooms_of(term.room_urls, term.room_notes)


def _weekdays(term: Term) -> list[int]:
    """Return the weekdays on which the term's cohorts meet; none before there are any."""
    return list(term.cohorts.running().order_by().values_list("weekday", flat=True).distinct())


def _given(reason: str) -> str | Promise:
    return _("Closed by the host") if reason == "given" else reason


def _cards(found: Iterable[Term]) -> list[TermCard]:
    cards = []
    for overview in overviews_of(found, now=clock.now()):
        state, tone = STATE_WORDS[overview.state]
        sentence, action = STEP_WORDS[overview.next_step]
        cards.append(
            TermCard(overview=overview, state=state, tone=tone, sentence=sentence, action=action, url=_url(overview))
        )
    return cards


def _url(overview: TermOverview) -> str:
    pk = overview.term.pk
    match overview.next_step:
        case Step.BRING_PEOPLE:
            return reverse("term_import", args=[pk])
        case Step.BRING_FACILITATORS:
            return f"{reverse('term_import', args=[pk])}?kind=facilitators"
        case Step.COLLECT_CONSENT:
            return f"{reverse('term_people', args=[pk])}?status=waiting"
        case Step.WAIT_FOR_RUN | Step.LOOK_AT_RUN | Step.RUN_AGAIN:
            return reverse("run", args=[overview.run_id])
        case Step.FORM_COHORTS:
            return reverse("term_runs", args=[pk])
        case Step.SAVE_SESSIONS:
            return reverse("term_quorum", args=[pk])
        case Step.BOOK_AGAIN | Step.REPAIR:
            return reverse("term_cohorts", args=[pk])
        case _:
            return reverse("term_sessions", args=[pk])

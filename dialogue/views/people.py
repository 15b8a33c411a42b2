"""The people of a term, and ending somebody's place in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from dialogue import clock
from dialogue.addresses import address_of
from dialogue.forms.people import PeopleFilter
from dialogue.models import ConsentRecord, Generation, Participation, Term
from dialogue.querysets import FacilitationQuerySet, ParticipationQuerySet
from dialogue.services.cohorts import end_participation
from dialogue.views.paging import filters_of, page_of

PEOPLE_ON_A_PAGE = 100
KANA_ORDER = ("person__family_kana", "person__given_kana", "person__preferred_name", "pk")
COLUMNS = (
    "pk",
    "person_id",
    "person__family_name",
    "person__given_name",
    "person__preferred_name",
    "person__family_kana",
    "person__given_kana",
    "generation",
    "affiliation__name",
    "status",
    "waiting_reason",
    "has_consent",
    "person__failing_address",
)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A participant in the list, in words: what a coordinator reads beside the name."""

    person_id: int
    name: str
    kana: str
    generation: str
    affiliation: str
    state: str
    has_consent: bool
    full_name: str
    address_url: str
    """Where their address is corrected, if mail to it comes back."""

    end_url: str
    """Where their place in the term is ended; empty once it has."""


@login_required
def term_people(request: HttpRequest, pk: int) -> HttpResponse:
    """List the participants of a term, or with `who=facilitators` its facilitators."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    form = PeopleFilter(request.GET)
    chosen = form.chosen()
    of_facilitators = request.GET.get("who") == "facilitators"
    rows = _facilitations(term, chosen) if of_facilitators else _participations(term, chosen)
    people = page_of(request, rows, size=PEOPLE_ON_A_PAGE)
    return render(
        request,
        "dialogue/term_facilitators.html" if of_facilitators else "dialogue/term_people.html",
        {
            "term": term,
            "tab": "participations",
            "filter": form,
            "is_filtered": any(chosen.values()),
            "people": people,
            "lines": [] if of_facilitators else _lines(people),
            "query": filters_of(request),
        },
    )


def _participations(term: Term, chosen: dict[str, str]) -> ParticipationQuerySet:
    """Return the rows of `COLUMNS` that are wanted."""
    consent = ConsentRecord.objects.filter(
        participation=OuterRef("pk"), purpose=ConsentRecord.Purpose.TAKE_PART, withdrawn_at__isnull=True
    )
    rows = term.participations.named_like(chosen["q"]).annotate(has_consent=Exists(consent)).order_by(*KANA_ORDER)
    if chosen["generation"]:
        rows = rows.filter(generation=chosen["generation"])
    status, _dash, reason = chosen["status"].partition("-")
    if status == "waiting":
        rows = rows.waiting()
    elif status:
        rows = rows.filter(status=status)
    return (rows.filter(waiting_reason=reason) if reason else rows).values_list(*COLUMNS)


def _lines(rows: Iterable[tuple[Any, ...]]) -> list[PersonLine]:
    """Return rows of `COLUMNS` in words. Every word is looked up once a page, not once a row."""
    generations = {value: str(label) for value, label in Generation.choices}
    states = {
        value: str(label) for value, label in (*Participation.Status.choices, *Participation.WaitingReason.choices)
    }
    lines = []
    for (
        pk,
        person,
        family,
        given,
        preferred,
        kana,
        given_kana,
        generation,
        affiliation,
        status,
        reason,
        consent,
        failing,
    ) in rows:
        full_name = " ".join(filter(None, (family, given)))
        lines.append(
            PersonLine(
                person_id=person,
                name=full_name or preferred,
                kana=f"{kana} {given_kana}",
                generation=generations.get(generation, generation),
                affiliation=affiliation or "–",
                state=states[reason or status],
                has_consent=consent,
                full_name=full_name,
                address_url=address_of("person_address", pk) if failing else "",
                end_url="" if status == Participation.Status.ENDED else address_of("participation_end", pk),
            )
        )
    return lines


def _facilitations(term: Term, chosen: dict[str, str]) -> FacilitationQuerySet:
    rows = term.facilitations.named_like(chosen["q"]).select_related("person").order_by(*KANA_ORDER)
    return rows.prefetch_related("windows", "cohorts")


@login_required
def participation_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and then end one person's place in a term."""
    participation = get_object_or_404(
        Participation.objects.managed_by(request.user).select_related("person", "term__programme"), pk=pk
    )
    if request.method == "POST":
        end_participation(participation_id=participation.pk, actor=request.user, now=clock.now())
        messages.success(
            request, _("%(name)s has left the term.") % {"name": participation.person.full_name or participation.person}
        )
        return redirect("term_people", pk=participation.term_id)
    membership = participation.memberships.filter(left_at__isnull=True).select_related("cohort").first()
    return render(
        request,
        "dialogue/participation_end.html",
        {
            "term": participation.term,
            "tab": "participations",
            "participation": participation,
            "cohort": membership.cohort if membership else None,
        },
    )

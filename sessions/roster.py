"""The people of a term as coordinators read them: which rows are wanted, and each as a line of words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, FilteredRelation, OuterRef, Q

from dialogue.addresses import address_of
from dialogue.core.text import narrow
from dialogue.models import ConsentRecord, Generation, Participation, Term
from dialogue.querysets import FacilitationQuerySet, ParticipationQuerySet
from dialogue.services.for_several import GONE
from dialogue.services.reception import changes_of
from sessions.funnel import condition

KANA_ORDER: Final = ("person__family_kana", "person__given_kana", "person__preferred_name", "pk")
COLUMNS: Final = (
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
    "place__cohort",
    "place__cohort__number",
)
"""What a line is made of."""
_COHORT: Final = re.compile(r"(?:グループ|ぐるーぷ|cohorts?|#)\s*(\d{1,5})(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A participant in the list, in words: what a coordinator reads beside the name."""

    pk: int
    person_id: int
    name: str
    kana: str
    generation: str
    affiliation: str
    state: str
    has_consent: bool
    cohort: int | None
    full_name: str
    seen: int
    """How many decisions and answers the sign-up had when the list was read."""

    page_url: str
    """Where all that is known of the sign-up stands."""

    cohort_url: str
    address_url: str
    """Where their address is corrected, if mail to it comes back."""

    consent_url: str
    """Where missing consent is written down that came by mail or on paper; empty where there is nothing to write."""

    end_url: str
    """Where their place in the term is ended; empty once it has."""


def participants(term: Term, chosen: Mapping[str, str], *, now: datetime) -> ParticipationQuerySet:
    """Return the participations that are wanted, in 五十音 order, each with what `COLUMNS` names.

    `chosen` holds `q` (names, kana, an address, 「グループ3」), `status`, `stage` of the funnel, `generation` and
    `cohort` (a number, or "none"); what is empty or missing narrows nothing.
    """
    consent = ConsentRecord.objects.filter(
        participation=OuterRef("pk"), purpose=ConsentRecord.Purpose.TAKE_PART, withdrawn_at__isnull=True
    )
    today = FilteredRelation("memberships", condition=Q(memberships__left_at__isnull=True))
    rows = term.participations.annotate(has_consent=Exists(consent), place=today).order_by(*KANA_ORDER)
    words, cohorts = _cohorts_in(chosen.get("q", ""))
    if cohorts:
        rows = rows.filter(place__cohort__number__in=cohorts)
    rows = rows.named_like(words)
    if generation := chosen.get("generation"):
        rows = rows.filter(generation=generation)
    if cohort := chosen.get("cohort"):
        rows = rows.filter(place__isnull=True) if cohort == "none" else rows.filter(place__cohort__number=int(cohort))
    if stage := chosen.get("stage"):
        rows = rows.filter(condition(stage, term, now=now))
    status, _dash, reason = chosen.get("status", "").partition("-")
    if status == "here":
        rows = rows.here()
    elif status == "waiting":
        rows = rows.waiting()
    elif status:
        rows = rows.filter(status=status)
    return rows.filter(waiting_reason=reason) if reason else rows


def _cohorts_in(words: str) -> tuple[str, list[int]]:
    """Return the words without those that name a cohort, and the numbers of the cohorts."""
    plain = narrow(words[:200])
    return _COHORT.sub(" ", plain), [int(number) for number in _COHORT.findall(plain)]


def facilitations(term: Term, chosen: Mapping[str, str]) -> FacilitationQuerySet:
    """Return the facilitators of a term in 五十音 order, with their times and cohorts."""
    rows = term.facilitations.named_like(chosen.get("q", "")).select_related("person").order_by(*KANA_ORDER)
    return rows.prefetch_related("windows", "cohorts")


def lines_of(rows: Iterable[tuple[Any, ...]], term: Term) -> list[PersonLine]:
    """Return rows of `COLUMNS` in words, in one query. Every word is looked up once a page, not once a row."""
    generations = {value: str(label) for value, label in Generation.choices}
    states = {
        value: str(label) for value, label in (*Participation.Status.choices, *Participation.WaitingReason.choices)
    }
    rows = list(rows)
    write_down = f"{address_of('term_for_several', term.pk)}?do=consent&who="
    changes = changes_of([Participation(pk=row[0]) for row in rows])
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
        cohort,
        number,
    ) in rows:
        full_name = " ".join(filter(None, (family, given)))
        lines.append(
            PersonLine(
                pk=pk,
                person_id=person,
                name=full_name or preferred,
                kana=f"{kana} {given_kana}",
                generation=generations.get(generation, generation),
                affiliation=affiliation or "–",
                state=states[reason or status],
                has_consent=consent,
                cohort=number,
                full_name=full_name,
                seen=changes.get(f"participation:{pk}", 0),
                page_url=address_of("reception_person", pk),
                cohort_url=address_of("cohort", cohort) if cohort else "",
                address_url=address_of("person_address", pk) if failing else "",
                consent_url="" if consent or status in GONE else f"{write_down}{pk}-0",
                end_url="" if status == Participation.Status.ENDED else address_of("participation_end", pk),
            )
        )
    return lines

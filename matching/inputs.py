"""From a term's rows to the engine's problem, and the digest that tells two inputs apart."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import combinations

from dialogue.availability import free_at, maybe_free_at, times_of_all
from dialogue.commitments import commitments_between
from dialogue.core.interests import Ratings, expand
from dialogue.core.spans import Span
from dialogue.core.wall_clock import zone_named
from dialogue.models import Facilitation, Membership, PairWish, Participation, Term
from dialogue.services.cohorts import unchecked_beside_young
from dialogue.term_dates import dates_by_weekday
from matching.engine import (
    Facilitator,
    ForbiddenPair,
    ForbiddenReason,
    Generation,
    Params,
    Participant,
    Problem,
    Strictness,
    TogetherPair,
)
from matching.wishes import Respect, Wishes

SLOT_MINUTES = 30
SLOTS_IN_DAY = 24 * 60 // SLOT_MINUTES


@dataclass(frozen=True, slots=True)
class MatchInput:
    """What a run works on. Ids in `problem` are primary keys of participations and facilitations, as text.

    `answers` are the participants' interests by id as they gave them (word to rating); in `problem` they are expanded
    to related topics, which nobody named.
    """

    problem: Problem
    answers: Mapping[str, Ratings]

    @property
    def digest(self) -> str:
        """What tells this input from another (SHA-256). Made when it is asked for: a board has no use for it."""
        return hashlib.sha256(json.dumps(_plain(self.problem), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def window_of_slot(slot: int) -> tuple[int, int]:
    """Return (weekday, minutes after midnight) of a slot in the term's zone."""
    return slot // SLOTS_IN_DAY, slot % SLOTS_IN_DAY * SLOT_MINUTES


def slot_of_window(*, weekday: int, starts: int) -> int:
    """Return the slot that starts at these minutes after midnight."""
    return weekday * SLOTS_IN_DAY + starts // SLOT_MINUTES


def read_input(term: Term, wishes: Wishes | None = None, *, now: datetime) -> MatchInput:
    """Read who is to be matched in a term, by which rules, and what one run wishes beyond them (as usual: nothing).

    A slot counts as free when it is free on every date that a series of this term would have if it were published now,
    sessions of other terms and programmes included. Facilitators who already lead cohorts of the term bring only what
    they have left: fewer cohorts, and not the same hours.
    """
    dates = dates_by_weekday(term, told_at=now)
    people = list(
        term.participations.to_be_matched()
        .select_related("person")
        .defer("crossroads", "note", "asked", "replied")
        .order_by("pk")
    )
    wishes = wishes or Wishes()
    facilitators = list(term.facilitations.select_related("person").prefetch_related("cohorts").order_by("pk"))
    times, their_times = times_of_all(people), times_of_all(facilitators)

    taken = taken_between([one.person_id for one in (*people, *facilitators)], dates, term.zone)

    def free(owner: Participation | Facilitation) -> int:
        said = (times if isinstance(owner, Participation) else their_times)[owner.pk]
        return free_at(said, term=term, dates=dates, booked=taken.get(owner.person_id, ()))

    def if_need_be(one: Participation) -> int:
        return maybe_free_at(times[one.pk], term=term, dates=dates, booked=taken.get(one.person_id, ()))

    params = params_of(term, common_windows=wishes.common_windows)
    known = _known_here(term, people) if Respect.FIRST_TIME in wishes.not_alone else frozenset()
    problem = Problem(
        name=f"term-{term.pk}",
        params=params,
        participants=tuple(
            participant_of(
                one,
                availability=free(one),
                maybe=if_need_be(one),
                attributes=_attributes(one, wishes.not_alone, term=term, known=known),
            )
            for one in people
        ),
        facilitators=tuple(
            _facilitator(one, availability=free(one), session_slots=params.window_slots) for one in facilitators
        ),
        forbidden=tuple(forbidden_pairs(term, people)),
        together=tuple(together_pairs(term, people)),
    )
    answers = {str(one.pk): one.interests for one in people}
    return MatchInput(problem=problem, answers=answers)


def _attributes(
    one: Participation, respects: Collection[Respect], *, term: Term, known: Collection[int]
) -> dict[str, str]:
    """Return what nobody should be the only one of. Strangers to it (no partner, no field) are not alone in it.

    `known` are the people who have been in a cohort of the programme before.
    """
    return {respect.value: _attribute(one, respect, term=term, known=known) for respect in respects}


def _attribute(one: Participation, respect: Respect, *, term: Term, known: Collection[int]) -> str:
    match respect:
        case Respect.PARTNER:
            return str(one.partner_id or "")
        case Respect.AFFILIATION:
            # Where two of one affiliation should not meet, nobody can be wished beside one of their own.
            rules = {Generation.STUDENT: term.student_affiliation, Generation.ALUMNI: term.alumni_affiliation}
            may_meet = rules[Generation(one.generation)] == Term.AffiliationRule.OFF
            return str(one.affiliation_id or "") if may_meet else ""
        case Respect.FIELD:
            return one.field
        case Respect.ZONE:
            return one.person.zone
        case Respect.DECADE:
            return str(one.person.birth_year // 10) if one.person.birth_year else ""
        case Respect.LANGUAGES:
            return " ".join(sorted(one.languages))
        case Respect.FIRST_TIME:
            return "known" if one.person_id in known else "new"
        case Respect.YOUNG:
            return "young" if one.under_18 else ""


def _known_here(term: Term, people: Sequence[Participation]) -> frozenset[int]:
    """Return who of these people has been in a cohort of an earlier term of the programme."""
    earlier = Membership.objects.filter(
        participation__person__in=[one.person_id for one in people], cohort__term__programme=term.programme_id
    ).exclude(cohort__term=term)
    return frozenset(earlier.values_list("participation__person", flat=True))


def params_of(term: Term, *, common_windows: int = 1) -> Params:
    """Return the rules of a term as the engine knows them."""
    return Params(
        min_windows=common_windows,
        window_slots=-(-term.session_minutes // SLOT_MINUTES),
        size_min=term.size_min,
        size_max=term.size_max,
        min_per_generation=term.min_per_generation,
        student_affiliation=Strictness(term.student_affiliation),
        alumni_affiliation=Strictness(term.alumni_affiliation),
        met_before=Strictness(term.met_before),
    )


def participant_of(
    one: Participation, *, availability: int, maybe: int = 0, attributes: Mapping[str, str] | None = None
) -> Participant:
    """Return a participation as the engine knows it, free in these slots, and if need be in those."""
    return Participant(
        id=str(one.pk),
        generation=Generation(one.generation),
        availability=availability,
        interests=expand(one.interests),
        languages=tuple(one.languages),
        affiliation=str(one.affiliation_id) if one.affiliation_id else None,
        background=one.field,
        maybe=maybe,
        attributes=attributes or {},
    )


def taken_between(
    people: Sequence[int], dates: Mapping[int, Sequence[date]], zone: str, *, besides_term: int | None = None
) -> Mapping[int, Sequence[Span]]:
    """Return when these people are booked between the first and the last date of any series."""
    days = [day for some in dates.values() for day in some]
    if not days:
        return {}
    earliest, latest = (datetime.combine(day, time(), zone_named(zone)) for day in (min(days), max(days)))
    return commitments_between(people, earliest=earliest, latest=latest + timedelta(days=2), besides_term=besides_term)


def _facilitator(one: Facilitation, *, availability: int, session_slots: int) -> Facilitator:
    running = [cohort for cohort in one.cohorts.all() if cohort.status != "ended"]
    for cohort in running:
        first = slot_of_window(weekday=cohort.weekday, starts=cohort.starts)
        for slot in range(first, first + session_slots):
            availability &= ~(1 << slot % (7 * SLOTS_IN_DAY))
    return Facilitator(
        id=str(one.pk),
        availability=availability,
        max_load=max(0, one.max_cohorts - len(running)),
        languages=tuple(one.languages),
    )


def forbidden_pairs(term: Term, people: Sequence[Participation]) -> Iterable[ForbiddenPair]:
    """Yield pairs who may not meet, then pairs who shared a cohort in an earlier term of the programme.

    Blocked and kept apart are those whom somebody named, and anyone under 18 with an adult whom nobody has met yet.
    """
    known = {one.pk for one in people}
    kept_apart = set()
    for wish in PairWish.objects.filter(term=term).exclude(kind=PairWish.Kind.TOGETHER).order_by("pk"):
        if {wish.first_id, wish.second_id} <= known:
            kept_apart.add((wish.first_id, wish.second_id))
            yield ForbiddenPair(first=str(wish.first_id), second=str(wish.second_id), reason=ForbiddenReason.BLOCKED)
    for pair in sorted(tuple(sorted(pair)) for pair in unchecked_beside_young(term=term, people=people)):
        if pair not in kept_apart:
            kept_apart.add(pair)
            yield ForbiddenPair(first=str(pair[0]), second=str(pair[1]), reason=ForbiddenReason.BLOCKED)

    here = {one.person_id: one.pk for one in people}
    met: dict[int, list[int]] = {}
    earlier = Membership.objects.filter(
        participation__person__in=here, cohort__term__programme=term.programme_id
    ).exclude(cohort__term=term)
    for cohort_id, person_id in earlier.order_by("cohort", "pk").values_list("cohort", "participation__person"):
        met.setdefault(cohort_id, []).append(here[person_id])
    pairs = {tuple(sorted(pair)) for members in met.values() for pair in combinations(members, 2)}
    for first, second in sorted(pairs - kept_apart):
        yield ForbiddenPair(first=str(first), second=str(second), reason=ForbiddenReason.MET_BEFORE)


def together_pairs(term: Term, people: Sequence[Participation]) -> Iterable[TogetherPair]:
    known = {one.pk for one in people}
    wishes = PairWish.objects.filter(term=term, kind=PairWish.Kind.TOGETHER).order_by("pk")
    for wish in wishes:
        if {wish.first_id, wish.second_id} <= known:
            yield TogetherPair(first=str(wish.first_id), second=str(wish.second_id))


def _plain(value: object) -> object:
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value

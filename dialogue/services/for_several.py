"""What a coordinator does for several people of a term at once, whole or not at all, and what came of it for each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import combinations

from django.db import transaction

from dialogue.decisions import Result
from dialogue.models import IdentityCheck, Membership, PairWish, Participation, Person, Term
from dialogue.services import audit
from dialogue.services.cohorts import mark_if_broken
from dialogue.services.identity import record_check

Kind = PairWish.Kind
GONE = (Participation.Status.ENDED, Participation.Status.RELAYED)


class Why(StrEnum):
    """Why something was not done for somebody."""

    GONE = "gone"
    """Their place in the term has ended, or they were handed on."""
    ALONE = "alone"
    """Nobody else was chosen to be kept apart from, or together with."""
    TOO_MANY = "too_many"
    """More people than a cohort of the term holds."""
    NOT_TOGETHER = "not_together"
    """They cannot share a cohort. Why is told to nobody."""
    INVITED = "invited"
    """They were handed on to this term, and answer their invitation themselves."""
    HAS_COHORT = "has_cohort"
    """They have a cohort, which nobody sits in without consent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of it for one person, or for the pair that they belong to."""

    people: tuple[Participation, ...]
    result: Result
    why: Why | None = None


@transaction.atomic
def check_identities(
    *, term: Term, chosen: Collection[int], method: str, checked_on: date, checked_by: Person, now: datetime
) -> list[Came]:
    """Write down for each of these people that somebody has met them or seen who they are. Others are left out.

    Raises:
        CheckRefused: the day lies ahead; then nothing is written.
        ValueError: there is no such method.
    """
    found = []
    for one in locked(term, chosen):
        if one.status in GONE:
            found.append(Came(people=(one,), result=Result.NOT_POSSIBLE, why=Why.GONE))
            continue
        known = IdentityCheck.objects.filter(participation=one).first()
        same = known and (known.method, known.checked_on, known.checked_by_id) == (method, checked_on, checked_by.pk)
        if not same:
            record_check(participation=one, method=method, checked_on=checked_on, checked_by=checked_by, now=now)
        found.append(Came(people=(one,), result=Result.ALREADY if same else Result.DONE))
    return found


@transaction.atomic
def wish_for_pairs(
    *, term: Term, chosen: Collection[int], kind: str | None, now: datetime, actor: Person | None = None
) -> list[Came]:
    """Keep every two of these people apart or together, or with `kind` None take such wishes back.

    Who is blocked from somebody stays so, whatever is wished, and no answer tells it apart from another reason. A
    cohort in which two sit who are now kept apart is marked as needing repair. Ids of other terms are left out.

    Raises:
        ValueError: the kind is neither apart nor together.
    """
    if kind not in (Kind.APART, Kind.TOGETHER, None):
        raise ValueError(f"nobody is kept {kind!r} from here")
    people = locked(term, chosen)
    found = [Came(people=(one,), result=Result.NOT_POSSIBLE, why=Why.GONE) for one in people if one.status in GONE]
    people = [one for one in people if one.status not in GONE]
    if len(people) == 1:
        found.append(Came(people=(people[0],), result=Result.NOT_POSSIBLE, why=Why.ALONE))
    if kind == Kind.TOGETHER and len(people) > term.size_max:
        return [*found, Came(people=tuple(people), result=Result.NOT_POSSIBLE, why=Why.TOO_MANY)]
    ids = [one.pk for one in people]
    stored = {(wish.first_id, wish.second_id): wish for wish in PairWish.objects.filter(first__in=ids, second__in=ids)}
    found += [_wish(term, pair, stored.get((pair[0].pk, pair[1].pk)), kind) for pair in combinations(people, 2)]
    if any(each.result is Result.DONE for each in found):
        detail = {"kind": kind or "none", "people": ids}
        audit.record(actor=actor, action="pairs_wished", subject_key=f"term:{term.pk}", now=now, detail=detail)
        for cohort in sorted(set(_cohorts(ids))):
            mark_if_broken(cohort_id=cohort, now=now)
    return found


def locked(term: Term, chosen: Collection[int]) -> list[Participation]:
    """Return those of the chosen people who belong to the term, locked until the transaction ends."""
    rows = Participation.objects.select_for_update(of=("self",)).filter(term=term, pk__in=list(chosen))
    return list(rows.select_related("person").defer("crossroads", "note", "asked", "replied").order_by("pk"))


def _wish(term: Term, pair: tuple[Participation, Participation], stored: PairWish | None, kind: str | None) -> Came:
    if stored and stored.kind == Kind.BLOCKED:
        if kind == Kind.TOGETHER:
            return Came(people=pair, result=Result.NOT_POSSIBLE, why=Why.NOT_TOGETHER)
        return Came(people=pair, result=Result.ALREADY if kind is None else Result.DONE)
    if (stored.kind if stored else None) == kind:
        return Came(people=pair, result=Result.ALREADY)
    if stored:
        PairWish.objects.filter(pk=stored.pk).delete()
    if kind:
        PairWish.objects.create(term=term, first=pair[0], second=pair[1], kind=kind)
    return Came(people=pair, result=Result.DONE)


def _cohorts(ids: Collection[int]) -> list[int]:
    places = Membership.objects.filter(participation__in=ids, left_at__isnull=True)
    return list(places.values_list("cohort", flat=True))

"""Keep two people of a term apart, or together, as a coordinator says."""

from datetime import datetime

from django.db import transaction

from dialogue.models import PairWish, Participation, Person
from dialogue.services import audit


class BlockedPair(Exception):
    """One of the two has blocked the other: that is theirs to take back, and nobody else's."""


class NoPair(Exception):
    """They are not two people of one term."""


@transaction.atomic
def wish_for_pair(
    *, one_id: int, other_id: int, kind: str, now: datetime, actor: Person | None = None
) -> PairWish | None:
    """Keep two participations of a term "apart" or "together" from now on, or with an empty `kind` neither.

    Cohorts that meet already stay as they are. Wished twice, it is wished once.

    Raises:
        BlockedPair: a block is never written over.
        NoPair: they are one person, or not of one term.
    """
    first, second = sorted((one_id, other_id))
    people = list(Participation.objects.select_for_update().filter(pk__in=(first, second)).order_by("pk"))
    if len(people) != 2 or people[0].term_id != people[1].term_id:
        raise NoPair
    wish = PairWish.objects.filter(first=first, second=second).first()
    if wish is not None and wish.kind == PairWish.Kind.BLOCKED:
        raise BlockedPair
    if (wish.kind if wish else "") == kind:
        return wish
    PairWish.objects.filter(first=first, second=second).delete()
    made = None
    if kind:
        made = PairWish.objects.create(term_id=people[0].term_id, first=people[0], second=people[1], kind=kind)
    for one, other in ((first, second), (second, first)):
        audit.record(
            actor=actor,
            action="pair_wish_changed",
            subject_key=f"participation:{one}",
            now=now,
            detail={"with": other, "kind": kind},
        )
    return made

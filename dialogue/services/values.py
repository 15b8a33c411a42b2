"""Keep and forget how somebody sorts their value cards."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from dialogue.core.values import MOST_CHOSEN, VALUE_CARDS, Pile, Sorting, as_text, from_text
from dialogue.models import Person, ValueSort

WORDS_LENGTH = 5_000


def sorting_of(person: Person) -> Sorting:
    """Return what somebody has kept, or an empty sorting. One query."""
    kept = ValueSort.objects.filter(person=person).values_list("kept", flat=True).first()
    return from_text(kept) if kept else Sorting()


@transaction.atomic
def keep_piles(*, person: Person, piles: Mapping[str, Pile], now: datetime) -> Sorting:
    """Put these cards onto these piles; the other cards stay where they lie.

    Raises:
        ValueError: there is no such card.
    """
    if unknown := set(piles) - set(VALUE_CARDS):
        raise ValueError(f"no cards: {sorted(unknown)}")
    before = _locked(person)
    return _keep(person, replace(before, piles={**before.piles, **piles}), now)


@transaction.atomic
def keep_choice(*, person: Person, chosen: Sequence[str], words: str, now: datetime) -> Sorting:
    """Keep up to five cards and what they mean to their owner.

    Raises:
        ValueError: too many, one that does not lie on the pile to choose from, or too long a text.
    """
    before = _locked(person)
    if len(chosen) > MOST_CHOSEN or set(chosen) - set(before.offered()) or len(words) > WORDS_LENGTH:
        raise ValueError("choice")
    return _keep(person, replace(before, chosen=list(chosen), words=words), now)


@transaction.atomic
def forget_values(*, person: Person) -> None:
    """Delete the sorting with its words."""
    ValueSort.objects.filter(person=person).delete()


def _locked(person: Person) -> Sorting:
    Person.objects.select_for_update().get(pk=person.pk)
    return sorting_of(person)


def _keep(person: Person, sorting: Sorting, now: datetime) -> Sorting:
    ValueSort.objects.update_or_create(person=person, defaults={"kept": as_text(sorting), "changed_at": now})
    return sorting

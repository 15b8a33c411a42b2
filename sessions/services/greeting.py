"""Show a はじめましてカード to one's circle, take it back, and end it with the term."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from dialogue.models import Cohort, Membership, Participation, Person
from sessions.core.light_questions import LIGHT_QUESTIONS
from sessions.models import DialogueSession, GreetingCard
from sessions.models.greetings import LINE_LENGTH, MOST_INTERESTS
from sessions.services.noting import STAYS_OPEN, is_open


class CircleClosed(Exception):
    """The cohort has ended, or its last session is over for two weeks."""


@transaction.atomic
def show_card(
    *, cohort_id: int, person: Person, interests: Sequence[str], question: str, line: str, now: datetime
) -> GreetingCard:
    """Show a card to the cohort, in place of the one before. Nobody is mailed.

    A question without a line, or a line without a question, is neither.

    Raises:
        Membership.DoesNotExist: the person does not belong to the cohort today.
        CircleClosed: the cohort's time is over.
        ValueError: too many interests or one that the person has not given, no such question, or too long a line.
    """
    rows = Membership.objects.select_for_update(of=("self",)).filter(left_at__isnull=True)
    mine = rows.select_related("cohort", "participation").get(cohort=cohort_id, participation__person=person)
    if not is_open(mine.cohort, now=now):
        raise CircleClosed
    line = line.strip()
    if len(interests) > MOST_INTERESTS or set(interests) - set(mine.participation.interests):
        raise ValueError("interests")
    if (question and question not in LIGHT_QUESTIONS) or len(line) > LINE_LENGTH:
        raise ValueError("line")
    if not question or not line:
        question = line = ""
    card, _ = GreetingCard.objects.update_or_create(
        cohort=mine.cohort,
        person=person,
        defaults={"interests": list(interests), "question": question, "line": line, "shown_at": now},
    )
    return card


@transaction.atomic
def take_card_back(*, cohort_id: int, person: Person) -> bool:
    """Delete one's own card and return whether there was one."""
    deleted, _by_model = GreetingCard.objects.filter(cohort=cohort_id, person=person).delete()
    return bool(deleted)


@transaction.atomic
def drop_card_of(*, participation_id: int) -> None:
    """Delete the card of somebody whose place in the term has ended."""
    place = Participation.objects.get(pk=participation_id)
    GreetingCard.objects.filter(person=place.person_id, cohort__term=place.term_id).delete()


def drop_ended_cards(*, now: datetime) -> int:
    """Delete the cards of cohorts whose time is over and return how many. What is shown for a term ends with it."""
    of_cohort = DialogueSession.objects.filter(cohort=OuterRef("pk"))
    met, meets = Exists(of_cohort.standing()), Exists(of_cohort.to_come(now - STAYS_OPEN))
    over = Cohort.objects.filter(Q(status=Cohort.Status.ENDED) | Q(met, ~meets))
    deleted, _by_model = GreetingCard.objects.filter(cohort__in=over.values("pk")).delete()
    return deleted

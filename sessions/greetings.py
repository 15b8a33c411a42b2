"""The people of a circle with what they show of themselves, in 五十音 order."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from dialogue.models import Cohort, Membership, Person
from sessions.core.light_questions import LIGHT_QUESTIONS
from sessions.models import GreetingCard
from sessions.people_reading import in_kana_order


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeted:
    """Somebody of the circle as the others read of them: the name they go by, and their card if they show one."""

    person_id: int
    name: str
    interests: Sequence[str] = ()
    question: str = ""
    line: str = ""


def people_of_circle(cohort: Cohort, *, reader: Person) -> list[Greeted]:
    """Return the members of today, with the cards that this reader may see. Two queries."""
    language = get_language() or "ja"
    cards = {one.person_id: one for one in GreetingCard.objects.readable_by(reader).filter(cohort=cohort)}
    members = Membership.objects.filter(cohort=cohort, left_at__isnull=True).select_related("participation__person")
    people = sorted((one.participation.person for one in members), key=in_kana_order)
    return [_greeted(one, cards.get(one.pk), language) for one in people]


def _greeted(person: Person, card: GreetingCard | None, language: str) -> Greeted:
    if card is None:
        return Greeted(person_id=person.pk, name=person.preferred_name)
    asked = LIGHT_QUESTIONS.get(card.question)
    return Greeted(
        person_id=person.pk,
        name=person.preferred_name,
        interests=card.interests,
        question=asked.in_language(language) if asked else "",
        line=card.line,
    )

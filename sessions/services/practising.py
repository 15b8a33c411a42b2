"""ひとり練習: begin one's own, let what comes next come now, end it. One for each person; it goes after a day."""

from datetime import datetime

from django.db import transaction

from dialogue.core.generation import Generation
from dialogue.models import Participation, Person
from sessions.core.room import as_json
from sessions.core.room.practice import practice
from sessions.models import Room


@transaction.atomic
def begin_practice(*, person: Person, leads: bool, now: datetime) -> Room:
    """Begin a practice anew, as one of the circle or as whoever leads it. One that stood before goes."""
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)  # two taps at once are one after the other
    Room.objects.filter(practised_by=person).delete()
    room = practice(me=person.pk, generation=_generation(person), leads=leads, now=now.timestamp())
    return Room.objects.create(practised_by=person, state=as_json(room), changed_at=now)


def _generation(person: Person) -> Generation:
    """Return the generation of the person's newest place in a term; of a student where there is none."""
    places = Participation.objects.filter(person=person).order_by("-pk")
    return Generation(places.values_list("generation", flat=True).first() or Generation.STUDENT)


def end_practice(*, person: Person) -> None:
    """End one's practice. Nothing of it is kept; ending twice is harmless."""
    Room.objects.filter(practised_by=person).delete()

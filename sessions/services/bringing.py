"""Say that one brings one's value cards to a session. Which they are, and whose, nobody reads."""

from datetime import datetime

from django.db import transaction

from dialogue.models import Person
from dialogue.services.values import sorting_of
from sessions.models import Attendance, DialogueSession


class NothingToCome(Exception):
    """The session is over or does not take place."""


class NoCards(Exception):
    """They have chosen none, so there is nothing to bring."""


@transaction.atomic
def bring_cards(*, session_id: int, person: Person, brings: bool, now: datetime) -> None:
    """Keep whether somebody brings their cards, or take it back. Whoever leads reads only that some do.

    Raises:
        Attendance.DoesNotExist: the person is not expected at this session.
        NothingToCome: the session is over or does not take place.
        NoCards: they have chosen none. To leave them at home is always possible.
    """
    mine = Attendance.objects.select_for_update(of=("self",)).select_related("session")
    attendance = mine.get(session=session_id, person=person)
    if attendance.session.status != DialogueSession.Status.CONFIRMED or attendance.session.ends_at <= now:
        raise NothingToCome
    if brings and not sorting_of(person).standing():
        raise NoCards
    attendance.brings_cards = brings
    attendance.save(update_fields=["brings_cards"])


def drop_brought(*, now: datetime) -> None:
    """Forget who brought cards to what is over. Safe to do twice, or in parallel."""
    Attendance.objects.filter(brings_cards=True, session__ends_at__lte=now).update(brings_cards=False)

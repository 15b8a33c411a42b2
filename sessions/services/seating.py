"""One device in the middle of a table: let somebody in who sits beside its owner, and who may agree on it first."""

from datetime import datetime

from django.db import transaction

from sessions.company import people_of
from sessions.core.room import Event
from sessions.models import DialogueSession, Room
from sessions.services.agreeing import agree_at_a_table, who_has_not_agreed
from sessions.services.in_turn import in_turn
from sessions.services.rooms import act


class NotAgreed(Exception):
    """They have not agreed to the rules as they read now, and do not say so. Nothing has changed."""


@in_turn()
@transaction.atomic
def seat_beside(
    *, session: DialogueSession, by: int, whom: int | None, agrees: bool, now: datetime, seen: int | None = None
) -> Room:
    """Let somebody into a session's room who sits beside `by` and shares their device. Twice changes nothing.

    Whoever has not agreed to the rules yet does so by the same tap. Whoever leads is not asked: they tell nothing.

    Args:
        session: the session in whose room it is held.
        agrees: whether they say that they agree.

    Raises:
        NotAgreed: they have not agreed, now or before.
        NotNow, TooLate, Room.DoesNotExist: as of any tap.
    """
    room = Room.objects.values_list("pk", flat=True).get(session=session)
    one = next((each for each in people_of(session) if each.person_id == whom), None)
    asked = one is not None and whom != session.facilitator_id and bool(who_has_not_agreed([one]))
    if asked and not agrees:
        raise NotAgreed
    changed = act(room_id=room, by=by, event=Event.ARRIVE, whom=whom, seen=seen, now=now)
    if asked and one is not None:
        agree_at_a_table(participation=one.pk, now=now)
    return changed

"""Begin a room as whoever leads has ticked beside the button: without seconds, without the third round."""

from datetime import datetime

from django.db import transaction

from sessions.core import room as rules
from sessions.core.guide.arcs import Kind
from sessions.core.room import Event
from sessions.models import Room
from sessions.services.in_turn import in_turn
from sessions.services.rooms import act


@in_turn()
@transaction.atomic
def begin_as_ticked(
    *, room_id: int, by: int, gently: bool, without_third: bool, now: datetime, seen: int | None = None
) -> Room:
    """Let a room begin and hold what was ticked, all of it or nothing, and return it as it is then.

    A room that has no third round begins as if it had not been ticked.

    Raises:
        NotNow, TooLate, Room.DoesNotExist: as of any tap.
    """
    room = act(room_id=room_id, by=by, event=Event.BEGIN, seen=seen, now=now)
    if gently:
        room = act(room_id=room_id, by=by, event=Event.GENTLY, now=now)
    steps = rules.from_json(room.state).steps
    third = next((at for at, step in enumerate(steps) if step.kind is Kind.SHIFT), 0)
    if without_third and third:
        room = act(room_id=room_id, by=by, event=Event.SKIP, steps=third, now=now)
    return room

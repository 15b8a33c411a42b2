"""A room that was closed by mistake: kept as it stood for a few minutes, for whoever closed it to open it again."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from dialogue.models import Person
from sessions import room_bell
from sessions.core import room as rules
from sessions.core.room.timing import LINGERS
from sessions.models import ClosedRoom, DialogueSession, Room, VoiceFigure

UNDO: Final = timedelta(minutes=5)
"""How long a room can be opened again. Then what it knew is gone; what was worked out at the close stays."""

_STAYS: Final = timedelta(seconds=LINGERS)


class StaysClosed(Exception):
    """Nobody closed the room lately, it was somebody else, or its session does not take place any more."""


def remember(*, room: rules.Room, version: int, session_id: int, by: int, now: datetime) -> None:
    """Keep a room as it stood when somebody closed it. Called in the transaction that closes it."""
    ClosedRoom.objects.update_or_create(
        session_id=session_id,
        defaults={"closed_by_id": by, "closed_at": now, "version": version, "state": rules.as_json(room)},
    )


def opens_until(session: DialogueSession, *, now: datetime) -> tuple[int, datetime] | None:
    """Return who may open the room of a session again, by primary key, and until when; nothing if nobody may.

    One query.
    """
    kept = _standing(now).filter(session=session).values_list("closed_by", "closed_at").first()
    return (kept[0], kept[1] + UNDO) if kept else None


@transaction.atomic
def reopen(*, session_id: int, person: Person, now: datetime) -> Room:
    """Open a room again as it stood, with a pause, and with nobody in it but whoever opens it. The others come back in.

    Raises:
        DialogueSession.DoesNotExist: the session is none of this person's.
        StaysClosed: it cannot be opened again by this person, or not any more.
    """
    mine = DialogueSession.objects.of(person).get(pk=session_id)
    # The session first, as whoever enters does.
    held = DialogueSession.objects.select_for_update(of=("self",)).get(pk=mine.joint_with_id or mine.pk)
    standing = Room.objects.filter(session=held).first()
    if standing is not None:  # two taps are one
        return standing
    kept = _standing(now).filter(session=held, closed_by=person).first()
    runs = held.status in {DialogueSession.Status.CONFIRMED, DialogueSession.Status.HELD}
    if kept is None or not runs or now >= held.ends_at + _STAYS:
        raise StaysClosed
    room = rules.reopened(rules.from_json(kept.state), by=person.pk, now=kept.closed_at.timestamp())
    version = kept.version + 1  # above what any page has seen
    row = Room.objects.create(session=held, state=rules.as_json(room), version=version, turned=version, changed_at=now)
    kept.delete()
    # The circle's figure is worked out anew when it closes.
    VoiceFigure.objects.filter(session=held).delete()
    DialogueSession.objects.filter(pk=held.pk).update(room_closed_at=None)
    transaction.on_commit(room_bell.ring)
    return row


def drop_closed_rooms(*, now: datetime) -> None:
    """Forget the rooms that can no longer be opened again. Safe to do twice, or in parallel."""
    ClosedRoom.objects.filter(closed_at__lte=now - UNDO).delete()


def _standing(now: datetime) -> QuerySet[ClosedRoom]:
    return ClosedRoom.objects.filter(closed_at__gt=now - UNDO)

"""Pass on what two browsers in a room tell each other, and keep nothing of it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from sessions import room_bell
from sessions.core import room as rules
from sessions.models import Room, RoomSignal
from sessions.services.in_turn import in_turn

LONGEST: Final = 20_000
"""Characters of a signal. A description of six connections has about 8,000."""

MOST_WAITING: Final = 200
"""Signals that wait for one person: far more than a call between six needs."""

KEPT: Final = timedelta(seconds=60)


class NoSuchReceiver(Exception):
    """The receiver is not in the room, or has stopped reading."""


@in_turn()
@transaction.atomic
def send_signal(*, room_id: int, sender: int, receiver: int, payload: str, now: datetime) -> None:
    """Keep a signal until its receiver's stream takes it.

    Raises:
        Room.DoesNotExist: the room has been closed.
        NoSuchReceiver: sender or receiver is not in it, or too many signals wait.
        ValueError: it is empty or too long.
    """
    if not 0 < len(payload) <= LONGEST:
        raise ValueError(f"a signal has 1 to {LONGEST} characters")
    room = rules.from_json(Room.objects.only("state").get(pk=room_id).state)
    present = {*room.here, room.leader}
    if sender == receiver or not {sender, receiver} <= present:
        raise NoSuchReceiver
    if RoomSignal.objects.filter(room=room_id, receiver=receiver).count() >= MOST_WAITING:
        raise NoSuchReceiver
    RoomSignal.objects.create(room_id=room_id, sender=sender, receiver=receiver, payload=payload, sent_at=now)
    transaction.on_commit(room_bell.ring)


def drop_signals(*, taken: Collection[int]) -> None:
    """Delete the signals that were taken."""
    RoomSignal.objects.filter(pk__in=taken).delete()


def drop_old_signals(*, now: datetime) -> None:
    """Delete the signals that nobody took within a minute."""
    RoomSignal.objects.filter(sent_at__lte=now - KEPT).delete()

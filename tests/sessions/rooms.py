"""A room to test with: a cohort's session that has begun, and who is in it."""

from datetime import datetime, timedelta

from dialogue.models import Person
from sessions.core import room as rules
from sessions.core.room import Event
from sessions.models import DialogueSession, Room
from sessions.services.agreeing import agree
from sessions.services.rooms import act, enter
from tests.factories import make_session


def make_open_session(cohort, *, now: datetime, **fields) -> DialogueSession:
    """A session that begins now, to whose rules everybody has agreed."""
    session = make_session(cohort, starts_at=now, **fields)
    for person in people_at(session):
        agree(session=session, person=person, now=now)
    return session


def people_at(session: DialogueSession) -> list[Person]:
    return list(Person.objects.filter(attendances__session=session).order_by("pk"))


def fill(session: DialogueSession, *, now: datetime) -> Room:
    """Everybody comes in, and whoever facilitates begins."""
    for person in (*people_at(session), session.facilitator):
        enter(session_id=session.pk, person=person, now=now)
    room = Room.objects.get(session=session)
    return act(room_id=room.pk, by=session.facilitator_id, event=Event.BEGIN, now=now)


def to_first_turn(room: Room, *, now: datetime) -> tuple[Room, datetime]:
    """Agree, and go on until somebody has the word. Returns the room and the moment."""
    leader = state(room).leader
    room = act(room_id=room.pk, by=leader, event=Event.NEXT, now=now + timedelta(seconds=5))
    room = act(room_id=room.pk, by=leader, event=Event.AGREE, now=now + timedelta(seconds=10))
    return room, now + timedelta(seconds=20)


def state(room: Room) -> rules.Room:
    return rules.from_json(room.state)

"""The door of a room's stream: who may read it, and what coming and going means for the room."""

from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest

from dialogue import clock
from dialogue.models import Person
from dialogue.prepared import Prepared
from dialogue.second_factor import has_shown_it, is_asked_for_it
from sessions.core import room as rules
from sessions.core.room import Event, NotNow
from sessions.models import DialogueSession, Room
from sessions.services.agreeing import has_agreed
from sessions.services.answer_links import admitted_by
from sessions.services.rooms import NoRoom, act, enter

_NO_CONTENT: Final = int(HTTPStatus.NO_CONTENT)
NOT_FOUND: Final = int(HTTPStatus.NOT_FOUND)

OPEN_FOR: Final = 6 * 3600
"""Seconds for which the name of somebody's latest stream is known: longer than any room is open."""


@dataclass(frozen=True, slots=True)
class Admitted:
    room: int
    person: int

    @property
    def open_as(self) -> str:
        """Return the name in the cache under which the person's latest stream is known to every web process."""
        return f"room-stream:{self.room}:{self.person}"


@dataclass(frozen=True, slots=True)
class Keys:
    """What a browser shows at the door: the key of its session, and the token of a link that led into this room."""

    session: str
    link: str = ""


def opened(keys: Keys, kind: str, pk: int, name: str) -> Admitted | int:
    """Let the reader in, or in again, and tell the other web processes which of their streams is the latest."""
    admitted = _admit(keys, kind, pk)
    if isinstance(admitted, Admitted) and cache.get(admitted.open_as) != name:
        cache.set(admitted.open_as, name, OPEN_FOR)
    return admitted


def _admit(keys: Keys, kind: str, pk: int) -> Admitted | int:
    """Let the reader into the room, or return the status that says why not."""
    person = _reader(keys.session)
    if person is None and keys.link and kind == "s":
        person = admitted_by(token=keys.link, session_id=pk, now=clock.now())
    if person is None:
        return NOT_FOUND
    if kind == "practice":
        practice = Room.objects.of(person).filter(practised_by=person, pk=pk).first()
        return Admitted(practice.pk, person.pk) if practice is not None else NOT_FOUND
    theirs = next(_THEIRS.rows(reader=person.pk, session=pk), None)
    if theirs is None:
        return NOT_FOUND
    facilitator, term, joint_with = theirs
    if person.pk != facilitator and not has_agreed(term=term, person=person.pk):
        return NOT_FOUND
    for room, state in _ROOM.rows(session=joint_with or pk):
        if _is_inside(rules.from_json(state), person.pk):
            return Admitted(room, person.pk)
    try:
        return Admitted(enter(session_id=pk, person=person, now=clock.now()).pk, person.pk)
    except (NoRoom, NotNow, DialogueSession.DoesNotExist):
        return _NO_CONTENT


def _is_inside(room: rules.Room, person: int) -> bool:
    """Whether somebody is in a room that has begun, with a device of their own: entering would change nothing.

    Until it begins, entering also brings it in line with the hour and the circle of its session.
    """
    if room.phase not in {rules.Phase.RUNNING, rules.Phase.PAUSED}:
        return False
    return person not in room.shares and (person in room.here or (person == room.leader and room.leader_here))


def _theirs(reader: int, session: int) -> QuerySet[DialogueSession, Any]:
    rows = DialogueSession.objects.of(Person(pk=reader)).filter(pk=session).order_by()
    return rows.values_list("facilitator", "cohort__term", "joint_with")


def _room(session: int) -> QuerySet[Room, Any]:
    return Room.objects.filter(session=session).order_by().values_list("pk", "state")


# Each open stream asks these again and again.
_THEIRS: Final = Prepared(_theirs, reader=int, session=int)
_ROOM: Final = Prepared(_room, session=int)


def _reader(cookie: str) -> Person | None:
    """Return who is signed in, as the pages would know them."""
    if not cookie:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(cookie)
    person = get_user(request)
    if not isinstance(person, Person) or not person.is_authenticated:
        return None
    if settings.REQUIRE_SECOND_FACTOR and is_asked_for_it(person) and not has_shown_it(request, person):
        return None
    return person


def leave(admitted: Admitted, name: str) -> None:
    """Let somebody leave whose last stream this was. One that was opened since, here or elsewhere, keeps them in."""
    if cache.get(admitted.open_as, name) != name:
        return
    with suppress(Room.DoesNotExist, NotNow):
        act(room_id=admitted.room, by=admitted.person, event=Event.LEAVE, now=clock.now())

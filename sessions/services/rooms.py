"""The room of a session: let people in, let something happen, let time pass, close it.

What a room is and who may do what stands in `sessions.core.room`; here it is locked, kept and told to the streams.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from dialogue.core.generation import Generation
from dialogue.models import Participation, Person
from sessions import room_bell
from sessions.company import people_of
from sessions.core import room as rules
from sessions.core.door import Door, door_at
from sessions.core.guide.order import Seat
from sessions.core.room.practice import hurried
from sessions.core.room.state import key_of
from sessions.core.room.timing import LINGERS
from sessions.core.speaking import seconds_of
from sessions.core.voices import Basis
from sessions.models import DialogueSession, Room
from sessions.services.calling import note_call
from sessions.services.in_turn import in_turn
from sessions.services.presence import note_who_was_here
from sessions.services.reopening import drop_closed_rooms, remember
from sessions.services.speaking import all_agree, may_measure, told_in
from sessions.services.voices import keep_figure

Status = DialogueSession.Status
Event = rules.Event

STAYS: Final = timedelta(seconds=LINGERS)
"""How long after its end a room that is still in use may be entered."""

PRACTICE_STAYS: Final = timedelta(days=1)
"""How long after the last tap a practice is kept."""

_WHENEVER: Final = frozenset({Event.ARRIVE, Event.LEAVE, Event.PAUSE}) | {
    Event.GENTLY,
    Event.TO_THE_SECOND,
    Event.WISH_CAPTIONS,
    Event.CAPTIONS_SEEN_TO,
}
"""What is meant whatever has happened since the page was drawn."""


class Shut(StrEnum):
    """Why nobody can enter."""

    NOT_YET = "not_yet"
    OVER = "over"
    CLOSED = "closed"
    """It has been, and was closed."""
    CANCELLED = "cancelled"
    PUT_OFF = "put_off"
    """It looks for another date."""
    NO_LEADER = "no_leader"
    """Somebody is under 18, and whoever was to facilitate cannot come."""
    NOBODY = "nobody"


class NoRoom(Exception):
    """There is no room to enter now."""

    def __init__(self, why: Shut) -> None:
        super().__init__(why.value)
        self.why = why


class TooLate(Exception):
    """Step or turn have moved on since the tap was made. Nothing has changed."""


def shut(session: DialogueSession, people: Sequence[Participation], *, in_use: bool, now: datetime) -> Shut | None:
    """Return why the room of a session cannot be entered now; None when it can. No query.

    Args:
        session: the session in whose room it is held.
        people: everybody who is expected in it.
        in_use: whether somebody is in the room already; then its end is a soft one.
    """
    door = door_at(starts_at=session.starts_at, ends_at=session.ends_at, now=now)
    if session.status == Status.PROPOSED:
        return Shut.PUT_OFF
    if session.status not in {Status.CONFIRMED, Status.HELD}:
        return Shut.CANCELLED
    if door is Door.CLOSED:
        return Shut.NOT_YET
    if session.room_closed_at is not None:
        return Shut.CLOSED
    if door is Door.OVER and not (in_use and now < session.ends_at + STAYS):
        return Shut.OVER
    if not people:
        return Shut.NOBODY
    return Shut.NO_LEADER if _leader(session, people) is None and _minors(people) else None


def fresh(session: DialogueSession, people: Sequence[Participation]) -> rules.Room:
    """Return the room of a session as it stands before anybody enters. No query."""
    return rules.opened(
        seats=[Seat(one.person_id, Generation(one.generation)) for one in people],
        number=session.number,
        minutes=(session.ends_at - session.starts_at) // timedelta(minutes=1),
        ends_at=session.ends_at.timestamp(),
        leader=_leader(session, people),
        minors=_minors(people),
    )


def _leader(session: DialogueSession, people: Sequence[Participation]) -> int | None:
    away = session.facilitator_away_at is not None or any(one.person_id == session.facilitator_id for one in people)
    return None if away else session.facilitator_id


def _minors(people: Sequence[Participation]) -> bool:
    return any(one.under_18 for one in people)


@in_turn()
@transaction.atomic
def enter(*, session_id: int, person: Person, now: datetime) -> Room:
    """Let somebody of a session into its room; the first one opens it. Entering twice changes nothing.

    Whoever belongs to the circle since the room was opened gets a seat. Somebody who neither sits in the circle nor
    leads it looks on: the facilitator of a cohort that is a guest.

    Raises:
        DialogueSession.DoesNotExist: the session is none of this person's.
        NoRoom: it cannot be entered now.
    """
    mine = DialogueSession.objects.of(person).get(pk=session_id)
    # The session first, as a move does: nobody enters a room whose session is being put off.
    held = DialogueSession.objects.select_for_update(of=("self",)).get(pk=mine.joint_with_id or mine.pk)
    row = Room.objects.select_for_update(of=("self",)).filter(session=held).first()
    people = people_of(held)
    if (why := shut(held, people, in_use=row is not None, now=now)) is not None:
        raise NoRoom(why)
    if row is None:
        room = replace(fresh(held, people), measures=may_measure(held, people))
        row = Room.objects.create(session=held, state=rules.as_json(room), changed_at=now)
    before = rules.from_json(row.state)
    room = _as_expected(rules.advanced(before, now.timestamp()), fresh(held, people))
    seated = any(seat.key == person.pk for seat in room.seats)
    if person.pk == room.leader or seated:
        room = rules.happened(room, Event.ARRIVE, by=person.pk, now=now.timestamp())
    if seated and room.measures and not all_agree(people, [person.pk]):
        room = replace(room, measures=False)
    return _kept(row, before, room, now)


def _as_expected(room: rules.Room, expected: rules.Room) -> rules.Room:
    """Return the room with those who belong to it by now, and until it begins with the hour of its session.

    A seat that was taken once stays: its turns are counted.
    """
    if room.phase is rules.Phase.WAITING:
        seated = {key_of(seat) for seat in expected.seats}
        leads = room.leader_here and room.leader == expected.leader
        return replace(
            expected,
            here=tuple(key for key in room.here if key in seated),
            leader_here=leads,
            lead=room.lead if room.lead in seated else None,
            shares={
                key: device for key, device in room.shares.items() if key in seated or (leads and key == room.leader)
            },
            help=room.help,
            caller=room.caller,
            called_at=room.called_at,
            gently=room.gently,
            captions=room.captions,
            skipped=room.skipped,
            steps=rules.without(expected.steps, room.skipped),
            measures=room.measures and not expected.minors,
        )
    if room.phase is rules.Phase.CLOSED:
        return room
    if room.leader != expected.leader:
        shares = {key: device for key, device in room.shares.items() if key != room.leader}
        room = replace(room, leader=expected.leader, leader_here=False, shares=shares)
    seats = room.seats + tuple(seat for seat in expected.seats if seat not in room.seats)
    return replace(room, seats=seats, minors=expected.minors, measures=room.measures and not expected.minors)


@in_turn()
@transaction.atomic
def act(
    *,
    room_id: int,
    by: int,
    event: Event,
    now: datetime,
    seen: int | None = None,
    whom: int | None = None,
    steps: int = 0,
) -> Room:
    """Let something happen in a room, and return it as it is then.

    `seen` is the version that the page showed when somebody tapped. A tap about a step or turn that is over by then
    does nothing: two taps at once are one.

    Raises:
        Room.DoesNotExist: it has been closed.
        NotNow: it may not happen now, with the reason.
        TooLate: step or turn have moved on.
    """
    row = _locked(room_id).get()
    before = rules.from_json(row.state)
    room = rules.advanced(before, now.timestamp())
    moved = seen is not None and (seen < row.turned or _about(room) != _about(before))
    if moved and event not in _WHENEVER:
        raise TooLate
    stood = room
    room = rules.happened(room, event, by=by, now=now.timestamp(), whom=whom, steps=steps)
    if event is Event.CLOSE and row.session_id is not None:
        remember(room=stood, version=row.version, session_id=row.session_id, by=by, now=now)
    return _kept(row, before, room, now)


@in_turn()
@transaction.atomic
def advance(*, room_id: int, now: datetime) -> None:
    """Keep what has come about by itself: a step whose time is over has gone on. Safe to do twice, or in parallel."""
    row = _locked(room_id).first()
    if row is not None:
        before = rules.from_json(row.state)
        _kept(row, before, rules.advanced(before, now.timestamp()), now)


@in_turn()
@transaction.atomic
def stop_measuring(*, session_id: int, now: datetime) -> None:
    """Let nobody's speaking be counted any more in a session's room, and forget what was. Safe to do twice."""
    row = _locked(Room.objects.filter(session=session_id).values_list("pk", flat=True).first()).first()
    if row is not None:
        before = rules.from_json(row.state)
        _kept(row, before, replace(before, measures=False), now)


@in_turn()
@transaction.atomic
def hurry(*, room_id: int, now: datetime, seen: int | None = None) -> None:
    """Let what comes next in a practice come now. One's own turn is not hurried, and two taps at once are one.

    Raises:
        Room.DoesNotExist: it has been closed.
        TooLate: step or turn have moved on since the version that the page showed.
    """
    row = Room.objects.select_for_update(of=("self",)).get(pk=room_id)
    if seen is not None and seen < row.turned:
        raise TooLate
    before = rules.from_json(row.state)
    room = hurried(rules.advanced(before, now.timestamp()), now.timestamp())
    _kept(row, before, rules.advanced(room, now.timestamp()), now)


def look_after_rooms(*, now: datetime) -> None:
    """Close the rooms that everybody has forgotten, drop those of sessions that do not take place and of past closes.

    A web process closes rooms too, while somebody still looks on.
    """
    over = Room.objects.filter(session__ends_at__lte=now - STAYS)
    practised = Room.objects.filter(practised_by__isnull=False, changed_at__lte=now - PRACTICE_STAYS)
    for pk in over.values_list("pk", flat=True):
        advance(room_id=pk, now=now)
    practised.delete()
    Room.objects.filter(session__status__in=[Status.CANCELLED, Status.PROPOSED]).delete()
    drop_closed_rooms(now=now)


def _locked(room_id: int | None) -> QuerySet[Room]:
    """Return a room, locked, and before it its session, as whoever enters does.

    A close and a call for help write to both. Locked the other way round they and somebody who enters wait for each
    other.
    """
    if connection.features.has_select_for_update:  # else the whole database is locked
        DialogueSession.objects.select_for_update(of=("self",)).only("pk").filter(room=room_id).first()
    return Room.objects.select_for_update(of=("self",)).filter(pk=room_id)


def _about(room: rules.Room) -> tuple[object, ...]:
    """Return what a tap is about."""
    return room.phase, room.at, room.speaker, room.turn, room.longer, room.extra, room.help, room.lead, room.skipped


def _kept(row: Room, before: rules.Room, room: rules.Room, now: datetime) -> Room:
    """Store the room where it has changed and tell the streams. One that is closed goes, with all it knew.

    The row is locked on PostgreSQL, and so is all of SQLite; the version is asked for as well, so that where a
    database does neither a change is refused and not lost.
    """
    if room == before:
        return row
    transaction.on_commit(room_bell.ring)
    if before.measures and not room.measures:
        row.speaking_times.all().delete()
    if room.help != before.help and row.session_id is not None:
        # Beside the room: a call that nobody has answered outlives it.
        note_call(session_id=row.session_id, now=now if room.help else None)
    if room.phase is rules.Phase.CLOSED:
        _close(row, room, now)
        return row
    found = Room.objects.filter(pk=row.pk, version=row.version)
    row.version += 1
    row.turned = row.version if _about(room) != _about(before) else row.turned
    row.state, row.changed_at = rules.as_json(room), now
    if not found.update(version=row.version, turned=row.turned, state=row.state, changed_at=now):
        raise IntegrityError("the room has changed meanwhile")
    return row


def _close(row: Room, room: rules.Room, now: datetime) -> None:
    """Let the room go. What stays is who was here, the circle's figure, and that there was a room.

    None opens anew, but for the few minutes in which whoever closed it can take that back.
    """
    told = told_in(row) if room.measures else ()
    Room.objects.filter(pk=row.pk).delete()
    if row.session_id is None:
        return
    session = DialogueSession.objects.get(pk=row.session_id)
    DialogueSession.objects.filter(pk=session.pk).update(room_closed_at=now)
    spoken = dict.fromkeys(room.here, 0.0) | dict(room.spoken)
    note_who_was_here(session, spoken)
    generations = {key_of(seat): seat.generation for seat in room.seats}
    longest = (session.ends_at - session.starts_at + STAYS).total_seconds()
    heard = seconds_of(told, spoken, longest=longest) if told and all_agree(people_of(session), spoken) else None
    if heard is not None:
        turns = {"turns": room.offers, "passed": room.passes}
        keep_figure(session, heard, generations, now, basis=Basis.SPEAKING, **turns)
    elif room.spoken:
        keep_figure(session, spoken, generations, now, turns=room.offers, passed=room.passes)

"""Looks after the open streams of this process: one question to the database for all rooms, ten times a second.

It works with several web processes and without the broker, because the database alone holds what is true. It looks
only while streams are open, and holds one thread, and so one connection to the database.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

from django.db import close_old_connections
from django.db.models import QuerySet

from dialogue import clock
from dialogue.prepared import Prepared
from sessions import room_bell
from sessions.core import room as rules
from sessions.models import Room, RoomSignal
from sessions.room_reading import snapshot
from sessions.services.reopening import drop_closed_rooms
from sessions.services.room_signals import drop_old_signals, drop_signals
from sessions.services.rooms import advance

log = logging.getLogger(__name__)
Result = TypeVar("Result")

PAUSE: Final = 0.1
"""Seconds between two looks. A tap in this process is seen at once; one in another after half of it on average."""

MOST_SIGNALS: Final = 100
"""Signals that wait for a phone that reads too slowly; then its stream is closed, and it begins anew."""

BETWEEN_SWEEPS: Final = 200
"""Looks between two sweeps of signals that nobody took, and of rooms that were closed."""


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream. A slow one gets the newest state and none of those between."""

    room: int
    person: int
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    state: str = ""
    """The newest state as JSON, until it is sent."""
    signals: deque[str] = field(default_factory=deque)
    over: bool = False
    """The room was closed."""
    dropped: bool = False
    """It is to end, and its reader to come again."""

    def shown(self, state: str) -> None:
        self.state = state
        self.woken.set()

    def told(self, signal: str) -> None:
        self.signals.append(signal)
        self.dropped = self.dropped or len(self.signals) > MOST_SIGNALS
        self.woken.set()

    def ended(self, *, over: bool) -> None:
        self.over, self.dropped = over, True
        self.woken.set()


@dataclass(slots=True)
class _Watched:
    version: int = 0
    due: float | None = None
    listeners: set[Listener] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a look has found of a room that has changed; no state where it is gone."""

    room: int
    version: int
    due: float | None
    state: str
    caller: int | None = None
    """Who calls for help, and reads of themselves that they do."""
    callers: str = ""
    """The state as they read it."""

    def read_by(self, person: int) -> str:
        return self.callers if person == self.caller else self.state


@dataclass(frozen=True, slots=True)
class _Signal:
    room: int
    receiver: int
    text: str


class Watcher:
    """All open streams of one process. Its methods are called in the event loop alone."""

    def __init__(self) -> None:
        self._rooms: dict[int, _Watched] = {}
        self._rung = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="room-watch")

    def add(self, listener: Listener) -> None:
        """Let a stream hear of its room from now on; its first state comes with the next look."""
        watched = self._rooms.setdefault(listener.room, _Watched())
        watched.version = 0  # so that the next look tells the state to the new one too
        watched.listeners.add(listener)
        self._rung.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch())

    def remove(self, listener: Listener) -> None:
        watched = self._rooms.get(listener.room)
        if watched is not None:
            watched.listeners.discard(listener)
            if not watched.listeners:
                del self._rooms[listener.room]

    def listens(self, room: int, person: int) -> bool:
        """Whether a stream of this person is open here."""
        watched = self._rooms.get(room)
        return watched is not None and any(one.person == person for one in watched.listeners)

    def end_all(self) -> None:
        """End every stream; their readers come again, to the next process."""
        for watched in self._rooms.values():
            for listener in watched.listeners:
                listener.ended(over=False)

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()

        def ear() -> None:
            loop.call_soon_threadsafe(self._rung.set)

        room_bell.listen(ear)
        looks = 0
        try:
            while self._rooms:
                self._rung.clear()
                looks += 1
                try:
                    await self._look(sweep=looks % BETWEEN_SWEEPS == 0)
                except Exception:
                    log.exception("rooms could not be looked at")
                    await asyncio.sleep(1)
                await set_or_late(self._rung, seconds=PAUSE)
        finally:
            room_bell.stop_listening(ear)

    async def _look(self, *, sweep: bool) -> None:
        known = {pk: (one.version, one.due) for pk, one in self._rooms.items()}
        people = {(one.room, one.person) for watched in self._rooms.values() for one in watched.listeners}
        loop = asyncio.get_running_loop()
        found, signals = await loop.run_in_executor(self._thread, _look, known, people, sweep)
        for each in found:
            self._tell(each, was=known[each.room][0])
        for signal in signals:
            for listener in self._listeners(signal.room):
                if listener.person == signal.receiver:
                    listener.told(signal.text)

    def _tell(self, found: _Found, *, was: int) -> None:
        watched = self._rooms.get(found.room)
        if watched is None:
            return
        if not found.state:
            for listener in watched.listeners:
                listener.ended(over=True)
            return
        if watched.version == was:  # else a stream came meanwhile, and waits for a look of its own
            watched.version = found.version
        watched.due = found.due
        for listener in watched.listeners:
            listener.shown(found.read_by(listener.person))

    def _listeners(self, room: int) -> Iterable[Listener]:
        watched = self._rooms.get(room)
        return watched.listeners if watched is not None else ()


async def set_or_late(event: asyncio.Event, *, seconds: float) -> None:
    """Return when the event is set, or after so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass


def in_database(work: Callable[..., Result], *arguments: object) -> Result:
    """Do the work in a thread that stays, with a connection that is looked after as a request's is."""
    close_old_connections()
    try:
        return work(*arguments)
    finally:
        close_old_connections()


def _look(
    known: Mapping[int, tuple[int, float | None]], people: set[tuple[int, int]], sweep: bool
) -> tuple[list[_Found], list[_Signal]]:
    return in_database(_found, known, people, sweep)


def _versions() -> QuerySet[Room, Any]:
    return Room.objects.values_list("pk", "version")


def _signals() -> QuerySet[RoomSignal, Any]:
    return RoomSignal.objects.order_by("pk").values_list("pk", "room", "receiver", "sender", "payload")


_VERSIONS: Final = Prepared(_versions)
_SIGNALS: Final = Prepared(_signals)


def _found(
    known: Mapping[int, tuple[int, float | None]], people: set[tuple[int, int]], sweep: bool
) -> tuple[list[_Found], list[_Signal]]:
    """Return what is new. Three short queries where nothing is: the clock's, one for all rooms, one for all signals.

    Rooms and signals are asked for without naming those watched here: the tables hold what runs now, and nothing else.
    """
    now = clock.now()
    versions = dict(_VERSIONS.rows())
    due = [pk for pk, (_, at) in known.items() if pk in versions and at is not None and at <= now.timestamp()]
    for pk in due:
        advance(room_id=pk, now=now)
    if due:
        versions = dict(_VERSIONS.rows())
    changed = [pk for pk, (version, _) in known.items() if versions.get(pk) != version]
    rows = Room.objects.filter(pk__in=changed).values_list("pk", "version", "state") if changed else ()
    found = {pk: _state(pk, version, state, now) for pk, version, state in rows}
    gone = [_Found(pk, 0, None, "") for pk in changed if pk not in found]
    if sweep:
        drop_old_signals(now=now)
        drop_closed_rooms(now=now)
    return [*found.values(), *gone], _taken(people)


def _state(pk: int, version: int, state: Mapping[str, Any], now: datetime) -> _Found:
    room = rules.from_json(state)
    seen = snapshot(room, version=version, now=now)
    callers = json.dumps(snapshot(room, version=version, now=now, me=room.caller)) if room.help else ""
    return _Found(pk, version, rules.due(room), json.dumps(seen), room.caller, callers)


def _taken(people: set[tuple[int, int]]) -> list[_Signal]:
    """Take the signals whose receivers read here, oldest first."""
    mine = [row for row in _SIGNALS.rows() if (row[1], row[2]) in people]
    if mine:
        drop_signals(taken=[row[0] for row in mine])
    return [
        _Signal(room, receiver, f'{{"from": {sender}, "data": {payload}}}')
        for _, room, receiver, sender, payload in mine
    ]

"""The stream of a room, as server-sent events: an ASGI application of its own, because a stream would keep a thread.

Events: `room` (the whole state, as `sessions.core.room.view` gives it, with its version `v`), `signal` (what another
browser says to this one) and `closed`. Whoever loses the stream comes again and gets the whole state.
"""

import asyncio
import re
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user
from django.core.cache import cache
from django.http import HttpRequest, parse_cookie

from dialogue import clock
from dialogue.models import Person
from dialogue.second_factor import has_shown_it, is_asked_for_it
from sessions.core.room import Event, NotNow
from sessions.models import DialogueSession, Room
from sessions.room_watch import Listener, Watcher, in_database
from sessions.services.agreeing import needs_to_agree
from sessions.services.rooms import NoRoom, act, enter

HEARTBEAT: Final = 15.0
"""Seconds after which a silent stream says that it is there: proxies and phones end what says nothing for a minute."""

AGAIN: Final = 45.0
"""Seconds between two looks whether the reader may still be there. Less than `GONE_AFTER`: each look also says that
this stream is open, to the other web processes."""

GONE_AFTER: Final = 60.0
"""Seconds without a stream after which somebody counts as gone. A reload or a tunnel takes less."""

_ADDRESS: Final = re.compile(r"/(s|practice)/([0-9]{1,18})/(?:room/)?stream/")
_HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
_NO_CONTENT: Final = int(HTTPStatus.NO_CONTENT)
_NOT_FOUND: Final = int(HTTPStatus.NOT_FOUND)


OPEN_FOR: Final = 180
"""Seconds for which a stream counts as open after it last said so: its process may have been killed."""


@dataclass(frozen=True, slots=True)
class Admitted:
    room: int
    person: int

    @property
    def open_as(self) -> str:
        """Return the name in the cache under which the person's latest stream is known to every web process."""
        return f"room-stream:{self.room}:{self.person}"


class RoomStreams:
    """The ASGI application. One for each process, made when the first stream is asked for."""

    def __init__(self, *, heartbeat: float = HEARTBEAT, again: float = AGAIN, gone_after: float = GONE_AFTER) -> None:
        self._heartbeat, self._again, self._gone_after = heartbeat, again, gone_after
        self._watcher = Watcher()
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="room-door")
        self._timers: set[asyncio.Task[None]] = set()
        _end_with_the_process(self._watcher.end_all)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer with the stream; 404 for whoever may not enter, 204 ("do not come again") where there is no room."""
        address = _ADDRESS.fullmatch(scope["path"])
        if address is None or scope["method"] != "GET":
            await _answer(send, _NOT_FOUND)
            return
        kind, pk, cookie, name = address[1], int(address[2]), _cookie(scope), uuid4().hex
        admitted = await self._door(cookie, kind, pk, name)
        if not isinstance(admitted, Admitted):
            await _answer(send, admitted)
            return
        listener = Listener(room=admitted.room, person=admitted.person)
        self._watcher.add(listener)
        gone = asyncio.create_task(_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await _say(send, "retry: 2000\n\n")
            await self._stream(listener, send, gone, lambda: self._door(cookie, kind, pk, name))
        finally:
            gone.cancel()
            self._watcher.remove(listener)
            self._miss(listener, admitted, name)
        if not gone.done() or gone.cancelled():
            with suppress(OSError):
                await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _stream(self, listener: Listener, send: Any, gone: "asyncio.Task[None]", door: Callable[[], Any]) -> None:
        loop = asyncio.get_running_loop()
        look_again = loop.time() + self._again
        while not gone.done():
            woken = asyncio.create_task(listener.woken.wait())
            await asyncio.wait({woken, gone}, timeout=self._heartbeat, return_when=asyncio.FIRST_COMPLETED)
            woken.cancel()
            if gone.done():
                return
            said = _written(listener)
            if loop.time() >= look_again:
                look_again = loop.time() + self._again
                if not isinstance(await door(), Admitted) and not listener.over:
                    return
            try:
                async with asyncio.timeout(self._gone_after):
                    await _say(send, said or ": \n\n")
            except TimeoutError:  # a phone that takes nothing any more
                return
            if listener.dropped:
                return

    async def _door(self, cookie: str, kind: str, pk: int, name: str) -> Admitted | int:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, in_database, _opened, cookie, kind, pk, name)

    def _miss(self, listener: Listener, admitted: Admitted, name: str) -> None:
        """Let somebody leave the room, unless they come again in time."""
        if listener.dropped:  # by the server: the room has closed, or everybody comes again
            return

        async def wait() -> None:
            await asyncio.sleep(self._gone_after)
            if not self._watcher.listens(listener.room, listener.person):
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(self._threads, in_database, _leave, admitted, name)

        task = asyncio.create_task(wait())
        self._timers.add(task)
        task.add_done_callback(self._timers.discard)


def _written(listener: Listener) -> str:
    """Return what waits for a reader, and forget it."""
    listener.woken.clear()
    parts = [f"event: signal\ndata: {text}\n\n" for text in listener.signals]
    listener.signals.clear()
    if listener.over:
        return "event: closed\ndata: {}\n\n"
    if listener.state:
        parts.insert(0, f"event: room\ndata: {listener.state}\n\n")
        listener.state = ""
    return "".join(parts)


def _cookie(scope: Any) -> str:
    """Return the key of the browser's session; "" where it has none."""
    sent = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    return parse_cookie(sent).get(settings.SESSION_COOKIE_NAME, "")


def _opened(cookie: str, kind: str, pk: int, name: str) -> Admitted | int:
    """Let the reader in, or in again, and tell the other web processes which of their streams is the latest."""
    admitted = _admit(cookie, kind, pk)
    if isinstance(admitted, Admitted):
        cache.set(admitted.open_as, name, OPEN_FOR)
    return admitted


def _admit(cookie: str, kind: str, pk: int) -> Admitted | int:
    """Let the reader into the room, or return the status that says why not."""
    person = _reader(cookie)
    if person is None:
        return _NOT_FOUND
    if kind == "practice":
        practice = Room.objects.of(person).filter(practised_by=person, pk=pk).first()
        return Admitted(practice.pk, person.pk) if practice is not None else _NOT_FOUND
    session = DialogueSession.objects.of(person).select_related("cohort").filter(pk=pk).first()
    if session is None or needs_to_agree(session=session, person=person):
        return _NOT_FOUND
    try:
        return Admitted(enter(session_id=pk, person=person, now=clock.now()).pk, person.pk)
    except (NoRoom, NotNow, DialogueSession.DoesNotExist):
        return _NO_CONTENT


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


def _leave(admitted: Admitted, name: str) -> None:
    """Let somebody leave whose last stream this was. One that was opened since, here or elsewhere, keeps them in."""
    if cache.get(admitted.open_as, name) != name:
        return
    with suppress(Room.DoesNotExist, NotNow):
        act(room_id=admitted.room, by=admitted.person, event=Event.LEAVE, now=clock.now())


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say(send: Any, text: str) -> None:
    with suppress(OSError):
        await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _answer(send: Any, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"cache-control", b"no-store")]})
    await send({"type": "http.response.body", "body": b""})


def _end_with_the_process(end_all: Callable[[], None]) -> None:
    """End the streams when the process is told to stop.

    Uvicorn waits for open answers, up to five seconds, and streams would never end by themselves.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)
        if callable(before):
            signal.signal(
                number, lambda sig, frame, before=before: (loop.call_soon_threadsafe(end_all), before(sig, frame))
            )

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
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.http import parse_cookie

from sessions.room_door import NOT_FOUND, Admitted, Keys, leave, opened
from sessions.room_watch import Listener, Watcher, in_database, set_or_late

HEARTBEAT: Final = 15.0
"""Seconds after which a silent stream says that it is there: proxies and phones end what says nothing for a minute."""

AGAIN: Final = 45.0
"""Seconds between two looks whether the reader may still be there. Less than `GONE_AFTER`: each look also says that
this stream is open, to the other web processes. With nothing new it only reads: whoever taps waits for no writer."""

GONE_AFTER: Final = 60.0
"""Seconds without a stream after which somebody counts as gone. A reload or a tunnel takes less."""

_ADDRESS: Final = re.compile(r"/(s|practice)/([0-9]{1,18})/(?:room/)?stream/")
_HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


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
            await _answer(send, NOT_FOUND)
            return
        kind, pk, keys, name = address[1], int(address[2]), _keys(scope), uuid4().hex
        admitted = await self._door(keys, kind, pk, name)
        if not isinstance(admitted, Admitted):
            await _answer(send, admitted)
            return
        listener = Listener(room=admitted.room, person=admitted.person)
        self._watcher.add(listener)
        gone = asyncio.create_task(_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await _say(send, "retry: 2000\n\n")
            await self._stream(listener, send, gone, lambda: self._door(keys, kind, pk, name))
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
        gone.add_done_callback(lambda _gone: listener.woken.set())
        while not gone.done():
            await set_or_late(listener.woken, seconds=self._heartbeat)
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

    async def _door(self, keys: Keys, kind: str, pk: int, name: str) -> Admitted | int:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, in_database, opened, keys, kind, pk, name)

    def _miss(self, listener: Listener, admitted: Admitted, name: str) -> None:
        """Let somebody leave the room, unless they come again in time."""
        if listener.dropped:  # by the server: the room has closed, or everybody comes again
            return

        async def wait() -> None:
            await asyncio.sleep(self._gone_after)
            if not self._watcher.listens(listener.room, listener.person):
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(self._threads, in_database, leave, admitted, name)

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


def _keys(scope: Any) -> Keys:
    """Return what the browser shows at the door; "" where it has none."""
    sent = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    found = parse_cookie(sent)
    return Keys(found.get(settings.SESSION_COOKIE_NAME, ""), found.get(settings.ROOM_COOKIE_NAME, ""))


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

"""The streams of rooms: what they say and to whom, over the ASGI application itself and over a real web process."""

import asyncio
import http.client
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from dialogue.models import Membership, Person
from sessions.core.room import Event
from sessions.models import DialogueSession, RoomSignal
from sessions.room_stream import RoomStreams
from sessions.services.room_signals import send_signal
from sessions.services.rooms import act
from tests import processes
from tests.sessions.rooms import fill, make_open_session

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now() -> datetime:
    """The streams ask the real clock."""
    return datetime.now(UTC)


@pytest.fixture
def session(cohort, now) -> DialogueSession:
    return make_open_session(cohort, now=now)


def cookie_of(person: Person) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class Reader:
    """One browser at the ASGI application."""

    def __init__(self, streams: RoomStreams, path: str, cookie: str) -> None:
        headers = [(b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode())] if cookie else []
        self._scope = {"type": "http", "method": "GET", "path": path, "headers": headers}
        self._streams = streams
        self._gone = asyncio.Event()
        self.said: list[Any] = []
        self.task = asyncio.create_task(streams(self._scope, self._receive, self._send))

    async def _receive(self) -> dict[str, str]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.said.append(message)

    @property
    def status(self) -> int:
        return self.said[0]["status"]

    @property
    def text(self) -> str:
        return b"".join(one.get("body", b"") for one in self.said).decode()

    def told(self, event: str) -> list[Any]:
        parts = [part.split("\n") for part in self.text.split("\n\n") if part.startswith("event: ")]
        return [json.loads(lines[1].removeprefix("data: ")) for lines in parts if lines[0] == f"event: {event}"]

    async def until(self, what: Callable[[], object]) -> None:
        for _ in range(1000):
            if what():
                return
            await asyncio.sleep(0.02)
        raise TimeoutError(self.text)

    async def leave(self) -> None:
        self._gone.set()
        await self.task


def in_a_loop(play: Callable[[], Any]) -> None:
    """Run a play in a loop of its own: the browser's tests may hold one in this thread."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, play()).result()


async def elsewhere(work: Callable[..., Any], **given: Any) -> Any:
    return await asyncio.to_thread(work, **given)


def test_a_tap_reaches_the_streams_of_all_others_and_the_close_ends_them(session, now, aoi, takeshi):
    room = fill(session, now=now)
    cookies = [cookie_of(aoi), cookie_of(takeshi)]

    async def play() -> None:
        streams = RoomStreams()
        readers = [Reader(streams, f"/s/{session.pk}/room/stream/", one) for one in cookies]
        for one in readers:
            await one.until(lambda one=one: one.told("room"))
        leader = {"room_id": room.pk, "by": session.facilitator_id, "now": now + timedelta(seconds=2)}
        await elsewhere(act, event=Event.PAUSE, **leader)
        for one in readers:
            await one.until(lambda one=one: one.told("room")[-1]["paused"])
            assert one.told("room")[-1]["v"] == room.version + 1
            assert '"spoken"' not in one.text
        await elsewhere(act, event=Event.CLOSE, **leader)
        for one in readers:
            await one.until(lambda one=one: one.told("closed"))
            await one.task

    in_a_loop(play)


def test_whoever_called_for_help_reads_it_of_themselves_and_nobody_else_who_it_was(session, now, aoi, takeshi):
    room = fill(session, now=now)
    cookies = [cookie_of(aoi), cookie_of(takeshi)]

    async def play() -> None:
        streams = RoomStreams()
        caller, other = (Reader(streams, f"/s/{session.pk}/room/stream/", one) for one in cookies)
        for one in (caller, other):
            await one.until(lambda one=one: one.told("room"))
        await elsewhere(act, room_id=room.pk, by=aoi.pk, event=Event.HELP, now=now + timedelta(seconds=2))
        for one, called in ((caller, True), (other, False)):
            await one.until(lambda one=one: one.told("room")[-1]["help"])
            assert one.told("room")[-1]["called"] is called
            assert not {"caller", "called_at"} & set(one.told("room")[-1])
        again = Reader(streams, f"/s/{session.pk}/room/stream/", cookies[0])  # after a reload, or on another device
        await again.until(lambda: again.told("room"))
        assert again.told("room")[-1]["called"] is True
        for one in (caller, other, again):
            await one.leave()

    in_a_loop(play)


def test_opening_the_stream_lets_its_reader_into_the_room(session, aoi):
    cookie = cookie_of(aoi)

    async def play() -> None:
        reader = Reader(RoomStreams(), f"/s/{session.pk}/room/stream/", cookie)
        await reader.until(lambda: reader.told("room"))
        assert reader.told("room")[0]["here"] == [aoi.pk]
        await reader.leave()

    in_a_loop(play)


def test_whoever_stays_away_leaves_the_room_and_a_reload_does_not(session, now, aoi, takeshi):
    fill(session, now=now)
    cookies = {person.pk: cookie_of(person) for person in (aoi, takeshi)}

    async def play() -> None:
        streams = RoomStreams(gone_after=0.5)
        path = f"/s/{session.pk}/room/stream/"
        away, reloads = (Reader(streams, path, cookies[person.pk]) for person in (aoi, takeshi))
        for one in (away, reloads):
            await one.until(lambda one=one: one.told("room"))
        await reloads.leave()
        again = Reader(streams, path, cookies[takeshi.pk])
        await again.until(lambda: again.told("room"))
        await away.leave()
        await again.until(lambda: aoi.pk not in again.told("room")[-1]["here"])
        assert takeshi.pk in again.told("room")[-1]["here"]
        await again.leave()

    in_a_loop(play)


def test_whoever_comes_again_by_another_web_process_stays(session, now, aoi, takeshi):
    fill(session, now=now)
    cookies = {person.pk: cookie_of(person) for person in (aoi, takeshi)}

    async def play() -> None:
        first, second = (RoomStreams(gone_after=0.5) for _process in range(2))
        path = f"/s/{session.pk}/room/stream/"
        away, moves = (Reader(first, path, cookies[person.pk]) for person in (aoi, takeshi))
        for one in (away, moves):
            await one.until(lambda one=one: one.told("room"))
        moved = Reader(second, path, cookies[takeshi.pk])
        await moved.until(lambda: moved.told("room"))
        await moves.leave()
        await away.leave()  # after the other, so that when this one counts as gone the other would, too
        await moved.until(lambda: aoi.pk not in moved.told("room")[-1]["here"])
        assert takeshi.pk in moved.told("room")[-1]["here"]
        await moved.leave()

    in_a_loop(play)


@pytest.mark.parametrize("who", ["nobody", "sam"])
def test_a_stranger_gets_no_stream(session, sam, who):
    cookie = cookie_of(sam) if who == "sam" else ""

    async def play() -> None:
        reader = Reader(RoomStreams(), f"/s/{session.pk}/room/stream/", cookie)
        await reader.task
        assert reader.status == 404

    in_a_loop(play)


def test_nobody_gets_a_stream_before_they_agree_to_the_rules(session, aoi):
    aoi.participations.get().consents.filter(purpose="agreements").delete()
    cookie = cookie_of(aoi)

    async def play() -> None:
        reader = Reader(RoomStreams(), f"/s/{session.pk}/room/stream/", cookie)
        await reader.task
        assert reader.status == 404

    in_a_loop(play)


def test_a_stream_ends_when_its_reader_leaves_the_cohort(session, now, aoi):
    cookie = cookie_of(aoi)

    def leave() -> None:
        Membership.objects.filter(participation__person=aoi).update(left_at=now)

    async def play() -> None:
        reader = Reader(RoomStreams(again=0.1, heartbeat=0.1), f"/s/{session.pk}/room/stream/", cookie)
        await reader.until(lambda: reader.told("room"))
        await elsewhere(leave)
        await asyncio.wait_for(reader.task, 20)

    in_a_loop(play)


def test_a_silent_stream_says_that_it_is_there(session, aoi):
    cookie = cookie_of(aoi)

    async def play() -> None:
        reader = Reader(RoomStreams(heartbeat=0.05), f"/s/{session.pk}/room/stream/", cookie)
        await reader.until(lambda: "\n\n: \n\n" in reader.text)
        await reader.leave()

    in_a_loop(play)


def test_a_signal_reaches_its_receiver_alone_and_is_not_kept(session, now, aoi, takeshi):
    room = fill(session, now=now)
    cookies = [cookie_of(aoi), cookie_of(takeshi)]

    async def play() -> None:
        streams = RoomStreams()
        sender, receiver = (Reader(streams, f"/s/{session.pk}/room/stream/", one) for one in cookies)
        for one in (sender, receiver):
            await one.until(lambda one=one: one.told("room"))
        await elsewhere(send_signal, room_id=room.pk, sender=aoi.pk, receiver=takeshi.pk, payload='{"sdp": 1}', now=now)
        await receiver.until(lambda: receiver.told("signal"))
        assert receiver.told("signal") == [{"from": aoi.pk, "data": {"sdp": 1}}]
        assert sender.told("signal") == []
        await sender.leave()
        await receiver.leave()

    in_a_loop(play)
    assert not RoomSignal.objects.exists()


@contextmanager
def open_stream(url: str, pk: int, cookie: str) -> Iterator[http.client.HTTPResponse]:
    line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    line.request("GET", f"/s/{pk}/room/stream/", headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"})
    with closing(line), closing(line.getresponse()) as answer:
        assert answer.status == 200
        yield answer


def first_state(stream: http.client.HTTPResponse) -> dict[str, Any]:
    """Return the first state that a real web process tells."""
    while not (text := stream.readline().decode()).startswith("data: "):
        pass
    found: dict[str, Any] = json.loads(text.removeprefix("data: "))
    return found


@pytest.mark.slow
def test_a_web_process_that_is_stopped_ends_its_streams_and_the_next_tells_the_same(session, now, aoi, tmp_path: Path):
    fill(session, now=now)
    cookie = cookie_of(aoi)

    with ExitStack() as stack:
        with processes.running_site(tmp_path) as url:
            stream = stack.enter_context(open_stream(url, session.pk, cookie))
            before = first_state(stream)
        stream.read()  # it ends: were it broken off, this would raise
    with processes.running_site(tmp_path) as url, open_stream(url, session.pk, cookie) as stream:
        after = first_state(stream)

    told = ("v", "phase", "at", "turn", "here")
    assert {name: after[name] for name in told} == {name: before[name] for name in told}

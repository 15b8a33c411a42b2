"""A whole session in its room, with planted numbers and words, at the most talkative log level: none of them stays.

Looked through are every row of every table, the cache, the log, and the bytes of the database's own file.
"""

import io
import itertools
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as project
from django.db import connection
from django.test import Client
from django.urls import reverse

from config.log_lines import JsonLines
from dialogue.models import Participation, Person
from sessions.core.guide.arcs import Kind
from sessions.core.room import Event
from sessions.core.room.rights import last_reader
from sessions.models import DialogueSession, Room, VoiceFigure
from sessions.services.agreeing import agree
from sessions.services.reopening import UNDO
from sessions.services.speaking import agree_to_be_counted
from sessions.tasks import look_after_rooms_task
from tests.factories import make_cohort, make_person, make_session
from tests.sessions.rooms import people_at, state
from tests.sessions.services.test_rooms import everything_cached, everything_stored, standing_in

pytestmark = pytest.mark.django_db(transaction=True)

LASTS = (41.640625, 53.703125, 37.828125, 46.546875, 58.921875)
"""Seconds that turns and steps last: sums of 64ths, which stand unrounded wherever they stand."""

SPEAKING = (3571, 2713, 1999, 1831)
WORDS = ("むらさきいろのカナリア", "a canary in lilac")
JSON = {"Accept": "application/json"}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged as production writes it where LOG_LEVEL says DEBUG."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JsonLines())
    names = [name for name, one in project.LOGGING["loggers"].items() if one.get("level") == project.LOG_LEVEL]
    talkative = [logging.getLogger(name) for name in ("", *names)]
    levels = [one.level for one in talkative]
    logging.getLogger().addHandler(handler)
    for one in talkative:
        one.setLevel(logging.DEBUG)
    yield lines
    logging.getLogger().removeHandler(handler)
    for one, level in zip(talkative, levels, strict=True):
        one.setLevel(level)


@pytest.fixture
def session(term, fumi, at, settings) -> DialogueSession:
    """Four in the own room of a term that counts, all of whom have agreed to be counted."""
    settings.VIDEO_WITHOUT_RELAY = True
    term.video, term.measures_speaking = "own", True
    term.save()
    students, alumni = (make_person("あおい"), make_person("そら")), (make_person("たけし"), make_person("みお"))
    session = make_session(make_cohort(term, facilitator=fumi, students=students, alumni=alumni))
    for person in people_at(session):
        agree(session=session, person=person, now=session.starts_at)
        mine = Participation.objects.get(term=term, person=person)
        agree_to_be_counted(participation=mine, now=session.starts_at)
    return session


class Circle:
    """Those who hold a session in its room, each at a device of their own, and what was ever counted of them."""

    def __init__(self, session: DialogueSession, at) -> None:
        self.session, self._at, self.now = session, at, session.starts_at
        self.clients = {}
        for person in (*people_at(session), session.facilitator):
            self.clients[person.pk] = Client()
            self.clients[person.pk].force_login(person)
        self.people = list(Person.objects.filter(pk__in=self.clients))
        self.unheard_of = set(SPEAKING).difference(standing_in(everything_stored(), SPEAKING))
        """Numbers that did not stand anywhere before: the people of tests are numbered on and on."""

        self.counted: set[str] = set()
        self.pages: list[str] = []

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self._at(self.now)

    def tap(self, by: int, action: str, **fields) -> None:
        fields |= {"action": action, "said": WORDS[0], "note": WORDS[1]}
        answer = self.clients[by].post(reverse("room", args=[self.session.pk]), fields, headers=JSON)
        assert answer.status_code == 204, answer.text

    def signal(self, sender: int, receiver: int) -> None:
        told = {"to": receiver, "data": json.dumps({"sdp": WORDS})}
        assert self.clients[sender].post(reverse("room_signal", args=[self.session.pk]), told).status_code == 204

    def look(self, by: int) -> None:
        assert self.clients[by].get(reverse("room", args=[self.session.pk])).status_code == 200
        spoken = state(Room.objects.get()).spoken.values()
        self.counted |= {repr(seconds) for seconds in spoken if seconds}

    def hold(self) -> None:
        """Go through every step to the last one."""
        self._at(self.now)
        leader = self.session.facilitator_id
        for by in self.clients:
            self.tap(by, "arrive")
        self.tap(leader, Event.BEGIN)
        lasts = itertools.cycle(LASTS)
        while (room := state(Room.objects.get())).at < len(room.steps) - 1:
            self.wait(next(lasts))
            if room.step.kind is Kind.AGREEMENTS:
                self.tap(last_reader(room) or leader, Event.AGREE)
            else:
                self.tap(room.speaker or leader, Event.DONE if room.speaker else Event.NEXT)
            self.look(room.here[0])
        for by, seconds in zip(room.here, SPEAKING, strict=True):
            self.pages.append(uuid4().hex)
            self.tap(by, "speaking", page=self.pages[-1], seconds=seconds)
        self.signal(room.here[0], room.here[1])


def bytes_on_disk() -> bytes:
    """Return the database's own file and the log it writes ahead, as they lie on the disk."""
    path = Path(connection.settings_dict["NAME"])
    ahead = path.with_name(f"{path.name}-wal")
    return path.read_bytes() + (ahead.read_bytes() if ahead.exists() else b"")


def standing(text: str, numbers: set[str]) -> set[str]:
    return {number for number in numbers if number in text}


def on_disk(numbers: set[str]) -> set[bytes]:
    """Return which of these numbers and of the planted words lie on the disk."""
    raw = bytes_on_disk()
    return {one for one in (*(number.encode() for number in numbers), *(word.encode() for word in WORDS)) if one in raw}


@pytest.fixture
def circle(session, at, log) -> Circle:
    """A circle whose session is at its last step, and of whom everything is stored that ever is."""
    circle = Circle(session, at)
    circle.hold()
    assert len(circle.counted) > 2 * len(LASTS)
    rows = everything_stored()
    assert circle.unheard_of
    assert set(standing_in(rows, SPEAKING)) >= circle.unheard_of
    assert len(standing(rows, circle.counted)) >= len(SPEAKING)
    assert on_disk(circle.counted) == {number.encode() for number in circle.counted}, "all that was written lies there"
    assert all(page.encode() in bytes_on_disk() for page in circle.pages)
    return circle


def test_nothing_of_what_was_counted_or_said_stays_after_a_session(circle, log):
    circle.tap(circle.session.facilitator_id, Event.CLOSE)
    assert VoiceFigure.objects.get().basis == VoiceFigure.Basis.SPEAKING
    assert standing_in(everything_stored(), circle.unheard_of) == []

    circle.wait((UNDO + timedelta(minutes=1)).total_seconds())
    look_after_rooms_task()
    logging.getLogger("django.of.mine").debug("listening")

    kept = everything_stored() + everything_cached()
    assert '"spoken":' not in kept
    assert standing(kept, circle.counted) == set()
    assert standing_in(kept, circle.unheard_of) == []
    assert not any(word in kept for word in WORDS)
    assert on_disk(circle.counted) == set()
    assert not any(page.encode() in bytes_on_disk() for page in circle.pages)

    said = log.getvalue()
    assert "answered" in said
    assert "listening" in said
    assert standing(said, circle.counted) == set()
    assert standing_in(said, circle.unheard_of) == []
    assert not any(one in said for one in (*WORDS, *circle.pages, *(person.preferred_name for person in circle.people)))

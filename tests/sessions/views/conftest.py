"""Pages of one session: Aoi and Takeshi's next dialogue, on Tuesday 1 December 2026 at 19:30 in Tokyo."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from dialogue.models import Cohort, Deck, Person, Prompt
from sessions.models import DialogueSession, SessionPrompt
from tests import stopped_clock
from tests.factories import NOW, make_session

ROOM = "https://rooms.example.com/hotaru"


@pytest.fixture(autouse=True)
def at(settings) -> Callable[[datetime], None]:
    """Stop the clock a week before the session; call it to stop it elsewhere."""
    settings.CLOCK = "tests.stopped_clock.now"
    stopped_clock.stop_at(NOW)
    return stopped_clock.stop_at


@pytest.fixture
def session(cohort: Cohort) -> DialogueSession:
    session = make_session(cohort, room_url=ROOM)
    deck = Deck.objects.create(slug="sample", name="見本")
    for round_, (ja, en) in enumerate([("どんな朝でしたか。", "What was your morning like?")], start=1):
        prompt = Prompt.objects.create(
            deck=deck, slug=f"sample-{round_}", position=round_, value="face", domain="work", depth=1,
            stage="background", text_ja=ja, text_en=en,
        )  # fmt: skip
        SessionPrompt.objects.create(session=session, prompt=prompt, round=round_)
    return session


@pytest.fixture
def during(session: DialogueSession) -> datetime:
    return session.starts_at + timedelta(minutes=30)


@pytest.fixture
def reading() -> Callable[[Person], Client]:
    """A browser in which somebody is signed in."""

    def signed_in(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return signed_in


@pytest.fixture
def left(session: DialogueSession, aoi: Person) -> Person:
    """Aoi, who has left the cohort."""
    membership = session.cohort.memberships.get(participation__person=aoi)
    membership.left_at = NOW
    membership.save(update_fields=["left_at"])
    return aoi

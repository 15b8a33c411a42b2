"""Whatever happens to sessions and people, every calendar shows what is true."""

import random

import pytest
from django.db import transaction

from tests.sessions.histories import History, World
from tests.sessions.histories_wide import WideHistory, WideWorld

pytestmark = pytest.mark.django_db

CHUNKS = [pytest.param(number, marks=pytest.mark.slow) for number in range(6)]
IN_A_CHUNK = 25
IN_A_PLAIN_RUN = 5
WHOLE_IN_A_CHUNK = 1


@pytest.fixture
def world(settings):
    settings.BASE_URL = "https://madoi.example.org"
    return World.make()


def test_a_history_leaves_the_same_picture_in_every_calendar(world):
    live_through(world, "plain", how_many=IN_A_PLAIN_RUN)


@pytest.mark.parametrize("chunk", CHUNKS)
def test_every_history_leaves_the_same_picture_in_every_calendar(world, chunk):
    live_through(world, f"{chunk}", how_many=IN_A_CHUNK)


@pytest.mark.slow
def test_cohorts_that_lend_each_other_people_and_put_sessions_off_leave_the_same_picture(settings):
    settings.BASE_URL = "https://madoi.example.org"
    live_through(WideWorld.make(), "wide", how_many=IN_A_CHUNK, history_of=WideHistory)


def test_a_move_arrives_though_the_session_was_over_before_mail_could_leave(world):
    """Of the long run: brought forward on Friday, held on Sunday, and mail leaves again on Monday."""
    History(world, random.Random(1081)).run()


def test_a_cancel_arrives_though_the_session_was_over_before_mail_could_leave(world):
    """Of the long run: brought forward, given to a stand-in, and over before the former leader hears of either."""
    History(world, random.Random(5249)).run()


def test_the_client_notices_a_version_that_is_not_raised(world, monkeypatch):
    """The histories can fail: without SEQUENCE a calendar keeps the former time, or shows one version twice."""
    monkeypatch.setattr("sessions.services.changing.raise_sequence", _save_without_raising)

    with pytest.raises(AssertionError):
        live_through(world, "without", how_many=12)


@pytest.mark.slow
def test_the_client_notices_a_leaver_whose_copy_is_not_raised(world, monkeypatch):
    monkeypatch.setattr("sessions.models.CalendarCopy.objects.take_out", lambda sessions, **_: None)

    with pytest.raises(AssertionError):
        live_through(world, "without", how_many=12)


def live_through(world, name, *, how_many, history_of=History):
    """Live through histories one after the other, each from the same beginning."""
    for number in range(how_many):
        with transaction.atomic():
            dice = random.Random(f"{name}.{number}")
            history_of(world, dice, is_whole=number < WHOLE_IN_A_CHUNK).run()
            transaction.set_rollback(True)


def _save_without_raising(session, now, *changed):
    session.save(update_fields=list(changed))

"""A wake-up only saves waiting for the sweep: a broker that does not answer costs a request one short try."""

import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest
from kombu import pools

from config.celery import app
from dialogue import wake as wakes
from dialogue.wake import wake

TASK = "dialogue.deliver_due_messages"


@pytest.fixture
def frozen(monkeypatch, settings) -> Iterator[socket.socket]:
    """A broker that takes every connection and never says a word, as one does whose machine stands still."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        listener.setblocking(False)
        monkeypatch.setitem(app.conf, "broker_write_url", f"redis://127.0.0.1:{listener.getsockname()[1]}/0")
        monkeypatch.setattr(wakes.pause, "until", 0.0)
        settings.WAKE_TIMEOUT = {"socket_connect_timeout": 0.2, "socket_timeout": 0.2}
        settings.WAKE_PAUSE_SECONDS = 86_400
        yield listener
    pools.reset()


def tries(listener: socket.socket) -> int:
    """Return how often somebody called since this was asked last."""
    count = 0
    with suppress(BlockingIOError):
        while True:
            listener.accept()[0].close()
            count += 1
    return count


@pytest.mark.django_db
def test_a_request_that_wakes_many_tries_a_broker_that_does_not_answer_once(frozen, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as wakings:
        for _ in range(5):
            wake(TASK)

    assert len(wakings) == 5
    assert tries(frozen) == 1


@pytest.mark.django_db
def test_once_the_pause_is_over_each_wake_tries_once(frozen, settings, django_capture_on_commit_callbacks):
    settings.WAKE_PAUSE_SECONDS = 0

    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            wake(TASK)

    assert tries(frozen) == 3


@pytest.mark.django_db
def test_a_request_does_not_wait_for_longer_than_is_set(frozen, settings, django_capture_on_commit_callbacks):
    """Without a bound this test would never end: nobody answers."""
    with django_capture_on_commit_callbacks(execute=True):
        wake(TASK)

    assert tries(frozen) == 1
    assert wakes.pause.lasts()

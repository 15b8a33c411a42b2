"""A worker that loses the broker with a task in its hands closes its lines and goes on; kombu alone would end it."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from kombu import Consumer, Queue
from kombu.transport.redis import Channel

from config.celery import app
from config.settings.celery import kombu_url
from tests.processes import running_broker

pytestmark = pytest.mark.redis


def close_as_celery_does(folder: Path) -> None:
    """Hold a message, wait for more on two channels, lose the broker, and close what is left of the lines."""
    held: list[Any] = []

    def listen(channel: Channel, name: str) -> None:
        Consumer(channel, [Queue(name, routing_key=name)], callbacks=[lambda _body, got: held.append(got)]).consume()

    with running_broker(folder) as broker:
        line = app.connection_for_read(kombu_url(broker))
        first, second = line.default_channel, line.channel()
        listen(first, "work")
        listen(second, "orders")
        line.Producer().publish({}, routing_key="work", exchange="")
        while not held:
            line.drain_events(timeout=10)
        with suppress(TimeoutError):
            line.drain_events(timeout=0.1)  # leaves both asking for more
    line.collect(socket_timeout=5)
    line.close()


def test_the_lines_are_closed(tmp_path):
    close_as_celery_does(tmp_path)


def test_kombu_would_stumble_over_what_it_puts_back(monkeypatch, tmp_path):
    monkeypatch.setattr(Channel, "do_restore", True)
    with pytest.raises(AttributeError, match="hostname"):
        close_as_celery_does(tmp_path)

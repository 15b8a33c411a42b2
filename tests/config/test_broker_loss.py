"""A worker that loses the broker with a task in its hands closes its lines and goes on; kombu alone would end it."""

import logging
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from kombu import Consumer, Queue
from kombu.transport.redis import Channel, Transport

from config.celery import app
from config.settings.celery import kombu_url
from config.steady_channel import SteadyChannel
from tests.processes import running_broker

pytestmark = pytest.mark.redis


def lose_the_broker(folder: Path) -> tuple[Any, Any]:
    """Hold a message, wait for more on two channels, and lose the broker. Return the connection and the message."""
    held: list[Any] = []

    def listen(channel: Channel, name: str) -> None:
        Consumer(channel, [Queue(name, routing_key=name)], callbacks=[lambda _body, got: held.append(got)]).consume()

    with running_broker(folder) as broker:
        line = app.connection_for_read(kombu_url(broker))
        listen(line.default_channel, "work")
        listen(line.channel(), "orders")
        line.Producer().publish({}, routing_key="work", exchange="")
        while not held:
            line.drain_events(timeout=10)
        with suppress(TimeoutError):
            line.drain_events(timeout=0.1)  # leaves both asking for more
    return line, held[0]


def test_the_lines_are_closed_and_a_task_that_ends_later_tells_nobody(tmp_path):
    line, message = lose_the_broker(tmp_path)
    line.collect(socket_timeout=5)
    line.close()
    message.ack_log_error(logging.getLogger(__name__), line.connection_errors + line.channel_errors)


def test_kombu_would_stumble_over_what_it_puts_back(monkeypatch, tmp_path):
    monkeypatch.setattr(Transport, "Channel", Channel)
    line, _message = lose_the_broker(tmp_path)
    line.collect(socket_timeout=5)
    with pytest.raises(AttributeError, match="hostname"):
        line.close()


def test_kombu_would_stumble_over_what_it_acknowledges(monkeypatch, tmp_path):
    monkeypatch.setattr(SteadyChannel, "basic_ack", Channel.basic_ack)
    line, message = lose_the_broker(tmp_path)
    line.collect(socket_timeout=5)
    line.close()
    with pytest.raises(AttributeError, match="client"):
        message.ack_log_error(logging.getLogger(__name__), line.connection_errors + line.channel_errors)

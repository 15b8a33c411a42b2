"""Processes are killed in the middle of things; nothing is lost and nothing is doubled.

Short forms of the drills, with one kill each; every test says how long it waits. The processes that are killed are
the test's own. A plain run keeps to what needs no process to die: lapsing leases, claims (dialogue/test_delivery.py).
"""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from config.celery import app as current_app
from config.settings.celery import kombu_url
from dialogue import clock
from dialogue.models import Cohort, OutboundMessage
from matching.services.publish import publish_run
from sessions.models import SessionSeries
from tests.conftest import publish_to
from tests.faults.conftest import LEASE_SECONDS, SEATS, all_sent, check_invariants, kill
from tests.processes import WORKER_THREADS, running_broker, wait_until

pytestmark = [pytest.mark.redis]

BOOK, DELIVER = "sessions.book_queued_series", "dialogue.deliver_due_messages"
FIRST_MAILS = SEATS * 2
"""A welcome and the invitations to the first sessions: at least so many mails."""


def sweep(*tasks: str) -> None:
    """Do what beat does every 30 seconds."""
    for task in tasks:
        current_app.send_task(task, ignore_result=True)


def sweep_until(what, *, seconds: float, log: Path) -> None:
    """Sweep once a second until it is true."""
    swept = [0.0]

    def look() -> bool:
        if time.monotonic() - swept[0] > 1:
            swept[0] = time.monotonic()
            sweep(BOOK, DELIVER)
        return what()

    wait_until(look, seconds=seconds, log=log)


def kill_in_the_middle_of_the_mails(run, worker, sink, broker, log: Path) -> None:
    sink.pause = 0.05
    with worker(broker=broker) as process:
        publish_run(run_id=run.pk, now=clock.now())
        wait_until(lambda: len(sink.arrived) >= 5, seconds=20, log=log)
        kill(process)
    sink.pause = 0
    assert len(sink.arrived) < FIRST_MAILS, "the worker was done before it could be killed"


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_the_mails_costs_nobody_an_invitation(run, worker, sink, broker, tmp_path):
    """About 10 s: a worker of 3 s leases dies, the next one takes over when the lease has lapsed."""
    log = tmp_path / "worker.log"
    kill_in_the_middle_of_the_mails(run, worker, sink, broker, log)

    with worker(broker=broker):
        sweep_until(all_sent, seconds=60, log=log)

    check_invariants(sink)
    repeats = {name: count for name, count in sink.message_ids.items() if count > 1}
    assert len(repeats) <= WORKER_THREADS, "more was repeated than what the dead worker held"
    assert all(count == 2 for count in repeats.values())


@pytest.mark.slow
@pytest.mark.postgres
def test_the_same_holds_on_postgresql(run, worker, sink, broker, tmp_path):
    """About 10 s, as above."""
    log = tmp_path / "worker.log"
    kill_in_the_middle_of_the_mails(run, worker, sink, broker, log)

    with worker(broker=broker):
        sweep_until(all_sent, seconds=60, log=log)

    check_invariants(sink)
    assert sum(sink.message_ids.values()) <= len(sink.message_ids) + WORKER_THREADS
    assert max(sink.message_ids.values()) <= 2


@pytest.mark.slow
def test_a_worker_killed_with_a_reminder_in_its_hands_sends_it_no_second_time(run, worker, sink, broker, tmp_path):
    """About 8 s: the row is left as a killed worker leaves it; the next worker lists it once the lease lapsed."""
    log = tmp_path / "worker.log"
    publish_run(run_id=run.pk, now=clock.now())
    with worker(broker=broker):
        sweep_until(all_sent, seconds=60, log=log)
        reminder = OutboundMessage.objects.filter(kind="reminder_24h").first()
        now = clock.now()
        OutboundMessage.objects.filter(pk=reminder.pk).update(
            status="sending", attempts=1, due_at=now, leased_until=now + timedelta(seconds=LEASE_SECONDS)
        )
        sweep_until(lambda: OutboundMessage.objects.get(pk=reminder.pk).status == "uncertain", seconds=20, log=log)

    assert reminder.message_id not in sink.message_ids


@pytest.mark.slow
def test_with_the_broker_dead_publishing_answers_and_the_sweep_makes_good(run, worker, sink, tmp_path):
    """About 12 s: the broker dies, cohorts are published, it comes back, a sweep books and sends."""
    before = current_app.conf.broker_url
    log = tmp_path / "worker.log"
    try:
        with running_broker(tmp_path) as broker:
            publish_to(kombu_url(broker))
            sweep(DELIVER)
        began = time.monotonic()
        published = publish_run(run_id=run.pk, now=clock.now())
        took = time.monotonic() - began

        assert len(published.cohorts) == Cohort.objects.count() == 6
        assert took < 5, f"publishing waited {took:.1f} s for a broker that is not there"
        assert set(SessionSeries.objects.values_list("status", flat=True)) == {"queued"}
        assert sink.arrived == []

        with running_broker(tmp_path) as broker, worker(broker=broker):
            publish_to(kombu_url(broker))
            sweep_until(all_sent, seconds=60, log=log)
    finally:
        publish_to(before)

    check_invariants(sink)
    assert set(sink.message_ids.values()) == {1}


@pytest.mark.slow
def test_an_emptied_broker_loses_nothing(run, worker, sink, broker, tmp_path):
    """About 8 s: everything in the broker is flushed while a worker listens; the next sweeps go on as before."""
    log = tmp_path / "worker.log"
    with worker(broker=broker):
        sweep(BOOK, DELIVER)  # this process has published before, as beat has
        publish_run(run_id=run.pk, now=clock.now())
        with current_app.connection_for_write() as connection:
            connection.default_channel.client.flushall()
        sweep_until(all_sent, seconds=60, log=log)

    check_invariants(sink)
    assert set(sink.message_ids.values()) == {1}


@pytest.mark.slow
def test_the_mail_server_is_away_for_a_while_and_each_mail_still_arrives_once(run, worker, sink, broker, tmp_path):
    """About 8 s: mails are refused by everybody at first, then taken."""
    log = tmp_path / "worker.log"
    people = list(run.term.participations.values_list("person__email", flat=True))
    sink.refused.update(dict.fromkeys(people, "451 come back later"))
    with worker(broker=broker):
        publish_run(run_id=run.pk, now=clock.now())
        sweep_until(
            lambda: OutboundMessage.objects.filter(attempts__gte=1, status="queued").exists(), seconds=20, log=log
        )
        sink.refused.clear()
        sweep_until(all_sent, seconds=60, log=log)

    check_invariants(sink)
    assert set(sink.message_ids.values()) == {1}

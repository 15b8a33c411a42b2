"""A term that is ready to be published, its mail server, and a worker that sends there."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from subprocess import Popen

import pytest

from dialogue.models import OutboundMessage
from matching.models import MatchRun
from matching.services.runs import run_queued, start_run
from matching.wishes import Wishes
from sessions.models import BusyTime, DialogueSession, SessionSeries
from tests import processes
from tests.factories import NOW, make_facilitation, make_participation, make_term
from tests.mail_sink import MailSink, running_mail_sink

LEASE_SECONDS = 3
"""Instead of 300, so that a test sees a dead worker's lease lapse."""

COHORTS = 6
SEATS = COHORTS * 5


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with running_mail_sink() as running:
        yield running


@pytest.fixture
def worker(
    transactional_db: None, tmp_path: Path, sink: MailSink
) -> Callable[..., AbstractContextManager[Popen[bytes]]]:
    """`with worker(broker=url) as process:` runs a worker that mails to the sink and holds short leases."""
    return partial(
        processes.running_worker,
        tmp_path,
        EMAIL_URL=f"smtp://127.0.0.1:{sink.port}",
        OUTBOX_LEASE_SECONDS=str(LEASE_SECONDS),
        OUTBOX_BACKOFF_SCALE="0.01",
    )


@pytest.fixture
def run(transactional_db: None) -> MatchRun:
    """A ready run of six cohorts. Their sessions lie years ahead: real processes have real clocks."""
    term = make_term(starts_on="2031-01-07", session_count=2)
    for _ in range(COHORTS):
        for generation in ("student", "student", "alumni", "alumni"):
            make_participation(term, generation=generation)
        make_facilitation(term, max_cohorts=1)
    start_run(term=term, seed=1, now=NOW, wishes=Wishes(form_size=4))
    run_queued(now=NOW)
    return MatchRun.objects.get()


def kill(process: Popen[bytes]) -> None:
    """Kill the worker and whatever it started, at once."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def all_sent() -> bool:
    """Whether nothing that is due waits any more (later invitations and reminders do, for years)."""
    due = OutboundMessage.objects.filter(kind__in=["cohort_formed", "invitation", "session_moved"])
    return due.exists() and not due.exclude(status="sent").exists()


def check_invariants(sink: MailSink) -> None:
    """Every series is whole, nobody is in two places, every message arrived, and a repeat is the same message."""
    for series in SessionSeries.objects.select_related("cohort"):
        assert series.status == "booked"
        assert series.cohort.sessions.count() == 2
    assert BusyTime.objects.exclude(person=None).count() == SEATS * 2 * 6
    assert DialogueSession.objects.values("cohort", "number").distinct().count() == COHORTS * 2
    sent = OutboundMessage.objects.filter(status="sent")
    assert sent.filter(kind="cohort_formed").count() == SEATS
    assert set(sink.message_ids) == set(sent.values_list("message_id", flat=True))
    by_person = Counter(sink.addresses)
    expected = Counter(sent.values_list("recipient__email", flat=True))
    assert all(by_person[address] >= expected[address] for address in expected)

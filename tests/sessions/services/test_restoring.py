"""After a backup was restored, what is said from then on counts, and leads nowhere else."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from dialogue.delivery import deliver_due
from dialogue.models import OutboundMessage
from sessions.models import DialogueSession
from sessions.services.booking import book_queued_series, queue_series
from sessions.services.changing import move_session
from sessions.services.restoring import overtake_calendars
from tests import stopped_clock
from tests.factories import NOW, make_cohort, make_session

pytestmark = pytest.mark.django_db


def test_a_change_made_again_is_above_every_one_that_was_sent_since_the_backup(term):
    session = make_session(make_cohort(term), sequence=2)

    assert overtake_calendars(now=NOW) == 1
    moved = move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=1), now=NOW)

    assert moved.sequence == 103
    assert moved.changed_at > NOW
    told = OutboundMessage.objects.filter(kind="session_moved")
    assert all(row.dedupe_key.endswith(":103") for row in told), "not the name of a mail that has arrived"


def test_what_waits_or_was_in_a_senders_hands_still_goes_out(term, settings, mailoutbox):
    settings.BASE_URL, settings.CLOCK = "https://madoi.example.org", "tests.stopped_clock.now"
    stopped_clock.stop_at(NOW)
    queue_series(cohort_id=make_cohort(term).pk, now=NOW)
    book_queued_series(now=NOW)
    due = OutboundMessage.objects.filter(due_at__lte=NOW)
    in_hand = due.filter(kind="invitation").update(status="sending", leased_until=NOW + timedelta(minutes=5))
    due = due.count()

    call_command("after_restore")
    deliver_due(now=NOW)

    assert len(mailoutbox) == due > in_hand > 0
    assert not OutboundMessage.objects.filter(status="void").exists()


def test_a_session_that_is_over_keeps_its_version(term):
    over = make_session(make_cohort(term), starts_at=NOW - timedelta(days=1))

    assert overtake_calendars(now=NOW) == 0
    over.refresh_from_db()
    assert over.sequence == 0


def test_numbers_that_may_have_been_given_since_the_backup_are_not_given_again(term):
    last = make_session(make_cohort(term)).pk

    call_command("after_restore")

    later = make_session(make_cohort(term)).pk
    assert later > last + 1000
    assert DialogueSession.objects.count() == 2

"""What goes out, what waits, what is never sent: over SMTP to a server on loopback."""

from datetime import timedelta
from smtplib import SMTP
from threading import Barrier

import pytest
from django.core import mail

from dialogue import holding
from dialogue.channels.by_mail import MailChannel
from dialogue.channels.handing_over import hand_over
from dialogue.delivery import BACKOFF, MOST_ATTEMPTS, deliver_due
from dialogue.models import OutboundMessage
from dialogue.outbox import Draft, queue_messages
from sessions.announcing import announce_booked_series
from sessions.services.changing import cancel_session, move_session
from tests.factories import NOW, make_participation, make_session
from tests.mail_sink import running_mail_sink, send_to
from tests.processes import free_port
from tests.races import all_at_once

LEASE = timedelta(minutes=5)
LATER = NOW + LEASE + timedelta(seconds=1)


@pytest.fixture
def sink(settings):
    with running_mail_sink() as running:
        send_to(settings, running)
        yield running


def tell(term, how_many: int, **changes) -> list[str]:
    """Queue a mail to each of so many people and return their addresses."""
    people = [make_participation(term) for _ in range(how_many)]
    queue_messages(
        (
            Draft(
                kind="not_placed",
                recipient_id=one.person_id,
                subject_key=f"participation:{one.pk}",
                dedupe_key=f"not-placed:1:{one.pk}",
                **{"due_at": NOW} | changes,
            )
            for one in people
        ),
        now=NOW,
    )
    return [one.person.email for one in people]


def row_of(address: str) -> OutboundMessage:
    return OutboundMessage.objects.get(recipient__email=address)


def statuses() -> dict[str, str]:
    return dict(OutboundMessage.objects.values_list("recipient__email", "status"))


@pytest.fixture
def booked(cohort):
    """The cohort's one session, announced: welcomes and invitations are due, reminders lie ahead."""
    session = make_session(cohort)
    announce_booked_series(cohort=cohort, sessions=[session], now=NOW)
    return session


@pytest.mark.django_db
def test_each_message_goes_out_once_and_says_when(term, sink):
    addresses = tell(term, 3)

    assert deliver_due(now=NOW) == 3
    assert deliver_due(now=LATER) == 0

    assert sink.addresses == addresses
    assert {row_of(address).sent_at for address in addresses} == {NOW}
    assert set(sink.message_ids) == set(OutboundMessage.objects.values_list("message_id", flat=True))


@pytest.mark.django_db
def test_nothing_goes_out_before_it_is_due_nor_after_it_is_of_use(term, sink):
    (early,) = tell(term, 1, due_at=NOW + timedelta(seconds=1))
    (late,) = tell(term, 1, expires_at=NOW)

    deliver_due(now=NOW)

    assert sink.addresses == []
    assert statuses() == {early: "queued", late: "void"}


@pytest.mark.django_db
def test_a_plan_on_a_file_sends_nothing(term, sink, settings):
    (address,) = tell(term, 1)
    settings.PLAN_SEED = "plan"

    assert deliver_due(now=NOW) == 0

    assert (sink.addresses, statuses()) == ([], {address: "queued"})


@pytest.mark.django_db
def test_an_address_that_is_refused_holds_nobody_up(term, sink):
    first, bad, last = tell(term, 3)
    sink.refused[bad] = "550 no such mailbox"

    assert deliver_due(now=NOW) == 2

    assert sink.addresses == [first, last]
    row = row_of(bad)
    assert (row.status, row.attempts, row.due_at) == ("queued", 1, NOW + BACKOFF[0])
    assert row.trouble == "SMTPRecipientsRefused"


@pytest.mark.django_db
def test_a_refused_message_waits_longer_each_time_and_is_given_up_at_last(term, sink):
    (bad,) = tell(term, 1)
    sink.refused[bad] = "450 try again later"
    waits = []
    for _ in range(MOST_ATTEMPTS):
        due = row_of(bad).due_at
        deliver_due(now=due)
        waits.append(row_of(bad).due_at - due)

    row = row_of(bad)
    assert (row.status, row.attempts) == ("dead", MOST_ATTEMPTS)
    assert waits[:-1] == [*BACKOFF, *[BACKOFF[-1]] * (MOST_ATTEMPTS - 1 - len(BACKOFF))]
    sink.refused.clear()
    assert deliver_due(now=row.due_at + timedelta(days=1)) == 0


@pytest.mark.django_db
def test_while_the_mail_server_is_away_rows_wait_and_lose_no_attempt(term, settings):
    addresses = tell(term, 3)
    port = free_port()
    send_to(settings, port)
    for minutes in range(60):
        assert deliver_due(now=NOW + timedelta(minutes=minutes)) == 0

    assert set(OutboundMessage.objects.values_list("status", "attempts", "due_at")) == {("queued", 0, NOW)}
    with running_mail_sink(port) as sink:
        deliver_due(now=NOW + timedelta(hours=1))
        deliver_due(now=NOW + timedelta(hours=2))

    assert sink.addresses == addresses


@pytest.mark.django_db
def test_an_invitation_whose_line_broke_is_sent_again_under_the_same_name(booked, aoi, sink):
    OutboundMessage.objects.exclude(kind="invitation").delete()
    OutboundMessage.objects.exclude(recipient=aoi).delete()
    sink.drops_after.add(aoi.email)

    assert deliver_due(now=NOW) == 0
    assert deliver_due(now=NOW + BACKOFF[0]) == 1

    assert sink.addresses == [aoi.email, aoi.email]
    assert len(sink.message_ids) == 1
    first, second = (next(part for part in one.walk() if part.get_filename()) for one in sink.mails)
    assert first.get_payload() == second.get_payload()


@pytest.mark.django_db
def test_a_reminder_whose_line_broke_is_listed_and_never_repeated(booked, aoi, sink):
    reminder = OutboundMessage.objects.get(kind="reminder_24h", recipient=aoi)
    OutboundMessage.objects.exclude(pk=reminder.pk).delete()
    sink.drops_after.add(aoi.email)

    for minutes in range(0, 60, 10):
        deliver_due(now=reminder.due_at + timedelta(minutes=minutes))

    assert sink.addresses == [aoi.email]
    reminder.refresh_from_db()
    assert (reminder.status, reminder.leased_until, reminder.trouble) == ("uncertain", None, "SMTPServerDisconnected")


@pytest.mark.django_db
def test_a_reminder_that_was_refused_with_a_code_is_tried_again(booked, aoi, sink):
    reminder = OutboundMessage.objects.get(kind="reminder_24h", recipient=aoi)
    OutboundMessage.objects.exclude(pk=reminder.pk).delete()
    sink.refused[aoi.email] = "451 greylisted"
    deliver_due(now=reminder.due_at)
    sink.refused.clear()

    deliver_due(now=reminder.due_at + BACKOFF[0])

    assert sink.addresses == [aoi.email]


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "becomes"), [("reminder_24h", "uncertain"), ("invitation", "sent")])
def test_what_a_dead_sender_held_is_repeated_only_where_that_is_harmless(booked, aoi, sink, kind, becomes):
    row = OutboundMessage.objects.get(kind=kind, recipient=aoi)
    OutboundMessage.objects.exclude(pk=row.pk).delete()
    OutboundMessage.objects.update(status="sending", attempts=1, leased_until=row.due_at + LEASE)

    deliver_due(now=row.due_at + LEASE)
    assert sink.addresses == []
    deliver_due(now=row.due_at + LEASE + timedelta(seconds=1))

    row.refresh_from_db()
    assert row.status == becomes
    assert sink.addresses == ([aoi.email] if becomes == "sent" else [])


@pytest.mark.django_db
def test_a_sender_that_was_overtaken_has_no_last_word(term):
    (address,) = tell(term, 1)
    OutboundMessage.objects.update(status="sending", attempts=1, leased_until=NOW + LEASE)
    overtaken = row_of(address)
    OutboundMessage.objects.update(attempts=2)  # another sender took the row up after the lease had lapsed

    holding.settle(overtaken, status="queued")  # what a sender does that wakes up late

    assert statuses() == {address: "sending"}


@pytest.mark.django_db
def test_a_batch_ends_before_its_leases_could_lapse(term, sink, settings):
    tell(term, 3)
    settings.OUTBOX_LEASE_SECONDS = 0

    assert deliver_due(now=NOW) == 0

    assert set(statuses().values()) == {"queued"}


@pytest.mark.django_db
def test_after_a_cancel_nothing_of_the_session_goes_out_but_the_cancel(booked, sink):
    OutboundMessage.objects.filter(kind="cohort_formed").delete()
    cancel_session(session_id=booked.pk, now=NOW)

    deliver_due(now=NOW)
    deliver_due(now=booked.ends_at + timedelta(days=1))

    assert list(OutboundMessage.objects.filter(status="sent").values_list("kind", flat=True)) == (
        ["session_cancelled"] * 5
    )
    assert len(sink.arrived) == 5
    assert not OutboundMessage.objects.filter(status="queued").exists()


@pytest.mark.django_db
def test_a_row_that_escaped_the_cancel_is_void_when_it_is_looked_at(booked, aoi, sink):
    """The check at sending does not rely on the rows having been taken back."""
    cancel_session(session_id=booked.pk, now=NOW)
    OutboundMessage.objects.exclude(kind__in=["invitation", "reminder_1h"]).delete()
    OutboundMessage.objects.update(status="queued", due_at=NOW)

    deliver_due(now=NOW)

    assert sink.addresses == []
    assert set(OutboundMessage.objects.values_list("status", flat=True)) == {"void"}


@pytest.mark.django_db
def test_after_a_move_people_are_reminded_of_the_new_time_alone(booked, aoi, sink):
    move_session(session_id=booked.pk, starts_at=booked.starts_at + timedelta(days=2), now=NOW)
    OutboundMessage.objects.filter(kind="reminder_24h", status="void").update(status="queued")
    booked.refresh_from_db()

    deliver_due(now=booked.starts_at - timedelta(hours=24))

    reminders = OutboundMessage.objects.filter(kind="reminder_24h", recipient=aoi).order_by("due_at")
    assert list(reminders.values_list("status", "subject_version")) == [("void", 0), ("sent", 1)]


@pytest.mark.django_db
def test_a_message_that_cannot_be_made_does_not_stop_the_next(term, sink):
    broken, fine = tell(term, 2)
    OutboundMessage.objects.filter(recipient__email=broken).update(subject_key="participation:0")

    assert deliver_due(now=NOW) == 1

    assert sink.addresses == [fine]
    assert row_of(broken).trouble == "DoesNotExist"


@pytest.mark.django_db
def test_a_kind_that_is_no_longer_known_is_listed(term, sink):
    (address,) = tell(term, 1)
    OutboundMessage.objects.update(kind="telegram")

    deliver_due(now=NOW)

    assert statuses() == {address: "dead"}


@pytest.mark.postgres
def test_deliveries_in_parallel_send_each_message_once(term, sink):
    addresses = tell(term, 20)

    counts = all_at_once([lambda: deliver_due(now=NOW)] * 3)

    assert sum(counts) == 20
    assert sorted(sink.addresses) == sorted(addresses)


@pytest.mark.postgres
def test_without_the_claim_the_same_race_sends_twice(term, sink, monkeypatch):
    """The control: it is the conditional update that keeps the promise above."""
    tell(term, 10)
    each_has_looked = Barrier(3)

    def claim_whatever(pks, now) -> list[int]:
        each_has_looked.wait(20)  # or one sender may be through before the next has begun
        OutboundMessage.objects.filter(pk__in=pks).update(status="sending", leased_until=now + LEASE, sent_at=None)
        return pks

    monkeypatch.setattr(holding, "claim", claim_whatever)
    all_at_once([lambda: deliver_due(now=NOW)] * 3)

    assert len(sink.addresses) > 10


@pytest.mark.django_db
def test_a_server_that_takes_commands_in_one_go_gets_the_same_mails(term, sink):
    first, bad, last = tell(term, 3)
    sink.pipelining = True
    sink.refused[bad] = "550 no such mailbox"

    assert deliver_due(now=NOW) == 2

    assert sink.addresses == [first, last]
    assert (row_of(bad).status, row_of(bad).trouble) == ("queued", "SMTPRecipientsRefused")
    assert all(one["To"] for one in sink.mails)


@pytest.mark.django_db
@pytest.mark.parametrize("pipelining", [False, True])
def test_many_mails_leave_on_one_line(term, sink, pipelining):
    sink.pipelining = pipelining
    before = sink.lines
    addresses = tell(term, 12)

    deliver_due(now=NOW)

    assert sink.addresses == addresses
    assert sink.lines == before + 1


@pytest.mark.django_db
def test_a_line_of_a_letter_that_begins_with_a_dot_arrives_as_it_was(term, sink):
    sink.pipelining = True
    content = b"Subject: x\r\n\r\n.hidden\r\n..two\r\n.\r\nend\r\n"
    with SMTP("127.0.0.1", sink.port) as line:
        hand_over(line, sender="madoi@example.org", to="aoi@example.org", content=content)

    [(_, arrived)] = sink.arrived
    assert arrived == content


@pytest.mark.django_db
def test_when_the_server_goes_away_in_a_batch_the_rest_lose_no_attempt(term, sink, monkeypatch):
    addresses = tell(term, 4)
    sink.drops_after.add(addresses[1])
    open_line = MailChannel.open

    def open_while_it_is_there(channel) -> None:
        if not sink.drops_after:
            raise ConnectionRefusedError
        open_line(channel)

    monkeypatch.setattr(MailChannel, "open", open_while_it_is_there)

    assert deliver_due(now=NOW) == 1

    rows = [row_of(address) for address in addresses]
    assert [(row.status, row.attempts, row.leased_until) for row in rows] == [
        *[("sent", 1, None), ("queued", 1, None)],
        *[("queued", 0, None)] * 2,
    ]
    assert rows[1].due_at > NOW == rows[2].due_at


@pytest.mark.django_db
def test_what_left_is_noted_before_a_sender_can_have_sent_much_more(term, sink, settings, monkeypatch):
    """A server that takes as long for a mail has each noted before the next one leaves."""
    tell(term, 3)
    settings.OUTBOX_NOTE_SECONDS = sink.pause = 0.02
    noted = []
    note = holding.note_sent
    monkeypatch.setattr(holding, "note_sent", lambda rows, now: (noted.append(len(rows)), note(rows, now)))

    deliver_due(now=NOW)

    assert noted == [1, 1, 1]


@pytest.mark.django_db
def test_the_demo_and_tests_need_no_line_to_be_opened(term):
    addresses = tell(term, 2)

    assert deliver_due(now=NOW) == 2

    assert [message.to[0] for message in mail.outbox] == addresses

"""Mail that comes back: what is believed, what waits, and how it goes on."""

import email
import mailbox
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from dialogue.core.returned_mail import returned_in
from dialogue.delivery import BACKOFF, SURE_AFTER, deliver_due
from dialogue.mail import MARK_HEADER
from dialogue.models import FailingAddress, OutboundMessage
from dialogue.outbox import Draft, queue_messages
from dialogue.services.bounces import read_bounces
from dialogue.services.reaching import AddressTaken, NotYours, correct_address, note_failing_address, try_address_again
from tests.factories import NOW, make_participation, make_person
from tests.mail_sink import running_mail_sink, send_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings):
    with running_mail_sink() as running:
        send_to(settings, running)
        yield running


@pytest.fixture
def one(term, aoi):
    return make_participation(term, aoi)


def tell(one, key="a", **changes) -> OutboundMessage:
    draft = {
        "kind": "not_placed", "recipient_id": one.person_id, "subject_key": f"participation:{one.pk}",
        "dedupe_key": key, "due_at": NOW,
    }  # fmt: skip
    queue_messages([Draft(**draft | changes)], now=NOW)
    return OutboundMessage.objects.get(dedupe_key=key)


def notification(sent: bytes, address: str, *, status="5.1.1", action="failed", headers_only=True) -> bytes:
    """A notification as Postfix writes it (RFC 3464), about a mail that we sent."""
    whole = email.message_from_bytes(sent)
    head = "".join(f"{name}: {value}\n" for name, value in whole.items()).encode()
    returned = b"Content-Type: text/rfc822-headers\n\n" + head
    if not headers_only:
        returned = b"Content-Type: message/rfc822\n\n" + sent
    return (
        b"From: MAILER-DAEMON@mail.example.org\nTo: madoi@example.org\nSubject: Undelivered Mail Returned to Sender\n"
        b'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="=_b"\n\n'
        b"--=_b\nContent-Type: text/plain\n\nI'm sorry to have to inform you.\n"
        b"--=_b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example.org\n\n"
        + f"Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\n".encode()
        + b"Diagnostic-Code: smtp; 550 no such user\n\n--=_b\n" + returned + b"\n--=_b--\n"
    )  # fmt: skip


@pytest.fixture
def box(tmp_path):
    return mailbox.Maildir(tmp_path / "box", create=True)


def read(tmp_path) -> int:
    return read_bounces(url=f"maildir://{tmp_path}/box", now=NOW)


def sent_mail(sink) -> bytes:
    return sink.arrived[-1][1]


@pytest.mark.parametrize("headers_only", [True, False])
def test_a_mail_that_came_back_for_good_marks_the_address(one, sink, box, tmp_path, headers_only):
    tell(one)
    deliver_due(now=NOW)
    box.add(notification(sent_mail(sink), one.person.email, headers_only=headers_only))

    assert read(tmp_path) == 1
    assert read(tmp_path) == 0

    failing = FailingAddress.objects.get()
    assert (failing.person, failing.code, failing.noticed_at) == (one.person, "5.1.1", NOW)
    assert len(box) == 0


@pytest.mark.parametrize(
    ("status", "action"), [("4.4.1", "delayed"), ("4.2.2", "failed"), ("5.2.2", "failed"), ("5.7.1", "failed")]
)
def test_what_may_be_over_tomorrow_marks_nobody(one, sink, box, tmp_path, status, action):
    tell(one)
    deliver_due(now=NOW)
    box.add(notification(sent_mail(sink), one.person.email, status=status, action=action))

    assert read(tmp_path) == 0
    assert not FailingAddress.objects.exists()


def test_a_notification_that_somebody_made_up_marks_nobody(one, takeshi, sink, box, tmp_path):
    tell(one)
    deliver_due(now=NOW)
    forged = sent_mail(sink).replace(f"{MARK_HEADER}: ".encode(), f"{MARK_HEADER}: 9".encode())
    box.add(notification(forged, one.person.email))
    box.add(notification(sent_mail(sink), takeshi.email))
    box.add(notification(b"Subject: x\n\nx", one.person.email))

    assert read(tmp_path) == 0
    assert not FailingAddress.objects.exists()


def test_what_is_no_notification_stays_in_the_mailbox(one, box, tmp_path):
    answer = EmailMessage()
    answer["Subject"] = "ありがとうございます"
    answer.set_content("failed 5.1.1")
    box.add(answer.as_bytes())

    read(tmp_path)

    assert len(box) == 1


@pytest.mark.parametrize("content", [b"", b"\xff" * 2000, b"Content-Type: multipart/report\n\n--", b"x" * 600_000])
def test_nothing_that_arrives_stops_the_reader(content):
    assert returned_in(content, mark_header=MARK_HEADER) == []


def test_an_mbox_is_read_too(one, sink, tmp_path):
    tell(one)
    deliver_due(now=NOW)
    box = mailbox.mbox(tmp_path / "mbox", create=True)
    box.add(notification(sent_mail(sink), one.person.email))
    box.close()

    call_command("read_bounces", f"mbox://{tmp_path}/mbox")

    assert FailingAddress.objects.count() == 1


@pytest.mark.parametrize("url", ["", "pop3://host/box", "maildir:///nowhere/at/all"])
def test_a_mailbox_that_is_none_is_named(url, settings):
    settings.BOUNCES_FROM = ""

    with pytest.raises(CommandError):
        call_command("read_bounces", url)


def test_an_address_that_three_tries_in_a_row_call_unknown_fails(one, sink):
    tell(one)
    sink.refused[one.person.email] = "550 5.1.1 no such user"
    now = NOW
    for attempt in range(SURE_AFTER):
        assert not FailingAddress.objects.exists()
        deliver_due(now=now)
        now += BACKOFF[attempt]

    assert FailingAddress.objects.count() == 1
    assert OutboundMessage.objects.get().status == "held"


def test_mail_to_a_failing_address_waits_and_goes_out_when_it_is_corrected(one, sink):
    note_failing_address(person_id=one.person_id, code="5.1.1", now=NOW)
    tell(one)
    assert deliver_due(now=NOW) == 0
    assert (sink.addresses, OutboundMessage.objects.get().status) == ([], "held")

    correct_address(person=one.person, email="aoi.new@example.org", actor=None, now=NOW + timedelta(hours=1))
    deliver_due(now=NOW + timedelta(hours=1))

    assert sink.addresses == ["aoi.new@example.org"]
    assert not FailingAddress.objects.exists()


def test_what_is_no_longer_wanted_does_not_go_out_after_the_wait(one, sink):
    note_failing_address(person_id=one.person_id, code="5.1.1", now=NOW)
    tell(one)
    tell(one, key="b", expires_at=NOW + timedelta(hours=1))
    deliver_due(now=NOW)
    one.status, one.waiting_reason, one.ended_at = "ended", "", NOW
    one.save()

    assert try_address_again(person=one.person, now=NOW + timedelta(hours=2)) == 2
    deliver_due(now=NOW + timedelta(hours=2))

    assert sink.addresses == []
    assert set(OutboundMessage.objects.values_list("status", flat=True)) == {"void"}


def test_nobody_gets_an_address_that_is_taken_and_coordinators_keep_theirs(one, chika):
    with pytest.raises(AddressTaken):
        correct_address(person=one.person, email=chika.email, actor=chika, now=NOW)
    with pytest.raises(NotYours):
        correct_address(person=chika, email="new@example.org", actor=one.person, now=NOW)

    one.person.refresh_from_db()
    assert one.person.email == "aoi@example.org"


def test_the_coordinator_sees_which_address_fails_and_corrects_it(client, one, chika, term):
    note_failing_address(person_id=one.person_id, code="5.1.1", now=NOW)
    client.force_login(chika)
    page = client.get(reverse("term_people", args=[term.pk])).content.decode()
    address = reverse("person_address", args=[one.pk])
    assert address in page
    assert address in client.get(reverse("reception_person", args=[one.pk])).content.decode()
    assert "5.1.1" in client.get(address).content.decode()

    taken = client.post(address, {"email": chika.email})
    assert taken.status_code == 200
    assert chika.email in taken.content.decode(), "what was typed is still there"
    assert client.post(address, {"email": " AOI@Example.NET "}).status_code == 302

    one.person.refresh_from_db()
    assert one.person.email == "aoi@example.net"


def test_a_stranger_corrects_nobody(client, one, sam):
    client.force_login(sam)

    assert client.post(reverse("person_address", args=[one.pk]), {"email": "x@example.org"}).status_code == 404


def test_the_person_is_told_at_sign_in_and_says_that_the_address_works(client, one, settings):
    note_failing_address(person_id=one.person_id, code="5.1.1", now=NOW)
    tell(one)
    deliver_due(now=NOW)
    from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415
    from django.test import RequestFactory  # noqa: PLC0415

    request = RequestFactory().get("/")
    request.session = client.session
    from django.contrib.messages import get_messages  # noqa: PLC0415
    from django.contrib.messages.storage.session import SessionStorage  # noqa: PLC0415

    request._messages = SessionStorage(request)  # noqa: SLF001
    user_logged_in.send(sender=type(one.person), request=request, user=one.person)
    assert len(list(get_messages(request))) == 1

    client.force_login(one.person)
    page = client.get(reverse("contact_choices"))
    assert page.context["failing"]
    client.post(reverse("contact_choices"), {"again": "1"})

    assert OutboundMessage.objects.get().status == "queued"


def test_who_has_no_trouble_is_told_nothing(client, aoi):
    client.force_login(make_person())

    assert not client.get(reverse("contact_choices")).context["failing"]

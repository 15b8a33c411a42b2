"""One mail to one person: the tree, the headers, the bytes, through every backend."""

import copy
import email
import email.policy
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import parseaddr
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.mail import get_connection

from dialogue.core.mailbox import Mailbox
from dialogue.mail import PersonalMail, compose
from dialogue.message_kinds import Letter
from dialogue.models import OutboundMessage, Person
from tests.processes import free_port

SENT = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
OFFICE = Mailbox("円居事務局", "madoi@example.org")
AOI = Mailbox("あおい", "aoi@example.org")
MESSAGE_ID = "<5f6a7b8c-7b10-5e2a-9d4e-0190f5c27b10@madoi.example.org>"
FIRST_ID = "<0190f5c2-7b10-5e2a-9d4e-5f6a7b8c9d0e@madoi.example.org>"
INVITATION = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nSUMMARY:対話\r\nEND:VCALENDAR\r\n".encode()
SUBJECT = "【対話】12月1日(火) 19:00 のご案内 〜 働くこと、学び直すこと、そしてこれからの十年を考える会 🎌"


def made(**changes) -> PersonalMail:
    arguments = {
        "sender": OFFICE,
        "to": AOI,
        "subject": SUBJECT,
        "text": "12月1日(火) 19:00〜20:30 日本時間\nhttps://madoi.example.org/s/7/\n",
        "html": "<p>12月1日(火) 19:00〜20:30 日本時間</p>\n",
        "message_id": MESSAGE_ID,
        "date": SENT,
        "calendar": INVITATION,
    }
    return PersonalMail(**arguments | changes)


def read(raw: bytes):
    return email.message_from_bytes(raw)


def shown(header: str) -> str:
    return str(make_header(decode_header(header)))


def tree(part) -> object:
    if part.is_multipart():
        return {part.get_content_subtype(): [tree(child) for child in part.get_payload()]}
    return part.get_content_type()


def test_an_invitation_is_the_tree_that_mail_clients_act_on():
    whole = read(made().message().as_bytes())

    assert tree(whole) == {"mixed": [{"alternative": ["text/plain", "text/html", "text/calendar"]}, "application/ics"]}
    inline, attached = whole.get_payload()[0].get_payload()[2], whole.get_payload()[1]
    assert inline["Content-Type"] == "text/calendar; charset=UTF-8; method=REQUEST"
    assert inline["Content-Transfer-Encoding"] == attached["Content-Transfer-Encoding"] == "base64"
    assert inline["Content-Disposition"] is None
    assert (attached.get_filename(), attached.get_content_disposition()) == ("invite.ics", "attachment")
    assert inline.get_payload(decode=True) == attached.get_payload(decode=True) == INVITATION


def test_a_mail_without_a_calendar_object_is_text_and_html():
    whole = read(made(calendar=None).message().as_bytes())

    assert tree(whole) == {"alternative": ["text/plain", "text/html"]}
    assert whole.get_payload()[0].get_payload(decode=True).decode().splitlines()[1] == "https://madoi.example.org/s/7/"


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_the_method_of_the_part_is_the_method_of_the_object(method):
    calendar = INVITATION.replace(b"REQUEST", method.encode())

    part = read(made(calendar=calendar).message().as_bytes()).get_payload()[0].get_payload()[2]

    assert part.get_param("method") == method


def test_every_line_ends_with_crlf_and_is_seven_bit_ascii():
    for message in (made(), made(text="x" * 2000 + "\nshort\rold\r\n", html="<p>plain</p>"), made(calendar=None)):
        raw = message.message().as_bytes()

        assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
        assert raw.isascii()
        assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_english_is_sent_as_it_reads():
    raw = made(text="Tue 1 December, 19:00\nhttps://madoi.example.org/s/7/", calendar=None).message().as_bytes()

    assert b"Tue 1 December, 19:00\r\nhttps://madoi.example.org/s/7/\r\n" in raw


def test_the_headers_say_who_when_and_that_a_machine_wrote():
    whole = read(made(references=FIRST_ID, unsubscribe_url="https://madoi.example.org/mail/").message().as_bytes())

    assert [whole.get_all(name) for name in ("To", "Cc", "Bcc", "Reply-To")][1:] == [None, None, None]
    assert parseaddr(whole["To"])[1] == "aoi@example.org"
    assert (shown(whole["From"]), shown(whole["To"])) == (
        "円居事務局 <madoi@example.org>",
        "あおい <aoi@example.org>",
    )
    assert shown(whole["Subject"]) == SUBJECT
    assert whole["Message-ID"] == MESSAGE_ID
    assert whole["Date"] == "Mon, 30 Nov 2026 10:00:00 +0000"
    assert whole["Auto-Submitted"] == "auto-generated"
    assert whole["References"] == whole["In-Reply-To"] == FIRST_ID
    assert whole["List-Unsubscribe"] == "<https://madoi.example.org/mail/>"
    assert whole.get_all("MIME-Version") == ["1.0"]
    assert all(len(whole.get_all(name)) == 1 for name in whole)


def test_what_is_not_asked_for_is_not_there():
    whole = read(made(references=MESSAGE_ID).message().as_bytes())

    assert not {"References", "In-Reply-To", "List-Unsubscribe", "Reply-To"} & set(whole.keys()), (
        "nor a mail's own name"
    )


def test_the_same_mail_is_the_same_bytes():
    assert made().message().as_bytes() == made().message().as_bytes()
    assert made().message().as_bytes() != made(text="another").message().as_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "山田, 花子",
        "Yamada, Hanako",
        'Hanako "Hana" Yamada',
        "back\\slash",
        "Hana (Yamada) <x>: y; z @",
        "=?utf-8?q?not_a_word?=",
        "名" * 80,
        "Aoi 👩‍🎓",
        "",
    ],
)
def test_a_name_arrives_as_it_is_written_with_one_address(name):
    raw = made(to=Mailbox(name, "a..b@docomo.ne.jp")).message().as_bytes()

    classic = read(raw)["To"]
    assert shown(parseaddr(classic.replace("\r\n", ""))[0]) == name
    assert parseaddr(classic)[1] == "a..b@docomo.ne.jp"
    words = re.findall(rb"=\?[^ \r\n]*\?=", raw)
    assert all(len(word) <= 75 for word in words), "RFC 2047 section 2"


HOSTILE = [
    "Aoi\r\nBcc: sam@example.net",
    "Aoi\nX-Evil: 1",
    "Aoi\rX-Evil: 1",
    "Aoi\x0bX-Evil: 1\x1cX-Evil: 2\x85X-Evil: 3\u2028X-Evil: 4",
    "Aoi\x00\x1b[31m",
    "Aoi\udcff\ud800",
    "葵\r\n\r\n<script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_people_type_can_add_a_header(text):
    hostile = made(
        subject=text, to=Mailbox(text, AOI.address), sender=Mailbox(text, OFFICE.address), text=text, html=text
    )
    hostile.subject = text  # as a careless caller might, after the mail was made

    whole = read(hostile.message().as_bytes())

    assert sorted(whole.keys()) == sorted(read(made().message().as_bytes()).keys())
    assert hostile.recipients() == [AOI.address]
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", shown(whole["Subject"]) + shown(whole["From"]))


def test_control_characters_do_not_reach_a_body():
    whole = read(made(text="Aoi\x00\x1b[31m\x08\x9b\tok", html="<p>\x00\x7f</p>", calendar=None).message().as_bytes())

    assert [part.get_payload(decode=True) for part in whole.get_payload()] == [b"Aoi[31m\tok\r\n", b"<p></p>\r\n"]


def test_awkward_subjects_and_names_arrive():
    dice = random.Random(11)
    awkward = [*'"\\,;:<>()@=?_ .対話が名髙﨑🎌é^', "=?utf-8?b?", "?=", "  "]

    for _ in range(300):
        subject, name = (" ".join("".join(dice.choices(awkward, k=dice.randrange(50))).split()) for _ in range(2))
        whole = read(made(subject=subject, to=Mailbox(name, AOI.address), calendar=None).message().as_bytes())

        assert shown(whole["Subject"] or "") == subject
        assert shown(parseaddr(whole["To"].replace("\r\n", ""))[0]) == name
        assert parseaddr(whole["To"])[1] == AOI.address


@pytest.mark.parametrize(
    "bad",
    [
        {"message_id": "no-brackets@example.org"},
        {"message_id": "<a@b>\r\nX: 1"},
        {"message_id": ""},
        {"references": "<a b@c>"},
        {"references": "<a@b>\r\nBcc: <sam@example.net>"},
        {"date": datetime(2026, 11, 30)},  # noqa: DTZ001
        {"unsubscribe_url": "mailto:madoi@example.org"},
        {"unsubscribe_url": "https://example.org/>\r\nX: 1"},
        {"calendar": INVITATION.replace(b"METHOD:REQUEST\r\n", b"")},
    ],
)
def test_a_mail_that_no_client_would_understand_is_refused(bad):
    with pytest.raises(ValueError, match=r"Message-ID|time zone|http|METHOD"):
        made(**bad)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda message: message.to.append("sam@example.net"),
        lambda message: message.cc.append("sam@example.net"),
        lambda message: message.bcc.append("sam@example.net"),
        lambda message: message.to.clear(),
        lambda message: message.attach("story.txt", "…", "text/plain"),
        lambda message: message.attach_alternative("more", "text/html"),
    ],
)
def test_nobody_and_nothing_is_added_to_a_mail_afterwards(spoil):
    message = made()
    spoil(message)

    with pytest.raises(ValueError, match="one recipient"):
        message.message()


# ---- backends -------------------------------------------------------------------------------------------------------


class Sink:
    """Keeps what an SMTP server is given."""

    def __init__(self) -> None:
        self.envelopes: list[object] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802  aiosmtpd calls it by this name
        self.envelopes.append(envelope)
        return "250 Message accepted for delivery"


@pytest.fixture
def sink() -> Iterator[Controller]:
    controller = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


def smtp(controller: Controller):
    return get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host="127.0.0.1",
        port=controller.port,
        username="",
        password="",
        use_tls=False,
        use_ssl=False,
        timeout=10,
    )


@pytest.mark.parametrize("address", ["aoi@example.org", "a..b@docomo.ne.jp", "ab.@ezweb.ne.jp", ".-ab/?@docomo.ne.jp"])
def test_smtp_carries_the_very_bytes_to_the_very_address(sink, address):
    message = made(to=Mailbox("あおい", address))

    assert smtp(sink).send_messages([message]) == 1

    [envelope] = sink.handler.envelopes
    assert envelope.rcpt_tos == [address]
    assert envelope.mail_from == "madoi@example.org"
    assert envelope.original_content == message.message().as_bytes()


def test_a_line_that_begins_with_a_dot_or_with_from_survives_smtp(sink):
    message = made(text=".\r\n..\nFrom here on\n", html="<p>x</p>", calendar=None)

    smtp(sink).send_messages([message])

    [envelope] = sink.handler.envelopes
    assert read(envelope.original_content).get_payload()[0].get_payload(decode=True) == b".\r\n..\r\nFrom here on\r\n"


def test_the_file_backend_writes_the_bytes_that_smtp_would_carry(tmp_path: Path):
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(tmp_path))

    connection.send_messages([made()])

    [written] = tmp_path.iterdir()
    assert written.read_bytes().startswith(made().message().as_bytes())


def test_the_memory_backend_keeps_a_mail_that_can_be_read_again():
    get_connection("django.core.mail.backends.locmem.EmailBackend").send_messages([made()])

    [kept] = mail.outbox
    assert kept.message().as_bytes() == copy.deepcopy(made()).message().as_bytes()
    assert (kept.subject, kept.to, kept.from_email) == (SUBJECT, ["aoi@example.org"], "madoi@example.org")


# ---- from an outbox row ---------------------------------------------------------------------------------------------


def row_for(address: str) -> OutboundMessage:
    return OutboundMessage(recipient=Person(email=address, preferred_name="あおい"), message_id=MESSAGE_ID, due_at=SENT)


def test_a_letter_becomes_a_mail_from_the_site_that_answers_to_the_service_mailbox(settings):
    settings.DEFAULT_FROM_EMAIL = "円居 <no-reply@example.org>"
    settings.SERVICE_MAILBOX = "madoi@example.org"
    letter = Letter(
        subject="予定", text="本文", html="<p>本文</p>", calendar=INVITATION, method="REQUEST", thread=FIRST_ID
    )

    whole = read(compose(letter=letter, row=row_for("a..b@docomo.ne.jp")).message().as_bytes())

    assert shown(whole["From"]) == "円居 <no-reply@example.org>"
    assert shown(whole["Reply-To"]) == "円居 <madoi@example.org>"
    assert shown(whole["To"]) == "あおい <a..b@docomo.ne.jp>"
    assert (whole["Message-ID"], whole["References"]) == (MESSAGE_ID, FIRST_ID)
    assert whole["Date"] == "Mon, 30 Nov 2026 10:00:00 +0000"


def test_a_mail_from_the_service_mailbox_needs_no_other_address_for_answers(settings):
    settings.DEFAULT_FROM_EMAIL = "円居 <madoi@example.org>"
    settings.SERVICE_MAILBOX = "madoi@example.org"

    whole = read(
        compose(letter=Letter(subject="予定", text="本文", html="<p>本文</p>"), row=row_for("aoi@example.org"))
        .message()
        .as_bytes()
    )

    assert whole["Reply-To"] is None
    assert tree(whole) == {"alternative": ["text/plain", "text/html"]}


@pytest.mark.parametrize(("method", "calendar"), [("CANCEL", INVITATION), ("REQUEST", None), ("", INVITATION)])
def test_a_letter_whose_method_is_not_that_of_its_calendar_object_is_refused(method, calendar):
    letter = Letter(subject="予定", text="本文", html="<p>本文</p>", calendar=calendar, method=method)

    with pytest.raises(ValueError, match="letter that says"):
        compose(letter=letter, row=row_for("aoi@example.org"))

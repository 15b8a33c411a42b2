"""One mail to one person, with both bodies and, where there is one, a calendar object that mail clients act on."""

import hashlib
import re
from base64 import encodebytes
from datetime import datetime
from email.header import Header
from email.message import Message
from email.utils import format_datetime, parseaddr
from typing import Final
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import SafeMIMEMultipart
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from dialogue.core.mailbox import Mailbox
from dialogue.core.text import visible
from dialogue.message_kinds import Letter
from dialogue.models import OutboundMessage

MARK_HEADER: Final = "X-Madoi-Letter"
CALENDAR_FILE: Final = "invite.ics"
LONGEST_PLAIN_HEADER: Final = 200
LONGEST_ENCODED_WORD: Final = 75
"""Characters, RFC 2047 section 2."""

LONGEST_LINE: Final = 998
"""Octets of a line in a mail, RFC 5322 section 2.1.1."""

_MESSAGE_ID: Final = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+>")
_LINK: Final = re.compile(r"https?://[\x21-\x3b\x3d\x3f-\x7e]+")
_METHOD: Final = re.compile(rb"^METHOD:([A-Z]+)\r$", re.MULTILINE)
_MARK: Final = re.compile(r"[\x21-\x7e]{1,200}")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


class PersonalMail(EmailMultiAlternatives):
    """One mail to one person.

    Without a calendar object it is multipart/alternative of plain text and HTML. With one it is the tree that
    CalConnect and RFC 6047 recommend: multipart/mixed of that alternative, to which text/calendar is added as its last
    part, and the same bytes once more as the file `invite.ics`. Django's own `attach_alternative` does not do: it
    doubles the charset, sends 8bit and leaves LF line ends in `message().as_bytes()`.

    The same arguments always give the same bytes, so a mail that is sent twice is one mail to every client.
    """

    def __init__(
        self,
        *,
        sender: Mailbox,
        to: Mailbox,
        subject: str,
        text: str,
        html: str,
        message_id: str,
        date: datetime,
        calendar: bytes | None = None,
        references: str = "",
        reply_to: Mailbox | None = None,
        unsubscribe_url: str = "",
        mark: str = "",
        connection: BaseEmailBackend | None = None,
    ) -> None:
        """Take what the mail says. Invisible and control characters in subject and names are dropped.

        `references` is the Message-ID of the first mail about the same session, so that clients keep them together.
        `mark` is a signed name by which the mail is known again when it comes back.

        Raises:
            ValueError: a Message-ID that is none, a date without a zone, a link that is not http(s), or a calendar
                object without METHOD (a feed cannot be mailed).
        """
        super().__init__(
            subject=visible(subject), body=text, from_email=sender.address, to=[to.address], connection=connection
        )
        self.attach_alternative(html, "text/html")
        self.sender, self.addressee, self.answers_to = sender, to, reply_to
        self.message_id, self.references = message_id, references
        self.date, self.calendar, self.unsubscribe_url = date, calendar, unsubscribe_url
        self.mark = mark
        self.method = _method_of(calendar) if calendar is not None else ""
        if not all(_MESSAGE_ID.fullmatch(name) for name in (message_id, references or message_id)):
            raise ValueError("a Message-ID is one <name@host> in ASCII")
        if date.utcoffset() is None:
            raise ValueError("the date of a mail needs a time zone")
        if unsubscribe_url and not _LINK.fullmatch(unsubscribe_url):
            raise ValueError("the address to unsubscribe at must begin with http:// or https://")
        if mark and not _MARK.fullmatch(mark):
            raise ValueError("the mark of a mail is one word in ASCII")

    def message(self) -> SafeMIMEMultipart:  # type: ignore[override]  # Django's stubs allow a plain text mail only
        """Return the mail as it is sent, line ends included.

        Raises:
            ValueError: somebody added a recipient, a copy or a file after the mail was made.
        """
        if self.recipients() != [self.addressee.address] or self.attachments or len(self.alternatives) != 1:
            raise ValueError("a personal mail has one recipient, and nothing but its own parts")
        html = str(self.alternatives[0][0])
        parts = [_text_part(str(self.body), "plain"), _text_part(html, "html")]
        mail = self._multipart("alternative", parts)
        if self.calendar is not None:
            parts.append(_base64_part(f"text/calendar; charset=UTF-8; method={self.method}", self.calendar))
            attached = _base64_part(f"application/ics; name={CALENDAR_FILE}", self.calendar)
            attached.add_header("Content-Disposition", "attachment", filename=CALENDAR_FILE)
            mail = self._multipart("mixed", [self._multipart("alternative", parts), attached])
        for name, value in self._headers().items():
            mail[name] = value
        mail["MIME-Version"] = "1.0"
        return mail

    def _headers(self) -> dict[str, str]:
        headers = {
            "From": _written(self.sender),
            "To": _written(self.addressee),
            "Reply-To": _written(self.answers_to) if self.answers_to else "",
            "Subject": _encoded(visible(str(self.subject)), "Subject"),
            "Date": format_datetime(self.date),
            "Message-ID": self.message_id,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{self.unsubscribe_url}>" if self.unsubscribe_url else "",
            MARK_HEADER: self.mark,
        }
        if self.references and self.references != self.message_id:
            headers |= {"In-Reply-To": self.references, "References": self.references}
        return {name: value for name, value in headers.items() if value}

    def _multipart(self, subtype: str, parts: list[Message]) -> SafeMIMEMultipart:
        # A random boundary would make every try of one mail another mail. No content can hold the digest of itself.
        # Of the payloads as they are: writing each part out only to name the boundary took a third of a mail's time.
        named = hashlib.sha256(subtype.encode() + self.message_id.encode())
        for part in parts:
            payload = part.get_payload()
            named.update(str(part["Content-Type"]).encode() + (payload if isinstance(payload, str) else "").encode())
        boundary = named.hexdigest()[:40]
        whole = _CrlfMultipart(_subtype=subtype, boundary=f"=_{boundary}", _subparts=parts, encoding="utf-8")
        del whole["MIME-Version"]
        return whole


class _CrlfMultipart(SafeMIMEMultipart):
    """Writes CRLF unless told otherwise: not only SMTP but also files and tests get the bytes that are sent."""

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\r\n") -> bytes:  # type: ignore[override]
        return super().as_bytes(unixfrom=unixfrom, linesep=linesep)


def compose(*, letter: Letter, row: OutboundMessage, is_reminder: bool = False) -> PersonalMail:
    """Return the mail of an outbox row: from the site, dated when it was due, named by the row's own Message-ID.

    Answers go to the service mailbox, which is also the organiser of every calendar object. A reminder says where
    reminders are turned off.

    Raises:
        ValueError: the recipient's address cannot be written to, or the letter's method is not its calendar's METHOD.
    """
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    service = settings.SERVICE_MAILBOX
    mail = PersonalMail(
        sender=Mailbox(name, address),
        to=Mailbox(row.recipient.preferred_name, row.recipient.email),
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        message_id=row.message_id,
        date=row.due_at,
        calendar=letter.calendar,
        references=letter.thread,
        reply_to=Mailbox(name, service) if service != address else None,
        unsubscribe_url=urljoin(settings.BASE_URL, reverse("contact_choices")) if is_reminder else "",
        mark=mark_of(row) if row.pk else "",
    )
    if letter.method != mail.method:
        raise ValueError(f"a letter that says {letter.method or 'nothing'} carries a calendar object for {mail.method}")
    return mail


def mark_of(row: OutboundMessage) -> str:
    """Return the row's name, signed: only who was given the mail can send it back."""
    return Signer(salt="letter").sign(str(row.pk))


def row_of_mark(mark: str) -> int | None:
    """Return the primary key that a mark names; None when we did not sign it."""
    try:
        return int(Signer(salt="letter").unsign(mark.strip()))
    except (BadSignature, ValueError):
        return None


def _written(mailbox: Mailbox) -> str:
    """Return a mailbox as an address header has it: `"Yamada, H." <h@example.org>`, Japanese as encoded words."""
    if not mailbox.name:
        return mailbox.address
    encoded = _encoded(mailbox.name, "Reply-To")
    if encoded == mailbox.name:
        escaped = mailbox.name.replace("\\", "\\\\").replace('"', '\\"')
        encoded = f'"{escaped}"'
    return f"{encoded} <{mailbox.address}>"


def _encoded(text: str, header: str) -> str:
    """Return a line for a header: as it is when mail can carry it, else as encoded words (RFC 2047) in one line."""
    if text.isascii() and "=?" not in text and len(text) <= LONGEST_PLAIN_HEADER:
        return text
    return Header(text, "utf-8", header_name=header, maxlinelen=LONGEST_ENCODED_WORD).encode().replace("\n", "")


def _text_part(text: str, subtype: str) -> Message:
    lines = _CONTROLS.sub("", text).replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    body = "".join(f"{line}\r\n" for line in lines).encode(errors="replace")
    if not body.isascii() or max(map(len, lines)) > LONGEST_LINE:
        return _base64_part(f"text/{subtype}; charset=UTF-8", body)
    return _part(f"text/{subtype}; charset=UTF-8", "7bit", body)


def _base64_part(content_type: str, content: bytes) -> Message:
    return _part(content_type, "base64", encodebytes(content))


def _part(content_type: str, transfer_encoding: str, payload: bytes) -> Message:
    part = Message()
    # written whole: `add_header` would quote method="REQUEST", which RFC 6047 allows and not every client reads
    part["Content-Type"] = content_type
    part["Content-Transfer-Encoding"] = transfer_encoding
    part.set_payload(payload.decode("ascii"))
    return part


def _method_of(calendar: bytes) -> str:
    found = _METHOD.search(calendar)
    if found is None:
        raise ValueError("a calendar object in a mail needs a METHOD")
    return found[1].decode()

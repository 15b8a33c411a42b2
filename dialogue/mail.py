"""One mail to one person, with both bodies and, where there is one, a calendar object that mail clients act on."""

import hashlib
import re
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from dialogue.core.mailbox import Mailbox
from dialogue.core.mime import address_header, base64_lines, encoded, folded, multipart_head, part, text_part
from dialogue.core.text import visible
from dialogue.message_kinds import Letter
from dialogue.models import OutboundMessage

MARK_HEADER: Final = "X-Madoi-Letter"
CALENDAR_FILE: Final = "invite.ics"
_MESSAGE_ID: Final = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+>")
_LINK: Final = re.compile(r"https?://[\x21-\x3b\x3d\x3f-\x7e]+")
_METHOD: Final = re.compile(rb"^METHOD:([A-Z]+)\r$", re.MULTILINE)
_MARK: Final = re.compile(r"[\x21-\x7e]{1,200}")


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

    def as_bytes(self) -> bytes:
        """Return the mail as it is sent, line ends included.

        Raises:
            ValueError: somebody added a recipient, a copy or a file after the mail was made.
        """
        if self.recipients() != [self.addressee.address] or self.attachments or len(self.alternatives) != 1:
            raise ValueError("a personal mail has one recipient, and nothing but its own parts")
        parts = [text_part(str(self.body), "plain"), text_part(str(self.alternatives[0][0]), "html")]
        kind, whole = "alternative", parts
        if self.calendar is not None:
            payload = base64_lines(self.calendar)
            inline = part(f"text/calendar; charset=UTF-8; method={self.method}", "base64", payload)
            attached = part(
                f"application/ics; name={CALENDAR_FILE}",
                "base64",
                payload,
                f'Content-Disposition: attachment; filename="{CALENDAR_FILE}"\r\n',
            )
            inner, boundary = self._together("alternative", [*parts, inline])
            kind, whole = "mixed", [multipart_head("alternative", boundary) + b"\r\n" + inner, attached]
        content, boundary = self._together(kind, whole)
        headers = "".join(folded(f"{name}: {value}") for name, value in self._headers().items()).encode("ascii")
        return b"".join([multipart_head(kind, boundary), headers, b"MIME-Version: 1.0\r\n\r\n", content])

    def message(self) -> "_Written":  # type: ignore[override]  # Django's stubs allow a plain text mail only
        """Return the same mail with parts that can be looked at, for the backends that do not send bytes.

        Raises:
            ValueError: as `as_bytes`.
        """
        written = self.as_bytes()
        mail = message_from_bytes(written, _class=_Written)
        mail.written = written
        for name, value in mail.items():
            mail.replace_header(name, value.replace("\r\n", ""))  # unfolded, as it was before it was written
        return mail

    def _headers(self) -> dict[str, str]:
        headers = {
            "From": address_header(self.sender),
            "To": address_header(self.addressee),
            "Reply-To": address_header(self.answers_to) if self.answers_to else "",
            "Subject": encoded(visible(str(self.subject))),
            "Date": format_datetime(self.date),
            "Message-ID": self.message_id,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{self.unsubscribe_url}>" if self.unsubscribe_url else "",
            MARK_HEADER: self.mark,
        }
        if self.references and self.references != self.message_id:
            headers |= {"In-Reply-To": self.references, "References": self.references}
        return {name: value for name, value in headers.items() if value}

    def _together(self, subtype: str, parts: list[bytes]) -> tuple[bytes, str]:
        """Return the parts with a boundary between them, and that boundary.

        A random one would make every try of one mail another mail. No content can hold the digest of itself.
        """
        named = hashlib.sha256(subtype.encode() + self.message_id.encode())
        for one in parts:
            named.update(one)
        boundary = f"=_{named.hexdigest()[:40]}"
        between = f"\r\n--{boundary}".encode()
        pieces = [between[2:], b"\r\n", parts[0]]
        for one in parts[1:]:
            pieces += [between, b"\r\n", one]
        return b"".join([*pieces, between, b"--\r\n"]), boundary


class _Written(Message):
    """A mail that is sent as it was written, whatever a backend would make of its parts."""

    written = b""

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\r\n") -> bytes:  # type: ignore[override]
        return self.written or super().as_bytes(unixfrom)


def compose(*, letter: Letter, row: OutboundMessage, is_reminder: bool = False) -> PersonalMail:
    """Return the mail of an outbox row: from the site, dated when it was due, named by the row's own Message-ID.

    Answers go to the service mailbox, which is also the organiser of every calendar object. A reminder says where
    reminders are turned off.

    Raises:
        ValueError: the recipient's address cannot be written to, or the letter's method is not its calendar's METHOD.
    """
    sender = site_mailbox()
    service = settings.SERVICE_MAILBOX
    mail = PersonalMail(
        sender=sender,
        to=Mailbox(row.recipient.preferred_name, row.recipient.email),
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        message_id=row.message_id,
        date=row.due_at,
        calendar=letter.calendar,
        references=letter.thread,
        reply_to=Mailbox(sender.name, service) if service != sender.address else None,
        unsubscribe_url=urljoin(settings.BASE_URL, reverse("contact_choices")) if is_reminder else "",
        mark=mark_of(row) if row.pk else "",
    )
    if letter.method != mail.method:
        raise ValueError(f"a letter that says {letter.method or 'nothing'} carries a calendar object for {mail.method}")
    return mail


def site_mailbox() -> Mailbox:
    """Return whom the site's mail comes from: the name and address of `DEFAULT_FROM_EMAIL`."""
    return _mailbox_from(settings.DEFAULT_FROM_EMAIL)


@lru_cache(maxsize=4)
def _mailbox_from(setting: str) -> Mailbox:
    return Mailbox(*parseaddr(setting))


def mark_of(row: OutboundMessage) -> str:
    """Return the row's name, signed: only who was given the mail can send it back."""
    return Signer(salt="letter").sign(str(row.pk))


def row_of_mark(mark: str) -> int | None:
    """Return the primary key that a mark names; None when we did not sign it."""
    try:
        return int(Signer(salt="letter").unsign(mark.strip()))
    except (BadSignature, ValueError):
        return None


def _method_of(calendar: bytes) -> str:
    found = _METHOD.search(calendar)
    if found is None:
        raise ValueError("a calendar object in a mail needs a METHOD")
    return found[1].decode()

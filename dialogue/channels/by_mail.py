"""By mail: one connection for a whole batch, hung up as soon as it behaves oddly."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from smtplib import SMTP, SMTPException, SMTPRecipientsRefused, SMTPServerDisconnected

from django.core.mail import get_connection
from django.utils import timezone, translation

from dialogue.channels import NotSent
from dialogue.channels.handing_over import hand_over
from dialogue.mail import PersonalMail, compose
from dialogue.message_kinds import MessageKind
from dialogue.models import OutboundMessage

NO_SUCH_MAILBOX = range(550, 554)
"""Answers of RFC 5321 section 4.2.3 that refuse a recipient for good."""


class MailChannel:
    """Sends by the mail server that the settings name."""

    repeats_safely = False

    def __init__(self) -> None:
        self._connection = get_connection()

    def open(self) -> None:
        self._connection.open()

    def send(self, row: OutboundMessage, kind: MessageKind, now: datetime) -> None:
        mail = composed(row, kind, now)
        line = getattr(self._connection, "connection", None)
        try:
            if isinstance(line, SMTP):
                hand_over(line, sender=mail.sender.address, to=mail.addressee.address, content=mail.as_bytes())
            else:  # a file, a console or a test's list
                self._connection.send_messages([mail])
        except (SMTPException, OSError) as error:
            self.close()  # a broken line must not fail the next message too
            raise NotSent(
                type(error).__name__, may_have_arrived=_may_have_arrived(error), address_fails=_no_mailbox(error)
            ) from error

    def close(self) -> None:
        with suppress(OSError, SMTPException):  # the server may have gone without a goodbye
            self._connection.close()


def composed(row: OutboundMessage, kind: MessageKind, now: datetime) -> PersonalMail:
    """Return the mail that a row makes now, in its recipient's language and zone."""
    with translation.override(row.recipient.language), timezone.override(row.recipient.zone), _read_once(row):
        return compose(letter=kind.render(row, now), row=row, is_reminder=bool(kind.reminder))


@contextmanager
def _read_once(row: OutboundMessage) -> Iterator[None]:
    """Let a row that leaves with no others keep what it has read for as long as this one letter is written."""
    before = row.kept
    row.kept = {} if before is None else before
    try:
        yield
    finally:
        row.kept = before


def _may_have_arrived(error: OSError) -> bool:
    """Whether the line broke where nobody can tell if the server had the mail already. A refusal has a code."""
    return isinstance(error, SMTPServerDisconnected) or not isinstance(error, SMTPException)


def _no_mailbox(error: OSError) -> bool:
    if not isinstance(error, SMTPRecipientsRefused):
        return False
    return all(code in NO_SUCH_MAILBOX for code, _words in error.recipients.values())

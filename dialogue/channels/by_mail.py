"""By mail: one connection for a whole batch, hung up as soon as it behaves oddly."""

from contextlib import suppress
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPServerDisconnected

from django.core.mail import get_connection
from django.utils import timezone, translation

from dialogue.channels import NotSent
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
        try:
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
    with translation.override(row.recipient.language), timezone.override(row.recipient.zone):
        return compose(letter=kind.render(row, now), row=row, is_reminder=bool(kind.reminder))


def _may_have_arrived(error: OSError) -> bool:
    """Whether the line broke where nobody can tell if the server had the mail already. A refusal has a code."""
    return isinstance(error, SMTPServerDisconnected) or not isinstance(error, SMTPException)


def _no_mailbox(error: OSError) -> bool:
    if not isinstance(error, SMTPRecipientsRefused):
        return False
    return all(code in NO_SUCH_MAILBOX for code, _words in error.recipients.values())

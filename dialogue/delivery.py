"""Send what is due. Safe to run late, twice or in parallel: each row is claimed by one conditional update."""

import logging
import time
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPServerDisconnected

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils import timezone, translation

from dialogue.mail import PersonalMail, compose
from dialogue.message_kinds import MessageKind, kinds
from dialogue.models import OutboundMessage

log = logging.getLogger(__name__)

Status = OutboundMessage.Status
BACKOFF = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3)]
MOST_ATTEMPTS = 12


def deliver_due(*, now: datetime, limit: int = 500) -> int:
    """Send the messages that are due, oldest first, and return how many went out.

    Each message is re-checked against its subject just before it is sent. One that fails is tried again later and
    never holds up the next. While the mail server cannot be reached, all stay as they are. A crash between sending and
    noting leaves a lease; when it lapses, repeatable kinds are queued again (same Message-ID) and the others are
    listed as uncertain.
    """
    if settings.PLAN_SEED:
        return 0  # people whose consent nobody recorded get no mail
    settle_lapsed_leases(now=now)
    sent = 0
    due = list(OutboundMessage.objects.due(now).values_list("pk", flat=True)[:limit])
    # Leases count from `now`: a slow server must not stretch the batch until the rows it claims have lapsed already.
    stop_by = time.monotonic() + settings.OUTBOX_LEASE_SECONDS / 2
    connection = get_connection()
    try:
        for pk in due:
            if time.monotonic() > stop_by:
                break
            connection.open()  # before the claim: an outage is no fault of a message, and costs it no attempt
            if _claim(pk, now):
                sent += _send_claimed(pk, connection, now)
    except OSError as error:
        log.warning("mail server unreachable (%s), %s messages wait for it", type(error).__name__, len(due) - sent)
    finally:
        _hang_up(connection)
    return sent


def settle_lapsed_leases(*, now: datetime) -> None:
    """Decide what became of messages whose sender died: send again what may repeat, list the rest as uncertain."""
    lapsed = OutboundMessage.objects.filter(status=Status.SENDING, leased_until__lt=now)
    repeatable = [kind.name for kind in kinds().values() if kind.repeatable]
    lapsed.filter(kind__in=repeatable).update(status=Status.QUEUED, leased_until=None)
    lapsed.exclude(kind__in=repeatable).update(
        status=Status.UNCERTAIN, leased_until=None, trouble="The sender stopped while sending."
    )


def _claim(pk: int, now: datetime) -> bool:
    lease = now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    return bool(
        OutboundMessage.objects.filter(pk=pk, status=Status.QUEUED, due_at__lte=now).update(
            status=Status.SENDING, leased_until=lease, attempts=F("attempts") + 1
        )
    )


def _send_claimed(pk: int, connection: BaseEmailBackend, now: datetime) -> bool:
    row = OutboundMessage.objects.select_related("recipient").get(pk=pk)
    kind = kinds().get(row.kind)
    if kind is None:
        return _settle(row, status=Status.DEAD, trouble="Nobody registered this kind of message.")
    if row.expires_at and row.expires_at <= now:
        return _settle(row, status=Status.VOID, trouble="It came too late to be of use.")
    try:
        if not kind.still_wanted(row, now):
            return _settle(row, status=Status.VOID)
        connection.send_messages([composed(row, kind, now)])
    except (SMTPException, OSError) as error:
        _hang_up(connection)  # a broken line must not fail the next message too
        if _may_have_arrived(error) and not kind.repeatable:
            return _settle(row, status=Status.UNCERTAIN, trouble=type(error).__name__)
        return _try_later(row, now, trouble=type(error).__name__)
    except Exception as error:
        log.exception("message %s of kind %s could not be made", row.pk, row.kind)
        return _try_later(row, now, trouble=type(error).__name__)
    _settle(row, status=Status.SENT, sent_at=now)
    return True


def _may_have_arrived(error: OSError) -> bool:
    """Whether the line broke where nobody can tell if the server had the mail already. A refusal has a code."""
    return isinstance(error, SMTPServerDisconnected) or not isinstance(error, SMTPException)


def _hang_up(connection: BaseEmailBackend) -> None:
    with suppress(OSError):  # the server may have gone without a goodbye
        connection.close()


def composed(row: OutboundMessage, kind: MessageKind, now: datetime) -> PersonalMail:
    """Return the mail that a row makes now, in its recipient's language and zone."""
    with translation.override(row.recipient.language), timezone.override(row.recipient.zone):
        return compose(letter=kind.render(row, now), row=row)


def _try_later(row: OutboundMessage, now: datetime, *, trouble: str) -> bool:
    if row.attempts >= MOST_ATTEMPTS:
        return _settle(row, status=Status.DEAD, trouble=trouble)
    wait = BACKOFF[min(row.attempts, len(BACKOFF)) - 1] * settings.OUTBOX_BACKOFF_SCALE
    return _settle(row, status=Status.QUEUED, due_at=now + wait, trouble=trouble)


def _settle(row: OutboundMessage, **values: object) -> bool:
    """Note what became of a row that this process still holds; a lease that lapsed meanwhile has the last word."""
    OutboundMessage.objects.filter(pk=row.pk, status=Status.SENDING, attempts=row.attempts).update(
        leased_until=None, **values
    )
    return False

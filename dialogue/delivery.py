"""Send what is due. Safe to run late, twice or in parallel: each row is claimed by one conditional update."""

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from dialogue.channels import Channel, NotSent, by_line
from dialogue.channels.by_line import LineChannel
from dialogue.channels.by_mail import MailChannel, composed
from dialogue.core.pace import domain_of, rates_from
from dialogue.message_kinds import MessageKind, kinds
from dialogue.models import ContactChoice, OutboundMessage, Person
from dialogue.services.pace import took_a_place
from dialogue.services.reaching import forget_line, note_failing_address

__all__ = ["composed", "deliver_due", "settle_lapsed_leases"]

log = logging.getLogger(__name__)

Status = OutboundMessage.Status
Way = ContactChoice.Channel
BACKOFF = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3)]
MOST_ATTEMPTS = 12
SURE_AFTER = 3
"""A mailbox counts as missing when the server has said so in three tries."""

STOPPED = "sender stopped"
TOO_LATE = "too late"
NOT_WISHED = "not wished"
ADDRESS_FAILS = "address fails"


def deliver_due(*, now: datetime, limit: int = 500) -> int:
    """Send the messages that are due, oldest first, and return how many went out.

    Each message is re-checked against its subject just before it is sent. One that fails is tried again later and
    never holds up the next; a domain that had its share of this minute waits, and the others go on. While the mail
    server cannot be reached, all stay as they are. A crash between sending and noting leaves a lease; when it lapses,
    repeatable kinds are queued again (same Message-ID) and the others are listed as uncertain.
    """
    if settings.PLAN_SEED:
        return 0  # people whose consent nobody recorded get no mail
    settle_lapsed_leases(now=now)
    return _Round(now).deliver(limit)


def settle_lapsed_leases(*, now: datetime) -> None:
    """Decide what became of messages whose sender died: send again what may repeat, list the rest as uncertain."""
    lapsed = OutboundMessage.objects.under_way().filter(leased_until__lt=now)
    harmless = Q(kind__in=[kind.name for kind in kinds().values() if kind.repeatable]) | Q(channel=Way.LINE)
    lapsed.filter(harmless).update(status=Status.QUEUED, leased_until=None)
    lapsed.exclude(harmless).update(status=Status.UNCERTAIN, leased_until=None, trouble=STOPPED)


class _Round:
    """One worker's turn at the outbox, with the lines that it keeps open meanwhile."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.began = time.monotonic()
        self.ways: dict[str, Channel] = {Way.MAIL: MailChannel(), Way.LINE: LineChannel()}
        self.rates = rates_from(settings.OUTBOX_DOMAIN_RATES)
        self.kept: dict[Any, Any] = {}
        self.full: set[str] = set()
        """Domains that had their share of this minute."""

    def deliver(self, limit: int) -> int:
        sent = 0
        # Leases count from `now`: a slow server must not stretch the round until the rows it claims have lapsed.
        stop_by = self.began + settings.OUTBOX_LEASE_SECONDS / 2
        try:
            for pk in self._due(limit):
                if time.monotonic() > stop_by:
                    break
                self.ways[Way.MAIL].open()  # before the claim: an outage is no fault of a message, and costs no attempt
                if _claim(pk, self.now):
                    sent += self._send_claimed(pk)
        except OSError as error:
            log.warning("mail server unreachable (%s), messages wait for it", type(error).__name__)
        finally:
            for way in self.ways.values():
                way.close()
        return sent

    def _due(self, limit: int) -> Iterator[int]:
        """Yield what may go now. When a domain is full, look again: others may stand behind its crowd."""
        while True:
            full_before = len(self.full)
            due = OutboundMessage.objects.due(self.now).not_to(self.full)
            for pk, address in list(due.values_list("pk", "recipient__email")[:limit]):
                if self._has_room(domain_of(address)):
                    yield pk
            if len(self.full) == full_before:
                return

    def _has_room(self, domain: str) -> bool:
        is_open = domain in self.rates and domain not in self.full
        if is_open and not took_a_place(domain=domain, a_minute=self.rates[domain], now=self.now):
            self.full.add(domain)
        return domain not in self.full

    def _send_claimed(self, pk: int) -> bool:
        row = OutboundMessage.objects.select_related(
            "recipient__contact_choice", "recipient__line_link", "recipient__failing_address"
        ).get(pk=pk)
        row.kept = self.kept
        kind = kinds().get(row.kind)
        if kind is None:
            return _settle(row, status=Status.DEAD, trouble="unknown kind")
        # By the time that has passed, too: the last message of a long round must not come after its moment.
        if row.expires_at and row.expires_at <= self.now + timedelta(seconds=time.monotonic() - self.began):
            return _settle(row, status=Status.VOID, trouble=TOO_LATE)
        try:
            if not kind.still_wanted(row, self.now):
                return _settle(row, status=Status.VOID)
            if not is_wished(row.recipient, kind):
                return _settle(row, status=Status.VOID, trouble=NOT_WISHED)
            return self._send_by(way_of(row, kind), row, kind)
        except Exception as error:
            log.exception("message %s of kind %s could not be made", row.pk, row.kind)
            return _try_later(row, self.now, trouble=type(error).__name__)

    def _send_by(self, way: Way, row: OutboundMessage, kind: MessageKind) -> bool:
        tried_on_line = row.channel == Way.LINE
        if way == Way.MAIL and tried_on_line and not kind.repeatable:
            return _settle(row, status=Status.UNCERTAIN, trouble=STOPPED)  # it may be there: not by mail as well
        if way == Way.MAIL and hasattr(row.recipient, "failing_address"):
            return _settle(row, status=Status.HELD, trouble=ADDRESS_FAILS)
        if (
            row.channel != way
        ):  # noted before it leaves: a killed sender must not be followed by one that goes elsewhere
            _held(row).update(channel=way)
        try:
            self.ways[way].send(row, kind, self.now)
        except NotSent as failed:
            if failed.by_mail:
                if failed.blocked:
                    forget_line(person_id=row.recipient_id)
                if not tried_on_line:
                    _held(row).update(channel=Way.MAIL)  # nothing was pushed
                return self._send_by(Way.MAIL, row, kind)
            return _after_failure(row, kind, failed, self.now, repeats_safely=self.ways[way].repeats_safely)
        _settle(row, status=Status.SENT, sent_at=self.now)
        return True


def way_of(row: OutboundMessage, kind: MessageKind) -> Way:
    """Return how a message goes: as it was tried before, else as its reader chose, where that is possible."""
    person = row.recipient
    chose_line = hasattr(person, "contact_choice") and person.contact_choice.channel == Way.LINE
    on_line = by_line.is_on() and hasattr(person, "line_link") and kind.short is not None
    return Way.LINE if on_line and (chose_line or row.channel == Way.LINE) else Way.MAIL


def is_wished(person: Person, kind: MessageKind) -> bool:
    """Whether somebody wants this kind. Only reminders can be turned off."""
    if not kind.reminder or not hasattr(person, "contact_choice"):
        return True
    wanted = person.contact_choice.reminders
    chosen = ContactChoice.Reminders
    return wanted == chosen.ALL or (wanted == chosen.DAY and kind.reminder == "24h")


def _claim(pk: int, now: datetime) -> bool:
    """Take a row, unless somebody else has it or holds another of the same subject: a cancel overtakes nothing."""
    lease = now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    before_it = OutboundMessage.objects.under_way().filter(
        subject_key=OuterRef("subject_key"), recipient=OuterRef("recipient")
    )
    return bool(
        OutboundMessage.objects.filter(~Exists(before_it), pk=pk, status=Status.QUEUED, due_at__lte=now).update(
            status=Status.SENDING, leased_until=lease, attempts=F("attempts") + 1
        )
    )


def _after_failure(
    row: OutboundMessage, kind: MessageKind, failed: NotSent, now: datetime, *, repeats_safely: bool
) -> bool:
    if failed.may_have_arrived and not kind.repeatable and not repeats_safely:
        return _settle(row, status=Status.UNCERTAIN, trouble=failed.trouble)
    if failed.address_fails and row.attempts >= SURE_AFTER:
        note_failing_address(person_id=row.recipient_id, code="5.1.1", now=now)
        return _settle(row, status=Status.HELD, trouble=ADDRESS_FAILS)
    return _try_later(row, now, trouble=failed.trouble)


def _try_later(row: OutboundMessage, now: datetime, *, trouble: str) -> bool:
    if row.attempts >= MOST_ATTEMPTS:
        return _settle(row, status=Status.DEAD, trouble=trouble)
    wait = BACKOFF[min(row.attempts, len(BACKOFF)) - 1] * settings.OUTBOX_BACKOFF_SCALE
    return _settle(row, status=Status.QUEUED, due_at=now + wait, trouble=trouble)


def _settle(row: OutboundMessage, **values: object) -> bool:
    """Note what became of a row that this process still holds; a lease that lapsed meanwhile has the last word."""
    _held(row).update(leased_until=None, **values)
    return False


def _held(row: OutboundMessage) -> QuerySet[OutboundMessage]:
    """The row, while this process holds it and no later sender has taken it up."""
    return OutboundMessage.objects.under_way().filter(pk=row.pk, attempts=row.attempts)

"""Send what is due. Safe to run late, twice or in parallel: rows are claimed by a conditional update."""

import logging
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from dialogue import holding
from dialogue.channels import Channel, NotSent, by_line
from dialogue.channels.by_line import LineChannel
from dialogue.channels.by_mail import MailChannel, composed
from dialogue.core.pace import domain_of, rates_from
from dialogue.holding import in_our_hands, settle
from dialogue.message_kinds import MessageKind, kinds
from dialogue.models import ContactChoice, OutboundMessage, Person
from dialogue.querysets import TOO_LATE
from dialogue.services.pace import took_a_place
from dialogue.services.reaching import forget_line, note_failing_address

__all__ = ["composed", "deliver_due", "settle_lapsed_leases"]

log = logging.getLogger(__name__)

Status = OutboundMessage.Status
Way = ContactChoice.Channel
BACKOFF = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3)]
MOST_ATTEMPTS = 12
FEWEST, AT_FIRST, MOST = 4, 16, 128
"""Rows that a sender takes together: while they leave slowly, at first, and while they leave quickly."""

LONG_SECONDS = 0.5
"""A batch that takes longer is too large: what a killed sender held waits for its lease to lapse."""

FRESH_SECONDS = 1.0
"""After that, what was read of a subject is read again before its message leaves."""

SURE_AFTER = 3
"""A mailbox counts as missing when the server has said so in three tries."""

STOPPED = "sender stopped"
NOT_WISHED = "not wished"
ADDRESS_FAILS = "address fails"


def deliver_due(*, now: datetime, limit: int = 500) -> int:
    """Send the messages that are due, oldest first, and return how many went out.

    Each message is re-checked against its subject after it was claimed, within a second of its sending. One that
    fails is tried again later and never holds up the next; a domain that had its share of this minute waits, and the
    others go on. While the mail server cannot be reached, all stay as they are. A crash between sending and noting
    leaves a lease; when it lapses, repeatable kinds are queued again (same Message-ID) and the others are listed as
    uncertain.
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
        # Leases count from `now`: a slow server must not stretch the round until the rows it holds have lapsed.
        self.stop_by = self.began + settings.OUTBOX_LEASE_SECONDS / 2
        self.ways: dict[str, Channel] = {Way.MAIL: MailChannel(), Way.LINE: LineChannel()}
        self.rates = rates_from(settings.OUTBOX_DOMAIN_RATES)
        self.full: set[str] = set()
        """Domains that had their share of this minute."""

        self.sent = 0
        self.size = AT_FIRST
        self.looked_at = self.noted_at = 0.0
        self.unnoted: list[OutboundMessage] = []
        """What has left and is not noted yet."""

    def deliver(self, limit: int) -> int:
        try:
            for group in self._groups(limit):
                if time.monotonic() > self.stop_by:
                    break
                self.ways[Way.MAIL].open()  # before the claim: an outage is no fault of a message
                self._send_all(self._look(holding.claim(group, self.now)))
        except OSError as error:
            log.warning("mail server unreachable (%s), messages wait for it", type(error).__name__)
        finally:
            for way in self.ways.values():
                way.close()
        return self.sent

    def _groups(self, limit: int) -> Iterator[list[int]]:
        """Yield what is taken together. When a domain is full, look again: others may stand behind its crowd."""
        while True:
            full_before = len(self.full)
            yield from self._in_order(limit)
            if len(self.full) == full_before:
                return

    def _in_order(self, limit: int) -> Iterator[list[int]]:
        """Yield what is due, each row once. Whoever else sends meanwhile has what stands before and behind."""
        behind = Q()
        while limit > 0:
            due = OutboundMessage.objects.due(self.now).not_to(self.full).filter(behind)
            found = list(due.values_list("pk", "kind", "recipient__email", "due_at")[: min(self.size, limit)])
            if not found:
                return
            limit -= len(found)
            last, *_, due_at = found[-1]
            behind = Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=last)
            yield from self._grouped((pk, kind) for pk, kind, to, _ in found if self._has_room(domain_of(to)))

    def _grouped(self, due: Iterable[tuple[int, str]]) -> Iterator[list[int]]:
        """Yield together what may be repeated, and alone what may not: a sender that dies leaves one in doubt."""
        group: list[int] = []
        for pk, name in due:
            kind = kinds().get(name)
            alone = kind is not None and not kind.repeatable
            if group and (alone or len(group) >= self.size):
                yield group
                group = []
            group.append(pk)
            if alone:
                yield group
                group = []
        if group:
            yield group

    def _look(self, pks: Sequence[int]) -> list[OutboundMessage]:
        """Return rows that we hold, oldest first, with what their kinds have to know of them at this moment."""
        self.looked_at = time.monotonic()
        if not pks:
            return []
        held = OutboundMessage.objects.under_way().filter(pk__in=pks).order_by("due_at", "pk")
        rows = list(
            held.select_related("recipient__contact_choice", "recipient__line_link", "recipient__failing_address")
        )
        kept: dict[Any, Any] = {}
        by_kind: defaultdict[str, list[OutboundMessage]] = defaultdict(list)
        for row in rows:
            row.kept = kept
            by_kind[row.kind].append(row)
        for name, some in by_kind.items():
            kind = kinds().get(name)
            if kind is not None and kind.gather is not None:
                try:
                    kind.gather(some, self.now)
                except (LookupError, ValueError):  # one that cannot be read: each is read by itself, and it alone fails
                    log.exception("messages of kind %s could not be read together", name)
        return rows

    def _send_all(self, rows: Sequence[OutboundMessage]) -> None:
        began, waiting = time.monotonic(), deque(rows)
        try:
            while waiting and time.monotonic() <= self.stop_by:
                if time.monotonic() - self.looked_at > FRESH_SECONDS:
                    waiting = self._looked_again(waiting)
                    continue
                self.ways[Way.MAIL].open()
                self._send_claimed(waiting.popleft())
        finally:
            self._note()
            holding.give_back(waiting)
        took = time.monotonic() - began
        if took > LONG_SECONDS:
            self.size = max(FEWEST, self.size // 2)
        elif took < LONG_SECONDS / 2:
            self.size = min(MOST, self.size * 2)

    def _looked_again(self, waiting: Iterable[OutboundMessage]) -> deque[OutboundMessage]:
        taken = {row.pk: row.attempts for row in waiting}
        return deque(row for row in self._look(list(taken)) if row.attempts == taken[row.pk])

    def _note(self) -> None:
        if self.unnoted:
            left, self.unnoted = self.unnoted, []
            holding.note_sent(left, self.now)
        self.noted_at = time.monotonic()

    def _has_left(self, row: OutboundMessage, kind: MessageKind) -> None:
        """Count it and note it, together with what left just before."""
        self.sent += 1
        self.unnoted.append(row)
        if not kind.repeatable or time.monotonic() - self.noted_at > settings.OUTBOX_NOTE_SECONDS:
            self._note()

    def _has_room(self, domain: str) -> bool:
        is_open = domain in self.rates and domain not in self.full
        if is_open and not took_a_place(domain=domain, a_minute=self.rates[domain], now=self.now):
            self.full.add(domain)
        return domain not in self.full

    def _send_claimed(self, row: OutboundMessage) -> None:
        kind = kinds().get(row.kind)
        if kind is None:
            return settle(row, status=Status.DEAD, trouble="unknown kind")
        # By the time that has passed, too: the last message of a long round must not come after its moment.
        if row.expires_at and row.expires_at <= self.now + timedelta(seconds=time.monotonic() - self.began):
            return settle(row, status=Status.VOID, trouble=TOO_LATE)
        try:
            if not kind.still_wanted(row, self.now):
                return settle(row, status=Status.VOID)
            if not is_wished(row.recipient, kind):
                return settle(row, status=Status.VOID, trouble=NOT_WISHED)
            return self._send_by(way_of(row, kind), row, kind)
        except Exception as error:
            log.exception("message %s of kind %s could not be made", row.pk, row.kind)
            return _try_later(row, self.now, trouble=type(error).__name__)

    def _send_by(self, way: Way, row: OutboundMessage, kind: MessageKind) -> None:
        tried_on_line = row.channel == Way.LINE
        if way == Way.MAIL and tried_on_line and not kind.repeatable:
            return settle(row, status=Status.UNCERTAIN, trouble=STOPPED)  # it may be there: not by mail as well
        if way == Way.MAIL and hasattr(row.recipient, "failing_address"):
            return settle(row, status=Status.HELD, trouble=ADDRESS_FAILS)
        if row.channel != way:
            # Noted before it leaves: a killed sender must not be followed by one that goes elsewhere.
            in_our_hands([row]).update(channel=way)
        try:
            self.ways[way].send(row, kind, self.now)
        except NotSent as failed:
            if failed.by_mail:
                if failed.blocked:
                    forget_line(person_id=row.recipient_id)
                if not tried_on_line:
                    in_our_hands([row]).update(channel=Way.MAIL)  # nothing was pushed
                return self._send_by(Way.MAIL, row, kind)
            return _after_failure(row, kind, failed, self.now, repeats_safely=self.ways[way].repeats_safely)
        return self._has_left(row, kind)


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


def _after_failure(
    row: OutboundMessage, kind: MessageKind, failed: NotSent, now: datetime, *, repeats_safely: bool
) -> None:
    if failed.may_have_arrived and not kind.repeatable and not repeats_safely:
        return settle(row, status=Status.UNCERTAIN, trouble=failed.trouble)
    if failed.address_fails and row.attempts >= SURE_AFTER:
        note_failing_address(person_id=row.recipient_id, code="5.1.1", now=now)
        return settle(row, status=Status.HELD, trouble=ADDRESS_FAILS)
    return _try_later(row, now, trouble=failed.trouble)


def _try_later(row: OutboundMessage, now: datetime, *, trouble: str) -> None:
    if row.attempts >= MOST_ATTEMPTS:
        return settle(row, status=Status.DEAD, trouble=trouble)
    wait = BACKOFF[min(row.attempts, len(BACKOFF)) - 1] * settings.OUTBOX_BACKOFF_SCALE
    return settle(row, status=Status.QUEUED, due_at=now + wait, trouble=trouble)

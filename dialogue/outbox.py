"""Queue messages. A row is written with the change that it tells of; sending is the delivery's business."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db.models import QuerySet

from dialogue.message_kinds import kinds
from dialogue.models import OutboundMessage
from dialogue.wake import wake

DELIVER_TASK = "dialogue.deliver_due_messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message to be: to whom, about what, due when. `dedupe_key` says what makes it the same message.

    With `again`, one that was taken back before it went out is queued anew: a session that is moved away and back
    still has its reminders. What was sent, or may have been, stays sent.
    """

    kind: str
    recipient_id: int
    subject_key: str
    dedupe_key: str
    due_at: datetime
    subject_version: int = 0
    expires_at: datetime | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    again: bool = False


def queue_messages(drafts: Iterable[Draft], *, now: datetime, not_before: datetime | None = None) -> int:
    """Queue each draft whose dedupe key is new, and wake the delivery after the commit. Returns how many were given.

    A repeated draft changes and sends nothing. With `not_before` none is due before that moment.

    Raises:
        KeyError: a kind that nobody registered.
    """
    drafts = list(drafts)
    if not_before is not None:
        drafts = [replace(draft, due_at=max(draft.due_at, not_before)) for draft in drafts]
    rows = [
        OutboundMessage(
            kind=kinds()[draft.kind].name,
            recipient_id=draft.recipient_id,
            subject_key=draft.subject_key,
            subject_version=draft.subject_version,
            context=dict(draft.context),
            dedupe_key=draft.dedupe_key,
            due_at=draft.due_at,
            expires_at=draft.expires_at,
            message_id=message_id_for(draft.dedupe_key),
            created_at=now,
        )
        for draft in drafts
    ]
    OutboundMessage.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    _queue_again([draft for draft in drafts if draft.again])
    if any(row.due_at <= now for row in rows):
        wake(DELIVER_TASK)
    return len(rows)


def _queue_again(drafts: Iterable[Draft]) -> None:
    by_key = {draft.dedupe_key: draft for draft in drafts}
    taken_back = list(OutboundMessage.objects.filter(dedupe_key__in=list(by_key), status=OutboundMessage.Status.VOID))
    for row in taken_back:
        draft = by_key[row.dedupe_key]
        row.status, row.attempts, row.trouble = OutboundMessage.Status.QUEUED, 0, ""
        row.subject_version, row.due_at, row.expires_at = draft.subject_version, draft.due_at, draft.expires_at
        row.context = dict(draft.context)
    changed = ["status", "attempts", "trouble", "subject_version", "due_at", "expires_at", "context"]
    OutboundMessage.objects.bulk_update(taken_back, changed, batch_size=200)


def void_messages(*, subject_key: str, kinds_to_void: Iterable[str], before_version: int | None = None) -> int:
    """Take back what is queued about a subject and has not been sent: after a cancel, or said of an older version."""
    rows = OutboundMessage.objects.filter(
        subject_key=subject_key, kind__in=list(kinds_to_void), status=OutboundMessage.Status.QUEUED
    )
    if before_version is not None:
        rows = rows.filter(subject_version__lt=before_version)
    return rows.update(status=OutboundMessage.Status.VOID)


class AlreadyLeaving(Exception):
    """A message has left, is being sent, or was tried."""


def withdraw_messages(rows: QuerySet[OutboundMessage]) -> int:
    """Delete messages as though they had never been queued, all of them or none, and return how many there were.

    Their rows are locked first: a sender that wants one of them waits, and then finds nothing to claim.

    Raises:
        AlreadyLeaving: one of them was taken up.
    """
    found = list(rows.select_for_update().order_by("pk").values_list("status", "attempts"))
    at_rest = {(OutboundMessage.Status.QUEUED, 0), (OutboundMessage.Status.VOID, 0)}
    if not at_rest >= set(found):
        raise AlreadyLeaving
    rows.delete()
    return len(found)


def hold_messages(*, made_at: datetime, until: datetime) -> int:
    """Let what was queued at one moment leave no earlier than `until`. What would be of no use then leaves at once."""
    rows = OutboundMessage.objects.filter(
        created_at=made_at, status=OutboundMessage.Status.QUEUED, due_at__lt=until
    ).exclude(expires_at__lte=until)
    return rows.update(due_at=until)


def unsay_messages(*, made_at: datetime) -> bool:
    """Withdraw what was queued at one moment; its dedupe keys are free again. Returns whether none of it was taken up.

    Call it in the transaction that takes back what the messages tell of, and roll that back where one has left.
    """
    try:
        withdraw_messages(OutboundMessage.objects.filter(created_at=made_at))
    except AlreadyLeaving:
        return False
    return True


def message_id_for(dedupe_key: str) -> str:
    """Return the Message-ID that a message keeps however often it is tried (UUIDv5 of its dedupe key)."""
    return f"<{uuid5(NAMESPACE_URL, dedupe_key)}@{_host_of(settings.BASE_URL)}>"


@lru_cache(maxsize=4)
def _host_of(url: str) -> str | None:
    return urlsplit(url).hostname

"""Take rows of the outbox, and note what became of them. Each step is a conditional update, whoever else is at it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.sql import UpdateQuery

from dialogue.models import OutboundMessage

Status = OutboundMessage.Status
_NOTE_SENT: Final = (
    "UPDATE dialogue_outboundmessage SET status = %s, sent_at = %s, leased_until = NULL "
    "WHERE status = %s AND (id, attempts) IN (VALUES "
)


def claim(pks: Sequence[int], now: datetime) -> list[int]:
    """Take these rows and return those that are ours now.

    A row that somebody else has, or that is not queued any more, is left out; and one of a subject of which the same
    person is just being told: a cancel overtakes nothing. Whoever takes messages back locks them in the order of their
    keys; so they are locked in that order here, and those that are locked already are left to them.
    """
    before_it = OutboundMessage.objects.under_way().filter(
        subject_key=OuterRef("subject_key"), recipient=OuterRef("recipient")
    )
    rows = OutboundMessage.objects.filter(~Exists(before_it), pk__in=pks, status=Status.QUEUED, due_at__lte=now)
    lease = now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    with transaction.atomic():
        free = list(rows.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True))
        if not free:
            return []
        return _updated(rows.filter(pk__in=free), status=Status.SENDING, leased_until=lease, attempts=F("attempts") + 1)


def _updated(rows: QuerySet[OutboundMessage], **values: object) -> list[int]:
    """Update the rows and return the primary keys of those that it changed, which Django's own update cannot tell."""
    query = rows.query.chain(UpdateQuery)
    query.add_update_values(values)
    sql, params = query.get_compiler(connection=connection).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING {connection.ops.quote_name('id')}", params)
        return [pk for (pk,) in cursor.fetchall()]


def in_our_hands(rows: Iterable[OutboundMessage]) -> QuerySet[OutboundMessage]:
    """Return those of the rows that this process still holds: a lease that lapsed meanwhile has the last word."""
    by_attempt = defaultdict(list)
    for row in rows:
        by_attempt[row.attempts].append(row.pk)
    ours = Q(pk__in=[])
    for attempts, pks in by_attempt.items():
        ours |= Q(attempts=attempts, pk__in=pks)
    return OutboundMessage.objects.under_way().filter(ours)


def settle(row: OutboundMessage, **values: object) -> None:
    """Note what became of a row."""
    in_our_hands([row]).update(leased_until=None, **values)


def note_sent(rows: Sequence[OutboundMessage], now: datetime) -> None:
    """Note that these have left. Asked after nearly each mail, so its statement is not put together anew each time."""
    places = ", ".join(["(%s, %s)"] * len(rows))
    values = [Status.SENT, connection.ops.adapt_datetimefield_value(now), Status.SENDING]
    with connection.cursor() as cursor:
        cursor.execute(f"{_NOTE_SENT}{places})", [*values, *chain(*((row.pk, row.attempts) for row in rows))])


def give_back(rows: Sequence[OutboundMessage]) -> None:
    """Put rows that were taken and never tried where they had been. It was no attempt."""
    if rows:
        in_our_hands(rows).update(leased_until=None, status=Status.QUEUED, attempts=F("attempts") - 1)

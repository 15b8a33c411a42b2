"""Send again what was given up, and nothing twice after a backup was restored."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from dialogue.message_kinds import kinds
from dialogue.models import OutboundMessage, Person
from dialogue.outbox import DELIVER_TASK
from dialogue.services import audit
from dialogue.wake import wake

Status = OutboundMessage.Status
RESTORED = "restored"
SKIPPED: Final = 1000


def may_send_again(row: OutboundMessage, *, now: datetime) -> bool:
    """Whether a message can be sent again without anybody getting it twice: it was refused, and it is still of use."""
    return row.status == Status.DEAD and (row.expires_at is None or row.expires_at > now)


@transaction.atomic
def send_again(*, message_id: int, actor: Person | None, now: datetime) -> bool:
    """Queue a message that was given up, and return whether this call did. Asked twice, it is queued once.

    One whose sending is uncertain stays where it is: it may have arrived.
    """
    row = OutboundMessage.objects.get(pk=message_id)
    if not may_send_again(row, now=now):
        return False
    given_up = OutboundMessage.objects.filter(pk=row.pk, status=Status.DEAD)
    if not given_up.update(status=Status.QUEUED, due_at=now, attempts=0, trouble=""):
        return False
    audit.record(actor=actor, action="message_sent_again", subject_key=f"message:{row.pk}", now=now)
    wake(DELIVER_TASK)
    return True


def skip_numbers() -> None:
    """Leave out the next thousand numbers of every table: they may have been given since the backup was made.

    A link that somebody was sent then must lead nowhere, not to what takes its number now; and a message that says
    something new must not come under the name of one that has arrived.
    """
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            for numbers in connection.introspection.get_sequences(cursor, table):
                if connection.vendor == "postgresql":
                    name = connection.ops.quote_name(numbers["name"])
                    cursor.execute("SELECT setval(%s, nextval(%s) + %s)", [name, name, SKIPPED])
                else:
                    cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [SKIPPED, table])


@transaction.atomic
def settle_restored(*, now: datetime) -> tuple[int, int]:
    """List as uncertain what may have been sent since a backup was made and must not be sent twice.

    Returns how many those are, and how many repeatable messages are due. Repeated, it changes nothing more.
    """
    repeatable = [kind.name for kind in kinds().values() if kind.repeatable]
    open_then = OutboundMessage.objects.filter(status__in=[Status.QUEUED, Status.SENDING, Status.HELD], due_at__lte=now)
    uncertain = open_then.exclude(kind__in=repeatable).update(
        status=Status.UNCERTAIN, leased_until=None, trouble=RESTORED
    )
    open_then.filter(status=Status.SENDING).update(status=Status.QUEUED, leased_until=None)
    return uncertain, open_then.filter(status=Status.QUEUED).count()

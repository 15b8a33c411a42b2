"""Send again what was given up."""

from datetime import datetime

from django.db import transaction

from dialogue.models import OutboundMessage, Person
from dialogue.outbox import DELIVER_TASK
from dialogue.services import audit
from dialogue.wake import wake

Status = OutboundMessage.Status


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

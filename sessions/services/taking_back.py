"""Take a repair back so that nobody hears of it: neither of what it did nor of its going."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from dialogue.models import OutboundMessage, Person
from matching.models import Repair
from matching.services.taking_back import take_back
from sessions.copies import CARRIES_A_REQUEST
from sessions.last_heard import LEFT

UNSAID = ("session_cancelled", "cohort_formed")
"""What the way back would say to those who never heard that they came, and to those who never heard that they went."""


@transaction.atomic
def take_repair_back(*, repair_id: int, now: datetime, actor: Person | None = None) -> Repair:
    """Take a repair back with its memberships, hours and dates, and send nothing of what everybody knows already.

    Somebody whose invitation had not left when the repair was made is invited now.

    Raises:
        RepairRefused: as in `take_back`.
    """
    repair = take_back(repair_id=repair_id, now=now, actor=actor)
    has_it = OutboundMessage.objects.filter(
        subject_key=OuterRef("subject_key"),
        recipient=OuterRef("recipient"),
        kind__in=CARRIES_A_REQUEST,
        status__in=LEFT,
    )
    said = OutboundMessage.objects.filter(
        created_at=now, due_at__lte=now, status=OutboundMessage.Status.QUEUED, recipient__in=_people_of(repair)
    )
    said.filter(kind__in=UNSAID).delete()
    said.filter(Exists(has_it)).delete()
    return repair


def _people_of(repair: Repair) -> set[int]:
    """Return everybody in the cohorts of a repair and whoever leads them, by primary key."""
    rows = [*repair.before, *repair.after]
    participations = {pk for *_, people in rows for pk in people}
    members = Person.objects.filter(participations__in=participations).values_list("pk", flat=True)
    leaders = Person.objects.filter(facilitations__in={row[1] for row in rows}).values_list("pk", flat=True)
    return {*members, *leaders}

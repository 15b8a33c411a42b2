"""Which messages a sign-up puts into the outbox."""

from datetime import datetime

from dialogue.models import Participation
from dialogue.outbox import Draft, queue_messages


def subject_of(participation: Participation) -> str:
    return f"participation:{participation.pk}"


def tell_received(*, participation: Participation, now: datetime) -> None:
    """Tell somebody that their sign-up has arrived. Told twice, they get one mail."""
    draft = Draft(
        kind="application_received",
        recipient_id=participation.person_id,
        subject_key=subject_of(participation),
        dedupe_key=f"application-received:{participation.pk}",
        due_at=now,
    )
    queue_messages([draft], now=now)

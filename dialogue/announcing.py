"""Which messages a sign-up puts into the outbox."""

from datetime import datetime
from typing import Final

from dialogue.core.reception import Move
from dialogue.models import Participation
from dialogue.outbox import Draft, queue_messages

DECISION_LETTERS: Final = {
    Move.ACCEPT: "application_accepted",
    Move.ASK_BACK: "application_asked_back",
    Move.HOLD: "application_held",
    Move.DECLINE: "application_declined",
    Move.HAND_ON: "application_handed_on",
    Move.POINT_ON: "application_pointed_on",
    Move.REOPEN: "application_reopened",
}
"""The letter that tells of each decision."""


def subject_of(participation: Participation) -> str:
    return f"participation:{participation.pk}"


def tell_received(*, participation: Participation, now: datetime) -> None:
    """Tell somebody that their sign-up has arrived. Told twice of one sign-up, they get one mail."""
    draft = Draft(
        kind="application_received",
        recipient_id=participation.person_id,
        subject_key=subject_of(participation),
        dedupe_key=f"application-received:{participation.pk}:{participation.created_at.timestamp():.0f}",
        due_at=now,
    )
    queue_messages([draft], now=now)


def tell_guardian_refused(*, participation: Participation, now: datetime) -> None:
    """Tell somebody whose guardian did not agree that the sign-up is closed, and what stays open. Once each time."""
    draft = Draft(
        kind="application_without_guardian",
        recipient_id=participation.person_id,
        subject_key=subject_of(participation),
        dedupe_key=f"application-without-guardian:{participation.pk}:{now:%Y%m%dT%H%M%S}",
        due_at=now,
    )
    queue_messages([draft], now=now)

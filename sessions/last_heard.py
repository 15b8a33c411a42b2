"""What somebody last heard of a session before it changes again, where mails of earlier changes have not left yet."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Generic, TypeVar

from dialogue.models import OutboundMessage
from sessions.copies import CARRIES_A_REQUEST, subject_of
from sessions.models import DialogueSession, Gathering
from sessions.video import video_of

Status = OutboundMessage.Status
T = TypeVar("T")
LEFT: Final = (Status.SENDING, Status.SENT, Status.UNCERTAIN)
"""What was only tried, and taken back before another try, is said anew: once too often, never once too few."""


@dataclass(frozen=True, slots=True)
class Heard(Generic[T]):
    """What a person heard last. `surely_last` says that no mail that was tried may have told them something newer."""

    what: T
    surely_last: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a session is held, as a message may keep it: `link` tells one link from another and opens none."""

    place: str
    is_online: bool
    link: str


def place_of(session: DialogueSession) -> Place:
    """Return where a session is held now. Reads its term, and its host where it is held together."""
    return Place(session.place, bool(video_of(session)), _mark_of(session.room_url))


def gathering_place(gathering: Gathering) -> Place:
    """Return where a gathering is held."""
    return Place(gathering.place, bool(gathering.room_url), _mark_of(gathering.room_url))


def _mark_of(room_url: str) -> str:
    return sha256(room_url.encode()).hexdigest()[:16] if room_url else ""


def starts_heard(session: DialogueSession) -> dict[int, datetime]:
    """Return by person the start that they know, where the mail of an earlier move has not been tried."""
    rows = OutboundMessage.objects.filter(
        subject_key=subject_of(session), kind="session_moved", status=Status.QUEUED, attempts=0
    )
    told = rows.order_by("-pk").values_list("recipient", "context")
    return {person: datetime.fromisoformat(context["previous_start"]) for person, context in told}


def gatherings_heard(gathering: Gathering) -> dict[int, dict[str, Any]]:
    """Return by person what the mail of an earlier change says was before, where that mail has not been tried."""
    rows = OutboundMessage.objects.filter(
        subject_key=f"gathering:{gathering.pk}", kind="gathering_changed", status=Status.QUEUED, attempts=0
    )
    return dict(rows.order_by("-pk").values_list("recipient", "context"))


def facilitators_heard(session: DialogueSession) -> dict[int, Heard[int]]:
    """Return by person whom they know to lead a session, for those whose last mails of a change have not left."""
    told = OutboundMessage.objects.filter(subject_key=subject_of(session), kind="facilitator_changed")
    heard: dict[int, Heard[int]] = {}
    for person, status, attempts, context in told.order_by("pk").values_list(
        "recipient", "status", "attempts", "context"
    ):
        if status in LEFT:
            heard.pop(person, None)
        elif "former" in context:
            heard[person] = _still(heard.get(person), context["former"], attempts)
    return heard


def places_heard(sessions: Collection[DialogueSession], people: Iterable[int]) -> dict[tuple[int, int], Heard[Place]]:
    """Return by person and session of one cohort where they know it to be, as above. Two queries."""
    cohorts = {session.cohort_id for session in sessions}
    keys = [subject_of(one) for one in DialogueSession.objects.filter(cohort__in=cohorts).only("pk")]
    rows = OutboundMessage.objects.filter(recipient__in=list(people), subject_key__in=keys, kind__in=CARRIES_A_REQUEST)
    heard: dict[tuple[int, int], Heard[Place]] = {}
    for row in sorted(rows, key=_moment):
        before = row.context.get("before", []) if row.kind == "place_changed" else []
        if row.status in LEFT:  # it said where the session was when it left
            for pk in (int(row.subject_key.split(":")[1]), *(pk for pk, *_place in before)):
                heard.pop((row.recipient_id, pk), None)
        else:
            for pk, *place in before:
                mine = (row.recipient_id, pk)
                heard[mine] = _still(heard.get(mine), Place(*place), row.attempts)
    return heard


def _moment(row: OutboundMessage) -> tuple[datetime, int]:
    return row.sent_at or row.created_at, row.pk


def _still(known: Heard[Any] | None, before: Any, attempts: int) -> Heard[Any]:
    """Return what stays the last thing heard, past one more mail that has not left."""
    if known is None:
        return Heard(before, attempts == 0)
    return Heard(known.what, known.surely_last and attempts == 0)

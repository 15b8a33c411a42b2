"""Where sessions are held: a video link, a place, or both, for one session or several."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from dialogue.models import OutboundMessage, Person
from dialogue.services import audit
from sessions.announcing import ABOUT_A_SESSION, subject_of
from sessions.circle import sessions_by_person
from sessions.core.lifecycle import IllegalMove
from sessions.core.slots import quarters
from sessions.last_heard import place_of
from sessions.models import BusyTime, DialogueSession
from sessions.series_announcing import announce_place_changed
from sessions.services.booking import TimeTaken
from sessions.services.changing import ChangedMeanwhile, raise_sequence
from sessions.services.changing_series import _locked_sessions
from sessions.services.feeds import mark_feeds_stale

Status = DialogueSession.Status


def change_place(
    *,
    cohort_id: int,
    seen: Mapping[int, int],
    place: str,
    room_url: str,
    now: datetime,
    actor: Person | None = None,
) -> list[DialogueSession]:
    """Hold these sessions at another place or behind another link. Returns those that changed.

    SEQUENCE rises and answers stay: the time is the same. Who has such a session in their calendar is told once with
    all of them; what is queued about it goes out as it was, with the new place. Changing nothing sends nothing.

    Raises:
        ChangedMeanwhile: a session has another sequence than was seen, or is of another cohort.
        IllegalMove: one of them is over or cancelled.
        TimeTaken: the link is in use at one of these times.
    """
    try:
        with transaction.atomic():
            sessions = _locked_sessions(cohort_id, list(seen))
            if len(sessions) != len(seen) or any(seen[one.pk] != one.sequence for one in sessions):
                raise ChangedMeanwhile
            if any(one.status != Status.CONFIRMED or one.ends_at <= now for one in sessions):
                raise IllegalMove("A session that is over has had its place.")
            changing = [one for one in sessions if (one.place, one.room_url) != (place, room_url)]
            if not changing:
                return []
            before = {one.pk: place_of(one) for one in changing}
            for one in changing:
                one.place, one.room_url = place, room_url
                raise_sequence(one, now, "place", "room_url")
            _take_link_anew(changing, room_url)
            for one in changing:
                # What waits to be sent is still right: its text is made when it goes.
                OutboundMessage.objects.filter(
                    subject_key=subject_of(one), kind__in=ABOUT_A_SESSION, status=OutboundMessage.Status.QUEUED
                ).update(subject_version=one.sequence)
            announce_place_changed(sessions=changing, before=before, now=now)
            mark_feeds_stale(sessions_by_person(changing))
            audit.record(
                actor=actor,
                action="place_changed",
                subject_key=f"cohort:{cohort_id}",
                now=now,
                detail={"sessions": len(changing)},
            )
            return changing
    except IntegrityError as error:
        raise TimeTaken from error


def _take_link_anew(sessions: Sequence[DialogueSession], room_url: str) -> None:
    BusyTime.objects.filter(session__in=sessions).exclude(room="").delete()
    if room_url:
        rows = [
            BusyTime(session=one, room=room_url, quarter=quarter)
            for one in sessions
            for quarter in quarters(one.starts_at, one.ends_at)
        ]
        rows.sort(key=lambda row: row.quarter)
        BusyTime.objects.bulk_create(rows)

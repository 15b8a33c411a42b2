"""What the demo's story stands on: its programme, how terms are opened and published, how mail goes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from config.demo.models import SentMail
from config.demo.rosters import facilitator_rows, participant_rows
from dialogue.core.named_slots import OfferedSlot
from dialogue.delivery import deliver_due
from dialogue.message_kinds import kinds
from dialogue.models import Cohort, OutboundMessage, Person, Programme, Term
from dialogue.services.roster import import_facilitators, import_participants
from dialogue.services.roster_rows import ConsentStatement
from dialogue.services.terms import create_term
from dialogue.video import works
from matching.models import MatchRun
from matching.services.publish import publish_run
from matching.services.runs import run_queued, start_run
from sessions.models import DialogueSession
from sessions.services.booking import book_queued_series

CADENCES = {1: Term.Cadence.WEEKLY, 2: Term.Cadence.FORTNIGHTLY}
ROOMS = [f"https://meet.example.org/hotabi-{number}" for number in (1, 2, 3)]
ANSWERED_AHEAD = timedelta(hours=60)
RECORDED_AFTER = timedelta(minutes=40)
SOON = timedelta(minutes=10)
REMEMBERED = timedelta(days=5)
AOI, TAKESHI, FUMI = "aoi@example.org", "takeshi@example.org", "fumi@example.org"


@dataclass(frozen=True, slots=True)
class Stage:
    """The programme and its people, as the story needs them."""

    programme: Programme
    coordinator: Person
    cast: Mapping[str, Any]
    now: datetime


def term_with_people(
    stage: Stage,
    told: Mapping[str, Any],
    *,
    at: datetime,
    starts_on: date,
    closed_sets: Sequence[str] = (),
    slots: Sequence[OfferedSlot] = (),
) -> Term:
    term = create_term(
        programme=stage.programme,
        values={
            "name": told["name"],
            "starts_on": starts_on,
            "cadence": CADENCES[told["every_weeks"]],
            "session_count": told["how_many_sessions"],
            "session_minutes": told["minutes"],
            "closed_sets": list(closed_sets),
            "video": Term.Video.OWN if works(Term.Video.OWN) else Term.Video.LINK,
            "room_urls": ROOMS,
            "room_notes": {room: {"name": f"会議室{number}"} for number, room in enumerate(ROOMS, start=1)},
            "contact": "03-0000-0000（事務局 ちか）",
        },
        slots=slots,
        now=at,
        actor=stage.coordinator,
    )
    import_people(stage, term, told["people"], at=at)
    leading = [one for one in stage.cast["facilitators"] if one["email"] in told["facilitators"]]
    import_facilitators(term=term, rows=facilitator_rows(leading), now=at, actor=stage.coordinator)
    return term


def import_people(stage: Stage, term: Term, people: Sequence[Mapping[str, Any]], *, at: datetime) -> None:
    host = stage.cast["organisation"]["name"]
    consent = ConsentStatement(collected_by=host, given_on=at.date(), text_version="take-part-v1")
    rows = participant_rows(people, today=at.date())
    import_participants(term=term, rows=rows, consent=consent, now=at, actor=stage.coordinator)


def publish(stage: Stage, term: Term, *, at: datetime) -> None:
    run = start_run(term=term, seed=1, now=at, actor=stage.coordinator)
    run_queued(now=at)
    publish_run(run_id=run.pk, now=at, actor=stage.coordinator)
    book_queued_series(now=at)
    if not MatchRun.objects.filter(pk=run.pk, status=MatchRun.Status.PUBLISHED).exists():
        raise RuntimeError(f"the demo's {term} could not be published")


def deliver_until(stage: Stage, moment: datetime) -> None:
    """Send what comes due until a moment, each mail at its own time.

    Nobody reads a reminder of last week either, and each of those leaves alone: half of what was sent here.
    """
    reminders = [kind.name for kind in kinds().values() if kind.reminder]
    long_gone = OutboundMessage.objects.filter(kind__in=reminders, due_at__lt=min(moment, stage.now - REMEMBERED))
    long_gone.filter(status=OutboundMessage.Status.QUEUED).update(status=OutboundMessage.Status.VOID)
    while True:
        queued = OutboundMessage.objects.filter(status=OutboundMessage.Status.QUEUED, due_at__lte=moment)
        due = queued.order_by("due_at").values_list("due_at", flat=True).first()
        if due is None:
            return
        latest = SentMail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        deliver_due(now=due, limit=10_000)
        SentMail.objects.filter(pk__gt=latest).update(at=due)


def nearest(cohort: Cohort, moment: datetime, *, after: datetime) -> DialogueSession:
    coming = cohort.sessions.filter(starts_at__gt=after, status=DialogueSession.Status.CONFIRMED)
    return min(coming, key=lambda session: abs(session.starts_at - moment))


def in_the_evening(moment: datetime) -> datetime:
    """Return seven o'clock in Tokyo on the day of the moment."""
    return moment.astimezone(ZoneInfo("Asia/Tokyo")).replace(hour=19, minute=0, second=0, microsecond=0)


def in_whole_minutes(moment: datetime, *, to: int = 5) -> datetime:
    """Return the moment on the next multiple of `to` minutes, by the clock in Tokyo."""
    local = moment.astimezone(ZoneInfo("Asia/Tokyo")).replace(second=0, microsecond=0)
    return local + timedelta(minutes=-local.minute % to)

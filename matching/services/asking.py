"""Ask one person whether the time that would place somebody would do, and keep the answer."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from dialogue.availability import LATEST_END_UNDER_18
from dialogue.core.week import WeeklyWindow, merged
from dialogue.models import Facilitation, Participation, Person
from dialogue.outbox import Draft, queue_messages
from dialogue.services import audit
from dialogue.services.answers import HasEnded, add_times
from matching.engine.changes import ChangeKind
from matching.explanation_words import asked_starts, hours_of
from matching.inputs import SLOT_MINUTES, window_of_slot
from matching.models import MatchRun, TimeAsk, Unplaced

ASKABLE = frozenset({ChangeKind.MORE_TIME.value, ChangeKind.FACILITATOR_TIME.value})
"""The changes that one person can make by saying that they could come."""

Answer = TimeAsk.Answer


class NothingToAsk(Exception):
    """No time of one person would place them (any more), or it would end too late for somebody under 18."""


class NotAskedAnyMore(Exception):
    """The question was answered, or there is no use in it any more."""


@transaction.atomic
def ask_for_time(*, run_id: int, participation_id: int, now: datetime, actor: Person | None = None) -> TimeAsk:
    """Ask the person whose time would place somebody who waits, by one mail that leads to a page with the question.

    While a question about the same person is open, asking again changes and sends nothing.

    Raises:
        NothingToAsk: there is no such time in what the run found.
    """
    run = MatchRun.objects.select_for_update().get(pk=run_id)
    waiting = Unplaced.objects.filter(run=run, participation=participation_id).select_related("participation").first()
    if waiting is None or not may_be_asked(waiting):
        raise NothingToAsk
    open_one = TimeAsk.objects.filter(participation=participation_id, answer=Answer.NONE).first()
    if open_one is not None:
        return open_one
    change = waiting.change
    leads = change["who"] if change["kind"] == ChangeKind.FACILITATOR_TIME else None
    ask = TimeAsk.objects.create(
        participation_id=participation_id,
        facilitation_id=leads,
        run=run,
        start=change["start"],
        slots=change["slots"],
        windows=asked_starts(change),
        asked_by=actor,
        asked_at=now,
    )
    draft = Draft(
        kind="time_asked",
        recipient_id=ask.asked_person.pk,
        subject_key=f"participation:{participation_id}",
        dedupe_key=f"time-asked:{ask.pk}",
        due_at=now,
        context={"ask": ask.pk},
    )
    queue_messages([draft], now=now)
    audit.record(actor=actor, action="time_asked", subject_key=f"participation:{participation_id}", now=now)
    return ask


def may_be_asked(waiting: Unplaced) -> bool:
    """Return whether what would place somebody is a time that one person could say yes to."""
    one, change = waiting.participation, waiting.change
    if one.status != Participation.Status.ACCEPTED or change.get("kind") not in ASKABLE or not change["slots"]:
        return False
    if change["start"] is None:
        return False
    return not one.under_18 or all(
        hour.ends <= LATEST_END_UNDER_18 for hour in hours_of(one.term, asked_starts(change))
    )


@transaction.atomic
def answer_time(*, ask_id: int, yes: bool, now: datetime) -> TimeAsk:
    """Keep the answer; with yes the time is added to what the person gave. Nobody is moved by it.

    Raises:
        NotAskedAnyMore: it was answered before, or the person who waits has a place or has left.
    """
    ask = TimeAsk.objects.select_for_update(of=("self",)).select_related("participation__term").get(pk=ask_id)
    if ask.answer != Answer.NONE or ask.participation.status != Participation.Status.ACCEPTED:
        raise NotAskedAnyMore
    if yes:
        owner: Participation | Facilitation = ask.facilitation or ask.participation
        try:
            add_times(owner=owner, windows=windows_of(ask.slots), now=now)
        except HasEnded as error:
            raise NotAskedAnyMore from error
    ask.answer, ask.answered_at = (Answer.YES if yes else Answer.NO), now
    ask.save(update_fields=["answer", "answered_at"])
    return ask


def windows_of(slots: Sequence[int]) -> tuple[WeeklyWindow, ...]:
    """Return half hours of the term's week as windows by the term's clock."""
    return merged(WeeklyWindow(day, at, at + SLOT_MINUTES) for day, at in map(window_of_slot, slots))


def with_asks(rows: QuerySet[Unplaced]) -> QuerySet[Unplaced]:
    """Add to people who wait when they, or a facilitator for them, were last asked, and what was said.

    `asked_at` (None: never) and `said`, empty while the question is open.
    """
    mine = TimeAsk.objects.filter(participation=OuterRef("participation")).order_by("-pk")
    about = mine.filter(Q(run=OuterRef("run")) | Q(answer=Answer.NONE))
    return rows.annotate(asked_at=Subquery(about.values("asked_at")[:1]), said=Subquery(about.values("answer")[:1]))

"""A cohort chooses another date for one of its sessions: proposals, one tap each, closed by itself."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from dialogue.core.generation import Generation
from dialogue.models import Person
from dialogue.services import audit
from sessions.announcing import subject_of
from sessions.announcing_rescues import announce_choice, announce_kept, announce_nudge
from sessions.circle import regulars_in
from sessions.core.choosing import Proposal, ranked
from sessions.models import Attendance, DialogueSession, Reschedule, RescheduleBallot, RescheduleOption
from sessions.quorum_reading import least_of, windows_for
from sessions.services.booking import TimeTaken
from sessions.services.changing import EndsLate, TooSoon, move_session
from sessions.services.quorum import locked

log = logging.getLogger(__name__)

Status = Reschedule.Status

ASKED_FOR = timedelta(hours=48)
CLOSES_AHEAD = timedelta(hours=12)
"""How long before the first date in question the choice closes: people must hear of it in time."""
SHORTEST = timedelta(hours=1)


class CannotAsk(Exception):
    """No other date can be proposed. `why`: over, asked, too_late or no_window."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class ChoiceClosed(Exception):
    """The choice has closed, or is about a date at which the session no longer is."""


@transaction.atomic
def wish_for_another_day(*, session_id: int, person: Person, now: datetime) -> Reschedule:
    """Keep a member's wish for another day, which facilitator or coordinators open or leave. Nobody is named.

    Wishing twice, or while the cohort is being asked, changes nothing.

    Raises:
        CannotAsk: the session is over or cancelled.
        Attendance.DoesNotExist: the person is not expected at this session, or only steps in at it.
    """
    session = locked(session_id)
    Attendance.objects.get(session=session, person=person, guest__isnull=True)
    _still_ahead(session, now)
    choice, _new = Reschedule.objects.get_or_create(
        session=session,
        status__in=[Status.WISHED, Status.OPEN],
        defaults={"status": Status.WISHED, "starts_at": session.starts_at, "opened_at": now},
    )
    return choice


@transaction.atomic
def open_choice(*, session_id: int, actor: Person, now: datetime) -> Reschedule:
    """Propose up to three dates to the members and the facilitator of a session, and ask them.

    It closes when all have answered, after 48 hours, or twelve hours before the first date in question.

    Raises:
        CannotAsk: the session is over, its cohort is being asked already, or no date suits everybody.
    """
    session = locked(session_id)
    _still_ahead(session, now)
    if Reschedule.objects.filter(session=session, status=Status.OPEN).exists():
        raise CannotAsk("asked")
    windows = windows_for(session, now=now)
    if not windows:
        raise CannotAsk("no_window")
    first = min([session.starts_at, *(one.starts_at for one in windows)])
    closes_at = min(now + ASKED_FOR, first - CLOSES_AHEAD)
    if closes_at < now + SHORTEST:
        raise CannotAsk("too_late")
    Reschedule.objects.filter(session=session, status=Status.WISHED).delete()
    choice = Reschedule.objects.create(
        session=session,
        starts_at=session.starts_at,
        status=Status.OPEN,
        opened_by=actor,
        opened_at=now,
        nudge_at=now + (closes_at - now) / 2,
        closes_at=closes_at,
    )
    RescheduleOption.objects.bulk_create(
        RescheduleOption(reschedule=choice, starts_at=one.starts_at)
        for one in sorted(windows, key=lambda each: each.starts_at)
    )
    RescheduleBallot.objects.bulk_create(
        RescheduleBallot(reschedule=choice, person_id=person) for person in regulars_in(session)
    )
    announce_choice(choice=choice, session=session, now=now)
    audit.record(actor=actor, action="other_dates_proposed", subject_key=subject_of(session), now=now)
    return choice


@transaction.atomic
def leave_wish(*, session_id: int, actor: Person, now: datetime) -> bool:
    """Leave the date as it is although somebody wished for another, and return whether there was a wish."""
    session = locked(session_id)
    left, _ = Reschedule.objects.filter(session=session, status=Status.WISHED).delete()
    if left:
        audit.record(actor=actor, action="wish_left", subject_key=subject_of(session), now=now)
    return bool(left)


@transaction.atomic
def vote(*, ballot_id: int, option_ids: Collection[int], now: datetime) -> RescheduleBallot:
    """Keep which proposals suit somebody, maybe none; a later answer replaces it. With the last one the choice closes.

    Raises:
        ChoiceClosed: the choice has closed meanwhile.
    """
    session = locked(RescheduleBallot.objects.values_list("reschedule__session", flat=True).get(pk=ballot_id))
    ballot = RescheduleBallot.objects.select_related("reschedule").get(pk=ballot_id)
    choice = ballot.reschedule
    if choice.status != Status.OPEN or choice.closes_at <= now or session.starts_at != choice.starts_at:
        raise ChoiceClosed
    ballot.answered_at = now
    ballot.save(update_fields=["answered_at"])
    ballot.options.set(choice.options.filter(pk__in=option_ids))
    if not _of_today(choice, session).filter(answered_at__isnull=True).exists():
        _close(choice, session, now)
    return ballot


def look_after_choices(*, now: datetime) -> int:
    """Ask the unanswered once more at half time, close what is due, and return how many closed.

    Safe to run late, twice or in parallel.
    """
    _nudge(now)
    closed = 0
    due = Reschedule.objects.filter(status=Status.OPEN, closes_at__lte=now).order_by("closes_at", "pk")
    for pk, session_id in due.values_list("pk", "session"):
        try:
            with transaction.atomic():
                session = locked(session_id)
                choice = Reschedule.objects.filter(pk=pk, status=Status.OPEN).first()
                if choice is not None:
                    _close(choice, session, now)
                    closed += 1
        except Exception:
            log.exception("the choice %s could not be closed", pk)
    return closed


def _nudge(now: datetime) -> None:
    silent = RescheduleBallot.objects.filter(
        reschedule__status=Status.OPEN,
        reschedule__nudge_at__lte=now,
        reschedule__closes_at__gt=now,
        answered_at__isnull=True,
        nudged_at__isnull=True,
    )
    for pk, session_id in silent.order_by("pk").values_list("pk", "reschedule__session"):
        with transaction.atomic():
            session = locked(session_id)
            still = RescheduleBallot.objects.filter(pk=pk, answered_at__isnull=True, nudged_at__isnull=True)
            if still.update(nudged_at=now):
                announce_nudge(ballot=RescheduleBallot.objects.get(pk=pk), session=session, now=now)


def _close(choice: Reschedule, session: DialogueSession, now: datetime) -> None:
    """Move the session to the best date that fits and is still free, else say that the date stays."""
    for proposal in ranked(_proposals(choice, session), least=least_of(session)):
        Reschedule.objects.filter(pk=choice.pk).update(status=Status.MOVED, closed_at=now)
        try:
            move_session(session_id=session.pk, starts_at=proposal.starts_at, now=now, actor=choice.opened_by)
        except (TimeTaken, TooSoon, EndsLate):
            continue
        return
    Reschedule.objects.filter(pk=choice.pk).update(status=Status.KEPT, closed_at=now)
    announce_kept(choice=choice, session=session, now=now)


def _proposals(choice: Reschedule, session: DialogueSession) -> list[Proposal]:
    term = session.cohort.term_id
    found = []
    for option in choice.options.order_by("starts_at"):
        rows = option.ballots.filter(pk__in=_of_today(choice, session))
        people = set(rows.values_list("person", flat=True))
        members = rows.filter(person__participations__term=term).exclude(person=session.facilitator_id)
        generations = [Generation(one) for one in members.values_list("person__participations__generation", flat=True)]
        leads = session.facilitator_id in people
        found.append(Proposal(starts_at=option.starts_at, members=tuple(generations), facilitator=leads))
    return found


def _of_today(choice: Reschedule, session: DialogueSession) -> QuerySet[RescheduleBallot]:
    """Return the ballots of those who still belong to the session."""
    return choice.ballots.filter(person__in=regulars_in(session))


def _still_ahead(session: DialogueSession, now: datetime) -> None:
    if session.status != DialogueSession.Status.CONFIRMED or session.starts_at <= now:
        raise CannotAsk("over")

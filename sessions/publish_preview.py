"""What publishing a run will do, said before it is done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dialogue.availability import LATEST_END_UNDER_18
from dialogue.core.recurrence import starts_in_zone
from dialogue.core.room_lines import Room, rooms_of, too_short
from dialogue.models import Participation, Person
from dialogue.term_dates import dates_by_weekday, turns_of
from matching.models import MatchRun
from sessions.announcing import INVITED_AT_ONCE
from sessions.core.notice import MINIMUM_NOTICE
from sessions.core.rescheduling import ends_late


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPreview:
    """How much is made and sent.

    `mails` go out once the holding time is over: welcomes, first invitations, news for who waits.
    """

    cohorts: int
    sessions: int
    sessions_past: int
    members: int
    facilitators: int
    waiting: int
    mails: int
    first_on: date
    last_on: date
    plans: Sequence["CohortPlan"] = ()
    waiting_people: Sequence[Person] = ()
    rooms_too_short: Sequence[Room] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortPlan:
    """The sessions of one proposed cohort on real dates, and who is told. `passed_over` are turns on a closed day."""

    number: int
    sessions: Sequence[tuple[datetime, datetime]]
    passed_over: Sequence[tuple[date, str]]
    members: Sequence[Person]
    facilitator: Person
    mails_each: int
    """The welcome and the first invitations. The facilitator gets as many."""
    ends_late: bool
    """Somebody is under 18, and a session would end after 21:00."""
    past: int
    too_soon: int
    """Sessions that begin so soon that people would not hear of them in time."""


def publish_preview(run: MatchRun, *, now: datetime) -> PublishPreview:
    """Return what publishing this run at this moment makes and sends.

    Raises:
        ValueError: the run proposes no cohort.
    """
    dates = dates_by_weekday(run.term)
    proposals = list(
        run.proposals.select_related("facilitation__person")
        .prefetch_related("members__participation__person")
        .order_by("number")
    )
    young = set(run.proposed_members.filter(participation__under_18=True).values_list("proposal", flat=True))
    turns = {one.weekday: one for one in turns_of(run.term)}
    plans = []
    unplaced = run.unplaced.filter(participation__status=Participation.Status.ACCEPTED)
    waiting = _by_kana(one.participation.person for one in unplaced.select_related("participation__person"))
    past = mails = 0
    for proposal in proposals:
        members = _by_kana(one.participation.person for one in proposal.members.all())
        starts = starts_in_zone(dates=dates[proposal.weekday], minute=proposal.starts, zone=run.term.zone)
        ahead = sum(start > now for start in starts)
        past += len(starts) - ahead
        mails_each = 1 + min(INVITED_AT_ONCE, ahead)
        length = timedelta(minutes=run.term.session_minutes)
        spans = [(start, start + length) for start in starts]
        plans.append(
            CohortPlan(
                number=proposal.number,
                sessions=spans,
                passed_over=list(turns[proposal.weekday].passed_over.items()),
                members=members,
                facilitator=proposal.facilitation.person,
                mails_each=mails_each,
                ends_late=proposal.pk in young
                and any(
                    ends_late(starts_at=start, ends_at=end, zone=run.term.zone, latest=LATEST_END_UNDER_18)
                    for start, end in spans
                ),
                past=len(starts) - ahead,
                too_soon=sum(now < start < now + MINIMUM_NOTICE for start in starts),
            )
        )
        mails += (len(members) + 1) * mails_each
    used = [dates[weekday] for weekday in {proposal.weekday for proposal in proposals}]
    return PublishPreview(
        cohorts=len(proposals),
        sessions=sum(len(dates[proposal.weekday]) for proposal in proposals),
        sessions_past=past,
        members=sum(len(plan.members) for plan in plans),
        facilitators=len({proposal.facilitation_id for proposal in proposals}),
        waiting=len(waiting),
        waiting_people=waiting,
        mails=mails + len(waiting),
        first_on=min(days[0] for days in used),
        last_on=max(days[-1] for days in used),
        plans=plans,
        rooms_too_short=too_short(rooms_of(run.term.room_urls, run.term.room_notes), minutes=run.term.session_minutes),
    )


def _by_kana(people: Iterable[Person]) -> list[Person]:
    return sorted(people, key=lambda one: (one.family_kana, one.given_kana, one.preferred_name))

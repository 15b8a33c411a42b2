"""What publishing a run will do, said before it is done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dialogue.availability import LATEST_END_UNDER_18
from dialogue.core.recurrence import starts_in_zone
from dialogue.core.room_lines import Room, rooms_of, too_short
from dialogue.models import Participation, Person
from dialogue.term_dates import turns_at
from matching.models import MatchRun
from sessions.announcing import INVITED_AT_ONCE
from sessions.core.rescheduling import ends_late


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPreview:
    """How much is made and sent.

    `mails` go out once the holding time is over: welcomes, first invitations, news for who waits.
    """

    cohorts: int
    sessions: int
    members: int
    facilitators: int
    waiting: int
    mails: int
    first_on: date
    last_on: date
    plans: Sequence["CohortPlan"] = ()
    waiting_people: Sequence[Person] = ()
    rooms_too_short: Sequence[Room] = ()

    @property
    def begins_later(self) -> bool:
        return any(plan.too_soon for plan in self.plans)


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortPlan:
    """The sessions of one proposed cohort on real dates, and who is told.

    `passed_over` are turns on a closed day, `too_soon` those that are over or so near that people would not hear of
    them in time. Neither takes a session away: as many come later.
    """

    number: int
    sessions: Sequence[tuple[datetime, datetime]]
    passed_over: Sequence[tuple[date, str]]
    too_soon: Sequence[date]
    members: Sequence[Person]
    facilitator: Person
    mails_each: int
    """The welcome and the first invitations. The facilitator gets as many."""
    ends_late: bool
    """Somebody is under 18, and a session would end after 21:00."""


def publish_preview(run: MatchRun, *, now: datetime) -> PublishPreview:
    """Return what publishing this run at this moment makes and sends.

    Raises:
        ValueError: the run proposes no cohort.
    """
    proposals = list(
        run.proposals.select_related("facilitation__person")
        .prefetch_related("members__participation__person")
        .order_by("number")
    )
    young = set(run.proposed_members.filter(participation__under_18=True).values_list("proposal", flat=True))
    turns = turns_at(run.term, windows={(one.weekday, one.starts) for one in proposals}, told_at=now)
    plans = []
    unplaced = run.unplaced.filter(participation__status=Participation.Status.ACCEPTED)
    waiting = _by_kana(one.participation.person for one in unplaced.select_related("participation__person"))
    mails = 0
    for proposal in proposals:
        members = _by_kana(one.participation.person for one in proposal.members.all())
        its_turns = turns[proposal.weekday, proposal.starts]
        starts = starts_in_zone(dates=its_turns.dates, minute=proposal.starts, zone=run.term.zone)
        mails_each = 1 + min(INVITED_AT_ONCE, len(starts))
        length = timedelta(minutes=run.term.session_minutes)
        spans = [(start, start + length) for start in starts]
        plans.append(
            CohortPlan(
                number=proposal.number,
                sessions=spans,
                passed_over=list(its_turns.passed_over.items()),
                too_soon=its_turns.too_soon,
                members=members,
                facilitator=proposal.facilitation.person,
                mails_each=mails_each,
                ends_late=proposal.pk in young
                and any(
                    ends_late(starts_at=start, ends_at=end, zone=run.term.zone, latest=LATEST_END_UNDER_18)
                    for start, end in spans
                ),
            )
        )
        mails += (len(members) + 1) * mails_each
    return PublishPreview(
        cohorts=len(proposals),
        sessions=sum(len(plan.sessions) for plan in plans),
        members=sum(len(plan.members) for plan in plans),
        facilitators=len({proposal.facilitation_id for proposal in proposals}),
        waiting=len(waiting),
        waiting_people=waiting,
        mails=mails + len(waiting),
        first_on=min(one.dates[0] for one in turns.values()),
        last_on=max(one.dates[-1] for one in turns.values()),
        plans=plans,
        rooms_too_short=too_short(rooms_of(run.term.room_urls, run.term.room_notes), minutes=run.term.session_minutes),
    )


def _by_kana(people: Iterable[Person]) -> list[Person]:
    return sorted(people, key=lambda one: (one.family_kana, one.given_kana, one.preferred_name))

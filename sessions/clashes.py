"""Who or what is taken already when sessions would be held: the same rows that would refuse the booking, read ahead."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dialogue.availability import LATEST_END_UNDER_18
from dialogue.core.recurrence import Cadence
from dialogue.core.wall_clock import zone_named
from dialogue.models import Cohort, Membership, Person, Term
from dialogue.term_dates import closed_dates_of
from sessions.circle import member_ids
from sessions.core.rescheduling import ends_late, passed_over
from sessions.core.slots import quarters
from sessions.models import BusyTime, DialogueSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Something in the way of one new date. `name` is who is taken, or empty for the video link `room`.

    `cohort` and `number` say by which session, where it is one of the same programme.
    """

    name: str = ""
    room: str = ""
    cohort: int | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDate:
    """One session with the time it has and the time it would have."""

    session: DialogueSession
    starts_at: datetime
    ends_at: datetime
    clashes: Sequence[Clash] = ()
    closed: str = ""
    """Why its day is closed: a `ClosedSet` value or the host's words; empty when it is not."""
    is_late: bool = False
    """Somebody is under 18 and it would end after 21:00."""
    too_soon: bool = False

    @property
    def is_refused(self) -> bool:
        return bool(self.clashes) or self.too_soon or self.is_late

    @property
    def changes(self) -> bool:
        return self.starts_at != self.session.starts_at


def reasons_of(term: Term) -> dict[date, str]:
    """Return the closed days of a term with the host's own words before the name of a set."""
    own = {day.date: day.reason for day in term.closed_days.all()}
    return {day: own.get(day) or reason for day, reason in closed_dates_of(term).items()}


def looked_at(
    cohort: Cohort,
    *,
    wanted: Sequence[tuple[DialogueSession, datetime]],
    earliest: datetime,
    closed: Mapping[date, str],
) -> list[NewDate]:
    """Return each session with its wanted start and everything that speaks against it. Costs four queries.

    Hours that the sessions themselves hold today do not stand in their way.
    """
    zone = cohort.term.zone
    young = has_young(cohort)
    spans = [(session, start, start + (session.ends_at - session.starts_at)) for session, start in wanted]
    taken = clashes_of(
        people=member_ids(cohort),
        leaders=[session.facilitator_id or cohort.facilitation.person_id for session, _ in wanted],
        spans=[(start, end, session.room_url) for session, start, end in spans],
        ignoring=[session.pk for session, _ in wanted],
        programme_id=cohort.term.programme_id,
    )
    return [
        NewDate(
            session=session,
            starts_at=start,
            ends_at=end,
            clashes=found,
            closed=closed.get(start.astimezone(zone_named(zone)).date(), ""),
            is_late=young and ends_late(starts_at=start, ends_at=end, zone=zone, latest=LATEST_END_UNDER_18),
            too_soon=start < earliest and (session.pk is None or start != session.starts_at),
        )
        for (session, start, end), found in zip(spans, taken, strict=True)
    ]


def has_young(cohort: Cohort) -> bool:
    """Return whether somebody of the cohort is under 18 or at 高校."""
    members = Membership.objects.filter(cohort=cohort, left_at__isnull=True)
    return members.filter(participation__under_18=True).exists()


def clashes_of(
    *,
    people: Collection[int],
    leaders: Sequence[int],
    spans: Sequence[tuple[datetime, datetime, str]],
    ignoring: Collection[int] = (),
    programme_id: int | None = None,
) -> list[list[Clash]]:
    """Return, for each (start, end, room), who of these people and whether the room is taken. Two queries.

    `leaders` says who leads at each span: their hours count for that one alone.
    """
    wanted = {quarter for start, end, _ in spans for quarter in quarters(start, end)}
    rooms = {room for *_, room in spans if room}
    rows = BusyTime.objects.filter(quarter__in=wanted).exclude(session__in=list(ignoring))
    columns = ("quarter", "person", "room", *_BY_WHAT)
    by_quarter: dict[int, set[tuple[int | None, str, int | None, int | None]]] = {}
    persons = {*people, *leaders}
    for quarter, person, room, programme, cohort, number in rows.values_list(*columns):
        if person in persons or (room and room in rooms):
            shown = (cohort, number) if programme == programme_id else (None, None)
            by_quarter.setdefault(quarter, set()).add((person, room, *shown))
    names = dict(
        Person.objects.filter(pk__in={who for some in by_quarter.values() for who, *_ in some if who}).values_list(
            "pk", "preferred_name"
        )
    )
    found = []
    everywhere = set(people)
    for (start, end, room), leader in zip(spans, leaders, strict=True):
        hits = {hit for quarter in quarters(start, end) for hit in by_quarter.get(quarter, ())}
        found.append(
            [
                Clash(name=names.get(person, ""), room=its_room, cohort=cohort, number=number)
                for person, its_room, cohort, number in sorted(hits, key=str)
                if person in everywhere or (person and person == leader) or (its_room and its_room == room)
            ]
        )
    return found


_BY_WHAT = ("session__cohort__term__programme", "session__cohort__number", "session__number")


def left_out(dates: Sequence[NewDate], *, cohort: Cohort, closed: Mapping[date, str]) -> list[tuple[date, str]]:
    """Return the turns of the rhythm that the new dates pass over, each with its reason."""
    zone = zone_named(cohort.term.zone)
    days = [one.starts_at.astimezone(zone).date() for one in dates]
    cadence = Cadence(cohort.term.cadence)
    return [(day, closed[day]) for day in passed_over(days, cadence=cadence, closed=frozenset(closed))]

"""Where a session that was put off could be held: its own window on the next free dates, else times that all share."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from dialogue.availability import LATEST_END_UNDER_18, READ_OF_FACILITATIONS, READ_OF_PARTICIPATIONS, availability
from dialogue.commitments import commitments_between
from dialogue.core.grid import SLOT_MINUTES, SLOTS_IN_DAY
from dialogue.core.wall_clock import moment_at, zone_named
from dialogue.models import Facilitation, Participation
from sessions.circle import member_ids
from sessions.clashes import clashes_of, has_young, reasons_of
from sessions.core.rescheduling import ends_late, same_hour_later
from sessions.models import DialogueSession

HOW_MANY: Final = 3
SAME_WINDOW_WEEKS: Final = 8
LOOKS_AHEAD: Final = 3
"""Weeks in which times that all share are looked for."""


def free_starts(session: DialogueSession, *, now: datetime, how_many: int = HOW_MANY) -> list[datetime]:
    """Return new starts (UTC) at which everybody and the video link are free, from tomorrow on, the best first.

    The best is the next free date in the session's own window, if it comes within three weeks. Then come the earliest
    of the times that all have offered, one a day and as near to the usual hour as can be, and later dates of the own
    window. Passed over are closed days, days on which the cohort meets already, and what would end after 21:00 where
    somebody is under 18.
    """
    term = session.cohort.term
    zone = zone_named(term.zone)
    others = DialogueSession.objects.filter(cohort=session.cohort_id).exclude(pk=session.pk).with_a_date()
    meets = {start.astimezone(zone).date() for start in others.values_list("starts_at", flat=True)}
    closed = frozenset(reasons_of(term)) | meets
    today = max(now, session.starts_at).astimezone(zone).date()
    own = [
        start
        for week in range(1, SAME_WINDOW_WEEKS + 1)
        if (start := same_hour_later(session.starts_at, zone=term.zone, days=7 * week)).astimezone(zone).date()
        not in closed
    ]
    shared = _shared_starts(session, after=today, closed=closed)
    free = _possible(session, [*own, *shared])
    own = [start for start in own if start in free and start.astimezone(zone).date() > today]
    horizon = now + timedelta(weeks=LOOKS_AHEAD)
    best = [start for start in own if start <= horizon][:1]
    soon = [start for start in shared if start in free]
    return list(dict.fromkeys([*best, *soon[: how_many - len(best)], *own]))[:how_many]


def _possible(session: DialogueSession, starts: Sequence[datetime]) -> set[datetime]:
    """Return those at which nobody is booked, and that do not end too late for somebody under 18."""
    length = session.ends_at - session.starts_at
    spans = [(start, start + length, session.room_url) for start in starts]
    leaders = [session.facilitator_id] * len(spans)
    found = clashes_of(people=member_ids(session.cohort), leaders=leaders, spans=spans, ignoring=[session.pk])
    zone, young = session.cohort.term.zone, has_young(session.cohort)
    return {
        start
        for (start, end, _room), clashes in zip(spans, found, strict=True)
        if not clashes
        and not (young and ends_late(starts_at=start, ends_at=end, zone=zone, latest=LATEST_END_UNDER_18))
    }


def _shared_starts(session: DialogueSession, *, after: date, closed: frozenset[date]) -> list[datetime]:
    """Return, for each of the days to come on which all are free long enough, the start nearest to the usual hour."""
    term = session.cohort.term
    zone = zone_named(term.zone)
    usual = session.starts_at.astimezone(zone)
    minute = usual.hour * 60 + usual.minute
    length = session.ends_at - session.starts_at
    slots = -(-int(length.total_seconds()) // (60 * SLOT_MINUTES))
    people = _circle(session)
    reach = moment_at(day=after + timedelta(days=7 * LOOKS_AHEAD + 2), minute=0, zone=zone)
    earliest = moment_at(day=after, minute=0, zone=zone)
    booked = commitments_between([one.person_id for one in people], earliest=earliest, latest=reach)
    starts = []
    for week in range(LOOKS_AHEAD):
        days = [after + timedelta(days=7 * week + n) for n in range(1, 8)]
        dates: Mapping[int, list[date]] = {day.weekday(): [day] for day in days if day not in closed}
        masks = [availability(one, term=term, dates=dates, booked=booked.get(one.person_id, [])) for one in people]
        common = masks[0]
        for mask in masks[1:]:
            common &= mask
        for day in days:
            if day not in closed and (found := _nearest(common, day, minute, slots)) is not None:
                starts.append(moment_at(day=day, minute=found, zone=zone))
    return starts


def _nearest(mask: int, day: date, minute: int, slots: int) -> int | None:
    """Return the minute of the day nearest to `minute` from which `slots` slots in a row are free."""
    begins = day.weekday() * SLOTS_IN_DAY
    run = (1 << slots) - 1
    possible = [
        slot * SLOT_MINUTES for slot in range(SLOTS_IN_DAY - slots + 1) if (mask >> (begins + slot)) & run == run
    ]
    return min(possible, key=lambda start: (abs(start - minute), start), default=None)


def _circle(session: DialogueSession) -> list[Participation | Facilitation]:
    cohort = session.cohort
    members = Participation.objects.filter(memberships__cohort=cohort, memberships__left_at__isnull=True)
    members = members.select_related("person").prefetch_related(*READ_OF_PARTICIPATIONS)
    leads = Facilitation.objects.filter(term=cohort.term_id, person=session.facilitator_id).select_related("person")
    return [*members, *leads.prefetch_related(*READ_OF_FACILITATIONS)]

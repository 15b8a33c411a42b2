"""What the rows say of a session's quorum, and what could save it. Reads only."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F, Q

from dialogue.availability import READ_OF_FACILITATIONS, READ_OF_PARTICIPATIONS, availability, maybe_availability
from dialogue.commitments import commitments_between
from dialogue.core.generation import Generation
from dialogue.core.spans import Span
from dialogue.core.wall_clock import zone_named
from dialogue.models import Facilitation, Participation
from dialogue.term_dates import closed_dates_of
from sessions.company import languages_of, may_meet, people_of
from sessions.core.quorum import LEAST, MINI, Alone, Seat, Verdict, judge
from sessions.core.rescues import Chances, Host, Rescue, rescues
from sessions.core.slots import quarters
from sessions.core.windows import Free, Window, best, common_windows
from sessions.models import Attendance, BusyTime, DialogueSession, LoneAsk, QuorumSetting
from sessions.rescuers import facilitators_for, somebody_is_asked, standbys_for

DAYS_LOOKED_AT = 14
NOTICE = timedelta(hours=24)
"""What people are given between hearing of a new date and the date."""


def setting_of(session: DialogueSession) -> QuorumSetting:
    """Return how the session's term looks after its quorum."""
    term = session.cohort.term_id
    return QuorumSetting.objects.filter(term=term).first() or QuorumSetting(term_id=term, least=LEAST)


def least_of(session: DialogueSession) -> int:
    """Return how many people this session needs: those of its term, or three where its facilitator said so."""
    return min(MINI, setting_of(session).least) if session.is_mini else setting_of(session).least


def verdict_of(session: DialogueSession) -> Verdict:
    """Return how a session stands. One held together with another is judged by the people of both."""
    host = session.joint_with or session
    rows = Attendance.objects.filter(
        Q(session=host) | Q(session__joint_with=host),
        person__participations__term=session.cohort.term_id,
    )
    seats = [
        Seat(person=person, generation=Generation(generation), answer=answer)
        for person, generation, answer in rows.values_list(
            "person", "person__participations__generation", "answer"
        ).order_by("person")
    ]
    asked = LoneAsk.objects.filter(session=session, starts_at=session.starts_at)
    return judge(
        seats,
        facilitator_comes=host.facilitator_away_at is None or somebody_is_asked(host),
        least=least_of(session),
        alone={person: Alone(choice) for person, choice in asked.values_list("person", "choice")},
    )


def rescues_for(session: DialogueSession, verdict: Verdict, *, now: datetime) -> list[Rescue]:
    """Return what would help against a session's troubles as the rows are now, best first."""
    chances = Chances(
        windows=windows_for(session, now=now),
        hosts=_hosts(session),
        facilitators=len(facilitators_for(session)),
        standbys=Counter(Generation(one.generation) for one in standbys_for(session)),
    )
    return rescues(verdict, chances, least=least_of(session))


# Other times


def windows_for(session: DialogueSession, *, now: datetime) -> list[Window]:
    """Return up to three starts in the next fourteen days at which everybody of the session can come.

    Everybody: the members of today and the facilitator, by the times that they gave (△ counts as reluctant), their
    single dates away, the age rule, and every other booking of theirs. Left out are closed days, days on which the
    cohort meets already, times at which the session's video link is taken, and the next 24 hours.
    """
    term, zone = session.cohort.term, zone_named(session.cohort.term.zone)
    today = now.astimezone(zone).date()
    closed = closed_dates_of(term)
    meets = DialogueSession.objects.filter(cohort=session.cohort_id).with_a_date().values_list("starts_at", flat=True)
    taken = {start.astimezone(zone).date() for start in (*meets, session.starts_at)}
    days = [today + timedelta(days=n) for n in range(DAYS_LOOKED_AT + 1)]
    open_days = [day for day in days if day not in closed and day not in taken]
    owners = _owners(session)
    if owners is None:
        return []
    booked = _booked(session, owners, now)
    found: list[Window] = []
    for week in (open_days[:7], open_days[7:14], open_days[14:]):  # each weekday at most once
        by_weekday = {day.weekday(): day for day in week}
        if not by_weekday:
            continue
        dates = {weekday: [day] for weekday, day in by_weekday.items()}

        def free(owner: Participation | Facilitation, dates: dict = dates) -> Free:
            options = {"term": term, "dates": dates, "booked": booked.get(owner.person_id, ())}
            surely = availability(owner, **options)
            return Free(surely, surely | maybe_availability(owner, **options))

        found += common_windows(
            [free(owner) for owner in owners],
            days=by_weekday,
            zone=zone,
            minutes=term.session_minutes,
            usual=(session.cohort.weekday, session.cohort.starts),
        )
    length = session.ends_at - session.starts_at
    in_time = [one for one in found if one.starts_at >= now + NOTICE]
    return best(_where_room_is_free(session, in_time, length), zone=zone)


def _owners(session: DialogueSession) -> list[Participation | Facilitation] | None:
    """Return whose times count; None where the facilitator's are not known."""
    term = session.cohort.term_id
    facilitation = (
        Facilitation.objects.filter(term=term, person=session.facilitator_id)
        .select_related("person")
        .prefetch_related(*READ_OF_FACILITATIONS)
        .first()
    )
    if facilitation is None:
        return None
    members = Participation.objects.filter(memberships__cohort=session.cohort_id, memberships__left_at__isnull=True)
    return [*members.select_related("person").prefetch_related(*READ_OF_PARTICIPATIONS), facilitation]


def _booked(
    session: DialogueSession, owners: Sequence[Participation | Facilitation], now: datetime
) -> dict[int, list[Span]]:
    """Return where these people are booked, but for the session itself, which nobody else's can be at that time."""
    latest = now + timedelta(days=DAYS_LOOKED_AT + 2)
    itself = Span(session.starts_at, session.ends_at)
    found = commitments_between([one.person_id for one in owners], earliest=now, latest=latest)
    return {person: [span for span in spans if span != itself] for person, spans in found.items()}


def _where_room_is_free(session: DialogueSession, windows: Sequence[Window], length: timedelta) -> list[Window]:
    if not session.room_url or not windows:
        return list(windows)
    first, last = min(one.starts_at for one in windows), max(one.starts_at for one in windows) + length
    span = quarters(first, last)
    rows = BusyTime.objects.filter(room=session.room_url, quarter__range=(span.start, span.stop))
    taken = set(rows.exclude(session=session).values_list("quarter", flat=True))
    return [one for one in windows if taken.isdisjoint(quarters(one.starts_at, one.starts_at + length))]


# Other cohorts


def _hosts(session: DialogueSession) -> list[Host]:
    """Return the sessions of other cohorts of the term at the same time that could take these people in."""
    if session.joint_with_id or session.guests.exists():
        return []
    term = session.cohort.term
    rows = DialogueSession.objects.filter(
        cohort__term=term,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        status=DialogueSession.Status.CONFIRMED,
        joint_with__isnull=True,
        facilitator_away_at__isnull=True,
    ).exclude(Q(pk=session.pk) | Q(room_url="", cohort__term__video="link"))
    mine = people_of(session)
    found = []
    for host in rows.select_related("cohort__term").order_by("cohort__number"):
        theirs = people_of(host)
        if not languages_of(session.cohort_id) & languages_of(host.cohort_id) or not may_meet(mine, theirs):
            continue
        verdict = verdict_of(host)
        found.append(Host(session_id=host.pk, coming=verdict.coming, generations=verdict.generations))
    return found


def open_dangers(term_id: int, *, now: datetime) -> list[DialogueSession]:
    """Return the sessions of a term whose quorum is in danger and waits for a decision, the next one first."""
    rows = DialogueSession.objects.filter(
        cohort__term=term_id, dangers__status="open", dangers__starts_at=F("starts_at"), starts_at__gt=now
    )
    return list(rows.select_related("cohort__term", "facilitator").order_by("starts_at", "pk"))

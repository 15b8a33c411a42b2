"""Change what remains of a series in one go: move it, move it back, cancel it, add a session."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max

from dialogue.core.recurrence import MINIMUM_NOTICE
from dialogue.models import AuditEntry, Cohort, Person
from dialogue.services import audit
from dialogue.services.cohort_windows import set_window
from sessions.circle import everyone_of, member_ids, sessions_by_person
from sessions.core.lifecycle import IllegalMove
from sessions.core.rescheduling import shared_window
from sessions.core.slots import quarters
from sessions.models import Attendance, BusyTime, DialogueSession, Postponement
from sessions.series_announcing import announce_added, announce_series_cancelled, announce_series_moved
from sessions.services.booking import TimeTaken, take_hours, take_time
from sessions.services.changing import (
    NOT_ANSWERED,
    ChangedMeanwhile,
    TooSoon,
    expect_members_of_today,
    raise_sequence,
    refuse_late_ends,
)
from sessions.services.feeds import mark_feeds_stale
from sessions.services.prompting import give_prompts
from sessions.services.quorum import settle_former_time
from sessions.uids import new_uid

Status = DialogueSession.Status
MOVED, MOVED_BACK = "series_moved", "series_moved_back"


def move_series(
    *,
    cohort_id: int,
    starts: Mapping[int, datetime],
    seen: Mapping[int, int],
    now: datetime,
    actor: Person | None = None,
    back: bool = False,
) -> list[DialogueSession]:
    """Move several sessions of a cohort in one transaction and tell everyone once. Returns those that moved.

    `starts` is the new start (UTC) by session, `seen` the sequence that each had when it was looked at. UIDs and
    lengths stay, SEQUENCE rises, everybody is asked again. A session that has its new time already is left alone. Where
    all that moved meet on one weekday at one hour, that is the cohort's window from now on.

    Raises:
        ChangedMeanwhile: a session has another sequence, or is of another cohort.
        IllegalMove: one of them is over or cancelled.
        TooSoon: a new start is less than an hour from `now`.
        EndsLate: one would end after 21:00, and somebody is under 18.
        TimeTaken: somebody of the cohort, or a video link, is booked at one of these times.
    """
    try:
        with transaction.atomic():
            sessions = _locked_sessions(cohort_id, starts)
            if len(sessions) != len(starts) or any(seen.get(one.pk) != one.sequence for one in sessions):
                raise ChangedMeanwhile
            moving = [one for one in sessions if one.starts_at != starts[one.pk]]
            _check_all(moving, starts, now)
            if not moving:
                return []
            before = shift(moving, starts, now=now)
            moving.sort(key=lambda one: one.starts_at)
            if window := shared_window([one.starts_at for one in moving], zone=moving[0].cohort.term.zone):
                set_window(cohort_id=cohort_id, weekday=window[0], starts=window[1], now=now, actor=actor)
            announce_series_moved(sessions=moving, before=before, now=now)
            mark_feeds_stale(sessions_by_person(moving))
            write_down_move(cohort_id, moving, before, now=now, actor=actor, back=back)
            return moving
    except IntegrityError as error:
        raise TimeTaken from error


def shift(moving: Sequence[DialogueSession], starts: Mapping[int, datetime], *, now: datetime) -> dict[int, datetime]:
    """Give sessions of one cohort, locked by the caller, new starts, and return the former ones by session.

    Hours, answers and the looks at the quorum follow; UIDs and lengths stay, SEQUENCE rises. Nobody is told.

    Raises:
        IntegrityError: somebody of the cohort, or a video link, is booked at one of these times.
    """
    before = {one.pk: one.starts_at for one in moving}
    for one in moving:
        one.ends_at = starts[one.pk] + (one.ends_at - one.starts_at)
        one.starts_at = starts[one.pk]
        one.is_mini, one.facilitator_away_at, one.joint_with = False, None, None
        raise_sequence(one, now, "starts_at", "ends_at", "is_mini", "facilitator_away_at", "joint_with")
    for one in sorted(moving, key=lambda one: one.starts_at):
        settle_former_time(session=one, now=now)
        if before[one.pk] <= now:
            expect_members_of_today(one)
    _take_anew(moving)
    Attendance.objects.filter(session__in=moving).update(**NOT_ANSWERED)
    return before


def write_down_move(
    cohort_id: int,
    moved: Sequence[DialogueSession],
    before: Mapping[int, datetime],
    *,
    now: datetime,
    actor: Person | None = None,
    back: bool = False,
) -> None:
    """Write down a move of several sessions, so that `way_back` finds it."""
    audit.record(
        actor=actor,
        action=MOVED_BACK if back else MOVED,
        subject_key=f"cohort:{cohort_id}",
        now=now,
        detail={
            "before": {str(pk): at.astimezone(UTC).isoformat() for pk, at in before.items()},
            "sequences": {str(one.pk): one.sequence for one in moved},
        },
    )


def way_back(*, cohort: Cohort, now: datetime) -> dict[int, datetime]:
    """Return the former start of each session that the last move of a whole series moved.

    Empty when there was none, when it has been taken back, or when one of its sessions has changed since or would
    return to a time that is over.
    """
    entry = AuditEntry.objects.filter(subject_key=f"cohort:{cohort.pk}", action__in=(MOVED, MOVED_BACK)).last()
    if entry is None or entry.action == MOVED_BACK:
        return {}
    starts = {int(pk): datetime.fromisoformat(at) for pk, at in entry.detail["before"].items()}
    then = {int(pk): sequence for pk, sequence in entry.detail["sequences"].items()}
    rows = cohort.sessions.filter(pk__in=starts, status=Status.CONFIRMED, starts_at__gt=now)
    unchanged = dict(rows.values_list("pk", "sequence")) == then
    return starts if unchanged and min(starts.values()) >= now + MINIMUM_NOTICE else {}


@transaction.atomic
def cancel_series(
    *,
    cohort_id: int,
    sessions: Sequence[int],
    now: datetime,
    actor: Person | None = None,
    seen: Mapping[int, int] | None = None,
) -> list[DialogueSession]:
    """Cancel several sessions of a cohort, free their time and tell everyone once. Returns those it cancelled.

    Sessions that are cancelled already are left alone: done twice, it changes and sends nothing more. `seen` is the
    sequence that each had when it was looked at.

    Raises:
        ChangedMeanwhile: one of them has another sequence than was seen.
        IllegalMove: one of them has been held or missed.
    """
    found = [one for one in _locked_sessions(cohort_id, sessions) if one.status != Status.CANCELLED]
    if seen is not None and any(seen.get(one.pk) != one.sequence for one in found):
        raise ChangedMeanwhile
    if any(one.status not in (Status.CONFIRMED, Status.PROPOSED) for one in found):
        raise IllegalMove("A session that is over cannot be cancelled.")
    if not found:
        return []
    for one in found:
        one.status = Status.CANCELLED
        raise_sequence(one, now, "status")
    BusyTime.objects.filter(session__in=found).delete()
    for one in found:
        settle_former_time(session=one, now=now)
    Postponement.objects.filter(session__in=found, settled_at__isnull=True).update(settled_at=now)
    announce_series_cancelled(sessions=found, now=now)
    mark_feeds_stale(sessions_by_person(found))
    audit.record(
        actor=actor,
        action="series_cancelled",
        subject_key=f"cohort:{cohort_id}",
        now=now,
        detail={"sessions": len(found)},
    )
    return found


def add_session(*, cohort_id: int, starts_at: datetime, now: datetime, actor: Person | None = None) -> DialogueSession:
    """Add a session to a cohort's series, with prompts that the cohort has not had, and invite everyone to it.

    It gets the next number, whatever its date, and the video link of the cohort's last session if that is free. Asked
    twice for one moment, the second is refused like any other booking of that time.

    Raises:
        IllegalMove: the cohort has ended.
        TooSoon: the start is less than an hour from `now`.
        EndsLate: it would end after 21:00, and somebody is under 18.
        TimeTaken: somebody of the cohort is booked then.
    """
    if starts_at < now + MINIMUM_NOTICE:
        raise TooSoon
    try:
        with transaction.atomic():
            # The lock gives each addition a number of its own.
            cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort_id)
            if cohort.status == Cohort.Status.ENDED:
                raise IllegalMove("A cohort that has ended meets no more.")
            ends_at = starts_at + timedelta(minutes=cohort.term.session_minutes)
            refuse_late_ends(cohort, [(starts_at, ends_at)])
            number = (cohort.sessions.aggregate(last=Max("number"))["last"] or 0) + 1
            session = DialogueSession.objects.create(
                cohort=cohort,
                number=number,
                uid=new_uid(cohort_number=cohort.number, session_number=number),
                starts_at=starts_at,
                ends_at=ends_at,
                facilitator_id=cohort.facilitation.person_id,
                created_at=now,
                changed_at=now,
            )
            take_time([session], people=everyone_of(cohort))
            _give_last_link(session)
            give_prompts(cohort, [session])
            Attendance.objects.bulk_create(
                Attendance(session=session, person_id=person) for person in member_ids(cohort)
            )
            announce_added(session=session, now=now)
            mark_feeds_stale(everyone_of(cohort))
            audit.record(actor=actor, action="session_added", subject_key=f"session:{session.pk}", now=now)
            return session
    except IntegrityError as error:
        raise TimeTaken from error


def _check_all(sessions: Sequence[DialogueSession], starts: Mapping[int, datetime], now: datetime) -> None:
    for one in sessions:
        if one.status != Status.CONFIRMED or one.ends_at <= now:
            raise IllegalMove(f"A {one.status} session cannot be moved.")
        if starts[one.pk] < now + MINIMUM_NOTICE:
            raise TooSoon
    if sessions:
        spans = [(starts[one.pk], starts[one.pk] + (one.ends_at - one.starts_at)) for one in sessions]
        refuse_late_ends(sessions[0].cohort, spans)


def _locked_sessions(cohort_id: int, which: Mapping[int, datetime] | Sequence[int]) -> list[DialogueSession]:
    """Lock in one order everywhere, so that two who change one cohort wait for each other."""
    rows = DialogueSession.objects.select_for_update(of=("self",)).filter(cohort=cohort_id, pk__in=list(which))
    return sorted(
        rows.select_related("cohort__term__programme", "cohort__facilitation").order_by("pk"),
        key=lambda one: one.starts_at,
    )


def _take_anew(sessions: Sequence[DialogueSession]) -> None:
    """Free every hour that the sessions held before taking the new ones: one may move to where another was."""
    BusyTime.objects.filter(session__in=sessions).delete()
    take_hours(sessions_by_person(sessions))
    rooms = [
        BusyTime(session=one, room=one.room_url, quarter=quarter)
        for one in sessions
        if one.room_url
        for quarter in quarters(one.starts_at, one.ends_at)
    ]
    rooms.sort(key=lambda row: (row.room, row.quarter))
    BusyTime.objects.bulk_create(rooms)


def _give_last_link(session: DialogueSession) -> None:
    others = session.cohort.sessions.exclude(pk=session.pk).exclude(room_url="").order_by("-starts_at")
    room = others.values_list("room_url", flat=True).first()
    wanted = quarters(session.starts_at, session.ends_at)
    if not room or BusyTime.objects.filter(room=room, quarter__in=list(wanted)).exists():
        return
    BusyTime.objects.bulk_create(BusyTime(session=session, room=room, quarter=quarter) for quarter in wanted)
    session.room_url = room
    session.save(update_fields=["room_url"])

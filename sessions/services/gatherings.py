"""Gatherings of a term or a role: opened, fixed, changed, cancelled, answered, and told to who was not there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction

from dialogue.models import OutboundMessage, Participation, Person, Term
from dialogue.services import audit
from sessions.core.slots import quarters
from sessions.gathering_announcing import (
    ask_for_times,
    invite,
    invite_after_all,
    send_page,
    subject_of_gathering,
    tell_of_cancel,
    tell_of_change,
)
from sessions.gathering_circle import invited_ids, still_invited
from sessions.models import BusyTime, Gathering, GatheringAnswer, GatheringChoice, GatheringOption
from sessions.services.booking import TimeTaken
from sessions.services.changing import MINIMUM_NOTICE, TooSoon
from sessions.services.changing_series import ChangedMeanwhile
from sessions.services.feeds import mark_feeds_stale
from sessions.splitting import free_links_apart

Status, Answer = Gathering.Status, GatheringAnswer.Answer


class GatheringRefused(Exception):
    """It is cancelled or over, or the person is not invited, or it is in no state for this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheringOrder:
    """What a gathering is to be. `starts` are its alternatives (UTC); a single one is fixed at once."""

    kind: str
    audience: str
    starts: Sequence[datetime]
    minutes: int
    place: str = ""
    room_url: str = ""
    note: str = ""
    together_minutes: int | None = None
    """After these the cohorts talk each by itself (None: everybody stays together)."""


@transaction.atomic
def open_gathering(*, term: Term, order: GatheringOrder, now: datetime, actor: Person | None = None) -> Gathering:
    """Make a gathering and invite its audience, or ask it which of the alternatives suits.

    Who is booked at that time already is not booked twice: they are noted as not coming, told so, and get the short
    version afterwards.

    Raises:
        TooSoon: a start is less than an hour from `now`.
        TimeTaken: the video link is in use then.
        GatheringRefused: nobody belongs to the audience.
    """
    if min(order.starts) < now + MINIMUM_NOTICE:
        raise TooSoon
    people = invited_ids(term, audience=order.audience, kind=order.kind)
    if not people:
        raise GatheringRefused
    gathering = Gathering.objects.create(
        term=term,
        kind=order.kind,
        audience=order.audience,
        uid=f"{uuid4()}@{urlsplit(settings.BASE_URL).hostname}",
        minutes=order.minutes,
        place=order.place,
        room_url=order.room_url,
        note=order.note,
        together_minutes=order.together_minutes,
        created_at=now,
        changed_at=now,
    )
    GatheringAnswer.objects.bulk_create(GatheringAnswer(gathering=gathering, person_id=one) for one in people)
    if len(order.starts) > 1:
        options = [GatheringOption(gathering=gathering, starts_at=start) for start in sorted(set(order.starts))]
        GatheringOption.objects.bulk_create(options)
        ask_for_times(gathering=gathering, people=people, now=now)
    else:
        _confirm(gathering, order.starts[0], now=now)
    audit.record(actor=actor, action="gathering_opened", subject_key=f"gathering:{gathering.pk}", now=now)
    return gathering


@transaction.atomic
def choose_times(*, gathering_id: int, person: Person, options: Collection[int], now: datetime) -> bool:
    """Keep at which of the alternatives a person could come; a later choice replaces it, and none is an answer too.

    Returns whether the date stands already. Who answers as late as that comes, if the date is among those they chose.

    Raises:
        GatheringRefused: the date is fixed and they did not choose it, it is off or over, or they are not invited.
        TimeTaken: the date is fixed, and the person is booked elsewhere then.
    """
    gathering = _locked(gathering_id)
    offered = gathering.options.filter(pk__in=list(options))
    if gathering.status == Status.CONFIRMED and offered.filter(starts_at=gathering.starts_at).exists():
        answer_gathering(gathering_id=gathering_id, person=person, comes=True, now=now)
        return True
    mine = GatheringAnswer.objects.filter(gathering=gathering, person=person)
    if gathering.status != Status.ASKING or not mine.update(chose_at=now):
        raise GatheringRefused
    GatheringChoice.objects.filter(option__gathering=gathering, person=person).delete()
    GatheringChoice.objects.bulk_create(GatheringChoice(option=option, person=person) for option in offered)
    return False


@transaction.atomic
def fix_date(*, gathering_id: int, option_id: int, now: datetime, actor: Person | None = None) -> Gathering:
    """Hold a gathering at one of its alternatives and invite everybody. Fixed twice, the second changes nothing.

    Who could come then is noted as coming, and everybody else is asked.

    Raises:
        GatheringRefused: it has another date already, is off, or never had this alternative.
        TooSoon: the start is less than an hour from `now`.
        TimeTaken: the video link is in use then.
    """
    gathering = _locked(gathering_id)
    option = gathering.options.filter(pk=option_id).first()
    if option is None or gathering.status == Status.CANCELLED:
        raise GatheringRefused
    if gathering.status == Status.CONFIRMED:
        if gathering.starts_at != option.starts_at:
            raise GatheringRefused
        return gathering
    if option.starts_at < now + MINIMUM_NOTICE:
        raise TooSoon
    coming = list(option.choices.values_list("person", flat=True))
    gathering.answers.filter(person__in=coming).update(answer=Answer.YES, answered_at=now)
    _confirm(gathering, option.starts_at, now=now)
    audit.record(actor=actor, action="gathering_fixed", subject_key=f"gathering:{gathering.pk}", now=now)
    return gathering


@transaction.atomic
def change_gathering(
    *,
    gathering_id: int,
    seen: int,
    starts_at: datetime,
    minutes: int,
    place: str,
    room_url: str,
    note: str,
    together_minutes: int | None,
    now: datetime,
    actor: Person | None = None,
) -> bool:
    """Change a gathering and tell everybody what it was and what it is. Returns whether anything changed.

    With another time everybody is asked again. Other words alone are no news: nobody is told.

    Raises:
        ChangedMeanwhile: it has another sequence than was seen.
        GatheringRefused: it has no time yet, is off or over.
        TooSoon: the new start is less than an hour from `now`.
        TimeTaken: the video link is in use then.
    """
    gathering = _locked(gathering_id)
    if gathering.status != Status.CONFIRMED or gathering.ends_at <= now:
        raise GatheringRefused
    if gathering.sequence != seen:
        raise ChangedMeanwhile
    ends_at = starts_at + timedelta(minutes=minutes)
    before = (
        gathering.starts_at, gathering.ends_at, gathering.place, gathering.room_url, gathering.together_minutes
    )  # fmt: skip
    moved = (starts_at, ends_at) != before[:2]
    if moved and starts_at < now + MINIMUM_NOTICE:
        raise TooSoon
    if note != gathering.note:
        Gathering.objects.filter(pk=gathering.pk).update(note=note)
    if (starts_at, ends_at, place, room_url, together_minutes) == before:
        return note != gathering.note
    gathering.starts_at, gathering.ends_at, gathering.minutes = starts_at, ends_at, minutes
    gathering.place, gathering.room_url, gathering.together_minutes = place, room_url, together_minutes
    _raise_sequence(gathering, now, "starts_at", "ends_at", "minutes", "place", "room_url", "together_minutes")
    if moved:
        gathering.answers.update(answer=Answer.NONE, answered_at=None)
    _take_time(gathering, now)
    people = still_invited(gathering)
    tell_of_change(gathering=gathering, people=people, previous_start=before[0], previous_end=before[1], now=now)
    mark_feeds_stale(people)
    audit.record(actor=actor, action="gathering_changed", subject_key=f"gathering:{gathering.pk}", now=now)
    return True


@transaction.atomic
def cancel_gathering(*, gathering_id: int, now: datetime, actor: Person | None = None) -> None:
    """Call a gathering off, free its time and tell everybody. Done twice, the second changes and sends nothing.

    Raises:
        GatheringRefused: it is over.
    """
    gathering = _locked(gathering_id)
    if gathering.status == Status.CANCELLED:
        return
    if gathering.ends_at is not None and gathering.ends_at <= now:
        raise GatheringRefused
    gathering.status = Status.CANCELLED
    _raise_sequence(gathering, now, "status")
    BusyTime.objects.filter(gathering=gathering).delete()
    people = still_invited(gathering)
    tell_of_cancel(gathering=gathering, people=people, now=now)
    mark_feeds_stale(people)
    audit.record(actor=actor, action="gathering_cancelled", subject_key=f"gathering:{gathering.pk}", now=now)


def answer_gathering(*, gathering_id: int, person: Person, comes: bool, now: datetime) -> None:
    """Keep whether a person comes; a later answer replaces it. A no gives their time back, a yes takes it.

    Who had said no, or was booked elsewhere, and comes after all gets the invitation, with its entry for a calendar.

    Raises:
        GatheringRefused: it has no time yet, is off or over, or the person is not invited.
        TimeTaken: the person is booked elsewhere then.
    """
    try:
        with transaction.atomic():
            gathering = _locked(gathering_id)
            mine = gathering.answers.filter(person=person)
            if gathering.status != Status.CONFIRMED or gathering.ends_at <= now or not mine.exists():
                raise GatheringRefused
            BusyTime.objects.filter(gathering=gathering, person=person).delete()
            if comes and mine.filter(answer=Answer.NO).exists():
                invite_after_all(gathering=gathering, person_id=person.pk, now=now)
            if comes:
                BusyTime.objects.bulk_create(
                    BusyTime(gathering=gathering, person=person, quarter=quarter)
                    for quarter in quarters(gathering.starts_at, gathering.ends_at)
                )
            mine.update(answer=Answer.YES if comes else Answer.NO, answered_at=now)
            mark_feeds_stale([person.pk])
    except IntegrityError as error:
        raise TimeTaken from error


@transaction.atomic
def write_page_version(*, gathering_id: int, text: str, now: datetime, actor: Person | None = None) -> int:
    """Keep the short version of a gathering that is over, and tell who was not there, once. Returns how many.

    A later text replaces it on the page and tells nobody again.

    Raises:
        GatheringRefused: it has not ended, or never took place.
    """
    gathering = _locked(gathering_id)
    if gathering.status != Status.CONFIRMED or gathering.ends_at > now:
        raise GatheringRefused
    first = bool(text) and gathering.page_sent_at is None
    gathering.page_version = text
    gathering.page_sent_at = now if first else gathering.page_sent_at
    gathering.save(update_fields=["page_version", "page_sent_at"])
    if not first:
        return 0
    absent = list(gathering.answers.exclude(answer=Answer.YES).order_by("person").values_list("person", flat=True))
    send_page(gathering=gathering, people=absent, now=now)
    audit.record(actor=actor, action="gathering_told", subject_key=f"gathering:{gathering.pk}", now=now)
    return len(absent)


@transaction.atomic
def invite_newcomers(*, gathering_id: int, now: datetime) -> int:
    """Invite, or ask, those who have come into the audience since. Returns how many.

    Raises:
        GatheringRefused: it is off or over.
    """
    gathering = _locked(gathering_id)
    if gathering.status == Status.CANCELLED or (gathering.ends_at is not None and gathering.ends_at <= now):
        raise GatheringRefused
    wanted = invited_ids(gathering.term, audience=gathering.audience, kind=gathering.kind)
    new = sorted(set(wanted) - set(still_invited(gathering)))
    GatheringAnswer.objects.bulk_create(GatheringAnswer(gathering=gathering, person_id=one) for one in new)
    if not new:
        return 0
    if gathering.status == Status.ASKING:
        ask_for_times(gathering=gathering, people=new, now=now)
    else:
        _take_time_of(gathering, new, now)
        invite(gathering=gathering, people=new, now=now)
        mark_feeds_stale(new)
    return len(new)


@transaction.atomic
def leave_gatherings(*, participation_id: int, now: datetime) -> None:
    """Take somebody whose participation ended out of the term's gatherings to come. Only they hear of it."""
    participation = Participation.objects.select_related("person").get(pk=participation_id)
    person = participation.person
    if participation.term.facilitations.filter(person=person).exists():
        return  # they still lead in this term, and are invited as that
    mine = Gathering.objects.select_for_update(of=("self",)).filter(
        term=participation.term, answers__person=person, status__in=[Status.ASKING, Status.CONFIRMED]
    )
    for gathering in mine.exclude(ends_at__lte=now).order_by("pk"):
        BusyTime.objects.filter(gathering=gathering, person=person).delete()
        GatheringChoice.objects.filter(option__gathering=gathering, person=person).delete()
        gathering.answers.filter(person=person).delete()
        OutboundMessage.objects.filter(
            subject_key=subject_of_gathering(gathering), recipient=person, status=OutboundMessage.Status.QUEUED
        ).update(status=OutboundMessage.Status.VOID)
        tell_of_cancel(gathering=gathering, people=[person.pk], now=now, for_all=False)
    mark_feeds_stale([person.pk])


def _confirm(gathering: Gathering, starts_at: datetime, *, now: datetime) -> None:
    gathering.status = Status.CONFIRMED
    gathering.starts_at = starts_at
    gathering.ends_at = starts_at + timedelta(minutes=gathering.minutes)
    gathering.changed_at = max(now, gathering.changed_at)
    gathering.save(update_fields=["status", "starts_at", "ends_at", "changed_at"])
    _take_time(gathering, now)
    people = still_invited(gathering)
    invite(gathering=gathering, people=people, now=now)
    mark_feeds_stale(people)


def _take_time(gathering: Gathering, now: datetime) -> None:
    """Take the hours of the links, and of all who have not said that they cannot come.

    Raises:
        TimeTaken: a link is in use.
    """
    BusyTime.objects.filter(gathering=gathering).delete()
    used = {gathering.room_url: gathering.starts_at} if gathering.room_url else {}
    if gathering.splits_at is not None:
        used |= dict.fromkeys(free_links_apart(gathering), gathering.splits_at)
    try:
        with transaction.atomic():
            BusyTime.objects.bulk_create(
                BusyTime(gathering=gathering, room=room, quarter=quarter)
                for room, begins in used.items()
                for quarter in quarters(begins, gathering.ends_at)
            )
    except IntegrityError as error:
        raise TimeTaken from error
    _take_time_of(gathering, still_invited(gathering), now)


def _take_time_of(gathering: Gathering, people: Collection[int], now: datetime) -> None:
    said_no = set(gathering.answers.filter(answer=Answer.NO).values_list("person", flat=True))
    wanted = quarters(gathering.starts_at, gathering.ends_at)
    rows = BusyTime.objects.filter(person__isnull=False, quarter__in=list(wanted))
    elsewhere = set(rows.values_list("person", flat=True)) & set(people)
    gathering.answers.filter(person__in=elsewhere).update(answer=Answer.NO, answered_at=now)
    free = sorted(set(people) - said_no - elsewhere)
    try:
        with transaction.atomic():
            BusyTime.objects.bulk_create(
                [BusyTime(gathering=gathering, person_id=one, quarter=quarter) for one in free for quarter in wanted],
                batch_size=2000,
            )
    except IntegrityError as error:
        raise TimeTaken from error  # somebody was booked this very moment: asked again, they are left out


def _locked(gathering_id: int) -> Gathering:
    rows = Gathering.objects.select_for_update(of=("self",)).select_related("term__programme")
    return rows.get(pk=gathering_id)


def _raise_sequence(gathering: Gathering, now: datetime, *changed: str) -> None:
    gathering.sequence += 1
    gathering.changed_at = max(now, gathering.changed_at + timedelta(seconds=1))
    gathering.save(update_fields=["sequence", "changed_at", *changed])

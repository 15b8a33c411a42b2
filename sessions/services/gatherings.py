"""Gatherings of a term or a role: opened, fixed, changed, cancelled, and told to who was not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from dialogue.core.recurrence import MINIMUM_NOTICE
from dialogue.models import Person, Term
from dialogue.services import audit
from sessions.core.gathering_dates import usual_closing
from sessions.gathering_announcing import (
    ask_for_times,
    invite,
    send_page,
    tell_of_cancel,
    tell_of_change,
    tell_of_more_time,
    when_and_where,
)
from sessions.gathering_choice import latest_closing, takes_choices
from sessions.gathering_circle import invited_ids, still_invited
from sessions.models import BusyTime, Gathering, GatheringAnswer, GatheringOption
from sessions.services.changing import ChangedMeanwhile, TooSoon
from sessions.services.feeds import mark_feeds_stale
from sessions.services.gathering_hours import take_all_hours, take_hours_of

Status, Answer = Gathering.Status, GatheringAnswer.Answer


class GatheringRefused(Exception):
    """It is cancelled or over, or the person is not invited, or it is in no state for this."""


class GatheringMoved(GatheringRefused):
    """The answer was given for a time at which the gathering is no longer held."""


class ClosesBadly(Exception):
    """Choosing would close at a moment that has passed, too near to a date, or no later than it does."""


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

    closes_at: datetime | None = None
    """Until when people choose among several starts (UTC). None: `usual_closing`."""


@transaction.atomic
def open_gathering(*, term: Term, order: GatheringOrder, now: datetime, actor: Person | None = None) -> Gathering:
    """Make a gathering and invite its audience, or ask it which of the alternatives suits.

    Who is booked at that time already is not booked twice: they are noted as not coming, told so, and get the short
    version afterwards.

    Raises:
        TooSoon: a start is less than an hour from `now`.
        TimeTaken: the video link is in use then.
        GatheringRefused: nobody belongs to the audience.
        ClosesBadly: choosing would close before `now`, or not before the last start.
    """
    starts = sorted(set(order.starts))
    if starts[0] < now + MINIMUM_NOTICE:
        raise TooSoon
    fields: dict[str, Any] = {"status": Status.CONFIRMED, "starts_at": starts[0]}
    fields["ends_at"] = starts[0] + timedelta(minutes=order.minutes)
    if len(starts) > 1:
        closes_at = order.closes_at or usual_closing(first=starts[0], now=now)
        if not now < closes_at < starts[-1]:
            raise ClosesBadly
        fields = {"status": Status.ASKING, "closes_at": closes_at}
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
        **fields,
    )
    GatheringAnswer.objects.bulk_create(GatheringAnswer(gathering=gathering, person_id=one) for one in people)
    if len(starts) > 1:
        GatheringOption.objects.bulk_create(GatheringOption(gathering=gathering, starts_at=one) for one in starts)
        ask_for_times(gathering=gathering, people=people, now=now)
    else:
        _confirm(gathering, starts[0], now=now)
    audit.record(actor=actor, action="gathering_opened", subject_key=f"gathering:{gathering.pk}", now=now)
    return gathering


@transaction.atomic
def fix_date(*, gathering_id: int, option_id: int, now: datetime, actor: Person | None = None) -> Gathering:
    """Hold a gathering at one of its alternatives and invite everybody. Fixed twice, the second changes nothing.

    Who could come then is noted as coming, and everybody else is asked.

    Raises:
        GatheringRefused: it has another date already, is off, or never had this alternative.
        TooSoon: the start is less than an hour from `now`.
        TimeTaken: the video link is in use then.
    """
    gathering = locked_gathering(gathering_id)
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
def extend_choice(*, gathering_id: int, closes_at: datetime, now: datetime, actor: Person | None = None) -> int:
    """Let people choose among the dates until later, be it that choosing had closed. Returns how many are told.

    Who has not chosen is told, once for each new closing; who has is not written to. Done twice, the second changes
    and sends nothing.

    Raises:
        GatheringRefused: it looks for no date any more, or choosing cannot stay open longer.
        ClosesBadly: this is past, no later than it closes, or less than an hour before the first date that is left.
    """
    gathering = locked_gathering(gathering_id)
    until_now = gathering.closes_at
    if closes_at == until_now and takes_choices(gathering, now):
        return 0
    latest = latest_closing(gathering, now)
    if latest is None:
        raise GatheringRefused
    if not max(now, until_now) < closes_at <= latest:
        raise ClosesBadly
    gathering.closes_at = closes_at
    gathering.save(update_fields=["closes_at"])
    silent = gathering.answers.filter(chose_at__isnull=True).order_by("person")
    people = list(silent.values_list("person", flat=True))
    tell_of_more_time(gathering=gathering, people=people, until_now=until_now, now=now)
    audit.record(actor=actor, action="gathering_extended", subject_key=f"gathering:{gathering.pk}", now=now)
    return len(people)


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
    gathering = locked_gathering(gathering_id)
    if gathering.status != Status.CONFIRMED or gathering.ends_at <= now:
        raise GatheringRefused
    if gathering.sequence != seen:
        raise ChangedMeanwhile
    ends_at = starts_at + timedelta(minutes=minutes)
    before = (
        gathering.starts_at, gathering.ends_at, gathering.place, gathering.room_url, gathering.together_minutes
    )  # fmt: skip
    said, moved = when_and_where(gathering), (starts_at, ends_at) != before[:2]
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
    take_all_hours(gathering, now)
    people = still_invited(gathering)
    tell_of_change(gathering=gathering, people=people, before=said, until=before[1], now=now)
    mark_feeds_stale(people)
    audit.record(actor=actor, action="gathering_changed", subject_key=f"gathering:{gathering.pk}", now=now)
    return True


@transaction.atomic
def cancel_gathering(*, gathering_id: int, now: datetime, actor: Person | None = None) -> None:
    """Call a gathering off, free its time and tell everybody. Done twice, the second changes and sends nothing.

    Raises:
        GatheringRefused: it is over.
    """
    gathering = locked_gathering(gathering_id)
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


@transaction.atomic
def write_page_version(*, gathering_id: int, text: str, now: datetime, actor: Person | None = None) -> int:
    """Keep the short version of a gathering that is over, and tell who was not there, once. Returns how many.

    A later text replaces it on the page and tells nobody again.

    Raises:
        GatheringRefused: it has not ended, or never took place.
    """
    gathering = locked_gathering(gathering_id)
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

    Between the closing of its choice and the date there is nothing to ask: then they are invited once the date stands.

    Raises:
        GatheringRefused: it is off or over, or its choice has closed.
    """
    gathering = locked_gathering(gathering_id)
    if gathering.status == Status.CANCELLED or (gathering.ends_at is not None and gathering.ends_at <= now):
        raise GatheringRefused
    if gathering.status == Status.ASKING and not takes_choices(gathering, now):
        raise GatheringRefused
    wanted = invited_ids(gathering.term, audience=gathering.audience, kind=gathering.kind)
    new = sorted(set(wanted) - set(still_invited(gathering)))
    GatheringAnswer.objects.bulk_create(GatheringAnswer(gathering=gathering, person_id=one) for one in new)
    if not new:
        return 0
    if gathering.status == Status.ASKING:
        ask_for_times(gathering=gathering, people=new, now=now)
    else:
        take_hours_of(gathering, new, now)
        invite(gathering=gathering, people=new, now=now)
        mark_feeds_stale(new)
    return len(new)


def _confirm(gathering: Gathering, starts_at: datetime, *, now: datetime) -> None:
    gathering.status = Status.CONFIRMED
    gathering.starts_at = starts_at
    gathering.ends_at = starts_at + timedelta(minutes=gathering.minutes)
    gathering.changed_at = max(now, gathering.changed_at)
    gathering.save(update_fields=["status", "starts_at", "ends_at", "changed_at"])
    take_all_hours(gathering, now)
    people = still_invited(gathering)
    invite(gathering=gathering, people=people, now=now)
    mark_feeds_stale(people)


def locked_gathering(gathering_id: int) -> Gathering:
    """Return a gathering with its row locked: whatever changes one, or an answer to it, locks it first."""
    rows = Gathering.objects.select_for_update(of=("self",)).select_related("term__programme")
    return rows.get(pk=gathering_id)


def _raise_sequence(gathering: Gathering, now: datetime, *changed: str) -> None:
    gathering.sequence += 1
    gathering.changed_at = max(now, gathering.changed_at + timedelta(seconds=1))
    gathering.save(update_fields=["sequence", "changed_at", *changed])

"""Which messages about a gathering go into the outbox, and when each is due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from datetime import datetime, timedelta

from dialogue.models import OutboundMessage
from dialogue.outbox import Draft, queue_messages, void_messages
from sessions.announcing import USELESS_BEFORE_START
from sessions.core.gathering_dates import asked_again_at
from sessions.last_heard import gathering_place, gatherings_heard
from sessions.models import Gathering, GatheringCopy

REMINDERS = {
    "gathering_reminder_72h": timedelta(hours=72),
    "gathering_reminder": timedelta(hours=24),
    "gathering_reminder_1h": timedelta(hours=1),
}
"""The one of the day before asks those who have not answered, too. The others go to who said yes, as it is then."""

ABOUT_ITS_TIME = ("gathering_asked", "gathering_invited", "gathering_changed", *REMINDERS)
PUT_IT_IN = ("gathering_invited", "gathering_changed", "gathering_by_mail")


def subject_of_gathering(gathering: Gathering) -> str:
    return f"gathering:{gathering.pk}"


def ask_for_times(*, gathering: Gathering, people: Iterable[int], now: datetime) -> None:
    """Ask people which of the alternatives suit them, and those who have not said so once more before it closes."""
    closes_at = gathering.closes_at
    due = {"first": now, "again": asked_again_at(closes_at=closes_at, now=now)}
    drafts = [
        _draft("gathering_asked", gathering, one, due_at=at, expires_at=closes_at, key=key, again=True)
        for one in people
        for key, at in due.items()
    ]
    queue_messages(drafts, now=now)


def tell_of_more_time(*, gathering: Gathering, people: Iterable[int], until_now: datetime, now: datetime) -> None:
    """Tell people that they can choose until later, in place of what would have asked them until then."""
    void_messages(subject_key=subject_of_gathering(gathering), kinds_to_void=["gathering_asked"])
    closes_at = gathering.closes_at
    context, key = {"until_now": until_now.isoformat()}, f"until:{closes_at:%Y%m%dT%H%M}"
    drafts = [
        _draft("gathering_asked", gathering, one, due_at=now, expires_at=closes_at, key=key, context=context)
        for one in people
    ]
    queue_messages(drafts, now=now)


def invite(*, gathering: Gathering, people: Iterable[int], now: datetime) -> None:
    """Invite people to a gathering whose time is fixed, and remind them of it. Who had left it is invited anew."""
    void_messages(subject_key=subject_of_gathering(gathering), kinds_to_void=["gathering_asked"])
    people = list(people)
    leads = GatheringCopy.objects.put_back(gathering, people=people, now=now)
    drafts = [
        _draft(
            "gathering_invited",
            gathering,
            one,
            due_at=now,
            expires_at=gathering.ends_at,
            key=_version(gathering, leads.get(one)),
        )
        for one in people
    ]
    queue_messages([*drafts, *_reminders(gathering, people, now)], now=now)


def invite_after_all(*, gathering: Gathering, person_id: int, now: datetime) -> None:
    """Send the invitation to somebody who had said no and comes: what they got before had no entry for a calendar."""
    draft = _draft(
        "gathering_invited",
        gathering,
        person_id,
        due_at=now,
        expires_at=gathering.ends_at,
        key=f"{_version(gathering, _leads(gathering, [person_id]).get(person_id))}:after-all",
    )
    queue_messages([draft, *_reminders(gathering, [person_id], now)], now=now)


def when_and_where(gathering: Gathering) -> dict[str, object]:
    """Return when and where a gathering is, as a message of its change keeps it."""
    return {
        "before": [gathering.starts_at.isoformat(), gathering.ends_at.isoformat()],
        "place": astuple(gathering_place(gathering)),
        "together": gathering.together_minutes,
    }


def tell_of_change(
    *, gathering: Gathering, people: Iterable[int], before: Mapping[str, object], until: datetime, now: datetime
) -> None:
    """Void what was queued of the earlier time and tell everybody before and after.

    `before` is what `when_and_where` said of it, `until` when it would have ended. Whoever has not heard of an earlier
    change reads what they heard of last.
    """
    heard = gatherings_heard(gathering)
    void_messages(subject_key=subject_of_gathering(gathering), kinds_to_void=ABOUT_ITS_TIME)
    people = list(people)
    # One that was brought forward and is over still stands at its old time where no mail has left meanwhile.
    until = max(gathering.ends_at, until)
    drafts = [
        _draft("gathering_changed", gathering, one, due_at=now, expires_at=until, context=heard.get(one, before))
        for one in people
    ]
    queue_messages([*drafts, *_reminders(gathering, people, now)], now=now)


def tell_of_cancel(*, gathering: Gathering, people: Iterable[int], now: datetime, for_all: bool = True) -> None:
    """Tell people that a gathering is off, or, when it is off for them alone, only whose calendar holds it."""
    people = list(people)
    if for_all:
        void_messages(subject_key=subject_of_gathering(gathering), kinds_to_void=ABOUT_ITS_TIME)
    else:
        people = sorted(has_it_in_calendar(gathering) & set(people))
        for person in people:
            GatheringCopy.objects.take_out([gathering], person_id=person, now=now)
    _tell_each("gathering_cancelled", gathering, people, now)


def hand_over_gathering(*, gathering: Gathering, person_id: int, now: datetime) -> None:
    """Take what mails had put into one person's calendar out of it again, because the feed shows it from now on."""
    _tell_each("gathering_by_feed", gathering, [person_id], now)


def gathering_by_mail_again(*, gathering: Gathering, person_id: int, now: datetime) -> None:
    """Mail one person a gathering that only the feed had shown."""
    _tell_each("gathering_by_mail", gathering, [person_id], now)


def _tell_each(kind: str, gathering: Gathering, people: Sequence[int], now: datetime) -> None:
    leads, until = _leads(gathering, people), gathering.ends_at
    queue_messages(
        [
            _draft(kind, gathering, one, due_at=now, expires_at=until, key=_version(gathering, leads.get(one)))
            for one in people
        ],
        now=now,
    )


def _leads(gathering: Gathering, people: Sequence[int]) -> Mapping[int, int]:
    return GatheringCopy.objects.leads_of(gathering, people)


def _version(gathering: Gathering, lead: int | None) -> str:
    """Return which state of a person's calendar a message speaks of, for its dedupe key."""
    return f"{gathering.sequence}.{lead}" if lead else f"{gathering.sequence}"


def send_page(*, gathering: Gathering, people: Iterable[int], now: datetime) -> None:
    """Tell people who were not there that the short version is on the page. Once each."""
    queue_messages([_draft("gathering_page", gathering, one, due_at=now, key="once") for one in people], now=now)


def has_it_in_calendar(gathering: Gathering) -> set[int]:
    """Return the people to whose calendar a mail may have brought the gathering."""
    rows = OutboundMessage.objects.filter(subject_key=subject_of_gathering(gathering), kind__in=PUT_IT_IN)
    return set(rows.perhaps_arrived().values_list("recipient", flat=True))


def _reminders(gathering: Gathering, people: Iterable[int], now: datetime) -> list[Draft]:
    useless = gathering.starts_at - USELESS_BEFORE_START
    key = f"{gathering.starts_at:%Y%m%dT%H%M}"
    ahead = {kind: gathering.starts_at - time for kind, time in REMINDERS.items()}
    return [
        _draft(kind, gathering, person, due_at=due, expires_at=useless, key=key, again=True)
        for person in people
        for kind, due in ahead.items()
        if due > now
    ]


def _draft(
    kind: str,
    gathering: Gathering,
    person: int,
    *,
    due_at: datetime,
    key: str = "",
    expires_at: datetime | None = None,
    context: Mapping[str, object] | None = None,
    again: bool = False,
) -> Draft:
    return Draft(
        kind=kind,
        recipient_id=person,
        subject_key=subject_of_gathering(gathering),
        subject_version=gathering.sequence,
        dedupe_key=f"{kind.replace('_', '-')}:{gathering.pk}:{person}:{key or gathering.sequence}",
        due_at=due_at,
        expires_at=expires_at,
        context=context or {},
        again=again,
    )

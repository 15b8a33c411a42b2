"""Which messages a change of several sessions puts into the outbox: one that tells it all, and what calendars need.

A mail carries one calendar object (RFC 5546 section 3.2). So the mail that lists every change carries that of the
nearest session; each further session that somebody has in their calendar already follows by the road of a single
change. For the others the queued invitation is written anew and goes out when it would have.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from datetime import datetime

from dialogue.models import Cohort, OutboundMessage
from dialogue.outbox import Draft, queue_messages, void_messages
from sessions.announcing import (
    ABOUT_A_SESSION,
    INVITED_AHEAD,
    INVITED_AT_ONCE,
    about_a_session,
    end_in_calendars,
    subject_of,
    version_of,
)
from sessions.circle import everyone_in, sessions_by_person
from sessions.copies import CARRIES_A_REQUEST, who_follow_feed
from sessions.last_heard import Heard, Place, place_of, places_heard
from sessions.models import CalendarCopy, DialogueSession

ANOTHER_LEADER = "cohort_facilitator_changed"


def in_calendars(sessions: Iterable[DialogueSession]) -> dict[int, set[int]]:
    """Return, by session, the people who may have it in their calendar by mail. One query."""
    by_subject = {subject_of(session): session.pk for session in sessions}
    rows = OutboundMessage.objects.filter(subject_key__in=by_subject, kind__in=CARRIES_A_REQUEST).perhaps_arrived()
    found: dict[int, set[int]] = defaultdict(set)
    for subject, person in rows.values_list("subject_key", "recipient"):
        found[by_subject[subject]].add(person)
    return found


def announce_series_moved(
    *, sessions: Sequence[DialogueSession], before: Mapping[int, datetime], now: datetime, besides: Collection[int] = ()
) -> None:
    """Tell everyone once of all moved sessions (earliest first), with the old and new time of each.

    `before` is the former start by session. `besides` are people to whom the former times were never said.
    """
    for session in sessions:
        void_messages(subject_key=subject_of(session), kinds_to_void=(*ABOUT_A_SESSION, "series_moved"))
    theirs = {person: own for person, own in sessions_by_person(sessions).items() if person not in besides}
    have = in_calendars(sessions)
    changes = [[session.pk, before[session.pk].isoformat()] for session in sessions]
    until = {session.pk: end_in_calendars(session, before[session.pk]) for session in sessions}
    drafts = [
        _draft("series_moved", own[0], person, now=now, until=until[own[0].pk], context={"changes": changes})
        for person, own in theirs.items()
    ]
    for position, session in enumerate(sessions):
        told = [person for person, own in theirs.items() if own[0] is session]
        drafts += about_a_session(session, told, invite_at=None, now=now)
        people = [person for person, own in theirs.items() if session in own[1:]]
        has = [person for person in people if person in have[session.pk]]
        context = {"previous_start": before[session.pk].isoformat()}
        drafts += [
            _draft("session_moved", session, person, now=now, until=until[session.pk], context=context)
            for person in has
        ]
        drafts += about_a_session(session, has, invite_at=None, now=now)
        drafts += _invited_anew(session, people, has, position, now)
    queue_messages(drafts, now=now, not_before=_held_until(sessions))


def _invited_anew(
    session: DialogueSession, people: Sequence[int], has: Collection[int], position: int, now: datetime
) -> Iterator[Draft]:
    invite_at = now if position < INVITED_AT_ONCE else max(now, session.starts_at - INVITED_AHEAD)
    missing = [person for person in people if person not in has]
    yield from about_a_session(session, missing, invite_at=invite_at, now=now)


def announce_series_cancelled(*, sessions: Sequence[DialogueSession], now: datetime) -> None:
    """Tell everyone once of all cancelled sessions (earliest first); each leaves the calendars that have it."""
    for session in sessions:
        void_messages(subject_key=subject_of(session), kinds_to_void=(*ABOUT_A_SESSION, "series_moved"))
    have = in_calendars(sessions)
    listed = [session.pk for session in sessions]
    drafts = []
    for person, own in sessions_by_person(sessions).items():
        has = [session for session in own if person in have[session.pk]]
        carried = has[0] if has else own[0]
        drafts.append(_draft("series_cancelled", carried, person, now=now, context={"sessions": listed}))
        drafts += [_draft("session_cancelled", session, person, now=now) for session in has[1:]]
    queue_messages(drafts, now=now, not_before=_held_until(sessions))


def announce_postponed(*, session: DialogueSession, now: datetime, people: Iterable[int] | None = None) -> None:
    """Void what is queued about a session that was put off, and tell everyone in it once, with the dates proposed.

    With `people`, who came back while it had no date, only they are told, and nothing is void.
    """
    if people is None:
        void_messages(subject_key=subject_of(session), kinds_to_void=(*ABOUT_A_SESSION, "series_moved"))
        people = everyone_in(session)
    people = list(people)
    leads = CalendarCopy.objects.leads_of(session, people)
    drafts = [_draft("session_postponed", session, person, now=now, lead=leads.get(person)) for person in people]
    queue_messages(drafts, now=now, not_before=session.cohort.held_until)


def announce_returned(*, session: DialogueSession, now: datetime) -> None:
    """Tell who has heard that a session was put off that it is held when it was to be, and remind everybody of it.

    Where neither that word nor the invitation had left, the invitation goes out when it would have. Who has the session
    in their calendar and heard of nothing is invited anew: what had waited to tell of an earlier change is void.
    """
    subject, people = subject_of(session), everyone_in(session)
    void_messages(subject_key=subject, kinds_to_void=("session_postponed",))
    put_off_at = session.postponements.latest("made_at").made_at
    word = OutboundMessage.objects.filter(subject_key=subject, kind="session_postponed", created_at__gte=put_off_at)
    heard = set(word.perhaps_arrived().values_list("recipient", flat=True))
    # Whoever left and came back meanwhile may have heard of their leaving alone.
    have = in_calendars([session]).get(session.pk, set()) - CalendarCopy.objects.leads_of(session, people).keys()
    told = [person for person in people if person in heard]
    has = [person for person in people if person in have - heard]
    missing = [person for person in people if person not in have | heard]
    drafts = [_draft("session_returned", session, person, now=now) for person in told]
    drafts += about_a_session(session, told, invite_at=None, now=now)
    drafts += about_a_session(session, has, invite_at=now, now=now)
    drafts += about_a_session(session, missing, invite_at=max(now, session.starts_at - INVITED_AHEAD), now=now)
    queue_messages(drafts, now=now, not_before=session.cohort.held_until)


def announce_place_changed(*, sessions: Sequence[DialogueSession], before: Mapping[int, Place], now: datetime) -> None:
    """Tell who has one of these sessions (earliest first) in their calendar where they were held and are held now.

    One mail lists all of them. Each further session in a calendar that goes by mail has its entry renewed by a mail of
    its own, which says that it does no more; who has the feed needs none. `before` is the former place by session.
    Where the mail of an earlier change had not left, the reader is told the place that they heard of last, and of a
    change that is back there nothing; what else that mail listed is listed by this one.
    """
    unsaid = _listed_and_unsaid(sessions, now)
    for session in sessions:
        void_messages(subject_key=subject_of(session), kinds_to_void=["place_changed"])
    others = sorted({one for listed in unsaid.values() for one in listed}, key=lambda one: (one.starts_at, one.pk))
    have, theirs = in_calendars([*sessions, *others]), sessions_by_person(sessions)
    heard, present = places_heard(sessions, theirs), {session.pk: place_of(session) for session in sessions}
    by_feed = who_follow_feed(theirs)
    drafts = []
    for person, own in theirs.items():
        known = {one.pk: heard.get((person, one.pk), Heard(before[one.pk], surely_last=True)) for one in own}
        news = [one for one in own if known[one.pk] != Heard(present[one.pk], surely_last=True)]
        was = {one: known[one.pk].what for one in news} | unsaid.get(person, {})
        for place, session in enumerate(one for one in was if person in have[one.pk]):
            if place == 0:
                until, told = max(one.ends_at for one in was), _places(was)
            elif session in news and person not in by_feed:
                until, told = session.ends_at, {**_places({session: was[session]}), "entry_only": True}
            else:
                continue
            drafts.append(_draft("place_changed", session, person, now=now, until=until, context=told))
    queue_messages(drafts, now=now, not_before=_held_until(sessions))


def _places(was: Mapping[DialogueSession, Place]) -> dict[str, object]:
    return {"sessions": [one.pk for one in was], "before": [[one.pk, *astuple(place)] for one, place in was.items()]}


def _listed_and_unsaid(sessions: Sequence[DialogueSession], now: datetime) -> dict[int, dict[DialogueSession, Place]]:
    """Return by person which other sessions, with their former place, a mail lists that waits on one of these."""
    rows = OutboundMessage.objects.filter(
        subject_key__in=[subject_of(one) for one in sessions],
        kind="place_changed",
        status=OutboundMessage.Status.QUEUED,
    )
    waiting = [(person, context.get("before", [])) for person, context in rows.values_list("recipient", "context")]
    others = {pk for _person, before in waiting for pk, *_place in before} - {one.pk for one in sessions}
    to_come = DialogueSession.objects.filter(pk__in=others, status=DialogueSession.Status.CONFIRMED, ends_at__gt=now)
    found = {one.pk: one for one in to_come.select_related("cohort")}
    unsaid: dict[int, dict[DialogueSession, Place]] = defaultdict(dict)
    for person, before in waiting:
        unsaid[person] |= {found[pk]: Place(*place) for pk, *place in before if pk in found}
    return unsaid


def announce_another_leader(*, cohort: Cohort, former: int, people: Iterable[int], now: datetime) -> None:
    """Tell these members of a cohort once who leads its sessions to come from now on, and who did until now.

    Whoever has not heard of an earlier change reads of whom they heard last, and nothing where that one leads again.
    """
    subject, present = f"cohort:{cohort.pk}", cohort.facilitation.person_id
    waiting = OutboundMessage.objects.filter(
        subject_key=subject, kind=ANOTHER_LEADER, status=OutboundMessage.Status.QUEUED, attempts=0
    )
    heard = {person: context["former"] for person, context in waiting.values_list("recipient", "context")}
    void_messages(subject_key=subject, kinds_to_void=[ANOTHER_LEADER])
    drafts = [
        Draft(
            kind=ANOTHER_LEADER,
            recipient_id=person,
            subject_key=subject,
            dedupe_key=f"cohort-facilitator-changed:{cohort.pk}:{person}:{present}:{now:%Y%m%dT%H%M%S%f}",
            due_at=now,
            context={"former": heard.get(person, former), "present": present},
        )
        for person in people
        if heard.get(person, former) != present
    ]
    queue_messages(drafts, now=now, not_before=cohort.held_until)


def announce_added(*, session: DialogueSession, now: datetime) -> None:
    """Invite everyone to a session that came on top, at once, and remind them of it."""
    drafts = about_a_session(session, everyone_in(session), invite_at=now, now=now)
    queue_messages(drafts, now=now, not_before=session.cohort.held_until)


def _held_until(sessions: Iterable[DialogueSession]) -> datetime | None:
    """Return before which moment nobody is told of a cohort whose sessions these are: its publication is held."""
    return max((one.cohort.held_until for one in sessions if one.cohort.held_until), default=None)


def _draft(
    kind: str,
    session: DialogueSession,
    person: int,
    *,
    now: datetime,
    until: datetime | None = None,
    context: Mapping[str, object] | None = None,
    lead: int | None = None,
) -> Draft:
    return Draft(
        kind=kind,
        recipient_id=person,
        subject_key=subject_of(session),
        subject_version=session.sequence,
        dedupe_key=f"{kind.replace('_', '-')}:{session.pk}:{person}:{version_of(session, lead)}",
        due_at=now,
        expires_at=until or session.ends_at,
        context=context or {},
    )

"""Take up what people's calendars answer, from a mailbox, where somebody has switched that on."""

import logging
import mailbox
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import transaction

from dialogue.models import AuditEntry, Person
from dialogue.services.bounces import opened
from sessions.calendar_replies import LARGEST, CalendarReply, reply_in
from sessions.copies import subject_of
from sessions.models import Attendance, CalendarCopy, DialogueSession, Gathering, GatheringAnswer, GatheringCopy
from sessions.services.answering import AnswerRefused, answer
from sessions.services.booking import TimeTaken
from sessions.services.gathering_answers import answer_gathering
from sessions.services.gatherings import GatheringRefused
from sessions.services.standing_in import NotNeeded, say_away

log = logging.getLogger(__name__)

MOST_AT_ONCE = 500


class Outcome(StrEnum):
    """What became of a reply."""

    KEPT = "kept"
    SAID_NOTHING = "said nothing"
    NOT_ASKED = "not asked"
    OLD_VERSION = "old version"
    ANSWERED_SINCE = "answered since"
    BOOKED = "booked elsewhere"
    OVER = "over"


def read_replies(*, url: str, now: datetime) -> Counter[Outcome]:
    """Read the mailbox and return how many replies came to what.

    Replies are taken out of the mailbox after what they say is kept: a crash reads them again, which is harmless.
    One that was not asked for stays as every other mail does, for people to read, and is counted each time. Of a
    mailbox full of mail, the newest are looked at.

    Raises:
        ValueError: the URL is neither maildir:///path nor mbox:///path.
        OSError: the mailbox cannot be opened.
    """
    box = opened(url)
    outcomes: Counter[Outcome] = Counter()
    box.lock()
    try:
        # As they were written: a Maildir keeps no order, and a no after a yes must not become a yes after a no.
        for key, found in sorted(_replies_in(box), key=lambda one: one[1].said_at):
            outcome = take_up(found, now=now)
            outcomes[outcome] += 1
            if outcome is not Outcome.NOT_ASKED:
                box.discard(key)
        box.flush()
    finally:
        box.unlock()
        box.close()
    if outcomes:
        log.info("replies of calendars: %s", dict(outcomes))
    return outcomes


def _replies_in(box: mailbox.Mailbox) -> Iterator[tuple[str, CalendarReply]]:
    """Yield the replies in a mailbox, each with its key."""
    for key in list(box.keys())[-MOST_AT_ONCE:]:  # the newest: what people wrote and nobody removes stays below
        try:
            with box.get_file(key) as file:
                content = file.read(LARGEST + 1)
        except (KeyError, OSError):
            continue  # somebody else took it away meanwhile
        found = reply_in(content, trusted_server=settings.REPLIES_PROVEN_BY)
        if found is not None:
            yield key, found


@transaction.atomic
def take_up(reply: CalendarReply, *, now: datetime) -> Outcome:
    """Keep the answer that a calendar gives for a person, where it is about the time that the date has now.

    An answer that they gave on the site later than the reply was written stands. Told twice, it changes nothing more.
    Who leads a session and declines is away from it; who accepts afterwards is back.
    """
    person = Person.objects.filter(email=reply.address, is_active=True).first()
    if person is None or reply.organiser not in ("", settings.SERVICE_MAILBOX.lower()):
        return Outcome.NOT_ASKED
    session = DialogueSession.objects.select_for_update(of=("self",)).filter(uid=reply.uid).first()
    if session is not None:
        return _to_session(reply, session, person, now)
    gathering = Gathering.objects.select_for_update(of=("self",)).filter(uid=reply.uid).first()
    return _to_gathering(reply, gathering, person, now) if gathering is not None else Outcome.NOT_ASKED


def _to_session(reply: CalendarReply, session: DialogueSession, person: Person, now: datetime) -> Outcome:
    mine = Attendance.objects.filter(session=session, person=person).first()
    leads = session.facilitator_id == person.pk
    if mine is None and not leads:
        return Outcome.NOT_ASKED
    if _is_of_another_time(reply, session, CalendarCopy.objects.leads_of(session, [person.pk]).get(person.pk, 0)):
        return Outcome.OLD_VERSION
    if not reply.answer:
        return Outcome.SAID_NOTHING
    # A clock that runs ahead must not outrank what is said on the site afterwards.
    said_at = min(reply.said_at, now)
    try:
        if leads:
            return _of_facilitator(session, person, away=reply.answer == "no", said_at=said_at, now=now)
        if mine is not None and _is_old(reply, mine):
            return Outcome.ANSWERED_SINCE
        answer(session_id=session.pk, person=person, answer=reply.answer, now=said_at)
    except (AnswerRefused, NotNeeded):
        return Outcome.OVER
    return Outcome.KEPT


def _of_facilitator(
    session: DialogueSession, person: Person, *, away: bool, said_at: datetime, now: datetime
) -> Outcome:
    """Keep that whoever leads cannot come or can after all, unless they have said otherwise since."""
    back = AuditEntry.objects.filter(subject_key=subject_of(session), actor=person, action="facilitator_back")
    since = back.filter(at__gte=said_at).exists() if away else (session.facilitator_away_at or said_at) > said_at
    if since:
        return Outcome.ANSWERED_SINCE
    say_away(session_id=session.pk, person=person, away=away, now=now, said_at=said_at)
    return Outcome.KEPT


def _to_gathering(reply: CalendarReply, gathering: Gathering, person: Person, now: datetime) -> Outcome:
    mine = GatheringAnswer.objects.filter(gathering=gathering, person=person).first()
    if mine is None:
        return Outcome.NOT_ASKED
    if _is_of_another_time(reply, gathering, GatheringCopy.objects.leads_of(gathering, [person.pk]).get(person.pk, 0)):
        return Outcome.OLD_VERSION
    if not reply.answer:
        return Outcome.SAID_NOTHING
    if _is_old(reply, mine):
        return Outcome.ANSWERED_SINCE
    comes, said_at = reply.answer == "yes", min(reply.said_at, now)
    try:
        answer_gathering(gathering_id=gathering.pk, person=person, comes=comes, now=said_at)
    except TimeTaken:
        return Outcome.BOOKED
    except GatheringRefused:
        return Outcome.OVER
    return Outcome.KEPT


def _is_of_another_time(reply: CalendarReply, date: DialogueSession | Gathering, lead: int) -> bool:
    """Whether a reply is stale (RFC 5546 section 2.1.5): to an older version, or to none that there has been.

    One to an older version that began at the same time still counts, as an answer given on the site would: only the
    place may have changed since, perhaps back to what it was, of which no mail told anybody.
    """
    version = date.sequence + lead
    if lead <= reply.sequence < version:
        return reply.starts_at != date.starts_at
    return reply.sequence != version


def _is_old(reply: CalendarReply, mine: Attendance | GatheringAnswer) -> bool:
    """Whether the person has answered since the reply was written, or by it."""
    return mine.answered_at is not None and reply.said_at <= mine.answered_at

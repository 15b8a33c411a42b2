"""Take up what people's calendars answer, from a mailbox, where somebody has switched that on."""

import logging
from collections import Counter
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import transaction

from dialogue.models import Person
from dialogue.services.bounces import opened
from sessions.calendar_replies import LARGEST, CalendarReply, reply_in
from sessions.models import Attendance, CalendarCopy, DialogueSession
from sessions.services.answering import AnswerRefused, answer

log = logging.getLogger(__name__)

MOST_AT_ONCE = 500


class Outcome(StrEnum):
    """What became of a reply."""

    KEPT = "kept"
    SAID_NOTHING = "said nothing"
    NOT_ASKED = "not asked"
    OLD_VERSION = "old version"
    ANSWERED_SINCE = "answered since"
    OVER = "over"


def read_replies(*, url: str, now: datetime) -> Counter[Outcome]:
    """Read the mailbox and return how many replies came to what.

    Replies are taken out of the mailbox after what they say is kept: a crash reads them again, which is harmless.
    Every other mail stays as it is, for people to read. Of a mailbox full of mail, some are looked at each time.

    Raises:
        ValueError: the URL is neither maildir:///path nor mbox:///path.
        OSError: the mailbox cannot be opened.
    """
    box = opened(url)
    outcomes: Counter[Outcome] = Counter()
    box.lock()
    try:
        for key in list(box.keys())[-MOST_AT_ONCE:]:  # the newest: what people wrote and nobody removes stays below
            try:
                with box.get_file(key) as file:
                    content = file.read(LARGEST + 1)
            except (KeyError, OSError):
                continue  # somebody else took it away meanwhile
            found = reply_in(content, trusted_server=settings.REPLIES_PROVEN_BY)
            if found is not None:
                outcomes[take_up(found, now=now)] += 1
                box.discard(key)
        box.flush()
    finally:
        box.unlock()
        box.close()
    if outcomes:
        log.info("replies of calendars: %s", dict(outcomes))
    return outcomes


@transaction.atomic
def take_up(reply: CalendarReply, *, now: datetime) -> Outcome:
    """Keep the answer that a calendar gives for a person, where the invitation it answers is the latest they had.

    An answer that they gave on the site later than the reply was written stands. Told twice, it changes nothing more.
    """
    person = Person.objects.filter(email=reply.address, is_active=True).first()
    session = DialogueSession.objects.select_for_update(of=("self",)).filter(uid=reply.uid).first()
    if person is None or session is None or reply.organiser not in ("", settings.SERVICE_MAILBOX.lower()):
        return Outcome.NOT_ASKED
    mine = Attendance.objects.filter(session=session, person=person).first()
    if mine is None:
        return Outcome.NOT_ASKED
    if reply.sequence != session.sequence + CalendarCopy.objects.leads_of(session, [person.pk]).get(person.pk, 0):
        return Outcome.OLD_VERSION
    if not reply.answer:
        return Outcome.SAID_NOTHING
    if mine.answered_at is not None and reply.said_at <= mine.answered_at:
        return Outcome.ANSWERED_SINCE
    try:
        # A clock that runs ahead must not outrank what is said on the site afterwards.
        answer(session_id=session.pk, person=person, answer=reply.answer, now=min(reply.said_at, now))
    except AnswerRefused:
        return Outcome.OVER
    return Outcome.KEPT

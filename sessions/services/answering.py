"""Say whether one comes."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from dialogue.models import Person
from sessions.models import Attendance, DialogueSession
from sessions.services.quorum import locked, review

MOST_MINUTES_LATE = 240


class AnswerRefused(Exception):
    """The session is over or cancelled."""


class SessionMoved(AnswerRefused):
    """The answer was given for a time at which the session is no longer held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """What somebody adds to "I cannot come".

    `reason` is read by its author alone unless `shared`, then by facilitator and coordinators too; `hello` is a line
    that the facilitator passes on.
    """

    reason: str = ""
    shared: bool = False
    hello: str = ""

    def but_hello(self, kept: str) -> "OwnWords":
        """Return the same with the hello that was kept before: the new one has not gone yet."""
        return replace(self, hello=kept)


NO_WORDS = OwnWords()


@transaction.atomic
def answer(
    *,
    session_id: int,
    person: Person,
    answer: str,
    now: datetime,
    late_minutes: int | None = None,
    words: OwnWords | None = None,
    given_for: datetime | None = None,
) -> Attendance:
    """Keep a person's answer to a session; a later answer replaces it.

    `late_minutes` is kept beside "late" only, `words` beside "no" only. The same answer given again without them
    keeps what was said. `given_for` is the start that the person was asked about: where the session has moved
    meanwhile, nothing is kept.

    Raises:
        AnswerRefused: the session is over or cancelled.
        SessionMoved: it no longer starts at `given_for`.
        Attendance.DoesNotExist: the person is not expected at this session.
        ValueError: a word that is no answer, or minutes out of reach.
    """
    if late_minutes is not None and not 1 <= late_minutes <= MOST_MINUTES_LATE:
        raise ValueError(f"{late_minutes} minutes late is not coming")
    # The session first, as a move does: an answer that races a move is kept before it or refused after it.
    session = locked(session_id)
    attendance = Attendance.objects.select_for_update(of=("self",)).get(session=session, person=person)
    if session.status != DialogueSession.Status.CONFIRMED or session.ends_at <= now:
        raise AnswerRefused
    if given_for is not None and session.starts_at != given_for:
        raise SessionMoved
    said = Attendance.Answer(answer)
    same = attendance.answer == said
    if said != Attendance.Answer.LATE:
        attendance.late_minutes = None
    elif late_minutes is not None or not same:
        attendance.late_minutes = late_minutes
    if said != Attendance.Answer.NO or (words is None and not same):
        words = NO_WORDS
    if words is not None:
        attendance.reason, attendance.hello = words.reason, words.hello
        attendance.reason_shared = bool(words.reason) and words.shared
    attendance.answer = said
    attendance.answered_at = now if said != Attendance.Answer.NONE else None
    attendance.save(
        update_fields=["answer", "answered_at", "late_minutes", "reason", "reason_shared", "hello"],
    )
    review(session=session, now=now)
    return attendance

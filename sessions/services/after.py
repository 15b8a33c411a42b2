"""Count answers to the three questions after a session, each person's once, and keep nobody with them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from sessions.core.after import STEPS, TAKEN_FOR, Question, takes_answers
from sessions.models import AfterMark, AfterTally, Attendance, DialogueSession

_SALT: Final = "sessions.after"


class NotAsked(Exception):
    """The questions are not open: the session goes on, is a week past, was cancelled, or this person was not there."""


def is_asked(*, session: DialogueSession, person_id: int, now: datetime) -> bool:
    """Return whether somebody may answer: who was expected, and of whom nobody has said that they were missing.

    At most one query beside the session in whose room it is held.
    """
    if session.status in (DialogueSession.Status.CANCELLED, DialogueSession.Status.PROPOSED):
        return False
    closed_at = (session.joint_with or session).room_closed_at
    if not takes_answers(starts_at=session.starts_at, ends_at=session.ends_at, now=now, closed_at=closed_at):
        return False
    mine = Attendance.objects.filter(session=session, person=person_id).exclude(came=False)
    return mine.exclude(answer=Attendance.Answer.NO, came__isnull=True).exists()


def answered(*, session_id: int, person_id: int) -> set[Question]:
    """Return the questions that somebody has answered already, while answers are taken. One query."""
    tokens = _tokens(session_id=session_id, person_id=person_id)
    found = AfterMark.objects.filter(token__in=tokens.values()).values_list("token", flat=True)
    return {one for one, token in tokens.items() if token in set(found)}


@transaction.atomic
def answer_after(*, session: DialogueSession, person_id: int, question: Question, step: int, now: datetime) -> bool:
    """Count one answer and return whether it counted. A second one to the same question counts for nothing.

    Raises:
        NotAsked: this person may not answer now.
        ValueError: there is no such step.
    """
    if not 1 <= step <= STEPS:
        raise ValueError(step)
    if not is_asked(session=session, person_id=person_id, now=now):
        raise NotAsked
    token = _tokens(session_id=session.pk, person_id=person_id)[question]
    until = (session.ends_at + TAKEN_FOR).date() + timedelta(days=1)
    _mark, is_first = AfterMark.objects.get_or_create(token=token, defaults={"until": until})
    if not is_first:
        return False
    tallies = AfterTally.objects.filter(session=session)
    if not tallies.exists():
        AfterTally.objects.bulk_create(
            [AfterTally(session=session, question=one, step=word) for one in Question for word in range(1, STEPS + 1)],
            ignore_conflicts=True,
        )
    tallies.filter(question=question, step=step).update(count=F("count") + 1)
    return True


def drop_old_marks(*, now: datetime) -> int:
    """Delete the marks of sessions that take no more answers and return how many. The counts stay."""
    deleted, _by_model = AfterMark.objects.filter(until__lt=now.date()).delete()
    return deleted


def _tokens(*, session_id: int, person_id: int) -> Mapping[Question, str]:
    return {
        one: salted_hmac(_SALT, f"{session_id}:{person_id}:{one}", algorithm="sha256").hexdigest() for one in Question
    }

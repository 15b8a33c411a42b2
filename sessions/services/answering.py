"""Say whether one comes."""

from datetime import datetime

from django.db import transaction

from dialogue.models import Person
from sessions.models import Attendance, DialogueSession


class AnswerRefused(Exception):
    """The session is over or cancelled."""


@transaction.atomic
def answer(*, session_id: int, person: Person, answer: str, now: datetime) -> Attendance:
    """Keep a person's answer to a session; a later answer replaces it.

    Raises:
        AnswerRefused: the session is over or cancelled.
        Attendance.DoesNotExist: the person is not expected at this session.
    """
    attendance = Attendance.objects.select_related("session").get(session_id=session_id, person=person)
    session = attendance.session
    if session.status != DialogueSession.Status.CONFIRMED or session.ends_at <= now:
        raise AnswerRefused
    attendance.answer = Attendance.Answer(answer)
    attendance.answered_at = now if answer != Attendance.Answer.NONE else None
    attendance.save(update_fields=["answer", "answered_at"])
    return attendance

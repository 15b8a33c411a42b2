"""The private question to who would be the only one of their generation."""

from datetime import datetime

from django.db import transaction

from sessions.core.quorum import LONE_PATIENCE
from sessions.models import Attendance, LoneAsk
from sessions.services.answering import AnswerRefused, SessionMoved, answer
from sessions.services.quorum import locked, review

Choice = LoneAsk.Choice


@transaction.atomic
def answer_alone(*, ask_id: int, choice: str, now: datetime) -> LoneAsk:
    """Keep the answer; a later one replaces it until the session starts. Resting is the answer "I cannot come".

    Raises:
        SessionMoved: the session is at another time now.
        AnswerRefused: it has begun or was cancelled.
        ValueError: a word that is no answer.
    """
    session = locked(LoneAsk.objects.values_list("session", flat=True).get(pk=ask_id))
    ask = LoneAsk.objects.select_for_update(of=("self",)).select_related("person").get(pk=ask_id)
    if session.starts_at != ask.starts_at:
        raise SessionMoved
    if session.status != session.Status.CONFIRMED or session.starts_at <= now:
        raise AnswerRefused
    said = Choice(choice)
    if said in (Choice.ASKED, Choice.SILENT):
        raise ValueError(f"{choice} is nothing to answer")
    ask.choice, ask.answered_at = said, now
    ask.save(update_fields=["choice", "answered_at"])
    comes = Attendance.Answer.NO if said is Choice.REST else Attendance.Answer.YES
    mine = Attendance.objects.get(session=session, person=ask.person)
    if said is Choice.REST or mine.answer == Attendance.Answer.NO:
        answer(session_id=session.pk, person=ask.person, answer=comes, now=now)
    else:
        review(session=session, now=now)
    return ask


def pass_over_the_silent(*, now: datetime) -> int:
    """Look for company where somebody has not answered for twelve hours, and return for how many."""
    waiting = LoneAsk.objects.filter(choice=Choice.ASKED, asked_at__lte=now - LONE_PATIENCE, starts_at__gt=now)
    passed = 0
    for ask_id, session_id in waiting.order_by("pk").values_list("pk", "session"):
        with transaction.atomic():
            session = locked(session_id)
            if LoneAsk.objects.filter(pk=ask_id, choice=Choice.ASKED).update(choice=Choice.SILENT):
                review(session=session, now=now)
                passed += 1
    return passed

"""Asking one person after the other to take something on at a session: the line, whose turn it is, letting it pass."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from sessions.core.quorum import patience
from sessions.models import DialogueSession, StandbyAsk, StandInAsk
from sessions.services.quorum import locked

Ask = TypeVar("Ask", StandbyAsk, StandInAsk)


def line_up(asks: type[Ask], session: DialogueSession, people: Sequence[dict[str, object]]) -> int:
    """Put people behind those in line for a session at its present time, and return how many were put there.

    `people` are given by the field that names them. A line of another time of the session is none of this one.
    """
    known = asks.objects.filter(session=session, starts_at=session.starts_at).count()
    asks.objects.bulk_create(
        asks(session=session, starts_at=session.starts_at, position=known + place, **one)
        for place, one in enumerate(people, start=1)
    )
    return len(people)


def in_line(asks: type[Ask], session: DialogueSession) -> QuerySet[Ask]:
    """Return those not asked yet at the session's present time, first the first in line."""
    waiting = asks.objects.filter(session=session, starts_at=session.starts_at, status=asks.Status.WAITING)
    return waiting.order_by("position")


def take_turn(ask: StandbyAsk | StandInAsk, session: DialogueSession, *, others: int, now: datetime) -> None:
    """Make it this person's turn. With `others` behind them they have less time to answer."""
    ask.status, ask.asked_at = type(ask).Status.ASKED, now
    ask.answer_by = now + patience(starts_at=session.starts_at, now=now, others=others)
    ask.save(update_fields=["status", "asked_at", "answer_by"])


def pass_on(asks: type[Ask], ask_next: Callable[[DialogueSession, datetime], None], *, now: datetime) -> int:
    """Ask the next where somebody has let their time pass, and return for how many. A late yes still counts."""
    waiting = asks.objects.filter(status=asks.Status.ASKED, answer_by__lte=now, starts_at__gt=now)
    passed = 0
    for ask_id, session_id in waiting.order_by("pk").values_list("pk", "session"):
        with transaction.atomic():
            session = locked(session_id)
            if asks.objects.filter(pk=ask_id, status=asks.Status.ASKED).update(status=asks.Status.LAPSED):
                ask_next(session, now)
                passed += 1
    return passed

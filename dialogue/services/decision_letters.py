"""The letter that tells of a decision. It waits five minutes, and carries how things stood before."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet

from dialogue.announcing import DECISION_LETTERS, subject_of
from dialogue.core.reception import Move
from dialogue.decisions import Decision
from dialogue.fields import seal, unseal
from dialogue.models import OutboundMessage, Participation
from dialogue.outbox import Draft

HELD_BACK: Final = timedelta(minutes=5)
"""A letter waits so long, so that a slip can be taken back before anybody reads of it."""

KEPT: Final = ("status", "waiting_reason", "end_reason", "ended_at", "relayed_to_id", "asked", "replied")
"""What a decision changes of a participation."""

_Letter = OutboundMessage.Status


def waiting_letters(people: Iterable[Participation]) -> "QuerySet[OutboundMessage]":
    """Return the letters of decisions that have not left yet."""
    return OutboundMessage.objects.filter(
        subject_key__in=[subject_of(one) for one in people],
        kind__in=DECISION_LETTERS.values(),
        status=_Letter.QUEUED,
    )


def snapshot(one: Participation) -> str:
    """Return how things stand, for `take_back`."""
    kept: dict[str, Any] = {name: getattr(one, name) for name in KEPT}
    kept["ended_at"] = one.ended_at.isoformat() if one.ended_at else None
    return json.dumps(kept)


def letter_of(one: Participation, decision: Decision, *, before: str, version: int, now: datetime) -> Draft:
    """Return the letter of a decision. Those of earlier ones that still wait are void: one tells how things stand."""
    kind = DECISION_LETTERS[decision.move]
    return Draft(
        kind=kind,
        recipient_id=one.person_id,
        subject_key=subject_of(one),
        subject_version=version,
        dedupe_key=f"{kind}:{one.pk}:{version}",
        due_at=now + HELD_BACK,
        context={
            "words": seal(decision.words),
            "elsewhere": seal(decision.elsewhere),
            "before": seal(before),
            "voided": _void_waiting(one),
        },
    )


def decision_in(row: OutboundMessage, one: Participation) -> Decision:
    """Return the decision that a letter tells of."""
    move = next(move for move, kind in DECISION_LETTERS.items() if kind == row.kind)
    to_term = one.relayed_to if move is Move.HAND_ON else None
    words, elsewhere = (unseal(row.context[name]) for name in ("words", "elsewhere"))
    return Decision(move=move, words=words, to_term=to_term, elsewhere=elsewhere)


def _void_waiting(one: Participation) -> list[int]:
    ids = list(waiting_letters([one]).values_list("pk", flat=True))
    return [pk for pk in ids if waiting_letters([one]).filter(pk=pk).update(status=_Letter.VOID)]


def take_back(one: Participation, *, now: datetime) -> bool:
    """Set the participation to how it stood before the last decision, unsaved, if that one's letter has not left.

    Letters that the decision had made void are queued again. Returns whether it was taken back.
    """
    letter = waiting_letters([one]).order_by("-pk").first()
    if letter is None:
        return False
    # The update decides against a delivery that claims the letter in this moment.
    if not waiting_letters([one]).filter(pk=letter.pk).update(status=_Letter.VOID):
        return False
    kept = json.loads(unseal(letter.context["before"]))
    kept["ended_at"] = datetime.fromisoformat(kept["ended_at"]) if kept["ended_at"] else None
    for name, value in kept.items():
        setattr(one, name, value)
    OutboundMessage.objects.filter(pk__in=letter.context["voided"], status=_Letter.VOID).update(
        status=_Letter.QUEUED, due_at=now + HELD_BACK
    )
    return True

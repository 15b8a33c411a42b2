"""Keep how evenly a session's time was shared, once its turns are over."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction

from dialogue.core.generation import Generation
from sessions.core.voices import Basis, voices_of
from sessions.models import DialogueSession, VoiceFigure

_HUNDREDTH: Final = Decimal("0.01")
_MOST: Final = Decimal("99.99")


@transaction.atomic
def keep_figure(
    session: DialogueSession,
    spoken: Mapping[int, float],
    generations: Mapping[int, Generation],
    now: datetime,
    *,
    turns: int = 0,
    passed: int = 0,
    basis: Basis = Basis.TURNS,
) -> VoiceFigure | None:
    """Keep the circle's figure of a session, and no length of anybody. Returns nothing where none may be kept.

    `spoken` are the seconds of everybody who was there by primary key, 0 for who passed every turn; `generations` has
    everybody in it. Of `turns` that were offered, `passed` were passed. `basis` says what the seconds
    are. Keeping again replaces what was kept.
    """
    voices = voices_of(spoken, generations, turns=turns, passed=passed)
    if voices is None:
        VoiceFigure.objects.filter(session=session).delete()
        return None
    figure, _ = VoiceFigure.objects.update_or_create(
        session=session,
        defaults={
            "basis": basis,
            "students": voices.students,
            "alumni": voices.alumni,
            "gini": _rounded(voices.gini),
            "balance": None if voices.balance is None else _rounded(voices.balance),
            "passes": None if voices.passes is None else _rounded(voices.passes),
            "kept_at": now,
        },
    )
    return figure


def _rounded(figure: float) -> Decimal:
    return min(Decimal(figure).quantize(_HUNDREDTH), _MOST)

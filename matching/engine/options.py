"""What a caller may ask of the engine beside the problem, and how it tells how far it is."""

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Budgets in iterations (None: chosen by the size of the problem) and wishes.

    `form_size`: open no more cohorts than this size needs, to spare facilitators; None: as
    many as serve quality. `fair`: weigh bad cohorts more, so that none is sacrificed.
    """

    place_rounds: int | None = None
    improve_batches: int | None = None
    form_size: int | None = None
    fair: bool = False

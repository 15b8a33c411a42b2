"""What a roster says about one person, in the shape in which it is stored."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from dialogue.core.generation import Generation
from dialogue.core.roster.cells import Interest
from dialogue.core.week import WeeklyWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantRow:
    """One participant. `line` is the row that Excel shows; `windows` are wall-clock times in `zone`.

    `under_18_or_high_school` is true when the answer is no or unsure, and when age or school make it likely.
    `keep_apart` and `keep_together` are e-mail addresses of other participants in the same file.
    """

    line: int
    email: str
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    preferred_name: str
    generation: Generation
    birth_year: int | None
    under_18_or_high_school: bool
    languages: tuple[str, ...]
    zone: str
    affiliation: str
    partner: str
    field: str
    interests: tuple[Interest, ...]
    windows: tuple[WeeklyWindow, ...]
    keep_apart: tuple[str, ...]
    keep_together: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilitatorRow:
    """One facilitator, and how many cohorts they can take on at most."""

    line: int
    email: str
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str
    preferred_name: str
    languages: tuple[str, ...]
    zone: str
    windows: tuple[WeeklyWindow, ...]
    max_cohorts: int


Person = TypeVar("Person", ParticipantRow, FacilitatorRow)


@dataclass(frozen=True, slots=True)
class Roster(Generic[Person]):
    """All people of one file, and the headers that were not asked for and therefore not read."""

    rows: tuple[Person, ...]
    ignored_columns: tuple[str, ...]

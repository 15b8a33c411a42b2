"""The kinds of things that may need a human today. Each is a class in a module of its own, registered by its name."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo

from django.utils.functional import Promise

from dialogue.core.wording import format_date, format_name
from dialogue.models import Term

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Whose morning it is: the terms that somebody coordinates by key, the moment, and how days are said to them."""

    terms: Mapping[int, Term]
    now: datetime
    zone: ZoneInfo
    language: str
    _read: dict[Any, Any] = field(default_factory=dict, compare=False)

    def once(self, read: Callable[["Desk"], T]) -> T:
        """Return what a reading finds; it asks the database for this desk once, however many kinds want it."""
        if read not in self._read:
            self._read[read] = read(self)
        found: T = self._read[read]
        return found

    @property
    def term_ids(self) -> list[int]:
        return list(self.terms)

    @property
    def today(self) -> date:
        return self.day_of(self.now)

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def day(self, moment: datetime | date) -> str:
        """Return the day in words, as 「12月1日(火)」."""
        day = self.day_of(moment) if isinstance(moment, datetime) else moment
        return format_date(day=day, language=self.language)

    def name(self, family: str, given: str, preferred: str) -> str:
        """Return how a coordinator reads somebody's name."""
        return format_name(name=" ".join(part for part in (family, given) if part) or preferred, language=self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """The one thing to do: the page that mends it or, with `fields`, one press that sends them there."""

    text: str
    url: str
    fields: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that needs a human.

    `key` names it within its kind and its term, the same from day to day while it is the same thing. `what` says where,
    `evidence` the dates and counts that speak for it. It is older the earlier `since` is. `instead` leads to where the
    coordinator writes down what they have in hand already, which a mail would ask for.
    """

    term: int
    key: str
    since: datetime
    what: str
    evidence: str
    action: Action
    instead: Action | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One thing that was settled. `back` takes it back, for `noted_by` alone, whose key it is."""

    at: datetime
    term: int
    what: str
    by: str = ""
    back: Action | None = None
    noted_by: int | None = None


class Kind(ABC):
    """One kind of thing. Its queries are as many for one term as for fifty, and for one item as for a thousand."""

    name: ClassVar[str]
    heading: ClassVar[str | Promise]
    rule: ClassVar[str | Promise]
    """Why such a thing is on the page, in a sentence."""

    by_hand: ClassVar[bool] = False
    """Whether somebody may say that it is settled, where no row could tell."""

    waits: ClassVar[bool] = True
    """Whether it may be put off to a later day."""

    @abstractmethod
    def items(self, desk: Desk) -> Iterable[Item]:
        """Return what is due in the terms of the desk."""

    def shown(self, items: Sequence[Item]) -> None:  # noqa: B027  most kinds need not know
        """Hear that a coordinator has these things on their page."""

    def done(self, desk: Desk, since: datetime) -> Sequence[Done]:
        """Return what was settled since a moment, as far as rows tell."""
        return ()


_kinds: dict[str, Kind] = {}


def register(kind: type[Kind]) -> type[Kind]:
    """Make a kind known. The page shows kinds in the order in which they came.

    Raises:
        ValueError: the name is taken by another kind.
    """
    if type(_kinds.setdefault(kind.name, kind())) is not kind:
        raise ValueError(f"There is already a kind of thing named {kind.name}.")
    return kind


def kinds() -> Mapping[str, Kind]:
    """Return every registered kind by name."""
    return _kinds

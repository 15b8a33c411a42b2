"""The morning page: what every kind finds due, but for what was put off or settled, and what was settled lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dialogue.core.wall_clock import zone_named
from dialogue.models import Person, Term
from sessions.models import TodayMark
from sessions.today.kinds import Desk, Done, Item, Kind, kinds

DONE_FOR: Final = timedelta(days=7)
DONE_SHOWN: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One kind with what is due of it, what is older first."""

    kind: Kind
    items: Sequence[Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOff:
    """Something that is asked again on a later day."""

    item: Item
    kind: Kind
    until: date
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """A coordinator's morning."""

    desk: Desk
    sections: Sequence[Section]
    put_off: Sequence[PutOff]
    done: Sequence[Done]

    @property
    def number(self) -> int:
        return sum(len(section.items) for section in self.sections)


def desk_of(person: Person, *, now: datetime) -> Desk:
    """Return the desk of a coordinator: every term of the programmes that they run. One query."""
    terms = Term.objects.managed_by(person).select_related("programme").order_by("starts_on", "pk")
    return Desk(
        terms={term.pk: term for term in terms},
        now=now,
        zone=zone_named(person.zone),
        language=translation.get_language() or "ja",
    )


def morning_of(desk: Desk) -> Morning:
    """Return what needs a human. Each kind asks its own queries, which do not grow with what there is."""
    marks = {(one.term_id, one.kind, one.key): one for one in _marks(desk)}
    sections, put_off, done = [], [], _settled_by_hand(list(marks.values()), desk)
    for kind in kinds().values():
        due = []
        for item in sorted(kind.items(desk), key=lambda one: one.since):
            mark = marks.get((item.term, kind.name, item.key))
            if mark is None or (mark.until is not None and mark.until <= desk.today):
                due.append(item)
            elif mark.until is not None:
                put_off.append(PutOff(item=item, kind=kind, until=mark.until, by=_by(mark)))
        if due:
            sections.append(Section(kind=kind, items=due))
        done += kind.done(desk, desk.now - DONE_FOR)
    put_off.sort(key=lambda one: one.until)
    done.sort(key=lambda one: one.at, reverse=True)
    return Morning(desk=desk, sections=sections, put_off=put_off, done=done[:DONE_SHOWN])


def _marks(desk: Desk) -> Sequence[TodayMark]:
    return list(TodayMark.objects.filter(term__in=desk.term_ids).select_related("made_by"))


def _by(mark: TodayMark) -> str:
    return (mark.made_by.full_name or mark.made_by.preferred_name) if mark.made_by else ""


def _settled_by_hand(marks: Sequence[TodayMark], desk: Desk) -> list[Done]:
    since = desk.now - DONE_FOR
    return [
        Done(at=one.made_at, term=one.term_id, what=_("%(kind)s: settled") % {"kind": _heading(one.kind)}, by=_by(one))
        for one in marks
        if one.until is None and one.made_at > since
    ]


def _heading(kind: str) -> str | Promise:
    return kinds()[kind].heading if kind in kinds() else kind

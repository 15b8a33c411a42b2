"""What the form of a term holds before anybody has typed: the usual, a template, or the term before."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.forms.models import model_to_dict

from dialogue.closed_set_words import CLOSED_SETS
from dialogue.core.closed_day_lines import lines_of
from dialogue.core.closed_days import ClosedSet
from dialogue.core.named_slots import OfferedSlot
from dialogue.core.recurrence import Cadence
from dialogue.core.room_lines import rooms_of
from dialogue.core.term_names import next_name, start_after, unused, usual_name
from dialogue.core.term_outlook import outlook_for
from dialogue.core.term_templates import PROPOSED_SLOTS, TEMPLATES
from dialogue.core.week import WeeklyWindow
from dialogue.models import ClosedDay, Facilitation, Partner, Programme, Term
from dialogue.term_warnings import outlook_of

LEAD: Final = timedelta(weeks=4)
"""How far ahead a new term is proposed to begin: time to recruit and to form cohorts."""
REST: Final = timedelta(weeks=2)
"""How long after the last session of one term the next is proposed to begin."""
COPIED: Final = (
    "cadence", "session_count", "session_minutes", "zone", "video", "measures_speaking", "closed_sets", "size_min",
    "size_max", "min_per_generation", "student_affiliation", "alumni_affiliation", "met_before", "contact",
    "introduction", "introduction_en", "checks_identity",
)  # fmt: skip


def usual_answers(*, programme: Programme | None, template: str, today: date) -> dict[str, Any]:
    """Return the answers that a new term opens with; `template` is a key of `TEMPLATES`, or empty."""
    starts_on = start_after("", earliest=today + LEAD)
    answers: dict[str, Any] = {
        "starts_on": starts_on,
        "name": unused(usual_name(starts_on), taken=_names(programme)),
        "closed_sets": [name.value for name in CLOSED_SETS],
        "room_urls": "",
        "checks_identity": True,
    }
    if shape := TEMPLATES.get(template):
        answers |= {
            "session_count": shape.session_count,
            "cadence": shape.cadence.value,
            "session_minutes": shape.session_minutes,
        }
    return answers


def copied_answers(source: Term, *, today: date) -> dict[str, Any]:
    """Return the answers of a term for the one that follows it in its programme.

    Its dates move on: the last day to sign up lies as long before the first day as it did. Of its own closed days those
    come along that fall between the new term's first and last possible day.
    """
    outlook = outlook_of(source)
    earliest = max(today + LEAD, (outlook.last if outlook else source.starts_on) + REST)
    name = next_name(source.name, taken=_names(source.programme))
    starts_on = start_after(name, earliest=earliest)
    moved = source.sign_up_until and source.sign_up_until + (starts_on - source.starts_on)
    return {
        **model_to_dict(source, COPIED),
        "room_urls": _room_lines(source),
        "name": name,
        "starts_on": starts_on,
        "sign_up_until": moved if moved and moved >= today else None,
        "closed_days": _day_lines(_falling_in(source, starts_on=starts_on)),
        "facilitators": [one.pk for one in facilitators_of(source)],
        "partners": [one.pk for one in partners_of(source)],
    }


def _falling_in(source: Term, *, starts_on: date) -> list[ClosedDay]:
    days = list(source.closed_days.order_by("date"))
    try:
        outlook = outlook_for(
            starts_on=starts_on,
            cadence=Cadence(source.cadence),
            session_count=source.session_count,
            closed_sets=frozenset(map(ClosedSet, source.closed_sets)),
            closed_days=[day.date for day in days],
            weekdays=[slot.weekday for slot in source.slots.all()],
        )
    except (ValueError, OverflowError):
        return []
    return [day for day in days if starts_on <= day.date <= outlook.last]


def facilitators_of(source: Term) -> QuerySet[Facilitation]:
    """Return who may come along to another term, with their weekly times: those whose account stands, by kana."""
    there = source.facilitations.filter(person__is_active=True).select_related("person").prefetch_related("windows")
    return there.order_by("person__family_kana", "person__given_kana", "person__preferred_name", "pk")


def partners_of(source: Term) -> QuerySet[Partner]:
    """Return the partners that have, or had, a join link to a term."""
    return Partner.objects.filter(join_links__term=source).distinct().order_by("name", "pk")


def own_answers(term: Term) -> dict[str, Any]:
    """Return what a term says today, as somebody would type it."""
    return {"room_urls": _room_lines(term), "closed_days": _day_lines(term.closed_days.order_by("date"))}


def slots_of(term: Term) -> list[OfferedSlot]:
    """Return the weekly times that a term offers, in order of the week."""
    rows = term.slots.order_by("weekday", "starts", "ends")
    return [OfferedSlot(WeeklyWindow(row.weekday, row.starts, row.ends), row.name) for row in rows]


def proposed_slots() -> list[OfferedSlot]:
    """Return the weekly times that a new term opens with."""
    return [OfferedSlot(window) for window in PROPOSED_SLOTS]


def _room_lines(term: Term) -> str:
    return "\n".join(room.line for room in rooms_of(term.room_urls, term.room_notes))


def _day_lines(days: Iterable[ClosedDay]) -> str:
    return "\n".join(lines_of((day.date, day.reason) for day in days))


def _names(programme: Programme | None) -> set[str]:
    return set(programme.terms.values_list("name", flat=True)) if programme else set()

"""What a term's coordinators see of the answers after its sessions: weeks with five answers or more, nothing else."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise

from dialogue.core.wall_clock import zone_named
from dialogue.models import Term
from sessions.after_words import IN_SHORT
from sessions.core.after import STEPS, Line, Question, Week, lines_of, of_all
from sessions.models import AfterTally


@dataclass(frozen=True, slots=True)
class Figure:
    """One question with its lines, and the term as a whole (None while there is no line)."""

    key: str
    name: str | Promise
    lines: list[Line]
    whole: Line | None


def figures_of(term: Term, *, now: datetime) -> list[Figure]:
    """Return what may be shown of each question today. One query."""
    zone = zone_named(term.zone)
    weeks = _weeks(term)
    today = now.astimezone(zone).date()
    figures = []
    for question, name in IN_SHORT.items():
        lines = lines_of(weeks[question], today=today)
        figures.append(Figure(question.value, name, lines, of_all(lines)))
    return figures


def _weeks(term: Term) -> dict[Question, list[Week]]:
    zone = zone_named(term.zone)
    counts: dict[tuple[Question, date], list[int]] = defaultdict(lambda: [0] * STEPS)
    numbers: dict[tuple[Question, date], set[int]] = defaultdict(set)
    rows = AfterTally.objects.filter(session__cohort__term=term, count__gt=0)
    for question, step, count, ends_at, number in rows.values_list(
        "question", "step", "count", "session__ends_at", "session__number"
    ):
        day = ends_at.astimezone(zone).date()
        place = Question(question), day - timedelta(days=day.weekday())
        counts[place][step - 1] += count
        numbers[place].add(number)
    found: dict[Question, list[Week]] = defaultdict(list)
    for (question, monday), row in counts.items():
        found[question].append(Week(monday, frozenset(numbers[question, monday]), tuple(row)))
    return found

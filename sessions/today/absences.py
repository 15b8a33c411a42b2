"""Somebody who could not be there twice running."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sessions.core.today import RUNNING_ABSENCES, absences_running
from sessions.models import Attendance, DialogueSession
from sessions.today.cohorts import cohorts_that_meet
from sessions.today.contact import last_spoken, names_of
from sessions.today.kinds import Desk, Item, Kind, register
from sessions.today.words import cohort_word, spoke_with

REMEMBERED: Final = timedelta(days=75)
"""Twice running in a monthly series, with the break of a season between."""


@dataclass(slots=True)
class Meetings:
    """The sessions of one person in their cohort until now: when each was, and whether they came."""

    cohort: int
    starts: list[datetime] = field(default_factory=list)
    came: list[bool | None] = field(default_factory=list)

    def missed_running(self) -> list[datetime]:
        """Return the starts of the latest sessions that were missed one after the other, in order of time."""
        running = absences_running(self.came)
        missed = [at for at, came in zip(self.starts, self.came, strict=True) if came is False]
        return missed[-running:] if running else []


@register
class Absences(Kind):
    """Said as dates and cohort, and only until somebody has spoken with them. Nothing is counted beyond that."""

    name = "absences"
    heading = gettext_lazy("Twice not there: a word from you")
    rule = gettext_lazy(
        "Shown when somebody was not at the last two sessions of their cohort, until one of you has spoken with them."
    )

    def items(self, desk: Desk) -> Iterable[Item]:
        spoken = desk.once(last_spoken)
        due = {}
        for (term, person), meetings in _meetings(desk).items():
            missed = meetings.missed_running()
            heard = spoken.get((term, person), date.min)
            if len(missed) >= RUNNING_ABSENCES and heard < desk.day_of(missed[-1]):
                due[term, person] = (meetings.cohort, missed)
        names = names_of([person for _term, person in due], desk)
        for (term, person), (cohort, missed) in due.items():
            yield Item(
                term=term,
                key=f"{person}-{missed[-1]:%Y%m%d%H%M}",
                since=missed[-1],
                what=_("%(name)s, %(cohort)s") % {"name": names[person], "cohort": cohort_word(cohort)},
                evidence=_("Was not there on %(first)s and %(second)s.")
                % {"first": desk.day(missed[-2]), "second": desk.day(missed[-1])},
                action=spoke_with(term=term, person=person),
            )


def _meetings(desk: Desk) -> dict[tuple[int, int], Meetings]:
    """Return the latest sessions of everybody, by term and person, since they belong to their cohort of today."""
    rows = Attendance.objects.filter(
        session__cohort__in=cohorts_that_meet(desk),
        session__cohort__memberships__participation__person=F("person"),
        session__cohort__memberships__left_at__isnull=True,
        session__starts_at__gte=F("session__cohort__memberships__joined_at"),
        session__ends_at__lte=desk.now,
        session__ends_at__gt=desk.now - REMEMBERED,
        session__status__in=[DialogueSession.Status.CONFIRMED, DialogueSession.Status.HELD],
    ).order_by("session__starts_at", "pk")
    columns = ("session__cohort__term", "person", "session__cohort__number", "session__starts_at", "came", "answer")
    found: dict[tuple[int, int], Meetings] = {}
    for term, person, cohort, starts_at, came, answer in rows.values_list(*columns):
        meetings = found.setdefault((term, person), Meetings(cohort))
        meetings.starts.append(starts_at)
        meetings.came.append(False if came is None and answer == Attendance.Answer.NO else came)
    return found

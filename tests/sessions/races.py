"""Many bookings that need one facilitator at one time, all begun at the same moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db import IntegrityError, connection

from dialogue.models import Cohort, Facilitation, Generation, Membership, Participation, Person, Term
from sessions.core.slots import quarters
from sessions.models import BusyTime, DialogueSession, SessionSeries
from sessions.services import booking
from sessions.services.booking import TimeTaken, book_series
from tests.factories import NOW, make_facilitation, make_term
from tests.races import all_at_once

SEATS = 4


def make_rivals(how_many: int, *, term: Term | None = None, lead: Facilitation | None = None) -> list[int]:
    """Queue the series of so many cohorts that share nothing but their facilitator and their hour."""
    term = term or make_term(session_count=1)
    lead = lead or make_facilitation(term)
    last = Cohort.objects.filter(term=term).count()
    made = Cohort.objects.bulk_create(
        Cohort(term=term, number=last + n, facilitation=lead, weekday=1, starts=19 * 60 + 30, created_at=NOW)
        for n in range(1, how_many + 1)
    )
    people = Person.objects.bulk_create(
        Person(email=f"rival{term.pk}-{last}-{n}@example.org", preferred_name="参加者", created_at=NOW)
        for n in range(how_many * SEATS)
    )
    placed = Participation.objects.bulk_create(
        Participation(term=term, person=one, generation=Generation.values[n % 2], status="placed", created_at=NOW)
        for n, one in enumerate(people)
    )
    Membership.objects.bulk_create(
        Membership(cohort=made[n // SEATS], participation=one, joined_at=NOW) for n, one in enumerate(placed)
    )
    return [one.pk for one in SessionSeries.objects.bulk_create(SessionSeries(cohort=c, created_at=NOW) for c in made)]


def book_all_at_once(series: list[int]) -> tuple[int, int, list[Any]]:
    """Return how many were booked, how many were told that the time is taken, and what else came."""
    found = all_at_once([lambda pk=pk: book_series(series_id=pk, now=NOW) for pk in series])
    won, taken = found.count(True), sum(isinstance(one, TimeTaken) for one in found)
    return won, taken, [one for one in found if one is not True and not isinstance(one, TimeTaken)]


def trials(how_many: int) -> int:
    """Let two bookings race so often, and return in how many races both won."""
    term = make_term(session_count=1)
    lead = make_facilitation(term)
    both = 0
    for _ in range(how_many):
        won, _taken, _other = book_all_at_once(make_rivals(2, term=term, lead=lead))
        both += won > 1
        BusyTime.objects.all().delete()
        DialogueSession.objects.all().delete()
    return both


@contextmanager
def without_the_guard() -> Iterator[None]:
    """The control: no unique key, and a look before each write in its place, as a careful program might do it."""

    def look_and_take(sessions: Any, *, people: Any) -> None:
        rows = [
            BusyTime(session=session, person_id=person, quarter=quarter)
            for session in sessions
            for person in people
            for quarter in quarters(session.starts_at, session.ends_at)
        ]
        if BusyTime.objects.filter(person__in=people, quarter__in=[row.quarter for row in rows]).exists():
            raise IntegrityError("somebody is booked then")
        BusyTime.objects.bulk_create(rows)

    key = next(
        one
        for one in BusyTime._meta.constraints  # noqa: SLF001
        if one.name == "person_in_one_place"
    )
    with connection.schema_editor() as editor:
        editor.remove_constraint(BusyTime, key)
    try:
        with mock.patch.object(booking, "take_time", look_and_take):
            yield
    finally:
        BusyTime.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(BusyTime, key)

"""A term of many published cohorts whose series wait to be booked, written with few statements."""

from datetime import datetime

from dialogue.models import Cohort, Facilitation, Generation, Membership, Participation, Person
from sessions.models import SessionSeries
from tests.factories import make_term

MEMBERS = (Generation.STUDENT, Generation.STUDENT, Generation.ALUMNI, Generation.ALUMNI)
PEOPLE_OF_A_COHORT = len(MEMBERS) + 1


def make_waiting_series(*, cohorts: int, sessions: int, now: datetime) -> None:
    """Write cohorts of four with a facilitator each, all on Tuesdays 19:30, and queue their series."""
    term = make_term(session_count=sessions, starts_on="2027-01-05", cadence="weekly")

    def people(kind: str, how_many: int) -> list[Person]:
        return Person.objects.bulk_create(
            Person(email=f"{kind}{n}@example.org", preferred_name=f"参加者{n}", created_at=now) for n in range(how_many)
        )

    led = Facilitation.objects.bulk_create(
        Facilitation(term=term, person=one, max_cohorts=1, languages=["ja"], created_at=now)
        for one in people("leads", cohorts)
    )
    made = Cohort.objects.bulk_create(
        Cohort(term=term, number=n, facilitation=one, weekday=1, starts=19 * 60 + 30, created_at=now)
        for n, one in enumerate(led, start=1)
    )
    placed = Participation.objects.bulk_create(
        Participation(
            term=term,
            person=one,
            generation=MEMBERS[n % len(MEMBERS)],
            languages=["ja"],
            status="placed",
            created_at=now,
        )
        for n, one in enumerate(people("sits", cohorts * len(MEMBERS)))
    )
    Membership.objects.bulk_create(
        Membership(cohort=made[n // len(MEMBERS)], participation=one, joined_at=now) for n, one in enumerate(placed)
    )
    SessionSeries.objects.bulk_create(SessionSeries(cohort=one, created_at=now) for one in made)

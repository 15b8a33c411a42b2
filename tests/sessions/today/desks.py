"""A term at work for the morning page: cohorts in which nothing is wrong, made in bulk, and ways to spoil one."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count

from dialogue.models import (
    AvailabilityWindow,
    Cohort,
    ConsentRecord,
    Facilitation,
    Generation,
    Membership,
    Participation,
    Person,
    Term,
)
from sessions.models import Attendance, DialogueSession, FacilitatorRecord, SessionSeries, Spoken
from tests.factories import NOW, make_person

JOINED = NOW - timedelta(days=60)
WEEKS = (-3, -1, 1)
"""When each cohort meets, in weeks from now: two sessions have been, one is to come."""

GENERATIONS = (Generation.STUDENT, Generation.STUDENT, Generation.ALUMNI, Generation.ALUMNI)
_numbers = count(1)


def healthy_cohorts(term: Term, number: int, *, spoken_on: date | None = None) -> list[Cohort]:
    """Make cohorts in which all is well: met, recorded, with a next session, and everybody spoken with lately."""
    facilitator = make_person(f"進行 {term.pk}", last_login=NOW - timedelta(days=1))
    leads, _made = Facilitation.objects.get_or_create(
        term=term, person=facilitator, defaults={"created_at": JOINED, "languages": ["ja"]}
    )
    places = {"term": term, "facilitation": leads, "weekday": 1, "starts": 1170, "created_at": JOINED}
    first = term.cohorts.count() + 1
    cohorts = Cohort.objects.bulk_create(Cohort(number=first + one, **places) for one in range(number))
    members = [(cohort, *each) for cohort in cohorts for each in _members(term)]
    Membership.objects.bulk_create(
        Membership(cohort=cohort, participation=one, joined_at=JOINED) for cohort, one in members
    )
    SessionSeries.objects.bulk_create(
        SessionSeries(cohort=one, status="booked", created_at=JOINED, booked_at=JOINED) for one in cohorts
    )
    _meet(cohorts, facilitator)
    on = spoken_on or (NOW - timedelta(days=10)).date()
    Spoken.objects.bulk_create(
        Spoken(term=term, person_id=one.person_id, on=on, recorded_at=JOINED) for _cohort, one in members
    )
    return cohorts


def _members(term: Term) -> Iterator[tuple[Participation]]:
    for generation in GENERATIONS:
        number = next(_numbers)
        person = Person.objects.create(
            email=f"healthy-{number}@example.org", preferred_name=f"例{number}", created_at=JOINED
        )
        yield (make_place(term, person, generation, status=Participation.Status.PLACED, waiting_reason=""),)


def make_place(term: Term, person: Person, generation: str, **fields) -> Participation:
    """Make a participation with consent and one weekly window, taken in two months ago."""
    fields.setdefault("created_at", JOINED)
    one = Participation.objects.create(term=term, person=person, generation=generation, languages=["ja"], **fields)
    AvailabilityWindow.objects.create(participation=one, weekday=1, starts=1140, ends=1320)
    ConsentRecord.objects.create(
        participation=one,
        purpose=ConsentRecord.Purpose.TAKE_PART,
        method=ConsentRecord.Method.ROSTER,
        text_version="take-part-v1",
        collected_by="一般社団法人ほたび",
        given_on=date(2026, 9, 1),
        recorded_at=JOINED,
    )
    return one


def _meet(cohorts: list[Cohort], facilitator: Person) -> None:
    sessions = DialogueSession.objects.bulk_create(
        session_of(cohort, facilitator, number=number, starts_at=NOW + timedelta(weeks=week))
        for cohort in cohorts
        for number, week in enumerate(WEEKS, start=1)
    )
    over = [one for one in sessions if one.starts_at < NOW]
    DialogueSession.objects.filter(pk__in=[one.pk for one in over]).update(status="held")
    FacilitatorRecord.objects.bulk_create(
        FacilitatorRecord(
            session=one,
            author=facilitator,
            next_depth="same",
            saved_at=one.ends_at + timedelta(hours=1),
            finished_at=one.ends_at + timedelta(hours=1),
        )
        for one in over
    )
    people = {}
    for cohort, person in Membership.objects.filter(cohort__in=cohorts).values_list("cohort", "participation__person"):
        people.setdefault(cohort, []).append(person)
    Attendance.objects.bulk_create(
        Attendance(session=one, person_id=person, came=one.starts_at < NOW or None)
        for one in sessions
        for person in people[one.cohort_id]
    )


def session_of(cohort: Cohort, facilitator: Person, *, number: int, starts_at: datetime) -> DialogueSession:
    """Return a session that is not stored yet."""
    return DialogueSession(
        cohort=cohort,
        number=number,
        uid=f"{cohort.pk}-{number}@madoi.example.org",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        facilitator=facilitator,
        created_at=JOINED,
        changed_at=JOINED,
    )

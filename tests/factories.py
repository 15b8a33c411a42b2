"""Rows for tests, made with as little said as the test needs. The cast stands in tests/people.py."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import uuid4
from zoneinfo import ZoneInfo

from dialogue.models import (
    AvailabilityWindow,
    Cohort,
    ConsentRecord,
    Facilitation,
    Generation,
    Membership,
    Organisation,
    Participation,
    Person,
    Programme,
    StaffRole,
    Term,
)
from sessions.core.slots import quarters
from sessions.models import Attendance, BusyTime, DialogueSession

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
"""A Tuesday noon in Tokyo, six weeks into nothing in particular."""

_numbers = count(1)


def make_person(name: str = "", *, email: str = "", **fields) -> Person:
    number = next(_numbers)
    name = name or f"Person {number}"
    email = email or f"{name.lower().replace(' ', '-')}-{number}@example.org"
    fields.setdefault("family_name", "例田")
    fields.setdefault("given_name", name)
    return Person.objects.create_user(email=email, preferred_name=name, created_at=NOW, **fields)


def make_programme(*, coordinator: Person | None = None, name: str = "") -> Programme:
    organisation, _ = Organisation.objects.get_or_create(name="一般社団法人ほたび")
    programme = Programme.objects.create(organisation=organisation, name=name or f"灯を囲む対話 {next(_numbers)}")
    if coordinator:
        make_coordinator(programme, coordinator)
    return programme


def make_coordinator(programme: Programme, person: Person) -> StaffRole:
    return StaffRole.objects.create(programme=programme, person=person, role=StaffRole.Role.COORDINATOR)


def make_term(*, coordinator: Person | None = None, programme: Programme | None = None, **fields) -> Term:
    fields.setdefault("name", f"第{next(_numbers)}期")
    fields.setdefault("starts_on", date(2026, 12, 1))
    fields.setdefault("session_count", 4)
    fields.setdefault("contact", "03-0000-0000")
    return Term.objects.create(programme=programme or make_programme(coordinator=coordinator), **fields)


def make_participation(
    term: Term, person: Person | None = None, generation: str = Generation.STUDENT, *, consent: bool = True, **fields
) -> Participation:
    """A participation that was accepted and waits to be matched, free on Tuesday evenings."""
    fields.setdefault("status", Participation.Status.ACCEPTED)
    waiting = fields["status"] in {Participation.Status.APPLIED, Participation.Status.ACCEPTED}
    fields.setdefault("waiting_reason", Participation.WaitingReason.MATCHING if waiting else "")
    fields.setdefault("languages", ["ja"])
    one = Participation.objects.create(
        term=term, person=person or make_person(), generation=generation, created_at=NOW, **fields
    )
    AvailabilityWindow.objects.create(participation=one, weekday=1, starts=19 * 60, ends=21 * 60)
    if consent:
        make_consent(one)
    return one


def make_consent(participation: Participation, purpose: str = ConsentRecord.Purpose.TAKE_PART) -> ConsentRecord:
    return ConsentRecord.objects.create(
        participation=participation,
        purpose=purpose,
        method=ConsentRecord.Method.ROSTER,
        text_version="take-part-v1",
        collected_by="一般社団法人ほたび",
        given_on=date(2026, 11, 1),
        recorded_at=NOW,
    )


def make_facilitation(term: Term, person: Person | None = None, **fields) -> Facilitation:
    fields.setdefault("max_cohorts", 2)
    fields.setdefault("languages", ["ja"])
    one = Facilitation.objects.create(term=term, person=person or make_person(), created_at=NOW, **fields)
    AvailabilityWindow.objects.create(facilitation=one, weekday=1, starts=18 * 60, ends=22 * 60)
    return one


def make_cohort(
    term: Term,
    *,
    students: tuple[Person, ...] = (),
    alumni: tuple[Person, ...] = (),
    facilitator: Person | None = None,
    fill: bool = True,
    **fields,
) -> Cohort:
    """A cohort of placed people on Tuesdays 19:30, filled up to two of each generation."""
    fields.setdefault("number", next(_numbers))
    facilitation = term.facilitations.filter(person=facilitator).first() or make_facilitation(term, facilitator)
    cohort = Cohort.objects.create(
        term=term, facilitation=facilitation, weekday=1, starts=19 * 60 + 30, created_at=NOW, **fields
    )
    for generation, people in ((Generation.STUDENT, students), (Generation.ALUMNI, alumni)):
        missing = max(0, 2 - len(people)) if fill else 0
        for person in (*people, *(make_person() for _ in range(missing))):
            make_member(cohort, person, generation)
    return cohort


def make_member(cohort: Cohort, person: Person, generation: str = Generation.STUDENT) -> Membership:
    placed = make_participation(cohort.term, person, generation, status=Participation.Status.PLACED)
    return Membership.objects.create(cohort=cohort, participation=placed, joined_at=NOW)


def make_session(cohort: Cohort, *, starts_at: datetime | None = None, minutes: int = 90, **fields) -> DialogueSession:
    """A confirmed session with its attendances and busy times; by default next Tuesday 19:30 in Tokyo."""
    fields.setdefault("number", cohort.sessions.count() + 1)
    starts_at = starts_at or datetime(2026, 12, 1, 19, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
    session = DialogueSession.objects.create(
        cohort=cohort,
        uid=f"{uuid4()}@madoi.example.org",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        facilitator=cohort.facilitation.person,
        created_at=NOW,
        changed_at=NOW,
        **fields,
    )
    members = list(Person.objects.filter(participations__memberships__cohort=cohort))
    Attendance.objects.bulk_create(Attendance(session=session, person=person) for person in members)
    BusyTime.objects.bulk_create(
        BusyTime(session=session, person=person, quarter=quarter)
        for person in (*members, session.facilitator)
        for quarter in quarters(session.starts_at, session.ends_at)
    )
    return session

"""A term of the size that lists are measured by: 100 people, 100 sessions of one cohort, 100 mails."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dialogue.models import Generation, Person, Term
from sessions.models import DialogueSession
from tests.factories import make_cohort, make_facilitation, make_participation, make_person, make_session, make_term

HUNDRED = 100


@dataclass(frozen=True, slots=True)
class House:
    """Whom the pages are measured for."""

    term: Term
    participant: Person
    busy_participant: Person
    facilitator: Person
    coordinator: Person
    session: DialogueSession


def build(now: datetime) -> House:
    """Make two terms: a plain one with a cohort of six and eight sessions, and one with 100 of everything."""
    coordinator, facilitator, participant = make_person("ちか"), make_person("ふみ"), make_person("あおい")
    plain = make_term(session_count=8, room_urls=["https://meet.example.org/1"], contact="03-0000-0000")
    cohort = make_cohort(
        plain,
        students=(participant, make_person(), make_person()),
        alumni=tuple(make_person() for _ in range(3)),
        facilitator=facilitator,
    )
    sessions = [make_session(cohort, starts_at=now + timedelta(days=1 + 7 * week)) for week in range(8)]

    large = make_term(coordinator=coordinator, session_count=24, contact="03-0000-0000")
    busy = make_person("たけし")
    crowded = make_cohort(large, alumni=(busy,), facilitator=make_person())
    for number in range(HUNDRED):
        make_session(crowded, starts_at=now + timedelta(hours=6, days=number))
    for number in range(HUNDRED - 4):
        make_participation(large, generation=Generation.STUDENT if number % 2 else Generation.ALUMNI)
        if number % 10 == 0:
            make_facilitation(large)
    return House(
        term=large,
        participant=participant,
        busy_participant=busy,
        facilitator=crowded.facilitation.person,
        coordinator=coordinator,
        session=sessions[0],
    )

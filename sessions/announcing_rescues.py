"""Which messages a session in danger, its rescue, and the choice of another date put into the outbox."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from dialogue.models import StaffRole
from dialogue.outbox import Draft, queue_messages, void_messages
from sessions.announcing import about_a_session, subject_of
from sessions.circle import everyone_in, member_ids
from sessions.last_heard import Heard, facilitators_heard
from sessions.models import DialogueSession, LoneAsk, QuorumDanger, Reschedule, RescheduleBallot, StandbyAsk, StandInAsk


def announce_danger(*, session: DialogueSession, look: str, now: datetime) -> None:
    """Tell the facilitator and the coordinators that a session may not take place.

    Once for each look, and once more after a decision that did not help: somebody who changes their mind back and
    forth floods no mailbox.
    """
    coordinators = StaffRole.objects.filter(
        programme=session.cohort.term.programme_id, role=StaffRole.Role.COORDINATOR
    ).values_list("person", flat=True)
    decided = QuorumDanger.objects.filter(session=session, starts_at=session.starts_at, status="decided").count()
    away = "away" if session.facilitator_away_at else ""
    people = sorted({session.facilitator_id, *coordinators})
    _tell("quorum_danger", session, people, now, about=f"{session.starts_at:%Y%m%dT%H%M}.{look}{away}.{decided}")


def announce_alone(*, ask: LoneAsk, session: DialogueSession, now: datetime) -> None:
    """Ask somebody privately whether they mind being the only one of their generation."""
    _tell("alone_asked", session, [ask.person_id], now, about=f"{ask.pk}", context={"ask": ask.pk})


def announce_stand_in_ask(*, ask: StandInAsk, session: DialogueSession, now: datetime) -> None:
    """Ask another facilitator whether they could lead this one session."""
    _tell("stand_in_asked", session, [ask.person_id], now, about=f"{ask.pk}", context={"ask": ask.pk})


def announce_stand_in(*, ask: StandInAsk, session: DialogueSession, former: int, now: datetime) -> None:
    """Invite whoever leads the session now, with their reminders, and tell the members who it is and who it was.

    `former` is who led it until now. A member who has not heard of that one yet reads of whom they heard last, and
    nothing at all where that one leads again.
    """
    queue_messages(about_a_session(session, [session.facilitator_id], invite_at=now, now=now), now=now)
    void_messages(subject_key=subject_of(session), kinds_to_void=["facilitator_changed"])
    heard = facilitators_heard(session)
    for person in member_ids(session.cohort):
        known = heard.get(person, Heard(former, surely_last=True))
        if known.what != session.facilitator_id:
            _tell("facilitator_changed", session, [person], now, about=f"{ask.pk}", context={"former": known.what})
        elif not known.surely_last:
            _tell("facilitator_changed", session, [person], now, about=f"{ask.pk}")


def announce_standby_ask(*, ask: StandbyAsk, session: DialogueSession, now: datetime) -> None:
    """Ask a member of another cohort whether they could step in at this one session."""
    person = ask.participation.person_id
    _tell("standby_asked", session, [person], now, about=f"{ask.pk}", context={"ask": ask.pk})


def announce_guest(*, session: DialogueSession, person_id: int, about: int, now: datetime) -> None:
    """Invite whoever steps in, with their reminders, and tell the others in a sentence that somebody does."""
    queue_messages(about_a_session(session, [person_id], invite_at=now, now=now), now=now)
    others = [one for one in everyone_in(session) if one != person_id]
    _tell("guest_joins", session, others, now, about=f"{about}", context={"guest": person_id})


def announce_mini(*, session: DialogueSession, now: datetime) -> None:
    """Tell everyone that the session is held with three."""
    _tell("session_mini", session, everyone_in(session), now, about=f"{session.starts_at:%Y%m%dT%H%M}")


def announce_joint(*, session: DialogueSession, host: DialogueSession, now: datetime) -> None:
    """Tell both cohorts and both facilitators that they meet together this time."""
    about = f"{session.pk}.{session.starts_at:%Y%m%dT%H%M}"
    _tell("session_joint", session, everyone_in(session), now, about=about, context={"host": host.pk})
    _tell("session_joint", host, everyone_in(host), now, about=about, context={"host": host.pk})


def announce_choice(*, choice: Reschedule, session: DialogueSession, now: datetime) -> None:
    """Ask everyone of a session which of the proposed dates suit them."""
    people = choice.ballots.order_by("person").values_list("person", flat=True)
    _tell("dates_asked", session, people, now, about=f"{choice.pk}", context={"choice": choice.pk})


def announce_nudge(*, ballot: RescheduleBallot, session: DialogueSession, now: datetime) -> None:
    """Ask somebody who has not answered once more."""
    context = {"choice": ballot.reschedule_id}
    _tell("dates_nudged", session, [ballot.person_id], now, about=f"{ballot.reschedule_id}", context=context)


def announce_kept(*, choice: Reschedule, session: DialogueSession, now: datetime) -> None:
    """Tell everyone who was asked that none of the dates fits and that the date stays."""
    people = choice.ballots.order_by("person").values_list("person", flat=True)
    _tell("dates_kept", session, people, now, about=f"{choice.pk}", context={"choice": choice.pk})


def _tell(
    kind: str,
    session: DialogueSession,
    people: Iterable[int],
    now: datetime,
    *,
    about: str,
    context: dict[str, Any] | None = None,
) -> None:
    queue_messages(
        [
            Draft(
                kind=kind,
                recipient_id=person,
                subject_key=subject_of(session),
                subject_version=session.sequence,
                dedupe_key=f"{kind}:{session.pk}:{person}:{about}",
                due_at=now,
                expires_at=session.ends_at,
                context=context or {},
            )
            for person in people
        ],
        now=now,
    )

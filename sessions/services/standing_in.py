"""A facilitator cannot come, and others are asked one after the other."""

from datetime import datetime

from django.db import IntegrityError, transaction

from dialogue.models import OutboundMessage, Person
from dialogue.services import audit
from sessions.announcing import announce_out, subject_of
from sessions.announcing_rescues import announce_stand_in, announce_stand_in_ask
from sessions.models import BusyTime, DialogueSession, StandInAsk
from sessions.rescuers import facilitators_for
from sessions.services.asking_in_turn import in_line, line_up, pass_on, take_turn
from sessions.services.booking import TimeTaken, take_time
from sessions.services.feeds import mark_feeds_stale
from sessions.services.quorum import locked, review

Status = StandInAsk.Status


class NotNeeded(Exception):
    """Somebody else leads the session already, it is at another time now, or it is over."""


@transaction.atomic
def say_away(
    *, session_id: int, person: Person, away: bool, now: datetime, said_at: datetime | None = None
) -> DialogueSession:
    """Keep that a session's facilitator cannot come, or can after all. Said twice, it changes and sends nothing more.

    `said_at` is when they said it, where that was before `now`: a calendar's reply is read later than it is written.

    Raises:
        NotNeeded: the session is over or cancelled, or this person does not lead it.
    """
    session = locked(session_id)
    stands = session.status == DialogueSession.Status.CONFIRMED and session.starts_at > now
    if session.facilitator_id != person.pk or not stands:
        raise NotNeeded
    if away == (session.facilitator_away_at is not None):
        return session
    said_at = said_at or now
    session.facilitator_away_at = said_at if away else None
    session.save(update_fields=["facilitator_away_at"])
    if not away:
        _close_asks(session)
    action = "facilitator_away" if away else "facilitator_back"
    audit.record(actor=person, action=action, subject_key=subject_of(session), now=said_at)
    review(session=session, now=now)
    return session


def ask_others(*, session: DialogueSession, now: datetime) -> int:
    """Line up the facilitators who could lead this session, ask the first, and return how many there are."""
    number = line_up(StandInAsk, session, [{"person_id": one} for one in facilitators_for(session)])
    _ask_next(session, now)
    return number


def _ask_next(session: DialogueSession, now: datetime) -> None:
    """Ask the next in line; when nobody is left, the danger is there again."""
    waiting = list(in_line(StandInAsk, session))
    if not waiting:
        review(session=session, now=now)
        return
    take_turn(waiting[0], session, others=len(waiting) - 1, now=now)
    announce_stand_in_ask(ask=waiting[0], session=session, now=now)


def pass_on_asks(*, now: datetime) -> int:
    """Ask the next facilitator where one has let their time pass, and return for how many sessions."""
    return pass_on(StandInAsk, _ask_next, now=now)


def answer_stand_in(*, ask_id: int, leads: bool, now: datetime) -> StandInAsk:
    """Keep the answer of somebody who was asked. The first yes wins: the session is theirs, and its members hear of it.

    Raises:
        NotNeeded: somebody else was quicker, the facilitator comes after all, or the time has changed.
        TimeTaken: they are booked elsewhere at this time; nothing has changed.
    """
    try:
        with transaction.atomic():
            session = locked(StandInAsk.objects.values_list("session", flat=True).get(pk=ask_id))
            ask = StandInAsk.objects.select_for_update(of=("self",)).select_related("person").get(pk=ask_id)
            stands = session.status == DialogueSession.Status.CONFIRMED and session.starts_at > now
            if ask.status == Status.YES and leads:
                return ask
            still = ask.status in (Status.ASKED, Status.LAPSED, Status.NO) and session.facilitator_away_at is not None
            if session.starts_at != ask.starts_at or not stands or not still:
                raise NotNeeded
            was_asked = ask.status == Status.ASKED
            if leads:  # whoever took it on before has given it up: it comes to one after the other
                session.stand_in_asks.filter(status=Status.YES).update(status=Status.CLOSED)
            ask.status, ask.answered_at = (Status.YES if leads else Status.NO), now
            ask.save(update_fields=["status", "answered_at"])
            if leads:
                _take_over(session, ask, now)
            elif was_asked:
                _ask_next(session, now)
            return ask
    except IntegrityError as error:
        raise TimeTaken from error


def _take_over(session: DialogueSession, ask: StandInAsk, now: datetime) -> None:
    former, person = session.facilitator_id, ask.person
    BusyTime.objects.filter(session=session, person=former).delete()
    take_time([session], people=[person.pk])
    session.facilitator, session.facilitator_away_at = person, None
    session.save(update_fields=["facilitator", "facilitator_away_at"])
    _close_asks(session)
    OutboundMessage.objects.filter(recipient=former, subject_key=subject_of(session), status="queued").update(
        status="void"
    )
    announce_out(session=session, person_id=former, now=now)
    announce_stand_in(ask=ask, session=session, former=former, now=now)
    mark_feeds_stale([former, person.pk])
    audit.record(actor=person, action="facilitator_changed", subject_key=subject_of(session), now=now)
    review(session=session, now=now)


def _close_asks(session: DialogueSession) -> None:
    asks = StandInAsk.objects.filter(session=session, starts_at=session.starts_at)
    asks.filter(status__in=[Status.WAITING, Status.ASKED]).update(status=Status.CLOSED)

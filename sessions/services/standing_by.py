"""People who step in at sessions of other cohorts: they say that they can, are asked one after the other, and come."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from dialogue.models import Participation, Person
from dialogue.services import audit
from sessions.announcing import subject_of
from sessions.announcing_rescues import announce_guest, announce_standby_ask
from sessions.company import may_meet, people_of
from sessions.models import Attendance, DialogueSession, Standby, StandbyAsk
from sessions.quorum_reading import verdict_of
from sessions.rescuers import standbys_for
from sessions.services.asking_in_turn import in_line, line_up, pass_on, take_turn
from sessions.services.booking import TimeTaken, take_time
from sessions.services.feeds import mark_feeds_stale
from sessions.services.quorum import locked, review
from sessions.services.standing_in import NotNeeded

Status = StandbyAsk.Status


@transaction.atomic
def choose_standby(*, person: Person, terms: Collection[int], now: datetime) -> None:
    """Keep in which terms somebody can step in for other cohorts; in every other term they are asked no longer.

    `terms` are participations of theirs, by key; others are passed over. Chosen twice, it changes nothing. What they
    have said yes to already stands.
    """
    mine = Participation.objects.filter(person=person, ended_at__isnull=True)
    for place in mine.filter(pk__in=terms):
        Standby.objects.get_or_create(participation=place, defaults={"since": now})
    for place in mine.filter(standby__isnull=False).exclude(pk__in=terms):
        _take_back(place, now)


def _take_back(place: Participation, now: datetime) -> None:
    Standby.objects.filter(participation=place).delete()
    for session_id in _open_asks(place).order_by("session").values_list("session", flat=True).distinct():
        session = locked(session_id)
        was_asked = _open_asks(place).filter(session=session, status=Status.ASKED).exists()
        _open_asks(place).filter(session=session).update(status=Status.CLOSED)
        if was_asked:
            _ask_next(session, now)


def _open_asks(place: Participation) -> QuerySet[StandbyAsk]:
    return StandbyAsk.objects.filter(participation=place, status__in=[Status.WAITING, Status.ASKED])


def ask_standbys(*, session: DialogueSession, now: datetime) -> int:
    """Line up those who could step in at this session, ask the first, and return how many there are."""
    number = line_up(StandbyAsk, session, [{"participation": one} for one in standbys_for(session)])
    _ask_next(session, now)
    return number


def _ask_next(session: DialogueSession, now: datetime) -> None:
    """Ask the next in line who would help as things stand; when nobody is left, the danger is there again."""
    verdict = verdict_of(session)
    line = in_line(StandbyAsk, session)
    waiting = list(line.select_related("participation"))
    ask = next((one for one in waiting if verdict.helped_by(one.participation.generation)), None)
    if ask is None:
        line.update(status=Status.CLOSED)
        review(session=session, now=now)
        return
    take_turn(ask, session, others=len(waiting) - 1, now=now)
    announce_standby_ask(ask=ask, session=session, now=now)


def pass_on_standby_asks(*, now: datetime) -> int:
    """Ask the next standby where one has let their time pass, and return for how many sessions."""
    return pass_on(StandbyAsk, _ask_next, now=now)


def answer_standby(*, ask_id: int, comes: bool, now: datetime) -> StandbyAsk:
    """Keep the answer of somebody who was asked. Who says yes while somebody is missing has the session from then on.

    They get one attendance, their hours, an invitation and reminders; the cohort hears it in one sentence. Where still
    somebody is missing, the next is asked.

    Raises:
        NotNeeded: enough people come by now, the time has changed, or nobody may ask this person any more.
        TimeTaken: they are booked elsewhere at this time; nothing has changed.
    """
    try:
        with transaction.atomic():
            session = locked(StandbyAsk.objects.values_list("session", flat=True).get(pk=ask_id))
            rows = StandbyAsk.objects.select_for_update(of=("self",)).select_related("participation__person")
            ask = rows.get(pk=ask_id)
            if ask.status == Status.YES and comes:
                return ask
            if not _is_open(ask, session, now):
                raise NotNeeded
            if comes and not _still_helps(ask.participation, session):
                raise NotNeeded
            was_asked = ask.status == Status.ASKED
            ask.status, ask.answered_at = (Status.YES if comes else Status.NO), now
            ask.save(update_fields=["status", "answered_at"])
            if comes:
                _step_in(ask, session, now)
            if was_asked:
                _ask_next(session, now)
            return ask
    except IntegrityError as error:
        raise TimeTaken from error


def _is_open(ask: StandbyAsk, session: DialogueSession, now: datetime) -> bool:
    stands = session.status == DialogueSession.Status.CONFIRMED and session.starts_at > now
    return stands and session.starts_at == ask.starts_at and ask.status in (Status.ASKED, Status.LAPSED, Status.NO)


def _still_helps(place: Participation, session: DialogueSession) -> bool:
    """Look once more at all that may have changed since this person was asked."""
    here = Participation.objects.with_consent().filter(pk=place.pk, status=Participation.Status.PLACED)
    members = people_of(session)
    is_there = any(one.person_id == place.person_id for one in members) or session.facilitator_id == place.person_id
    helps = verdict_of(session).helped_by(place.generation) and session.joint_with_id is None
    return here.exists() and helps and not is_there and may_meet([place], members)


def _step_in(ask: StandbyAsk, session: DialogueSession, now: datetime) -> None:
    person = ask.participation.person
    Attendance.objects.create(
        session=session, person=person, answer=Attendance.Answer.YES, answered_at=now, guest=ask.participation
    )
    take_time([session], people=[person.pk])
    announce_guest(session=session, person_id=person.pk, about=ask.pk, now=now)
    mark_feeds_stale([person.pk])
    audit.record(actor=person, action="stepped_in", subject_key=subject_of(session), now=now)
    review(session=session, now=now)

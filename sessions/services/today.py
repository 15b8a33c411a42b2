"""What a coordinator does on the morning page: put something off, say that it is settled, note that they spoke."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from dialogue.models import Facilitation, Participation, Person, Term
from dialogue.outbox import Draft, queue_messages
from dialogue.services import audit
from sessions.copies import subject_of
from sessions.core.today import RECORD_PATIENCE
from sessions.models import DialogueSession, Spoken, TodayMark
from sessions.today.kinds import kinds

LONGEST: Final = timedelta(days=120)
"""How far something can be put off: past a term's end it would be forgotten, not put off."""


class NotOfThisKind(Exception):
    """There is no such kind of thing, or nobody can settle it by hand."""


class TooFar(Exception):
    """The day is not after today, or more than 120 days ahead."""


class HasRecord(Exception):
    """The session is not over, did not take place, or its record is finished."""


@transaction.atomic
def put_off(*, term: Term, kind: str, key: str, until: date, actor: Person, now: datetime, today: date) -> TodayMark:
    """Ask again about one thing on a later day; until then it is off the page, for all coordinators of the term.

    Raises:
        NotOfThisKind: there is no such kind of thing, or none that may wait.
        TooFar: the day is not after `today`, or more than 120 days ahead.
    """
    if kind not in kinds() or not kinds()[kind].waits:
        raise NotOfThisKind
    if not today < until <= today + LONGEST:
        raise TooFar
    return _mark(term, kind, key, until, actor, now)


@transaction.atomic
def take_up_again(*, term: Term, kind: str, key: str) -> bool:
    """Put one thing back on the page, and return whether there was anything to put back."""
    return bool(TodayMark.objects.filter(term=term, kind=kind, key=key).delete()[0])


@transaction.atomic
def settle(*, term: Term, kind: str, key: str, actor: Person, now: datetime) -> TodayMark:
    """Take one thing off the page for good, where no row could tell that it is settled. Twice changes nothing.

    Raises:
        NotOfThisKind: there is no such kind, or its rows tell by themselves when a thing is settled.
    """
    if kind not in kinds() or not kinds()[kind].by_hand:
        raise NotOfThisKind
    known = TodayMark.objects.filter(term=term, kind=kind, key=key, until__isnull=True).first()
    return known or _mark(term, kind, key, None, actor, now)


def _mark(term: Term, kind: str, key: str, until: date | None, actor: Person, now: datetime) -> TodayMark:
    mark, _made = TodayMark.objects.update_or_create(
        term=term, kind=kind, key=key, defaults={"until": until, "made_at": now, "made_by": actor}
    )
    return mark


@transaction.atomic
def note_spoken(*, term: Term, person_id: int, on: date, actor: Person, now: datetime) -> Spoken:
    """Keep that somebody of the staff spoke with a person of the term on a day, and not a word of it. Once a day.

    Raises:
        Person.DoesNotExist: the person neither takes part in the term nor facilitates in it.
    """
    takes_part = Participation.objects.filter(term=term, person=person_id, ended_at__isnull=True)
    if not takes_part.exists() and not Facilitation.objects.filter(term=term, person=person_id).exists():
        raise Person.DoesNotExist
    spoken, _made = Spoken.objects.get_or_create(
        term=term, person_id=person_id, on=on, defaults={"by": actor, "recorded_at": now}
    )
    return spoken


@transaction.atomic
def take_back_spoken(*, term: Term, person_id: int, on: date, actor: Person) -> bool:
    """Take back what one noted oneself, and return whether there was such a day."""
    return bool(Spoken.objects.filter(term=term, person=person_id, on=on, by=actor).delete()[0])


@transaction.atomic
def ask_for_record(*, session_id: int, actor: Person, now: datetime, today: date) -> None:
    """Mail the facilitator once more that a record is due, and leave it off the page for two days. Once a day.

    Raises:
        HasRecord: the session is not over, did not take place, or its record is finished.
    """
    session = (
        DialogueSession.objects.select_for_update(of=("self",))
        .select_related("cohort__term", "record")
        .get(pk=session_id)
    )
    took_place = session.status in (DialogueSession.Status.CONFIRMED, DialogueSession.Status.HELD)
    record = getattr(session, "record", None)
    if not took_place or session.ends_at > now or (record is not None and record.finished_at):
        raise HasRecord
    audit.record(actor=actor, action="record_asked_for", subject_key=subject_of(session), now=now)
    queue_messages(
        [
            Draft(
                kind="record_due",
                recipient_id=session.facilitator_id,
                subject_key=subject_of(session),
                subject_version=session.sequence,
                dedupe_key=f"record-due-again:{session.pk}:{session.facilitator_id}:{today:%Y%m%d}",
                due_at=now,
            )
        ],
        now=now,
    )
    _mark(session.cohort.term, "records", f"{session.pk}", today + RECORD_PATIENCE, actor, now)

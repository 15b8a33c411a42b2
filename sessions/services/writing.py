"""Keep reflections, small steps and facilitators' records."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from dialogue.models import Person
from sessions.core.lifecycle import check_move
from sessions.models import Attendance, DialogueSession, FacilitatorRecord, Reflection, SessionPrompt, SmallStep
from sessions.services.safety import keep_mark

_NEVER_HELD: Final = (DialogueSession.Status.CANCELLED, DialogueSession.Status.PROPOSED)
"""One that was put off was not held at the time it still carries."""


class NotYet(Exception):
    """The session has not begun, or never will."""


@transaction.atomic
def save_reflection(*, session: DialogueSession, author: Person, text: str, now: datetime) -> Reflection:
    """Keep what its author alone will read. Saving again replaces it.

    Raises:
        NotYet: the session has not begun, or was cancelled or put off.
    """
    if now < session.starts_at or session.status in _NEVER_HELD:
        raise NotYet
    reflection, _ = Reflection.objects.update_or_create(
        session=session, author=author, defaults={"text": text, "saved_at": now}
    )
    return reflection


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDraft:
    """A record as far as it is made. `came` are people by primary key; `safety` is a line, None without a mark."""

    came: Collection[int] = ()
    next_depth: str = ""
    moved_by: SessionPrompt | None = None
    follow_up: bool = False
    safety: str | None = None


@transaction.atomic
def keep_step(*, session: DialogueSession, author: Person, text: str, now: datetime) -> SmallStep | None:
    """Keep the small step that somebody takes along from a session; without words there is none any more.

    Another text is another step, so it is open again. The same text changes nothing.

    Raises:
        NotYet: the session has not begun, or was cancelled or put off.
    """
    if now < session.starts_at or session.status in _NEVER_HELD:
        raise NotYet
    mine = SmallStep.objects.of(author).filter(session=session)
    text = text.strip()
    if not text:
        mine.delete()
        return None
    step = mine.select_for_update(of=("self",)).first()
    if step is not None and step.text == text:
        return step
    step, _ = SmallStep.objects.update_or_create(
        session=session,
        author=author,
        defaults={"text": text, "status": SmallStep.Status.OPEN, "changed_at": now},
    )
    return step


@transaction.atomic
def settle_step(*, step_id: int, author: Person, status: str, now: datetime) -> SmallStep:
    """Say that a small step was tried, is let go, or is still there. Each can be taken back by another.

    Raises:
        SmallStep.DoesNotExist: it is not this person's.
        ValueError: there is no such answer.
    """
    if status not in SmallStep.Status.values:
        raise ValueError(status)
    step = SmallStep.objects.of(author).select_for_update(of=("self",)).get(pk=step_id)
    step.status, step.changed_at = status, now
    step.save(update_fields=["status", "changed_at"])
    return step


@transaction.atomic
def keep_record_draft(
    *, session_id: int, author: Person, draft: RecordDraft, now: datetime, gives_mark: bool = False
) -> FacilitatorRecord:
    """Keep a half-made record: nothing of it counts yet, and its reminders go on.

    One that was finished stays as it is: it is corrected by `save_record`. With `gives_mark` the safety contacts get
    the mark at once, whatever becomes of the record.

    Raises:
        NotYet: the session has not begun, or never will.
    """
    session = _begun(session_id, now)
    if session.status in _NEVER_HELD:
        raise NotYet
    keep_mark(session=session, author=author, line=draft.safety, gives=gives_mark, now=now)
    record = FacilitatorRecord.objects.filter(session=session).first() or FacilitatorRecord(session=session)
    if record.finished_at is None:
        record.author = author
        record.draft_came = sorted(draft.came)
        record.next_depth, record.moved_by, record.follow_up = draft.next_depth, draft.moved_by, draft.follow_up
        record.saved_at = now
        record.save()
    return record


@transaction.atomic
def save_record(*, session_id: int, author: Person, draft: RecordDraft, now: datetime) -> FacilitatorRecord:
    """Keep the facilitator's record and close the session: held when somebody came, missed when nobody did.

    Whoever of `came` is not expected is passed over. The safety contacts get the mark. Saving again corrects it.

    Raises:
        NotYet: the session has not begun.
        IllegalMove: the session was cancelled.
    """
    session = _begun(session_id, now)
    those_who_came = Attendance.objects.filter(session=session, person__in=draft.came)
    outcome = DialogueSession.Status.HELD if those_who_came.exists() else DialogueSession.Status.MISSED
    if session.status != outcome:
        check_move(session.status, outcome)
        session.status = outcome
        session.save(update_fields=["status"])
    those_who_came.update(came=True)
    Attendance.objects.filter(session=session).exclude(person__in=draft.came).update(came=False)
    keep_mark(session=session, author=author, line=draft.safety, gives=True, now=now)
    record, _ = FacilitatorRecord.objects.update_or_create(
        session=session,
        defaults={
            "author": author,
            "moved_by": draft.moved_by,
            "next_depth": draft.next_depth,
            "follow_up": draft.follow_up,
            "draft_came": None,
            "saved_at": now,
            "finished_at": now,
        },
    )
    return record


def _begun(session_id: int, now: datetime) -> DialogueSession:
    rows = DialogueSession.objects.select_for_update(of=("self",)).select_related("cohort__term")
    session = rows.get(pk=session_id)
    if now < session.starts_at:
        raise NotYet
    return session

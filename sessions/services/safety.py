"""Marks for safety: written by a facilitator, read by the safety contacts alone, taken up by one of them."""

from datetime import datetime

from django.db import transaction

from dialogue.models import Person, StaffRole
from dialogue.outbox import Draft, queue_messages
from dialogue.services import audit
from sessions.models import DialogueSession, SafetyMark
from sessions.models.safety import LINE_LENGTH

MARKED = "safety_marked"
UNHEARD = "safety_unheard"


def subject_of_mark(mark: SafetyMark) -> str:
    """Return what messages about a mark have as their subject."""
    return f"safety:{mark.pk}"


@transaction.atomic
def keep_mark(*, session: DialogueSession, author: Person, line: str | None, gives: bool, now: datetime) -> None:
    """Keep an author's open mark on a session, or take it back where `line` is None.

    Half written it is nobody's but its author's. With `gives` the safety contacts are told that there is one, not what
    it says; where nobody is named, the coordinators are asked to name somebody. Once given, it stays so.

    Raises:
        ValueError: the line is too long.
    """
    if line is not None and len(line) > LINE_LENGTH:
        raise ValueError(f"a line has up to {LINE_LENGTH} characters")
    mark = SafetyMark.objects.select_for_update(of=("self",)).open_of(author, session_id=session.pk).first()
    if line is None:
        if mark is not None:
            _take_back(mark, now=now)
        return
    if mark is None:
        mark = SafetyMark(session=session, author=author)
    mark.line, mark.written_at = line, now
    newly = gives and mark.given_at is None
    if newly:
        mark.given_at = now
    mark.save()
    if newly:
        audit.record(actor=author, action="safety_marked", subject_key=subject_of_mark(mark), now=now)
        queue_messages(told_of(mark, session=session, now=now), now=now)


@transaction.atomic
def take_up(*, mark_id: int, reader: Person, now: datetime) -> SafetyMark:
    """Note that a safety contact looks after it. Who did is kept, and no word of the mark.

    Raises:
        SafetyMark.DoesNotExist: it is taken up already, or not this person's to read.
    """
    marks = SafetyMark.objects.select_for_update(of=("self",)).told_to(reader)
    mark = marks.get(pk=mark_id, taken_up_at__isnull=True)
    mark.taken_up_at, mark.taken_up_by = now, reader
    mark.save(update_fields=["taken_up_at", "taken_up_by"])
    audit.record(actor=reader, action="safety_taken_up", subject_key=subject_of_mark(mark), now=now)
    return mark


def _take_back(mark: SafetyMark, *, now: datetime) -> None:
    if mark.given_at is not None:
        audit.record(actor=mark.author, action="safety_taken_back", subject_key=subject_of_mark(mark), now=now)
    mark.delete()  # what is queued about it is not wanted any more, and does not go out


def told_of(mark: SafetyMark, *, session: DialogueSession, now: datetime, again: bool = False) -> list[Draft]:
    """Return what says that there is a mark: to the safety contacts, or to the coordinators where nobody is named."""
    roles = StaffRole.objects.filter(programme=session.cohort.term.programme_id, person__is_active=True)
    by_role: dict[str, list[int]] = {}
    for role, person in roles.order_by("person").values_list("role", "person"):
        by_role.setdefault(role, []).append(person)
    contacts = by_role.get(StaffRole.Role.SAFETY_CONTACT)
    kind, people = (MARKED, contacts) if contacts else (UNHEARD, by_role.get(StaffRole.Role.COORDINATOR, []))
    return [
        Draft(
            kind=kind,
            recipient_id=person,
            subject_key=subject_of_mark(mark),
            dedupe_key=f"{kind}:{mark.pk}:{person}{':again' if again else ''}",
            due_at=now,
        )
        for person in people
    ]

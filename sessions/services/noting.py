"""Write into a cohort's ひとこと帳, take a note back, report one, and settle a report."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from dialogue.models import Cohort, Membership, Person, StaffRole
from dialogue.outbox import Draft, queue_messages
from dialogue.services import audit
from sessions.models import CohortNote, DialogueSession
from sessions.models.notes import NOTE_LENGTH

STAYS_OPEN: Final = timedelta(days=14)
"""How long after the last session notes are taken."""

MOST_IN_A_DAY: Final = 20
"""Notes of one person to one cohort: a guard against a stuck button and a flood, far above what anybody writes."""


class NotebookClosed(Exception):
    """The cohort has ended, or its last session is over for two weeks."""


class TooManyNotes(Exception):
    """The person has written as many notes today as one may."""


def is_open(cohort: Cohort, *, now: datetime) -> bool:
    """Return whether notes are still taken: before the first session is booked, and while one waits for a date, too.

    One query.
    """
    if cohort.status == Cohort.Status.ENDED:
        return False
    planned = DialogueSession.objects.filter(cohort=cohort).standing()
    latest_first = planned.annotate(waits=Q(status=DialogueSession.Status.PROPOSED)).order_by("-waits", "-ends_at")
    last = latest_first.values_list("waits", "ends_at").first()
    return last is None or last[0] or now < last[1] + STAYS_OPEN


@transaction.atomic
def write_note(*, cohort_id: int, author: Person, text: str, now: datetime) -> CohortNote:
    """Keep a note that the cohort and its facilitator can read. Nobody is mailed.

    The same words again within a minute are one note: a button pressed twice says nothing twice.

    Raises:
        Cohort.DoesNotExist: the author neither belongs to the cohort today nor facilitates it.
        NotebookClosed: the term is over.
        TooManyNotes: the author has written 20 in a day.
        ValueError: there are no words, or too many.
    """
    text = text.strip()
    if not text or len(text) > NOTE_LENGTH:
        raise ValueError(f"a note has 1 to {NOTE_LENGTH} characters")
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("facilitation").get(pk=cohort_id)
    belongs = Membership.objects.filter(cohort=cohort, participation__person=author, left_at__isnull=True)
    if cohort.facilitation.person_id != author.pk and not belongs.exists():
        raise Cohort.DoesNotExist
    if not is_open(cohort, now=now):
        raise NotebookClosed
    mine = CohortNote.objects.filter(cohort=cohort, author=author)
    last = mine.order_by("-written_at", "-pk").first()
    if last is not None and last.text == text and now - last.written_at < timedelta(minutes=1):
        return last
    if mine.filter(written_at__gt=now - timedelta(days=1)).count() >= MOST_IN_A_DAY:
        raise TooManyNotes
    return CohortNote.objects.create(cohort=cohort, author=author, text=text, written_at=now)


@transaction.atomic
def take_note_back(*, note_id: int, author: Person) -> None:
    """Delete one's own note. One that is reported stays for those who look at the report.

    Raises:
        CohortNote.DoesNotExist: it is not this person's, or was reported.
    """
    CohortNote.objects.select_for_update(of=("self",)).written_by(author).get(pk=note_id).delete()


@transaction.atomic
def report_note(*, note_id: int, reader: Person, now: datetime) -> CohortNote:
    """Take a note out of everybody's sight at once and tell the coordinators that there is one, not what it says.

    Raises:
        CohortNote.DoesNotExist: the reader cannot read it, or it is reported already.
    """
    note = (
        CohortNote.objects.select_for_update(of=("self",))
        .readable_by(reader)
        .select_related("cohort__term")
        .get(pk=note_id)
    )
    note.reported_at, note.reported_by = now, reader
    note.save(update_fields=["reported_at", "reported_by"])
    audit.record(actor=reader, action="note_reported", subject_key=f"note:{note.pk}", now=now)
    programme = note.cohort.term.programme_id
    coordinators = StaffRole.objects.filter(programme=programme, role=StaffRole.Role.COORDINATOR)
    queue_messages(
        [
            Draft(
                kind="note_reported",
                recipient_id=person,
                subject_key=f"note:{note.pk}",
                dedupe_key=f"note_reported:{note.pk}:{now:%Y%m%dT%H%M%S}:{person}",
                due_at=now,
            )
            for person in coordinators.values_list("person", flat=True).distinct()
        ],
        now=now,
    )
    return note


@transaction.atomic
def settle_report(*, note_id: int, coordinator: Person, keeps: bool, now: datetime) -> None:
    """Give a reported note back to the cohort, or delete it for good. Who did it is kept, and no word of the note.

    Raises:
        CohortNote.DoesNotExist: it is not reported any more, or not to this person.
    """
    rows = CohortNote.objects.select_for_update(of=("self",)).reported_to(coordinator).select_related("cohort")
    note = rows.get(pk=note_id)
    action = "note_given_back" if keeps else "note_deleted"
    term = {"term": note.cohort.term_id}
    audit.record(actor=coordinator, action=action, subject_key=f"note:{note.pk}", now=now, detail=term)
    if not keeps:
        note.delete()
        return
    note.reported_at = note.reported_by = None
    note.save(update_fields=["reported_at", "reported_by"])

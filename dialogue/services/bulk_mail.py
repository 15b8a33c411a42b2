"""Write to several people of a term at once: each copy waits five minutes in the outbox, and can be taken back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from dialogue.fields import seal
from dialogue.models import (
    AvailabilityWindow,
    BulkMail,
    ConsentRecord,
    OutboundMessage,
    Participation,
    Person,
    SlotAnswer,
    Term,
)
from dialogue.outbox import Draft, queue_messages, void_messages
from dialogue.querysets import ParticipationQuerySet
from dialogue.services import audit

KIND: Final = "bulk_mail"
TRIAL: Final = "bulk_mail_trial"
HELD_BACK: Final = timedelta(minutes=5)
"""A mail waits so long, so that a slip can be taken back before anybody reads it."""

Purpose = BulkMail.Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is written: subject and text in Japanese and in English, either pair empty."""

    subject: str = ""
    text: str = ""
    subject_en: str = ""
    text_en: str = ""


def subject_of(mail: BulkMail) -> str:
    return f"bulk:{mail.pk}"


def reached_by(purpose: str, term: Term, chosen: Collection[int]) -> ParticipationQuerySet:
    """Return those of the chosen people whom such a mail goes to.

    Nobody whose place has ended gets one; who has said when they can come is not asked for it, nor for consent who has
    given it.
    """
    rows = term.participations.filter(pk__in=list(chosen)).exclude(status__in=["ended", "relayed"])
    mine = OuterRef("pk")
    if purpose == Purpose.TIMES:
        rows = rows.filter(
            ~Exists(AvailabilityWindow.objects.filter(participation=mine)),
            ~Exists(SlotAnswer.objects.filter(participation=mine, answer__in=["yes", "maybe"])),
        )
    elif purpose == Purpose.CONSENT:
        given = ConsentRecord.objects.filter(
            participation=mine, purpose=ConsentRecord.Purpose.TAKE_PART, withdrawn_at__isnull=True
        )
        rows = rows.filter(~Exists(given))
    return rows


@transaction.atomic
def send_bulk_mail(
    *, term: Term, chosen: Collection[int], purpose: str, words: Words, now: datetime, actor: Person, key: str
) -> tuple[BulkMail | None, int]:
    """Queue a copy for everybody whom it goes to and return the mail and how many copies there are.

    Sent again by the same form (`key`), nothing is written or sent anew. Where it goes to nobody there is no mail.

    Raises:
        IntegrityError: it says nothing in either language.
    """
    # The term's row is what two presses of one button queue up at.
    Term.objects.select_for_update(of=("self",)).get(pk=term.pk)
    repeated = OutboundMessage.objects.filter(dedupe_key__startswith=f"{KIND}:{term.pk}:{key}:").first()
    if repeated:
        mail = BulkMail.objects.get(pk=int(repeated.subject_key.partition(":")[2]))
        return mail, OutboundMessage.objects.filter(subject_key=repeated.subject_key).count()
    people = list(reached_by(purpose, term, chosen).order_by("pk").values_list("person", flat=True))
    if not people:
        return None, 0
    mail = BulkMail.objects.create(
        term=term,
        purpose=purpose,
        subject=words.subject,
        text=words.text,
        subject_en=words.subject_en,
        text_en=words.text_en,
        written_by=actor,
        created_at=now,
        leaves_at=now + HELD_BACK,
    )
    drafts = [
        Draft(
            kind=KIND,
            recipient_id=person,
            subject_key=subject_of(mail),
            dedupe_key=f"{KIND}:{term.pk}:{key}:{person}",
            due_at=mail.leaves_at,
        )
        for person in people
    ]
    queue_messages(drafts, now=now)
    detail = {"mail": mail.pk, "people": len(people), "purpose": purpose}
    audit.record(actor=actor, action="bulk_mail_sent", subject_key=f"term:{term.pk}", now=now, detail=detail)
    return mail, len(people)


@transaction.atomic
def take_bulk_mail_back(*, mail: BulkMail, now: datetime, actor: Person | None = None) -> int:
    """Void every copy that has not left and return how many those were. Done again, it finds none."""
    number = void_messages(subject_key=subject_of(mail), kinds_to_void=[KIND])
    if number:
        BulkMail.objects.filter(pk=mail.pk, taken_back_at__isnull=True).update(taken_back_at=now)
        detail = {"mail": mail.pk, "people": number}
        audit.record(
            actor=actor, action="bulk_mail_taken_back", subject_key=f"term:{mail.term_id}", now=now, detail=detail
        )
    return number


@transaction.atomic
def send_trial(*, term: Term, purpose: str, words: Words, now: datetime, actor: Person) -> None:
    """Send the mail to its writer alone, at once, in each language that it is written in."""
    texts = {"ja": (words.subject, words.text), "en": (words.subject_en, words.text_en)}
    drafts = [
        Draft(
            kind=TRIAL,
            recipient_id=actor.pk,
            subject_key=f"term:{term.pk}",
            dedupe_key=f"{TRIAL}:{term.pk}:{actor.pk}:{language}:{now.timestamp():.3f}",
            due_at=now,
            context={"language": language, "purpose": purpose, "subject": seal(subject), "text": seal(text)},
        )
        for language, (subject, text) in texts.items()
        if subject
    ]
    queue_messages(drafts, now=now)


def participation_of(mail: BulkMail, person_id: int) -> Participation | None:
    """Return the place in the term of somebody whom a copy goes to, while they have one."""
    rows = mail.term.participations.filter(person=person_id).exclude(status__in=["ended", "relayed"])
    return rows.select_related("person", "term__programme__organisation").first()

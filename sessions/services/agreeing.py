"""Agree to the rules of the dialogue: once in a term, and again when their text has changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from dialogue.consent_texts import RULES
from dialogue.models import ConsentRecord, Participation, Person
from dialogue.prepared import Prepared
from dialogue.services.answers import record_consent
from sessions.models import DialogueSession

AGREEMENTS: Final = ConsentRecord.Purpose.AGREEMENTS


def needs_to_agree(*, session: DialogueSession, person: Person) -> bool:
    """Whether this person takes part and has not agreed to the rules as they read now. One query.

    Whoever facilitates takes no part in what is told, and is not asked.
    """
    return person.pk != session.facilitator_id and not has_agreed(term=session.cohort.term_id, person=person.pk)


def has_agreed(*, term: int, person: int) -> bool:
    """Whether this person takes part in a term and has agreed to the rules as they read now. One query."""
    return any(True for _row in _AGREED.rows(term=term, person=person, version=RULES))


def _agreed(term: int, person: int, version: str) -> QuerySet[Participation, Any]:
    valid = {"consents__purpose": AGREEMENTS, "consents__withdrawn_at__isnull": True}
    rows = Participation.objects.filter(term=term, person=person, ended_at__isnull=True).order_by()
    return rows.filter(**valid, consents__text_version=version).values_list("pk")


_AGREED: Final = Prepared(_agreed, term=int, person=int, version=str)


@transaction.atomic
def agree(*, session: DialogueSession, person: Person, now: datetime) -> None:
    """Record that somebody agrees to the rules as they read now. Doing it twice changes nothing.

    Raises:
        Participation.DoesNotExist: the person takes no part in the term.
    """
    rows = Participation.objects.select_for_update(of=("self",)).select_related("term__programme__organisation")
    _agree(rows.get(term=session.cohort.term_id, person=person, ended_at__isnull=True), now)


def who_has_not_agreed(people: Sequence[Participation]) -> set[int]:
    """Return who of these has not agreed to the rules as they read now, by primary keys of people. One query."""
    valid = ConsentRecord.objects.filter(purpose=AGREEMENTS, withdrawn_at__isnull=True, text_version=RULES)
    agreed = set(valid.filter(participation__in=people).values_list("participation", flat=True))
    return {one.person_id for one in people if one.pk not in agreed}


@transaction.atomic
def agree_at_a_table(*, participation: int, now: datetime) -> None:
    """Record that somebody agrees who has no device of their own, and taps on another's. Twice changes nothing.

    Raises:
        Participation.DoesNotExist: they take no part any more.
    """
    rows = Participation.objects.select_for_update(of=("self",)).select_related("term__programme__organisation")
    _agree(rows.get(pk=participation, ended_at__isnull=True), now)


def _agree(one: Participation, now: datetime) -> None:
    valid = one.consents.filter(purpose=AGREEMENTS, withdrawn_at__isnull=True)
    if valid.filter(text_version=RULES).exists():
        return
    valid.update(withdrawn_at=now)
    record_consent(one, AGREEMENTS, version=RULES, now=now)

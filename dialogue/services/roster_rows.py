"""The rows that a roster writes, each kind in few statements however long the roster is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import models

from dialogue.core.roster import FacilitatorRow, ParticipantRow
from dialogue.core.text import for_comparing
from dialogue.core.week import WeeklyWindow
from dialogue.models import (
    Affiliation,
    AvailabilityWindow,
    ConsentRecord,
    PairWish,
    Participation,
    Partner,
    Person,
    Term,
)

CHUNK = 400
"""Rows in one statement: SQLite allows 32,766 parameters, a person has a dozen columns."""

PERSON_FIELDS = ("family_name", "given_name", "family_kana", "given_kana", "preferred_name", "birth_year", "zone")


@dataclass(frozen=True, slots=True)
class ConsentStatement:
    """What the coordinator states of consent that the host collected: by whom, on which day, under which text."""

    collected_by: str
    given_on: date
    text_version: str


def take_over(row: models.Model, values: Mapping[str, Any]) -> bool:
    """Set the values on the row and return whether any of them differed."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def write_people(
    term: Term, rows: Sequence[ParticipantRow | FacilitatorRow], now: datetime
) -> tuple[dict[str, Person], set[str]]:
    """Return the rows' people by e-mail address, made or brought up to date, and the addresses that changed.

    Somebody who is known, but not from this programme, keeps their own name and zone.
    """
    wanted = {row.email: {name: getattr(row, name) for name in PERSON_FIELDS if hasattr(row, name)} for row in rows}
    languages = {row.email: "ja" if "ja" in row.languages else "en" for row in rows}
    found: dict[str, Person] = {}
    addresses = list(wanted)
    for start in range(0, len(addresses), CHUNK):
        some = Person.objects.filter(email__in=addresses[start : start + CHUNK])
        found |= {person.email: person for person in some}
    in_programme = _people_of_programme(term)
    changed = [
        person for email, person in found.items() if person.pk in in_programme and take_over(person, wanted[email])
    ]
    Person.objects.bulk_update(changed, PERSON_FIELDS, batch_size=CHUNK)
    made = Person.objects.bulk_create(
        (
            Person(email=email, language=languages[email], password=make_password(None), created_at=now, **values)
            for email, values in wanted.items()
            if email not in found
        ),
        batch_size=CHUNK,
    )
    return found | {person.email: person for person in made}, {person.email for person in changed}


def _people_of_programme(term: Term) -> set[int]:
    terms = Term.objects.filter(programme=term.programme_id)
    taking_part = terms.values_list("participations__person", flat=True)
    facilitating = terms.values_list("facilitations__person", flat=True)
    return {pk for pk in (*taking_part, *facilitating) if pk is not None}


def write_affiliations(term: Term, names: Iterable[str]) -> dict[str, Affiliation]:
    """Return affiliations by the name as written; names that differ only in width, case or spaces are one."""
    written = {name for name in names if name}
    host = term.programme.organisation
    by_key = {one.key: one for one in Affiliation.objects.filter(organisation=host)}
    for name in sorted(written):
        key = for_comparing(name)
        if key not in by_key:
            by_key[key] = Affiliation.objects.create(organisation=host, name=name, key=key)
    return {name: by_key[for_comparing(name)] for name in written}


def write_partners(term: Term, names: Iterable[str]) -> dict[str, Partner]:
    """Return partners by name, made where the host does not know them yet."""
    host = term.programme.organisation
    return {name: Partner.objects.get_or_create(organisation=host, name=name)[0] for name in sorted(set(names)) if name}


def write_windows(term: Term, owner: str, windows: Mapping[int, Iterable[WeeklyWindow]]) -> set[int]:
    """Replace the weekly windows of each owner (`participation` or `facilitation`, by primary key) that differ.

    Returns the owners whose windows changed.
    """
    column = f"{owner}_id"
    stored: dict[int, set[tuple[int, ...]]] = {pk: set() for pk in windows}
    of_term = AvailabilityWindow.objects.filter(**{f"{owner}__term": term})
    for pk, *window in of_term.values_list(column, "weekday", "starts", "ends"):
        if pk in stored:
            stored[pk].add(tuple(window))
    wanted = {pk: {(one.weekday, one.starts, one.ends) for one in some} for pk, some in windows.items()}
    changed = {pk for pk in windows if stored[pk] != wanted[pk]}
    in_order = sorted(changed)
    for start in range(0, len(in_order), CHUNK):
        of_term.filter(**{f"{column}__in": in_order[start : start + CHUNK]}).delete()
    AvailabilityWindow.objects.bulk_create(
        (
            AvailabilityWindow(**{column: pk}, weekday=weekday, starts=starts, ends=ends)
            for pk in in_order
            for weekday, starts, ends in sorted(wanted[pk])
        ),
        batch_size=CHUNK,
    )
    return changed


def write_wishes(term: Term, rows: Sequence[ParticipantRow], living: Mapping[str, Participation]) -> set[int]:
    """Bring the wishes between people of this roster to what it says; blocks stay as they are.

    Returns the participations whose wishes changed.
    """
    wanted: dict[tuple[int, int], str] = {}
    for row in rows:
        for kind, others in ((PairWish.Kind.TOGETHER, row.keep_together), (PairWish.Kind.APART, row.keep_apart)):
            for other in others:
                if row.email in living and other in living:
                    first, second = sorted((living[row.email].pk, living[other].pk))
                    wanted[first, second] = kind
    here = {one.pk for one in living.values()}
    stored = {
        (wish.first_id, wish.second_id): wish
        for wish in PairWish.objects.filter(term=term)
        if {wish.first_id, wish.second_id} <= here
    }
    blocked = {pair for pair, wish in stored.items() if wish.kind == PairWish.Kind.BLOCKED}
    gone = [pair for pair, wish in stored.items() if pair not in blocked and wanted.get(pair) != wish.kind]
    new = [pair for pair in wanted if pair not in blocked and (pair not in stored or pair in gone)]
    PairWish.objects.filter(pk__in=[stored[pair].pk for pair in gone]).delete()
    PairWish.objects.bulk_create(
        PairWish(term=term, first_id=first, second_id=second, kind=wanted[first, second]) for first, second in new
    )
    return {pk for pair in (*gone, *new) for pk in pair}


def write_consents(term: Term, participations: Iterable[int], consent: ConsentStatement, now: datetime) -> set[int]:
    """Record consent for those who have none that is valid. Returns whose record is new."""
    valid = ConsentRecord.objects.filter(
        participation__term=term, purpose=ConsentRecord.Purpose.TAKE_PART, withdrawn_at__isnull=True
    )
    missing = sorted(set(participations) - set(valid.values_list("participation", flat=True)))
    ConsentRecord.objects.bulk_create(
        (
            ConsentRecord(
                participation_id=pk,
                purpose=ConsentRecord.Purpose.TAKE_PART,
                method=ConsentRecord.Method.ROSTER,
                text_version=consent.text_version,
                collected_by=consent.collected_by,
                given_on=consent.given_on,
                recorded_at=now,
            )
            for pk in missing
        ),
        batch_size=CHUNK,
    )
    Participation.objects.filter(term=term, waiting_reason=Participation.WaitingReason.CONSENT).with_consent().update(
        waiting_reason=Participation.WaitingReason.MATCHING
    )
    return set(missing)

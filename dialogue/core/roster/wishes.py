"""Wishes about other people in the file: names and addresses as written, turned into addresses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dialogue.core.mail_address import mail_address
from dialogue.core.roster.errors import ErrorCode, RosterError, roster_error
from dialogue.core.roster.headers import Column, Heading
from dialogue.core.roster.people import ParticipantRow
from dialogue.core.text import for_comparing, person_name


def resolve_wishes(
    people: Sequence[ParticipantRow], heading: Heading
) -> tuple[list[ParticipantRow], list[RosterError]]:
    """Return the people with each wish as addresses, and the wishes that name nobody, several, or contradict.

    A person is named by address, by family and given name, by its kana, or by the preferred name.
    """
    errors: list[RosterError] = []
    known = _known(people) if any(person.keep_apart or person.keep_together for person in people) else {}

    def addresses(person: ParticipantRow, column: Column, names: Iterable[str]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for name in names:
            candidates = known.get(_key(name), frozenset())
            others = candidates - {_identity(person)}
            if len(others) == 1:
                found.update(dict.fromkeys(others))
                continue
            code = ErrorCode.PERSON_AMBIGUOUS if others else ErrorCode.PERSON_UNKNOWN
            if candidates and not others:
                code = ErrorCode.PERSON_IS_SELF
            errors.append(roster_error(code, line=person.line, column=heading.name(column), value=name, part=name))
        return tuple(found)

    resolved = [
        replace(
            person,
            keep_apart=addresses(person, Column.KEEP_APART, person.keep_apart),
            keep_together=addresses(person, Column.KEEP_TOGETHER, person.keep_together),
        )
        if person.keep_apart or person.keep_together
        else person
        for person in people
    ]
    errors.extend(_contradictions(resolved, heading))
    return resolved, errors


def _identity(person: ParticipantRow) -> str:
    # A row whose address is refused is still somebody, so that wishes about them are not refused as well.
    return person.email or f"line {person.line}"


def _known(people: Sequence[ParticipantRow]) -> Mapping[str, frozenset[str]]:
    known: dict[str, set[str]] = {}
    for person in people:
        full_name = person.family_name + person.given_name
        kana = person.family_kana + person.given_kana
        for name in (person.email, full_name, kana, person.preferred_name):
            if name:
                known.setdefault(for_comparing(name), set()).add(_identity(person))
    return {name: frozenset(identities) for name, identities in known.items()}


def _key(name: str) -> str:
    try:
        return for_comparing(mail_address(name))
    except ValueError:
        return for_comparing(person_name(name))


def _contradictions(people: Sequence[ParticipantRow], heading: Heading) -> list[RosterError]:
    apart = {frozenset((_identity(person), other)) for person in people for other in person.keep_apart}
    return [
        roster_error(
            ErrorCode.APART_AND_TOGETHER,
            line=person.line,
            column=heading.name(Column.KEEP_TOGETHER),
            value=other,
            email=other,
        )
        for person in people
        for other in person.keep_together
        if frozenset((_identity(person), other)) in apart
    ]

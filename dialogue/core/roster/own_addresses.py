"""People who share an address: each signs in with one of their own, so somebody needs another."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from dialogue.core.mail_address import mail_address
from dialogue.core.roster.errors import ErrorCode, RosterError, roster_error
from dialogue.core.roster.headers import Column, Heading
from dialogue.core.roster.people import Person
from dialogue.core.text import for_comparing


def with_own_addresses(
    people: Sequence[Person], seconds: Mapping[int, str], *, by_name: Mapping[str, str], heading: Heading
) -> tuple[list[Person], list[RosterError]]:
    """Return the people, each with an address of their own, and those who have none.

    Of people who share one the first keeps it, or the first who has no other; the others take the second address of
    their row (`seconds` by line) or the one that `by_name` gives for their name. The same person twice is a slip.
    """
    sharing: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        sharing[person.email].append(person)
    given: dict[int, str] = {}
    for email, some in sharing.items():
        if email and len(some) > 1:
            others = {person.line: _own(person, seconds, by_name) for person in some}
            keeps = next((person for person in some if not others[person.line]), some[0])
            given |= {line: own for line, own in others.items() if own and line != keeps.line}
    apart = [replace(person, email=given[person.line]) if person.line in given else person for person in people]

    errors: list[RosterError] = []
    first_of: dict[str, Person] = {}
    for person in apart:
        first = first_of.setdefault(person.email, person)
        if person.email and first is not person:
            is_same = name_key(first) == name_key(person)
            errors.append(
                roster_error(
                    ErrorCode.REPEATED_PERSON if is_same else ErrorCode.SHARED_ADDRESS,
                    line=person.line,
                    column=heading.name(Column.EMAIL),
                    value=person.email,
                    first=str(first.line),
                    **({} if is_same else {"name": full_name(person)}),
                )
            )
    return apart, errors


def full_name(person: Person) -> str:
    """Return family and given name as the file has them."""
    return f"{person.family_name} {person.given_name}".strip()


def name_key(person: Person) -> str:
    """Return the name by which `by_name` knows somebody."""
    return for_comparing(full_name(person))


def _own(person: Person, seconds: Mapping[int, str], by_name: Mapping[str, str]) -> str:
    try:
        typed = mail_address(by_name[name_key(person)]) if name_key(person) in by_name else ""
    except ValueError:  # the mapping names no address: the person goes on sharing, and is told as such
        typed = ""
    return typed or seconds.get(person.line, "")

"""Which canaries each role may know, and a look for the others in whatever a reader was given."""

import re
from collections.abc import Iterable

from tests.authz.world import COHORTS, FACILITATORS, FIRST_BIRTH_YEAR, GUARDIAN, WAITING, World

OF_COORDINATORS = {
    "mail", "family", "given", "kana", "kanatoo", "birth", "affiliation", "field", "interest", "consent", "text",
    "asked", "replied", "phone",
}  # fmt: skip
"""What is known of a person to themselves and to the coordinators of their term."""
OF_COHORTS = {"room", "shared", "jotted", "hail", "reported"}
"""What belongs to a cohort: notes and cards are for the circle alone, a reported note is for coordinators alone."""
AMONG_COORDINATORS = {"note"}
"""What the coordinators of somebody's term tell each other: no page of that person's own shows it."""

_WORD = re.compile(r"zq-([a-z]+)-([a-z0-9]+)")
_YEAR = re.compile(rf"(?<!\w){FIRST_BIRTH_YEAR // 100}(\d\d)(?!\w)")


def in_cohort(name: str) -> set[str]:
    return {*COHORTS[name], FACILITATORS[name]}


PEOPLE_OF_TERM = {
    "a": in_cohort("a1") | in_cohort("a2") | {"former", "spare", GUARDIAN, *WAITING},
    "b": in_cohort("b1"),
}
OPEN_TO_ALL = {"c"}
"""Terms whose join link is out: anybody may read what they are called and who holds them."""
COORDINATOR = {"a": "chika", "b": "yuki"}
CONTACT = {"pat": ("a", {"takeshi"})}
"""For each contact of a partner, the term and those of the partner's people who agreed that it knows."""
SAFETY_CONTACT, AUTHOR_OF_THE_MARK = "sachi", "fumi"
"""Of term a: who reads the marks for safety, and who has set one."""


def may_know(role: str, kind: str, owner: str) -> bool:
    """Return whether this role may read this canary anywhere."""
    if kind in {"story", "step", "dear", "feed", "reason", "hello"}:
        return role == owner or (kind == "hello" and role == "fumi")
    if owner in OPEN_TO_ALL and kind in {"term", "programme", "contact", "host"}:
        return kind != "contact"
    if (told := _by_way_of_a_partner(role, kind, owner)) is not None:
        return told
    if kind in {"term", "programme", "contact", "host"}:
        return role in PEOPLE_OF_TERM[owner] | {COORDINATOR[owner]}
    if kind in OF_COHORTS:
        circle, coordinator = in_cohort(owner), {COORDINATOR[owner[0]]}
        return role in {"jotted": circle, "hail": circle, "reported": coordinator}.get(kind, circle | coordinator)
    coordinates = any(COORDINATOR[term] == role and owner in people for term, people in PEOPLE_OF_TERM.items())
    if kind == "called":
        meets = any({role, owner} <= in_cohort(name) for name in COHORTS)
        return role == owner or coordinates or meets
    if kind in OF_COORDINATORS:
        return role == owner or coordinates
    if kind in AMONG_COORDINATORS:
        return coordinates
    if kind == "crossroads":
        return role == owner
    return False  # tokens, contexts of messages, causes of trouble


def _by_way_of_a_partner(role: str, kind: str, owner: str) -> bool | None:
    """Return whether the role may know what stands beside a partner or a mark; None where neither matters."""
    if kind == "partner":
        return role in (owner, COORDINATOR["b" if owner == "far" else "a"])
    if kind == "code":
        return role == COORDINATOR["a"]
    if owner in CONTACT and kind in {"called", "mail"}:
        return role in (owner, COORDINATOR[CONTACT[owner][0]])
    if role not in CONTACT:
        return _by_way_of_safety(role, kind, owner)
    term, people = CONTACT[role]
    if kind in {"term", "programme", "host"}:
        return owner == term
    return True if kind in {"family", "given"} and owner in people else None


def _by_way_of_safety(role: str, kind: str, owner: str) -> bool | None:
    """Return whether the role may know what stands beside a mark for safety; None where marks make no difference."""
    if kind == "safety":
        return role in (SAFETY_CONTACT, AUTHOR_OF_THE_MARK)
    if owner == SAFETY_CONTACT and kind in {"called", "mail"}:
        return role in (SAFETY_CONTACT, COORDINATOR["a"])
    if role != SAFETY_CONTACT:
        return None
    if kind in {"term", "programme", "host"}:
        return owner == "a"
    return True if owner == AUTHOR_OF_THE_MARK and kind in {"called", "mail"} else None


def leaks(world: World, role: str, text: str) -> set[str]:
    """Return every canary in the text that the role may not know, as "kind-owner". Folded lines are unfolded."""
    return {f"{kind}-{owner}" for kind, owner in found(world, text) if not may_know(role, kind, owner)}


def found(world: World, text: str) -> Iterable[tuple[str, str]]:
    """Return every canary in the text as (kind, owner)."""
    text = text.replace("\r\n ", "")
    names = list(world.people)
    yield from _WORD.findall(text)
    for year in _YEAR.findall(text):
        if int(year) < len(names):
            yield "birth", names[int(year)]
    for secret, name in world.secrets.items():
        if secret in text:
            kind, _, owner = name.partition("-")
            yield kind, owner

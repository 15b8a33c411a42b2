"""The demo's cast is plainly fictional, can be read like a roster, and lets good cohorts be formed."""

import json
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pytest

from dialogue.core.roster.availability import read_windows
from dialogue.core.week import WeeklyWindow

CAST: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "config" / "demo" / "cast.json").read_text(encoding="utf-8")
)
TERMS: Final = {term["key"]: term for term in CAST["terms"]}
EVERYONE: Final = list(chain.from_iterable(term["people"] for term in CAST["terms"]))
NO_TIME, TOO_SHORT, TOO_EARLY, ENGLISH_ONLY = "katsumi.kogure", "kanade.otonashi", "asao.hayakawa", "maja.lindqvist"
UNPLACEABLE: Final = (NO_TIME, TOO_SHORT, TOO_EARLY, ENGLISH_ONLY)


def fits(windows: tuple[WeeklyWindow, ...], weekday: int, starts: int) -> bool:
    return any(one.weekday == weekday and one.starts <= starts and starts + 90 <= one.ends for one in windows)


def test_each_term_has_the_people_it_promises() -> None:
    counts = {
        key: [
            sum(person["generation"] == generation for person in term["people"]) for generation in ("student", "alumni")
        ]
        for key, term in TERMS.items()
    }

    assert counts == {"first": [6, 6], "running": [7, 8], "next": [26, 34]}
    assert [len(TERMS[key]["facilitators"]) for key in ("first", "running", "next")] == [2, 3, 6]


@pytest.mark.parametrize("key", TERMS)
def test_addresses_are_of_example_domains_and_stand_once_in_a_term(key: str) -> None:
    addresses = [person["email"] for person in TERMS[key]["people"]]

    assert len(addresses) == len(set(addresses))
    assert all(address.rsplit(".", 1)[0].endswith("@example") or ".example" in address for address in addresses)


def test_somebody_who_returns_is_the_same_person() -> None:
    known: dict[str, tuple[Any, ...]] = {}
    for person in EVERYONE:
        now = tuple(person[key] for key in ("family_name", "given_name", "birth_year", "generation", "zone"))
        assert known.setdefault(person["email"], now) == now
    assert len(EVERYONE) - len(known) == 7


def test_pairs_name_each_other_within_the_term() -> None:
    people = {person["email"]: person for person in TERMS["next"]["people"]}
    for wish in ("keep_apart", "keep_together"):
        named = {email: person[wish] for email, person in people.items() if person[wish]}
        assert len(named) == 2
        assert all(email in people[other][wish] for email, others in named.items() for other in others)


def test_nobody_under_age_has_a_window_that_ends_after_nine() -> None:
    young = [person for person in EVERYONE if person["under_18"]]

    assert len(young) == 2
    assert all(window.ends <= 21 * 60 for person in young for window in read_windows(person["availability"]))


@pytest.mark.parametrize("person", EVERYONE, ids=lambda person: person["email"])
def test_every_availability_can_be_read(person: dict[str, Any]) -> None:
    if person["email"].startswith(NO_TIME):
        assert person["availability"] == ""
    else:
        assert read_windows(person["availability"])


@pytest.mark.parametrize("key", TERMS)
def test_everyone_but_the_unplaceable_shares_ninety_minutes_with_two_of_each_generation_and_a_facilitator(
    key: str,
) -> None:
    facilitators = [one for one in CAST["facilitators"] if one["email"] in TERMS[key]["facilitators"]]
    here = [person for person in TERMS[key]["people"] if person["zone"] == "Asia/Tokyo" and person["availability"]]
    windows = {one["email"]: read_windows(one["availability"]) for one in [*here, *facilitators]}
    for person in here:
        starts = [
            (day, minute)
            for day in range(7)
            for minute in range(0, 23 * 60, 30)
            if fits(windows[person["email"]], day, minute)
            and any(fits(windows[one["email"]], day, minute) for one in facilitators)
            and all(
                sum(
                    other["generation"] == generation
                    and bool(set(other["languages"]) & set(person["languages"]))
                    and fits(windows[other["email"]], day, minute)
                    for other in here
                )
                >= 2
                for generation in ("student", "alumni")
            )
        ]
        expected_nowhere = person["email"].split("@")[0] in UNPLACEABLE
        assert bool(starts) is not expected_nowhere, person["email"]

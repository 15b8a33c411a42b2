"""Addresses of rows are those that Django would give."""

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix

from dialogue.addresses import address_of


@pytest.mark.parametrize("name", ["session", "session_record", "participation_end", "cohort", "session_move"])
@pytest.mark.parametrize("pk", [1, 12, 1_000_000_007])
def test_address_of_a_row_is_what_reverse_says(name: str, pk: int) -> None:
    assert address_of(name, pk) == reverse(name, args=[pk])


def test_address_keeps_to_the_prefix_that_the_site_is_served_under() -> None:
    address_of("session", 1)
    set_script_prefix("/madoi/")
    try:
        assert address_of("session", 1) == reverse("session", args=[1])
    finally:
        set_script_prefix("/")


def test_page_that_does_not_exist_has_no_address() -> None:
    with pytest.raises(NoReverseMatch):
        address_of("no-such-page", 1)

"""Codes of join links."""

import pytest

from dialogue.core.join_code import ALPHABET, LENGTH, code_in, new_code


def test_code_has_ten_signs_that_nobody_takes_for_each_other():
    codes = {new_code() for _ in range(500)}

    assert len(codes) == 500
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in codes)
    assert not set("01ilouaey") & set(ALPHABET)


@pytest.mark.parametrize(
    "typed", ["bcdf2345gh", " BCDF-2345-GH ", "ｂｃｄｆ２３４５ｇｈ", "bcdf 2345　gh", "bcdf–2345―gh"]
)
def test_code_is_read_in_any_width_case_and_grouping(typed):
    assert code_in(typed) == "bcdf2345gh"


@pytest.mark.parametrize(
    "typed", ["", "bcdf2345g", "bcdf2345ghj", "aaaaaaaaaa", "bcdf2345g\x00", "../../etc/", "ʙcdf2345gh", "b" * 9_000]
)
def test_what_is_no_code_reads_as_none(typed):
    assert code_in(typed) == ""

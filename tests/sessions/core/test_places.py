"""A region is found by the name of a whole prefecture, and a place by a part of its name."""

import pytest

from sessions.core.places import PREFECTURES, lies_in


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("東京都文京区の集会室", "東京"),
        ("東京都文京区の集会室", "東京都"),
        ("東京・本郷", "東京"),
        ("京都府宇治市", "京都"),
        ("京都・三条", "京都"),
        ("東京都と京都府の二会場", "京都"),
        ("大阪市北区", "大阪"),
        ("Ｈall Ａ", "hall a"),
        ("ほたび会館 3階", "会館"),
        ("三島の家", "島"),
        ("広島県福山市", "島"),
        ("どこでも", ""),
    ],
)
def test_a_place_is_found(place, wanted):
    assert lies_in(place, wanted)


@pytest.mark.parametrize(
    ("place", "wanted"),
    [("東京都文京区", "京都"), ("東京都京橋", "京都府"), ("京都府", "東京"), ("", "東京"), ("本郷", "東京")],
)
def test_another_place_is_not(place, wanted):
    assert not lies_in(place, wanted)


def test_every_prefecture_finds_itself_and_no_other_with_or_without_its_last_letter():
    assert len(PREFECTURES) == 47
    for wanted in PREFECTURES:
        for name in (wanted, wanted[:-1]):
            assert [one for one in PREFECTURES if lies_in(f"{one}の会場", name)] == [wanted]

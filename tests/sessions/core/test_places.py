"""A region is found by its prefectures, and a place by a part of its name."""

import pytest

from sessions.core.places import PREFECTURES, REGIONS, lies_in


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
        ("福岡県福岡市中央区", "九州"),
        ("福岡市・天神", "九州地方"),
        ("福岡県福岡市中央区", "Kyūshū"),
        ("Fukuoka Civic Hall", "Kyushu"),
        ("Fukuoka Civic Hall", "九州"),
        ("福岡県福岡市中央区", "Fukuoka"),
        ("沖縄県那覇市", "九州・沖縄"),
        ("大阪市北区", "関西"),
        ("大阪市北区", "Kinki region"),
        ("三重県津市", "近畿"),
        ("三重県津市", "東海"),
        ("石川県金沢市", "北陸"),
        ("石川県金沢市", "中部"),
        ("北海道札幌市", "北海道"),
        ("北海道札幌市", "Hokkaido"),
        ("九州大学 伊都", "九州"),
        ("東京都府中市", "関東"),
    ],
)
def test_a_place_is_found(place, wanted):
    assert lies_in(place, wanted)


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("東京都文京区", "京都"),
        ("東京都京橋", "京都府"),
        ("東京都府中市", "京都府"),
        ("京都府", "東京"),
        ("", "東京"),
        ("本郷", "東京"),
        ("", "九州"),
        ("東京都文京区", "九州"),
        ("東京都府中市", "関西"),
        ("沖縄県那覇市", "九州"),
        ("関西学院大学 東京都千代田区", "関西"),
        ("大阪市福島区", "東北"),
        ("Naramachi, Tokyo", "Kansai"),
    ],
)
def test_another_place_is_not(place, wanted):
    assert not lies_in(place, wanted)


def test_every_prefecture_finds_itself_and_no_other_with_or_without_its_last_letter():
    assert len(PREFECTURES) == 47
    for wanted in PREFECTURES:
        for name in (wanted, wanted[:-1]):
            assert [one for one in PREFECTURES if lies_in(f"{one}の会場", name)] == [wanted]


def test_every_prefecture_lies_in_a_region_and_each_region_finds_exactly_its_own():
    assert {*PREFECTURES} == {"北海道", "沖縄県"} | {one for some in REGIONS.values() for one in some}
    for names, prefectures in REGIONS.items():
        for name in names:
            assert [one for one in PREFECTURES if lies_in(f"{one}の会場", name)] == sorted(
                prefectures, key=PREFECTURES.index
            )

"""What brings two people close: the vector that the engine compares, and the reasons in topics."""

from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.interests import TOPICS, between, expand, related, why_close

RATINGS = st.dictionaries(st.sampled_from([*TOPICS, "ジャズ喫茶", "bonsai club"]), st.integers(1, 5), max_size=8)


def test_a_topic_weighs_most_for_itself_and_less_for_what_lies_near() -> None:
    vector = expand({"子育て": 3})

    assert vector["子育て"] == 60
    assert vector["親と子"] == 18
    assert vector["居場所づくり"] == 9
    assert "鉄道・乗り物" not in vector


def test_the_larger_weight_counts_where_two_answers_reach_one_topic() -> None:
    assert expand({"家族": 1, "子育て": 5})["家族"] == 30
    assert expand({"家族": 5, "子育て": 1})["家族"] == 100


def test_a_topic_counts_whichever_language_or_width_its_name_is_written_in() -> None:
    assert expand({"Family": 3}) == expand({"家族": 3}) == expand({"ｆａｍｉｌｙ": 3})


def test_own_words_count_for_themselves_alone_however_they_are_spelled() -> None:
    assert expand({"ジャズ喫茶": 3}) == expand({"ｼﾞｬｽﾞ 喫茶": 3})
    assert len(expand({"ジャズ喫茶": 3})) == 1


def test_a_synonym_that_nobody_confirmed_is_an_own_word_and_no_topic() -> None:
    assert "子育て" not in expand({"育児": 3})


def test_what_is_rated_zero_says_nothing() -> None:
    assert expand({"家族": 0}) == {}
    assert not why_close({"家族": 0}, {"家族": 3})


def test_reasons_name_what_both_said_and_what_lies_close() -> None:
    reasons = why_close({"家族": 3, "学ぶこと": 3}, {"Family": 5, "失敗とやり直し": 2, "鉄道・乗り物": 3})

    assert reasons.shared == ("家族",)
    assert [(pair.one, pair.other) for pair in reasons.related] == [("学ぶこと", "失敗とやり直し")]


def test_closer_pairs_come_first_and_each_topic_is_named_once() -> None:
    reasons = why_close({"介護": 3, "年を重ねること": 3}, {"福祉": 3, "いのち・死": 3})

    assert [(pair.one, pair.other) for pair in reasons.related] == [("介護", "福祉"), ("年を重ねること", "いのち・死")]


def test_people_with_nothing_in_common_have_no_reason() -> None:
    assert not why_close({"鉄道・乗り物": 3}, {"介護": 3})


def test_an_own_word_is_shared_as_the_first_wrote_it() -> None:
    assert why_close({"Jazz Kissa": 2}, {"ｊａｚｚ　ｋｉｓｓａ": 4}).shared == ("Jazz Kissa",)


@given(one=RATINGS, other=RATINGS)
def test_whoever_has_a_reason_is_close_in_the_vector_too(one: dict[str, int], other: dict[str, int]) -> None:
    mine, theirs = expand(one), expand(other)
    product = sum(weight * theirs.get(tag, 0) for tag, weight in mine.items())

    assert not why_close(one, other) or product > 0
    assert all(isinstance(weight, int) for weight in mine.values())


@given(one=RATINGS, other=RATINGS)
def test_reasons_are_the_same_from_both_sides(one: dict[str, int], other: dict[str, int]) -> None:
    here, there = why_close(one, other), why_close(other, one)

    assert sorted(here.shared) == sorted(there.shared)
    assert all(related(pair.one, pair.other) == pair.closeness for pair in here.related)
    assert bool(here) == bool(there)


def test_a_cohort_shares_what_both_generations_named_most_holders_first() -> None:
    found = between(
        students=[{"旅": 3, "音楽": 5}, {"旅": 2}], alumni=[{"Travel": 1, "音楽": 5}, {"旅": 1}, {"鉄道・乗り物": 5}]
    )

    assert found.shared == ("旅", "音楽")
    assert not found.related


def test_a_cohort_is_told_what_lies_close_student_first() -> None:
    found = between(students=[{"子育て": 3}, {"子育て": 3}], alumni=[{"教育": 2}, {"鉄道・乗り物": 5}])

    assert found.shared == ()
    assert [(pair.one, pair.other) for pair in found.related] == [("子育て", "教育")]


def test_what_one_generation_alone_named_bridges_nothing() -> None:
    assert not between(students=[{"旅": 3}, {"旅": 4}], alumni=[{"いのち・死": 3}])

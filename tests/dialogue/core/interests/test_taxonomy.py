"""The topics: whole in both languages, one meaning a word, neighbours both ways, and old answers stay valid."""

import json
import re
from itertools import combinations
from math import sqrt
from pathlib import Path
from typing import Any

import pytest

from dialogue.core.interests import TAXONOMY, TOPICS, expand, related
from dialogue.core.interests.taxonomy import BRIDGE, RELATED, TaxonomyRefused, kind_words, read_taxonomy, same_words

OFFERED_BEFORE = (
    "働くこと", "学ぶこと", "家族", "友だち・人づきあい", "住む場所・ふるさと", "お金と暮らし", "からだとこころ",
    "好きなこと・趣味", "地域・ボランティア", "海外・ことば", "失敗とやり直し", "年を重ねること",
)  # fmt: skip
FILE = Path(__file__).parents[4] / "dialogue" / "texts" / "topics.json"
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]|SNS")


def cosine(one: dict[str, int], other: dict[str, int]) -> float:
    product = sum(weight * other.get(tag, 0) for tag, weight in one.items())
    return product / sqrt(sum(w * w for w in one.values()) * sum(w * w for w in other.values()))


def test_there_are_sixty_to_a_hundred_topics_in_few_groups() -> None:
    assert 60 <= len(TOPICS) <= 100
    assert len(TAXONOMY.groups) <= 8
    assert {topic.group for topic in TOPICS.values()} == {group.key for group in TAXONOMY.groups}


def test_every_topic_that_was_offered_before_still_counts_as_itself() -> None:
    assert set(OFFERED_BEFORE) == {key for key, topic in TOPICS.items() if topic.of is None}


@pytest.mark.parametrize("topic", TOPICS.values(), ids=lambda topic: topic.names["en"])
def test_a_topic_has_words_in_both_languages_and_neighbours(topic: Any) -> None:
    assert JAPANESE.search(topic.names["ja"])
    assert not JAPANESE.search(topic.names["en"].replace("SNS", ""))
    for language in ("ja", "en"):
        assert len(topic.synonyms[language]) + len(topic.kinds[language]) >= 3, language
        assert len(topic.names[language]) <= (14 if language == "ja" else 40)
    assert len(TAXONOMY.neighbours[topic.key]) >= 2


def test_closeness_is_the_same_from_both_sides() -> None:
    for one, other in combinations(TOPICS, 2):
        assert related(one, other) == related(other, one)
    assert related("家族", "家族") == 1.0


def test_the_vector_keeps_related_loosely_related_and_strange_topics_apart() -> None:
    vectors = {key: expand({key: 3}) for key in TOPICS}
    found: dict[float, list[float]] = {}
    for one, other in combinations(TOPICS, 2):
        found.setdefault(related(one, other), []).append(cosine(dict(vectors[one]), dict(vectors[other])))

    assert min(found[RELATED]) > 0.3
    assert max(found[RELATED]) < 0.6
    assert min(found[BRIDGE]) > 0.14
    assert max(found[BRIDGE]) < 0.4
    assert max(found[0.0]) < 0.21
    assert sorted(found[0.0])[len(found[0.0]) // 2] == 0


def test_a_word_never_stands_for_two_topics() -> None:
    raw = json.loads(FILE.read_text(encoding="utf-8"))
    raw["topics"][0]["synonyms"]["ja"].append("家族")
    with pytest.raises(TaxonomyRefused, match="two topics"):
        read_taxonomy(json.dumps(raw))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"related": ["どこにもない"]}, "not another topic"),
        ({"bridges": ["働くこと"]}, "not another topic"),
        ({"of": "転職"}, "no broad topic"),
        ({"group": "nowhere"}, "no group"),
        ({"colour": "red"}, "nobody knows"),
        ({"en": None}, "wrong kind"),
    ],
)
def test_a_slip_in_the_file_is_refused_with_its_topic(change: dict[str, Any], told: str) -> None:
    raw = json.loads(FILE.read_text(encoding="utf-8"))
    raw["topics"][0] |= change
    if change.get("en", "") is None:
        del raw["topics"][0]["en"]
        told = "lacks a field"
    with pytest.raises(TaxonomyRefused, match=told):
        read_taxonomy(json.dumps(raw))


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TaxonomyRefused, match="not JSON"):
        read_taxonomy("働くこと")


def test_words_of_a_topic_come_with_its_kinds_apart() -> None:
    assert "ピアノ" in set(kind_words(TOPICS["音楽"]))
    assert "ピアノ" not in set(same_words(TOPICS["音楽"]))

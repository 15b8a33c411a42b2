"""Advice is told from sharing, on sentences that the rules' author has not looked into and on real talk.

Floors stand a little below what was measured (`docs/advice.md` says which set was blind, and until when).
"""

import json
from collections import defaultdict

import pytest

from dialogue.core.language import advice_in
from dialogue.core.language.finding import LANGUAGES, advice_by, rules_of
from dialogue.core.language.manner import CODE
from tests.dialogue.language.examples import HERE, examples, score

ONLY = [json.loads(line) for line in (HERE / "only.jsonl").read_text("utf-8").splitlines()]
BY_CATEGORY = ("ja_development", "ja_held_out", "en_development", "en_held_out")
FLOOR_OF_A_CATEGORY = 0.7


@pytest.mark.parametrize(
    ("names", "precision", "recall", "false_alarms"),
    [
        (["ja_held_out"], 0.97, 0.93, 3.0),
        (["en_held_out"], 0.98, 0.94, 3.0),
        (["naist_sample"], 0.85, 0.95, 5.0),
        (["ja_development", *(f"ja_round_{number}" for number in range(1, 6))], 0.97, 0.93, 2.0),
        (["ja_round_6"], 0.94, 0.78, 3.0),
        (["ja_talk"], 0.95, 0.88, 2.0),
        (["en_development", "en_round_1", "en_round_2", "en_round_3"], 0.97, 0.92, 2.0),
    ],
)
def test_advice_is_told_from_sharing(names, precision, recall, false_alarms):
    measured = score(advice_in, examples(*names))

    assert measured.precision >= precision
    assert measured.recall >= recall
    assert measured.false_alarms <= false_alarms


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_category_of_the_rule_book_is_left_out(language):
    right = defaultdict(list)
    for one in examples(*(name for name in BY_CATEGORY if name.startswith(language))):
        right[one.category].append(bool(advice_in(one.text)) == one.advises)

    weak = {name: sum(told) / len(told) for name, told in right.items() if sum(told) / len(told) < FLOOR_OF_A_CATEGORY}
    assert len(right) >= 20
    assert not weak


@pytest.mark.parametrize("one", ONLY, ids=lambda one: one["rule"])
def test_each_rule_finds_what_no_other_finds(one):
    language = one["rule"][:2]
    others = [rule for rule in rules_of(language) if rule.code != one["rule"]]

    [found] = advice_by(rules_of(language), text=one["text"], language=language, second_opinion=False)
    assert found.rule == one["rule"]
    assert advice_by(others, text=one["text"], language=language, second_opinion=False) == []


def test_every_rule_has_its_example_and_a_code_of_its_own():
    codes = [rule.code for language in LANGUAGES for rule in rules_of(language)]

    assert len(set(codes)) == len(codes)
    assert {one["rule"] for one in ONLY} == set(codes)


def test_the_second_opinion_finds_what_no_rule_does():
    missed = [
        one
        for one in examples("ja_round_1", "ja_round_2", "ja_round_3")
        if one.advises and not advice_by(rules_of("ja"), text=one.text, language="ja", second_opinion=False)
    ]

    assert [one.text for one in missed if any(told.rule == CODE for told in advice_in(one.text))]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_there_are_enough_examples_in_both_languages_and_none_stands_in_two_sets(language):
    sets = [path.stem for path in HERE.glob(f"{language}_*.jsonl")]
    texts = [one.text for name in sets for one in examples(name)]

    assert len(texts) >= {"ja": 400, "en": 200}[language]
    assert len(set(texts)) == len(texts)

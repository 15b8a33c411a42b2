"""The whole library keeps every rule, and each rule bites on a text that breaks just that one."""

import re
from dataclasses import replace

import pytest

from dialogue.core.generation import Generation
from dialogue.core.prompts.deck_lint import MOST_SHARED, Alike, Thin, alike, share_of, thin_parts, trigrams
from dialogue.core.prompts.lint import LintFinding, lint_prompt
from dialogue.core.prompts.prompt import Depth, Domain, Prompt, Stage, Value
from dialogue.core.prompts.sample_lint import LONGEST_SAMPLE_EN, LONGEST_SAMPLE_JA, lint_samples
from tests.dialogue.core.prompts.sample import SOUND, answered, library, planted

PROMPTS = library().prompts
STUDENT, ALUMNI = Generation.STUDENT, Generation.ALUMNI


def test_160_prompts_break_no_rule() -> None:
    found = {prompt.slug: (*lint_prompt(prompt), *lint_samples(prompt)) for prompt in PROMPTS}

    assert len(found) == 160
    assert {slug: findings for slug, findings in found.items() if findings} == {}


def test_no_two_prompts_are_alike() -> None:
    assert alike(PROMPTS) == ()


def test_every_value_part_of_life_depth_and_stage_has_enough_prompts() -> None:
    assert thin_parts(PROMPTS) == ()


def test_japanese_texts_have_the_marks_of_japanese() -> None:
    texts = [text for one in PROMPTS for _, text in one.texts_ja()]
    texts += [sample.ja for one in PROMPTS for sample in one.samples]

    assert [text for text in texts if re.search(r"[ぁ-ヿ一-鿿」][?!,.]", text)] == []


def test_openings_vary() -> None:
    """A library whose prompts all ask 「どんなときでしたか」 tires a circle by the third session."""
    endings = [prompt.ja[-10:] for prompt in PROMPTS]
    openings = [prompt.ja[:3] for prompt in PROMPTS]

    assert max(endings.count(one) for one in endings) <= 6
    assert max(openings.count(one) for one in openings) <= 14


SABOTEURS: list[tuple[int, Prompt]] = [
    (1, planted(ja="雨に予定を変えられたあと、その日は楽しい一日になりましたか。")),
    (1, planted(follow_up_en="Were you glad of the rain?")),
    (3, planted(ja="雨に予定を変えられたあと、どんな教訓が残りましたか。")),
    (3, planted(en="After rain changed your plans, what should you have brought?")),
    (4, planted(follow_up_ja="そのとき、上司はどんな顔をしていましたか。")),
    (4, planted(en="After rain changed your plans, what did your boss say?")),
    (6, planted(depth=Depth.DILEMMA, follow_up_ja="その瞬間、なぜ動いたのですか。")),
    (7, planted(ja="雨" * 45 + "のあと、その日はどんな一日になりましたか。")),
    (8, planted(depth=Depth.PREFERENCE, ja="雨のあと、いちばん楽しかったのは何でしたか。")),
    (9, planted(follow_up_ja="雨音とか、何が聞こえていましたか。")),
    (9, planted(follow_up_en="What did you hear, such as thunder?")),
    (10, planted(en="When rain changed your plans, what kind of day did it become?")),
    (10, planted(follow_ups_ja=SOUND.follow_ups_ja[:2])),
]


@pytest.mark.parametrize(("rule", "spoilt"), SABOTEURS)
def test_a_prompt_that_breaks_one_rule_is_caught_by_that_rule_alone(rule: int, spoilt: Prompt) -> None:
    assert {found.rule for found in lint_prompt(spoilt)} == {rule}


SAMPLE_SABOTEURS: list[tuple[int, Prompt]] = [
    (2, answered(STUDENT, ja="人生で大切なのは、まわり道を楽しむ心です。")),
    (2, answered(ALUMNI, ja="雨の朝は、心を落ちつける意味があると思います。")),
    (2, answered(STUDENT, en="I think that rain makes all of us kinder.")),
    (2, answered(ALUMNI, en="Patience matters more than plans.")),
    (3, answered(ALUMNI, ja="四十の春の朝、雪で汽車が止まりました。若い人には待つことをおすすめします。")),
    (3, answered(STUDENT, en="One summer evening it rained. You should always carry an umbrella.")),
    (5, replace(SOUND, samples=SOUND.samples[:1])),
    (7, answered(STUDENT, ja="夏の夕方、" + "雨に降られ、" * (LONGEST_SAMPLE_JA // 6) + "空を見ていました。")),
    (7, answered(ALUMNI, en="One morning " + "it rained and " * (LONGEST_SAMPLE_EN // 3) + "I read old letters.")),
]


@pytest.mark.parametrize(("rule", "spoilt"), SAMPLE_SABOTEURS)
def test_a_sample_answer_that_breaks_one_rule_is_caught_by_that_rule_alone(rule: int, spoilt: Prompt) -> None:
    assert lint_samples(SOUND) == ()
    assert {found.rule for found in lint_samples(spoilt)} == {rule}


def test_a_finding_in_a_sample_names_its_field() -> None:
    spoilt = answered(STUDENT, en="One summer evening it rained. My advice is to wait.")

    assert lint_samples(spoilt) == (LintFinding(3, "student.en", "advice"),)


def test_a_prompt_that_is_mostly_another_is_caught_though_it_is_longer() -> None:
    copied = replace(PROMPTS[0], slug="copied", ja="ある日のこと、" + PROMPTS[0].ja)

    found = alike([*PROMPTS[:20], copied])

    assert Alike(PROMPTS[0].slug, "copied", "ja", 1.0) in found or Alike("copied", PROMPTS[0].slug, "ja", 1.0) in found


def test_the_measure_is_the_share_of_the_smaller_text() -> None:
    assert share_of(trigrams("abcde"), trigrams("abcxy")) == pytest.approx(1 / 3)
    assert share_of(trigrams("abc"), trigrams("zzabczz")) == 1.0
    assert share_of(trigrams("ab"), trigrams("abc")) == 0.0
    assert MOST_SHARED == 0.6


def test_a_follow_up_stands_in_one_place_only() -> None:
    other = replace(PROMPTS[1], follow_ups_ja=(PROMPTS[0].follow_ups_ja[0], *PROMPTS[1].follow_ups_ja[1:]))

    assert {found.where for found in alike([PROMPTS[0], other])} == {"follow_ups_ja"}


@pytest.mark.parametrize(
    ("without", "part"),
    [
        (lambda one: one.value == Value.HUMILITY, "value humility"),
        (lambda one: one.stage == Stage.CHOICE and one.domain == Domain.WORK, "domain work: stage choice"),
        (lambda one: one.depth == Depth.REGRET and one.domain == Domain.HEALTH, "domain health: depth 4"),
    ],
)
def test_a_part_that_grows_thin_is_named(without: object, part: str) -> None:
    assert callable(without)
    thinned = [prompt for prompt in PROMPTS if not without(prompt)]

    assert part in {thin.part for thin in thin_parts(thinned)}
    assert all(isinstance(thin, Thin) and thin.held < thin.needed for thin in thin_parts(thinned))

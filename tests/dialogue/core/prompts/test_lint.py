"""The lint catches what it names, in both languages, and leaves sound prompts alone."""

from typing import Any

import pytest

from dialogue.core.prompts.lint import LONGEST_EN, LONGEST_JA, LintFinding, lint_prompt
from dialogue.core.prompts.prompt import Anchor, Depth
from tests.dialogue.core.prompts.sample import SOUND, planted


def test_a_sound_prompt_is_clean() -> None:
    assert lint_prompt(SOUND) == ()


VIOLATIONS: list[tuple[int, str, dict[str, Any]]] = [
    # 1: one question, open
    (1, "ja", {"ja": "雨に予定を変えられたあと、何か楽しいことはありましたか。"}),
    (1, "ja", {"ja": "雨のあと、いつもとちがう道を歩きましたか。"}),
    (1, "ja", {"ja": "雨のあと、誰かと話しましたか。"}),
    (1, "ja", {"ja": "雨のあと、何をしましたか。そのとき何を感じましたか。"}),
    (1, "ja", {"ja": "雨のあと、何を感じ、そして何をしましたか。"}),
    (1, "ja", {"ja": "雨のあと、何をしたか覚えていますか。"}),
    (1, "ja", {"ja": "雨のあと、出かけましたか、それとも家にいましたか。"}),
    (1, "ja", {"ja": "雨のあと、どんな日になったか話してください。"}),
    (1, "ja", {"ja": "雨のあと、何をしても同じだとは思いませんか。"}),
    (1, "follow_ups_ja.1", {"follow_up_ja": "そのとき、うれしかったですか。"}),
    (1, "en", {"en": "After rain changed your plans, did you go out?"}),
    (1, "en", {"en": "Did rain ever change your plans?"}),
    (1, "en", {"en": "After rain changed your plans, what did you do? What did you feel?"}),
    (1, "en", {"en": "After rain changed your plans, what did you do and what did you feel?"}),
    (1, "en", {"en": "After rain changed your plans, describe the day."}),
    (1, "en", {"en": "After the rain, can you say what happened?"}),
    (1, "follow_ups_en.1", {"follow_up_en": "Were you glad?"}),
    # 3: nobody advises, nobody speaks for people in general
    (3, "ja", {"ja": "雨のあと、人はどんなふうに過ごすべきですか。"}),
    (3, "ja", {"ja": "雨のあとは、どんなふうに過ごしたほうがいいですか。"}),
    (3, "ja", {"ja": "雨のあと、どう過ごせばよいか、何を伝えますか。"}),
    (3, "ja", {"ja": "若い人へ、雨のあとにどんな言葉をおくりますか。"}),
    (3, "ja", {"ja": "雨のあとの過ごし方で、おすすめは何ですか。"}),
    (3, "ja", {"ja": "雨のあと、どんな一日になったか、何でも教えてくださいますか。"}),
    (3, "ja", {"ja": "雨のあと、普通は何をしますか。"}),
    (3, "ja", {"ja": "雨のあと、何が正解でしたか。"}),
    (3, "ja", {"ja": "雨のあとの自分へ、どんなアドバイスをおくりますか。"}),
    (3, "ja", {"ja": "雨のあと、何をしなければならなかったと思いますか。"}),
    (3, "follow_ups_ja.1", {"follow_up_ja": "その日から、どんな教訓が残りましたか。"}),
    (3, "en", {"en": "After rain, what should one do?"}),
    (3, "en", {"en": "After rain, what advice did you give yourself?"}),
    (3, "en", {"en": "After rain, what was the best way to spend the day?"}),
    (3, "en", {"en": "After rain, what would you tell young people?"}),
    (3, "en", {"en": "After rain, what do people ought to do?"}),
    (3, "en", {"en": "After rain, what did you recommend?"}),
    (3, "follow_ups_en.1", {"follow_up_en": "What lesson for others did that day hold?"}),
    # 4: no life course taken for granted
    (4, "ja", {"ja": "会社からの帰りに雨が降ったあと、何をしましたか。"}),
    (4, "ja", {"ja": "定年のあと、どんな一日になりましたか。"}),
    (4, "ja", {"ja": "雨のあと、子どもと何をしましたか。"}),
    (4, "ja", {"ja": "卒業のあと、どんな一日になりましたか。"}),
    (4, "ja", {"ja": "結婚のあと、何が変わりましたか。"}),
    (4, "ja", {"ja": "雨のあと、母と何を話しましたか。"}),
    (4, "follow_ups_ja.1", {"follow_up_ja": "上司は、どんな顔をしていましたか。"}),
    (4, "en", {"en": "After you retired, what did you do?"}),
    (4, "en", {"en": "After rain, what did your children do?"}),
    (4, "en", {"en": "After you graduated, what did you do?"}),
    (4, "en", {"en": "After you married, what changed?"}),
    (4, "en", {"en": "After your company changed your plans, what did you do?"}),
    (4, "follow_ups_en.1", {"follow_up_en": "What did your mother do?"}),
    # 6: from depth 3, no why
    (6, "ja", {"depth": Depth.DILEMMA, "ja": "雨のあと、なぜそうなりましたか。"}),
    (6, "ja", {"depth": Depth.REGRET, "ja": "雨のあと、どうしてその道になりましたか。"}),
    (6, "follow_ups_ja.1", {"depth": Depth.DILEMMA, "follow_up_ja": "なんでそう感じましたか。"}),
    (6, "en", {"depth": Depth.DILEMMA, "en": "After rain, why did the day become so?"}),
    (6, "follow_ups_en.1", {"depth": Depth.DILEMMA, "follow_up_en": "How come it went that way?"}),
    # 7: short enough for one breath
    (7, "ja", {"ja": "雨" * LONGEST_JA + "のあと、何をしましたか。"}),
    (7, "en", {"en": "After rain " + "and rain " * LONGEST_EN + "changed your plans, what did you do?"}),
    (7, "follow_ups_ja.1", {"follow_up_ja": "とても" * 20 + "何を感じましたか。"}),
    (7, "follow_ups_en.1", {"follow_up_en": "What did you " + "really " * LONGEST_EN + "feel?"}),
    # 8: no ranking at depth 1
    (8, "ja", {"depth": Depth.PREFERENCE, "ja": "雨のあと、一番うれしかったのは何でしたか。"}),
    (8, "ja", {"depth": Depth.PREFERENCE, "ja": "雨のあと、最も心に残ったのは何でしたか。"}),
    (8, "follow_ups_ja.1", {"depth": Depth.PREFERENCE, "follow_up_ja": "いちばん長く見ていたのは何でしたか。"}),
    (8, "ja", {"depth": Depth.PREFERENCE, "ja": "雨の日のあとで、三つ選ぶなら何ですか。"}),
    (8, "en", {"depth": Depth.PREFERENCE, "en": "After rain, what was your favourite moment?"}),
    (8, "en", {"depth": Depth.PREFERENCE, "en": "After rain, what made you happiest?"}),
    (8, "follow_ups_en.1", {"depth": Depth.PREFERENCE, "follow_up_en": "What stayed with you most?"}),
    # 9: no candidate answer in a follow-up
    (9, "follow_ups_ja.1", {"follow_up_ja": "たとえば窓の外には、何が見えましたか。"}),
    (9, "follow_ups_ja.1", {"follow_up_ja": "音とか、何が残りましたか。"}),
    (9, "follow_ups_ja.1", {"follow_up_ja": "出かけるか休むか、どう決めましたか。"}),
    (9, "follow_ups_ja.1", {"follow_up_ja": "そこには、どんな後悔がありましたか。"}),
    (9, "follow_ups_ja.1", {"follow_up_ja": "何を感じましたか（静けさ）。"}),
    (9, "follow_ups_en.1", {"follow_up_en": "What did you hear, such as birds?"}),
    (9, "follow_ups_en.1", {"follow_up_en": "What did you do, rest or walk?"}),
    (9, "follow_ups_en.1", {"follow_up_en": "What regret did you carry?"}),
    # 10: one prompt in two languages
    (10, "en", {"en": "After rain, what do you do?"}),
    (10, "ja", {"ja": "雨のあと、その日はどんな一日になりますか。"}),
    (10, "en", {"ja": "出かけるか迷ったあと、その日はどんな一日になりましたか。"}),
    (10, "en", {"ja": "休むと決めたあと、その日はどんな一日になりましたか。"}),
    (10, "ja", {"en": "After you chose to stay in the rain, what did you feel?"}),
    (10, "ja", {"ja": "雨に予定を変えられた日は、どんな一日になりましたか。"}),
    (10, "en", {"en": " "}),
    (10, "follow_ups_en", {"follow_ups_en": SOUND.follow_ups_en[:2]}),
    (10, "anchor", {"anchor": Anchor.FUTURE}),
]


@pytest.mark.parametrize(("rule", "field", "changes"), VIOLATIONS)
def test_a_planted_violation_is_caught(rule: int, field: str, changes: dict[str, Any]) -> None:
    assert (rule, field) in {(found.rule, found.field) for found in lint_prompt(planted(**changes))}


SOUND_WORDINGS: list[dict[str, Any]] = [
    {"ja": "雨のあと、大丈夫だと思えたのは、どんな工夫をしたときでしたか。"},  # 夫 is no husband here
    {"ja": "雨のあと、親しい人や親切な人と、何を話しましたか。"},  # nor 親 a parent
    {"ja": "子どものころ、雨のあとは、どんな一日になりましたか。"},  # everybody has been a child
    {"ja": "雨のあと、もしあれば、会社で何がありましたか。"},
    {"ja": "雨のあと、どうしても忘れられないのは何でしたか。"},
    {"ja": "雨のあと、何から始めましたか。"},
    {"ja": "雨のあと、何かを見た場所はどこでしたか。"},
    {"ja": "雨のあと、何と何の間で揺れていましたか。", "en": "After rain, what were you torn between?"},
    {"en": "After rain, if you had a job at a company, what changed?"},
    {"en": "After rain, what stayed with you at least for a while?", "depth": Depth.PREFERENCE},
    {"en": "After rain, what was the best of the day?"},  # superlatives are for depth 2 and deeper
    {"follow_up_ja": "なぜそう思うのですか。"},  # and "why" for depth 2 and lighter
]


@pytest.mark.parametrize("changes", SOUND_WORDINGS)
def test_a_sound_wording_is_left_alone(changes: dict[str, Any]) -> None:
    assert lint_prompt(planted(**changes)) == ()


def test_a_finding_names_the_words_that_break_the_rule() -> None:
    assert LintFinding(3, "ja", "べき") in lint_prompt(planted(ja="雨のあと、何をするべきでしたか。"))


def test_length_is_allowed_up_to_the_limit_and_not_beyond() -> None:
    tail = "のあと、何をしましたか。"
    longest = "雨" * (LONGEST_JA - len(tail)) + tail

    assert lint_prompt(planted(ja=longest)) == ()
    assert lint_prompt(planted(ja="雨" + longest)) == (LintFinding(7, "ja", "。"),)

"""The light questions keep the rules of the prompts."""

import pytest

from dialogue.core.language import advice_in
from dialogue.core.prompts.lint import lint_prompt
from dialogue.core.prompts.prompt import Anchor, Depth, Domain, Prompt, Sensitivity, Stage, Value
from sessions.core.light_questions import LIGHT_QUESTIONS, LightQuestion


@pytest.mark.parametrize("one", LIGHT_QUESTIONS.values(), ids=lambda one: one.slug)
def test_light_question_breaks_no_rule_of_prompts(one):
    """It stands alone, so that rule 10 asks for follow-ups is left aside."""
    assert [found for found in lint_prompt(as_prompt(one)) if not found.field.startswith("follow_ups")] == []
    assert [*advice_in(one.ja), *advice_in(one.en)] == []


def test_lint_would_see_a_question_that_breaks_one():
    bad = LightQuestion("bad", "春は好きですか。", "Do you like spring?")

    assert {found.rule for found in lint_prompt(as_prompt(bad)) if not found.field.startswith("follow_ups")} == {1}


def as_prompt(one: LightQuestion) -> Prompt:
    return Prompt(
        slug=one.slug, value=Value.HEDONISM, domain=Domain.LIVING, depth=Depth.PREFERENCE, stage=Stage.BACKGROUND,
        anchor=Anchor.HABIT, sensitivity=Sensitivity.NONE, ja=one.ja, en=one.en, follow_ups_ja=(), follow_ups_en=(),
    )  # fmt: skip

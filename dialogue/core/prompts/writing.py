"""What a prompt that somebody has written is held to: the library's lint, and not to be another's twin."""

from collections.abc import Iterable, Iterator

from dialogue.core.prompts.deck_lint import MOST_SHARED, share_of, trigrams
from dialogue.core.prompts.lint import LintFinding, lint_prompt
from dialogue.core.prompts.prompt import Prompt
from dialogue.core.prompts.sample_lint import lint_samples

HALF_A_TWIN = 0.3
TWIN = 0  # the number of a rule outside the ten: two prompts share more than 60 % of their trigrams


def lint_written(prompt: Prompt, beside: Iterable[tuple[str, str]]) -> tuple[LintFinding, ...]:
    """Return what a written prompt breaks, by rule and field. `beside` are the texts (ja, en) it will lie among.

    Sample answers are welcome and not asked for: a generation that has none breaks no rule here.
    """
    found = {*lint_prompt(prompt)}
    found.update(finding for finding in lint_samples(prompt) if finding.rule != 5)
    found.update(twins_of(prompt.ja, prompt.en, beside))
    return tuple(sorted(found))


def twins_of(own_ja: str, own_en: str, beside: Iterable[tuple[str, str]]) -> Iterator[LintFinding]:
    """Yield the texts (ja, en) with which a prompt shares more than it may."""
    ja, en = trigrams(own_ja), trigrams(own_en)
    for other_ja, other_en in beside:
        alike_ja, alike_en = share_of(ja, trigrams(other_ja)), share_of(en, trigrams(other_en))
        if alike_ja > MOST_SHARED:
            yield LintFinding(TWIN, "ja", other_ja)
        # Short English sentences share much by chance, so Japanese has a say: a copy is one in both languages.
        if alike_en > MOST_SHARED and alike_ja > HALF_A_TWIN:
            yield LintFinding(TWIN, "en", other_en)

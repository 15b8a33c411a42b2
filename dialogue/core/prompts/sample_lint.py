"""Lint of sample answers: each generation has one, it begins with a scene, and it advises nobody.

Rule 2 is judged on the first sentence alone, and coarsely: it must say when or where (a time of day, a season, a
place and what is done there), and it must not be an opinion. Whether the scene is worth telling, people judge.
"""

import re
from collections.abc import Iterator
from typing import Final

from dialogue.core.generation import Generation
from dialogue.core.prompts import lint_rules as rules
from dialogue.core.prompts.lint import LintFinding
from dialogue.core.prompts.prompt import Prompt

LONGEST_SAMPLE_JA: Final = 90  # characters: three lines on a phone
LONGEST_SAMPLE_EN: Final = 45  # words

_SCENE_JA: Final = re.compile(
    r"[朝昼夕夜晩春夏秋冬]|[一二三四五六七八九十]+月|正月|元日|大みそか|盆|梅雨|放課後|帰り道|祭|(?:昨|先|前|その|の)日|先週|先月|[月火水木金土日]曜|今[朝日夜]"
    r"|ころ|頃|とき|[年歳代](?:の|前|で|に)|[一二三四五六七八九十]つの|十[一二三四五六七八九]の|(?:午前|午後|[一-十]時)"
    r"|(?:部屋|教室|台所|部室|路上|駅|道|店|屋さん|会議|校|池|坂|庭|橋|席|車の中|ベンチ"
    r"|公園|廊下|場|川|畑|家|納屋|棚|卓|岸)(?:の|で|に|から|へ|を)"
)
_OPINION_JA: Final = re.compile(
    r"(?:と思います|と考えます|と信じて|大切です|大事です|べきです|ものです|意味があります)$"
    r"|^(?:人生|生きる|大切なの|大事なの|私の価値観)"
)
_SCENE_EN: Final = re.compile(
    r"\b(?:morning|noon|midday|afternoon|evening|dusk|dawn|night|midnight|nights|evenings|mornings|days?|weeks?|months?|years?"
    r"|spring|summer|autumn|winter|season|(?:sun|mon|tues|wednes|thurs|fri|satur)day|december|january|february|march|april|may"
    r"|june|july|august|september|october|november|new year|o'clock|last|when|while|since|after|at \w+ty\b|at \w+teen\b"
    r"|lunch|childhood|was small)\b"
    r"|\b(?:on|in|at|by|from|under|through|outside|to) (?:the|a|an|my|our|one|this)\b",
    re.IGNORECASE,
)
_OPINION_EN: Final = re.compile(
    r"^(?:i (?:think|believe|feel that)|in my opinion|life is|what matters|the (?:important|main) thing)\b"
    r"|\b(?:is|are) important\b",
    re.IGNORECASE,
)


def lint_samples(prompt: Prompt) -> tuple[LintFinding, ...]:
    """Return what breaks rules 2, 3, 5 and 7 in the sample answers, by field (`student.ja` and so on).

    Rule 5 is broken by a generation that has not exactly one sample answer.
    """
    found = set[LintFinding]()
    for generation in Generation:
        of_it = [sample for sample in prompt.samples if sample.generation == generation]
        if len(of_it) != 1:
            found.add(LintFinding(5, generation, str(len(of_it))))
        for sample in of_it:
            found.update(LintFinding(rule, f"{generation}.ja", words) for rule, words in _findings_ja(sample.ja))
            found.update(LintFinding(rule, f"{generation}.en", words) for rule, words in _findings_en(sample.en))
    return tuple(sorted(found))


def _findings_ja(text: str) -> Iterator[tuple[int, str]]:
    first = text.strip().split("。")[0]
    if not _SCENE_JA.search(first) or _OPINION_JA.search(first):
        yield 2, first
    yield from ((3, hit.group()) for hit in rules.ADVICE_JA.finditer(text))
    if len(text) > LONGEST_SAMPLE_JA:
        yield 7, text[LONGEST_SAMPLE_JA:]


def _findings_en(text: str) -> Iterator[tuple[int, str]]:
    first = re.split(r"(?<=[.!?])\s", text.strip())[0]
    if not _SCENE_EN.search(first) or _OPINION_EN.search(first):
        yield 2, first
    yield from ((3, hit.group()) for hit in rules.ADVICE_EN.finditer(text))
    if len(text.split()) > LONGEST_SAMPLE_EN:
        yield 7, " ".join(text.split()[LONGEST_SAMPLE_EN:])

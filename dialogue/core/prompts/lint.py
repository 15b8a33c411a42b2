"""Lint of prompts: what a machine can hold a deck to before two people read it aloud.

Rules 2 (the scene comes first, its meaning second) and 5 (answerable at 20 and at 65) need human readers
and are not judged here. The others are judged in both languages.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from re import Pattern
from typing import Final

from dialogue.core.prompts import lint_rules as rules
from dialogue.core.prompts.prompt import Anchor, Depth, Prompt

LONGEST_JA: Final = 60  # characters: two lines on a phone, one breath when read aloud
LONGEST_EN: Final = 25  # words
FOLLOW_UPS: Final = 3


@dataclass(frozen=True, slots=True, order=True)
class LintFinding:
    """One broken rule: its number in the deck's ten, the field it stands in, and the words that break it."""

    rule: int
    field: str
    passage: str


def lint_prompt(prompt: Prompt) -> tuple[LintFinding, ...]:
    """Return what breaks rules 1, 3, 4, 6, 7, 8, 9 and 10, by rule and field; a sound prompt gives an empty tuple."""
    found: set[LintFinding] = set()
    for field, text in prompt.texts_ja():
        found.update(LintFinding(rule, field, passage) for rule, passage in _findings_ja(prompt, field, text))
    for field, text in prompt.texts_en():
        found.update(LintFinding(rule, field, passage) for rule, passage in _findings_en(prompt, field, text))
    found.update(_disagreements(prompt))
    return tuple(sorted(found))


def _findings_ja(prompt: Prompt, field: str, text: str) -> Iterator[tuple[int, str]]:
    yield from ((1, passage) for passage in _not_one_open_question_ja(text))
    yield from ((3, passage) for passage in _passages(rules.ADVICE_JA, text))
    if not rules.IF_ANY_JA.search(text):
        yield from ((4, passage) for passage in _passages(rules.LIFE_COURSE_JA, text))
    if prompt.depth >= Depth.DILEMMA:
        yield from ((6, passage) for passage in _passages(rules.WHY_JA, text))
    if len(text) > LONGEST_JA:
        yield 7, text[LONGEST_JA:]
    if prompt.depth == Depth.PREFERENCE:
        yield from ((8, passage) for passage in _passages(rules.SUPERLATIVE_JA, text))
    if field != "ja":
        yield from ((9, passage) for passage in _passages(rules.CANDIDATE_JA, text))


def _findings_en(prompt: Prompt, field: str, text: str) -> Iterator[tuple[int, str]]:
    yield from ((1, passage) for passage in _not_one_open_question_en(text))
    yield from ((3, passage) for passage in _passages(rules.ADVICE_EN, text))
    if not rules.IF_ANY_EN.search(text):
        yield from ((4, passage) for passage in _passages(rules.LIFE_COURSE_EN, text))
    if prompt.depth >= Depth.DILEMMA:
        yield from ((6, passage) for passage in _passages(rules.WHY_EN, text))
    if len(text.split()) > LONGEST_EN:
        yield 7, " ".join(text.split()[LONGEST_EN:])
    if prompt.depth == Depth.PREFERENCE:
        yield from ((8, passage) for passage in _passages(rules.SUPERLATIVE_EN, text))
    if field != "en":
        yield from ((9, passage) for passage in _passages(rules.CANDIDATE_EN, text))


def _not_one_open_question_ja(text: str) -> Iterator[str]:
    endings = len(rules.QUESTION_END_JA.findall(text))
    ends_as_question = text.rstrip().endswith(("か。", "か？", "か?"))
    if endings != 1 or not ends_as_question or not rules.OPEN_WORD_JA.search(text):
        yield text
    yield from _passages(rules.CLOSED_JA, text)
    yield from _passages(rules.TWO_QUESTIONS_JA, text)


def _not_one_open_question_en(text: str) -> Iterator[str]:
    opens = rules.OPEN_WORD_EN.search(text) or rules.OPENING_WHEN_EN.search(text)
    if text.count("?") != 1 or not text.rstrip().endswith("?") or not opens:
        yield text
    yield from _passages(rules.CLOSED_EN, text)
    yield from _passages(rules.TWO_QUESTIONS_EN, text)


def _disagreements(prompt: Prompt) -> Iterator[LintFinding]:
    """Rule 10: the two languages must be one prompt, which shows in their moment, stage words and follow-ups."""
    if not prompt.ja.strip() or not prompt.en.strip():
        yield LintFinding(10, "en" if prompt.ja.strip() else "ja", "")
        return
    for field, texts in (("follow_ups_ja", prompt.follow_ups_ja), ("follow_ups_en", prompt.follow_ups_en)):
        if len(texts) != FOLLOW_UPS:
            yield LintFinding(10, field, f"{len(texts)}")

    past_ja = bool(rules.PAST_END_JA.search(prompt.ja))
    asked_en = _asking_clause(prompt.en)
    if past_ja and not rules.PAST_EN.search(asked_en):
        yield LintFinding(10, "en", asked_en)
    if not past_ja and rules.SIMPLE_PAST_EN.search(asked_en):
        yield LintFinding(10, "ja", prompt.ja)
    if prompt.anchor is Anchor.FUTURE and past_ja:
        yield LintFinding(10, "anchor", prompt.anchor)

    for _stage, words_ja, words_en in rules.STAGE_WORDS:
        said_ja, said_en = words_ja.search(prompt.ja), words_en.search(prompt.en)
        if said_ja and not said_en:
            yield LintFinding(10, "en", said_ja.group())
        if said_en and not said_ja:
            yield LintFinding(10, "ja", said_en.group())


def _asking_clause(text: str) -> str:
    """Return the part that asks: from the last open word that starts a clause, or the whole sentence."""
    clauses = [clause.strip() for clause in text.replace(":", ",").split(",")]
    asking = [clause for clause in clauses if rules.OPEN_WORD_EN.match(clause)]
    return asking[-1] if asking else text


def _passages(pattern: Pattern[str], text: str) -> Iterator[str]:
    return (hit.group() for hit in pattern.finditer(text))

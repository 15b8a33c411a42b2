"""Finding the passages of a text that advise."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Final, Literal

from dialogue.core.language.frames import FRAMES
from dialogue.core.language.passage import Passage
from dialogue.core.language.rule import Rule
from dialogue.core.language.sentences import even, is_japanese, sentences

Language = Literal["ja", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("ja", "en")


@cache
def rules_of(language: Language) -> tuple[Rule, ...]:
    """Return the rules of a language. Their patterns take a quarter of a second to put together, so they wait."""
    rules: tuple[Rule, ...] = import_module(f"{__package__}.{language}").RULES
    return rules


def advice_in(text: str, language: Language | None = None) -> list[Passage]:
    """Return the passages of a text that advise, in their order; at most one for each sentence.

    Without a language, a text with kana or kanji is read as Japanese and any other as English. Advice tells or implies
    what the listener, or people like them, should or could do; the whole labelling rule stands in `docs/advice.md`.
    """
    spoken = language or ("ja" if is_japanese(text) else "en")
    return advice_by(rules_of(spoken), text=text, language=spoken, second_opinion=spoken == "ja")


def advice_by(rules: Sequence[Rule], *, text: str, language: Language, second_opinion: bool) -> list[Passage]:
    """Return the passages that these rules find; with a second opinion also those that only sound like advice."""
    plain = even(text)
    cut = list(sentences(plain, japanese=language == "ja"))
    whole = "".join(sentence for _, sentence in cut)
    found, earlier = [], ""
    for start, sentence in cut:
        told = _first_met(rules, sentence=sentence, earlier=earlier, whole=whole)
        if told is None and second_opinion:
            told = _opinion(sentence)
        if told:
            found.append(_passage(text, start=start, sentence=sentence, told=told, language=language))
        earlier += sentence
    return found


def _first_met(rules: Sequence[Rule], *, sentence: str, earlier: str, whole: str) -> tuple[str, str] | None:
    for rule in rules:
        if rule.met(sentence=sentence, earlier=earlier, whole=whole):
            return rule.code, rule.frame
    return None


def _opinion(sentence: str) -> tuple[str, str] | None:
    manner = import_module(f"{__package__}.manner")  # waits with the rules of Japanese, which it asks
    return (manner.CODE, manner.FRAME) if manner.sounds_like_advice(sentence) else None


def _passage(text: str, *, start: int, sentence: str, told: tuple[str, str], language: Language) -> Passage:
    first = start + len(sentence) - len(sentence.lstrip())
    last = start + len(sentence.rstrip())
    code, frame = told
    return Passage(start=first, end=last, text=text[first:last], rule=code, frame=FRAMES[frame][language])

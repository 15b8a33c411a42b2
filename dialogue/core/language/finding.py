"""Finding the passages of a text that advise."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from itertools import accumulate
from typing import Final

from dialogue.core.language import manner
from dialogue.core.language.frames import FRAMES
from dialogue.core.language.manner import Use
from dialogue.core.language.passage import Passage
from dialogue.core.language.pieces import Language
from dialogue.core.language.rule import Rule
from dialogue.core.language.sentences import even, is_japanese, sentences

LANGUAGES: Final[tuple[Language, ...]] = ("ja", "en")

Told = tuple[str, str]  # the code and the frame of a rule


@cache
def rules_of(language: Language) -> tuple[Rule, ...]:
    """Return the rules of a language. Their patterns take a quarter of a second to put together, so they wait."""
    rules: tuple[Rule, ...] = import_module(f"{__package__}.{language}").RULES
    return rules


def advice_in(text: str, language: Language | None = None, *, use: Use = "label") -> list[Passage]:
    """Return the passages of a text that advise, in their order; at most one for each sentence.

    Without a language, a text with kana or kanji is read as Japanese and any other as English. Advice tells or implies
    what the listener, or people like them, should or could do; the whole labelling rule stands in `docs/advice.md`.
    For a "line" that is shown to the writer only what is surer is returned.
    """
    spoken = language or ("ja" if is_japanese(text) else "en")
    return advice_by(rules_of(spoken), text=text, language=spoken, second_opinion=use)


def advice_by(rules: Sequence[Rule], *, text: str, language: Language, second_opinion: Use | None) -> list[Passage]:
    """Return the passages that these rules find; a second opinion adds and takes away by the manner of a sentence."""
    plain = even(text)
    cut = list(sentences(plain, japanese=language == "ja"))
    told = _told(rules, [sentence for _, sentence in cut])
    if second_opinion:
        told = _opinion(told, [sentence for _, sentence in cut], language=language, use=second_opinion)
    return [
        _passage(text, start=start, sentence=sentence, told=one, language=language)
        for (start, sentence), one in zip(cut, told, strict=True)
        if one
    ]


def _told(rules: Sequence[Rule], cut: Sequence[str]) -> list[Told | None]:
    """Return for each sentence the code and frame of the first rule that it meets."""
    whole = "".join(cut)
    return [
        next(((one.code, one.frame) for one in rules if one.met(sentence=sentence, earlier=earlier, whole=whole)), None)
        for sentence, earlier in zip(cut, accumulate(cut, initial=""), strict=False)
    ]


def _opinion(told: Sequence[Told | None], cut: Sequence[str], *, language: Language, use: Use) -> list[Told | None]:
    """Return what rules told, without what falls by the manner of its sentence, with what is found by that alone.

    The network is asked where that leaves doubt of any sentence.
    """
    weights = [
        manner.weight_of(
            sentence, earlier=earlier, last=at == len(cut), rule=one[0] if one else None, language=language
        )
        for at, (sentence, earlier, one) in enumerate(
            zip(cut, accumulate(cut, initial=""), told, strict=False), start=1
        )
    ]
    if any(manner.leaves_doubt(weight, language) for weight in weights):
        share = manner.share_of_heard(language)
        weights = [weight + share * heard for weight, heard in zip(weights, _heard(cut), strict=True)]
    by_manner = (manner.CODES[language], manner.FRAME)
    return [
        one or by_manner if weight >= manner.ENOUGH[use][language] else None
        for one, weight in zip(told, weights, strict=True)
    ]


def _heard(cut: Sequence[str]) -> list[float]:
    """Return what the network hears in each sentence. It brings numpy, which only a process that judges loads."""
    network = import_module(f"{__package__}.network")
    logits: list[float] = network.the_network().heard(cut)
    return logits


def _passage(text: str, *, start: int, sentence: str, told: Told, language: Language) -> Passage:
    first = start + len(sentence) - len(sentence.lstrip())
    last = start + len(sentence.rstrip())
    code, frame = told
    return Passage(start=first, end=last, text=text[first:last], rule=code, frame=FRAMES[frame][language])

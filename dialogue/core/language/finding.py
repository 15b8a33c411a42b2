"""Finding the passages of a text that advise."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Final

from dialogue.core.language import manner
from dialogue.core.language.frames import FRAMES
from dialogue.core.language.manner import Use
from dialogue.core.language.passage import Passage
from dialogue.core.language.pieces import Language
from dialogue.core.language.rule import Rule
from dialogue.core.language.sentences import even, is_japanese, sentences

LANGUAGES: Final[tuple[Language, ...]] = ("ja", "en")


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
    whole = "".join(sentence for _, sentence in cut)
    heard = _heard([sentence for _, sentence in cut], language) if second_opinion and cut else [0.0] * len(cut)
    found, earlier = [], ""
    for number, ((start, sentence), logit) in enumerate(zip(cut, heard, strict=True), start=1):
        told = _first_met(rules, sentence=sentence, earlier=earlier, whole=whole)
        if second_opinion:
            last = number == len(cut)
            told = _opinion(
                told, sentence, earlier=earlier, last=last, heard=logit, language=language, use=second_opinion
            )
        if told:
            found.append(_passage(text, start=start, sentence=sentence, told=told, language=language))
        earlier += sentence
    return found


def _first_met(rules: Sequence[Rule], *, sentence: str, earlier: str, whole: str) -> tuple[str, str] | None:
    for rule in rules:
        if rule.met(sentence=sentence, earlier=earlier, whole=whole):
            return rule.code, rule.frame
    return None


def _heard(cut: Sequence[str], language: Language) -> list[float]:
    """Return what the network hears in each sentence. It brings numpy, which only a process that judges loads."""
    network = import_module(f"{__package__}.network")
    logits: list[float] = network.network_of(language).heard(cut, language)
    return logits


def _opinion(
    told: tuple[str, str] | None,
    sentence: str,
    *,
    earlier: str,
    last: bool,
    heard: float,
    language: Language,
    use: Use,
) -> tuple[str, str] | None:
    rule = told[0] if told else None
    if not manner.advises(sentence, earlier=earlier, last=last, rule=rule, heard=heard, language=language, use=use):
        return None
    return told or (manner.CODES[language], manner.FRAME)


def _passage(text: str, *, start: int, sentence: str, told: tuple[str, str], language: Language) -> Passage:
    first = start + len(sentence) - len(sentence.lstrip())
    last = start + len(sentence.rstrip())
    code, frame = told
    return Passage(start=first, end=last, text=text[first:last], rule=code, frame=FRAMES[frame][language])

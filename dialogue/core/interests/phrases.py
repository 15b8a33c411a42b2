"""Which words of the topics stand in a text, in Japanese without a tokenizer and in English by stems."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from itertools import groupby
from typing import Final, TypeVar

from dialogue.core.interests.hints import Hints
from dialogue.core.interests.taxonomy import Topic
from dialogue.core.text import narrow, visible

Run = tuple[str, ...]
Word = TypeVar("Word", str, Run)
Worth = tuple[tuple[str, float], ...]
"""Topics with what a word is worth for each. Thousands are held, so they are no dictionaries."""

NAMED: Final = 1.0
HINTED: Final = 0.9
"""What a name, synonym or kind of a topic is worth in a text, and what a hint."""
FAINT: Final = 0.65
"""What is left of that for a word that says little by itself."""
SHARED: Final = 0.75
"""A word of so many topics is worth for each what it would be alone, by that number to this power. One that names some
and only hints at others is a word of the former alone to these."""
_WORTH_OF_SIGNS: Final = (0.8, 1.0, 1.1, 1.2, 1.3)
_WORTH_OF_STEMS: Final = (0.8, 1.2, 1.4)
"""What a Japanese word of one, two or more signs is worth beside one of two, and a run of English stems."""

_PARTS: Final = re.compile(r"[・／/、]")
_ENGLISH: Final = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?")
_JAPANESE: Final = re.compile(r"[々〆ぁ-ゖァ-ヺー㐀-䶿一-鿿]")
_ENDINGS: Final = ("ations", "ation", "ings", "ing", "ness", "ers", "er", "ed", "es", "s", "e")
_SHORTEST_STEM: Final = 3
_LONG: Final = 4
"""Words of one kind of kana that are so long need no change of script around them."""
_SHORTEST_VERB: Final = 2
"""What is no longer, and all in kana, is no verb: しわ, やる."""
_INFLECTED: Final = {
    "う": "わいえおっ", "く": "かきけこい", "ぐ": "がぎげごい", "す": "さしせそ", "つ": "たちてとっ",
    "ぬ": "なにねのん", "ぶ": "ばびべぼん", "む": "まみめもん", "る": "らりれろったてなまよずそつ",
    "い": "くかさげそけ",
}  # fmt: skip
_TO_KATAKANA: Final = ord("ァ") - ord("ぁ")
_IRREGULAR: Final = {
    **dict.fromkeys(("care", "cares", "cared", "caring"), "care"),  # and not a car
    **dict.fromkeys(("plane", "planes"), "plane"),  # and no plan
    **dict.fromkeys(("older", "younger"), "older"),  # than others, and not just old
    **dict.fromkeys(("die", "dies", "died", "dying"), "die"),
    **dict.fromkeys(("wrote", "written"), "writ"),
    **dict.fromkeys(("fund", "funds"), "fund"),
}
_EMPTY_WORDS: Final = """
a an the and or of to in on for with from by at as is are was were be been am my me i we our us you your it
its this that these those about into than then so but not no do does did have has had will would can could how
what when where who why which all any some more most very much many just there here they them their he she his
her come comes coming came go goes going went get gets getting got make makes making made live lives living
lived things thing like really want wanted love loved also still after before over again
"""
_EMPTY: Final = frozenset(_EMPTY_WORDS.split())


@dataclass(frozen=True, slots=True)
class Known:
    """Words with what they are worth, and the length of the longest."""

    worth: Mapping[str | Run, Worth]
    longest: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of all topics: Japanese ones as they are, English ones as runs of stems; each with topics and worth.

    English words count without those that say nothing (of, my). `phrases` are runs that would be one word then or none
    (used to, as a child), and count as they stand.
    """

    japanese: Known
    english: Known
    phrases: Known


def lexicon_of(topics: Iterable[Topic], hints: Hints) -> Lexicon:
    """Return the lexicon of some topics.

    A longer word is worth more, one that says little by itself less, and one that points to several topics less for
    each.
    """
    japanese: dict[str, dict[str, float]] = {}
    english: dict[Run, dict[str, float]] = {}
    phrases: dict[Run, dict[str, float]] = {}
    faint_stems = frozenset(stem(word) for word in hints.faint if word.isascii())
    for topic in topics:
        for word, worth in _words(topic, hints):
            if _JAPANESE.search(word):
                worth *= FAINT if word in hints.faint else 1.0
                for form in forms_of(plain(word)):
                    _note(japanese, form, topic, worth * _by_length(form, _WORTH_OF_SIGNS))
            elif worth == HINTED and " " in word and len(stems_of(word)) <= 1:
                _note(phrases, tuple(_all_stems(word)), topic, worth)
            elif stems := tuple(stems_of(word)):
                # of a phrase of which one word is left, that word only points to the topic
                worth = min(worth, HINTED) if len(stems) == 1 and " " in word else worth
                worth *= FAINT if len(stems) == 1 and stems[0] in faint_stems else 1.0
                _note(english, stems, topic, worth * _by_length(stems, _WORTH_OF_STEMS))
    return Lexicon(_shared(japanese), _shared(english), _shared(phrases))


def _note(lexicon: dict[Word, dict[str, float]], word: Word, topic: Topic, worth: float) -> None:
    known = lexicon.setdefault(word, {})
    known[topic.key] = max(known.get(topic.key, 0.0), worth)


def _shared(lexicon: Mapping[Word, Mapping[str, float]]) -> Known:
    worth: dict[str | Run, Worth] = {}
    for word, topics in lexicon.items():
        best = max(topics.values())
        named = sum(value == best for value in topics.values())
        worth[word] = tuple(
            (key, value / (named if value == best else len(topics)) ** SHARED) for key, value in topics.items()
        )
    return Known(worth, max(map(len, worth), default=0))


def _by_length(word: Sized, worth: Sequence[float]) -> float:
    return worth[min(len(word), len(worth)) - 1]


def _words(topic: Topic, hints: Hints) -> Iterator[tuple[str, float]]:
    for name in topic.names.values():
        for part in {name, *_PARTS.split(name)}:
            yield part, NAMED
    for words in (topic.synonyms, topic.kinds):
        yield from ((word, NAMED) for some in words.values() for word in some)
    yield from ((word, HINTED) for some in hints.of[topic.key].values() for word in some)


def forms_of(word: str) -> set[str]:
    """Return a Japanese word and what inflection makes of it, as far as the first kana that changes.

    A verb is known by its last kana and an adjective by its い. What is made so of a noun with that ending is no word,
    and found nowhere. A word in hiragana may stand in katakana, too.
    """
    forms = {word}
    scripts = [_script(char) for char in word]
    if scripts[-1] == "hiragana" and (len(word) > _SHORTEST_VERB or scripts[0] == "kanji") and len(word) > 1:
        forms |= {word[:-1] + ending for ending in _INFLECTED.get(word[-1], "")}
    if len(word) > 1 and set(scripts) == {"hiragana"}:
        forms.add("".join(chr(ord(char) + _TO_KATAKANA) for char in word))
    return forms


def plain(text: str) -> str:
    """Return a text in one width and case. Kana stay what they are: katakana is how Japanese marks a word."""
    return narrow(visible(text)).casefold()


def stems_of(text: str) -> list[str]:
    """Return the stems of the English words of a text that say something, in order."""
    return [stem(word) for word in english_words(text) if word not in _EMPTY]


def _all_stems(text: str) -> list[str]:
    """Return the stems of all English words of a text; a word that says nothing stays as it is."""
    return [word if word in _EMPTY else stem(word) for word in english_words(text)]


def english_words(text: str) -> list[str]:
    plainly = "".join(char for char in unicodedata.normalize("NFD", plain(text)) if not unicodedata.combining(char))
    return _ENGLISH.findall(plainly)


def stem(word: str) -> str:
    """Return an English word without its ending, so that run, runs and running are one."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    bare = re.sub(r"i(?:es|ed)$|y$", "i", word.split("'")[0].split("’")[0])
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= _SHORTEST_STEM:
            bare = bare[: -len(ending)]
            break
    bare = bare[:-1] + "i" if bare.endswith("y") else bare
    double = len(bare) > _SHORTEST_STEM and bare[-1] == bare[-2] and bare[-1] not in "lsz"
    return bare[:-1] if double else bare


def found_in(text: str, lexicon: Lexicon) -> dict[str, float]:
    """Return the topics of which words stand in a text, with what these words are worth together.

    The longest word wins: 海外旅行 is no 海外. A word that is repeated counts once.
    """
    whole = plain(text)
    japanese, _ = _longest(whole, lexicon.japanese, lambda at, length: _stands_alone(whole, at, length))
    phrases, left = _longest(_all_stems(text), lexicon.phrases)
    english, _ = _longest([word for word in left if word not in _EMPTY], lexicon.english)
    worth: defaultdict[str, float] = defaultdict(float)
    for words in (*japanese, *phrases, *english):
        for key, value in words:
            worth[key] += value
    return dict(worth)


def _longest(
    signs: Sequence[str], known: Known, may_be: Callable[[int, int], bool] = lambda at, length: True
) -> tuple[list[Worth], list[str]]:
    """Return what the longest known runs of some signs are worth, each once, and the signs that belong to none.

    Signs are those of a text or the stems of its words. `may_be` is asked with the place and length of a run.
    """
    found: dict[str | Run, Worth] = {}
    left: list[str] = []
    at = 0
    while at < len(signs):
        for length in range(min(known.longest, len(signs) - at), 0, -1):
            run = signs[at : at + length] if isinstance(signs, str) else tuple(signs[at : at + length])
            if run in known.worth and may_be(at, length):
                found[run] = known.worth[run]
                at += length
                break
        else:
            left.append(signs[at])
            at += 1
    return list(found.values()), left


def _stands_alone(text: str, at: int, length: int) -> bool:
    """Whether a word does not merely lie inside a longer one: short ones need another script on both sides."""
    word = text[at : at + length]
    scripts = [script for script, _ in groupby(word, _script)]
    if len(scripts) > 1 or length >= _LONG or (scripts == ["kanji"] and length > 1):
        return True
    before, after = text[at - 1 : at], text[at + length : at + length + 1]
    around = {_script(char) for char in (before, after) if char}
    # hiragana runs into particles, so that a short word of it counts only where it begins a stretch
    return _script(before) != "hiragana" if scripts == ["hiragana"] and before else scripts[0] not in around


def _script(char: str) -> str:
    if "ぁ" <= char <= "ゖ":
        return "hiragana"
    if "ァ" <= char <= "ヺ" or char == "ー":
        return "katakana"
    return "kanji" if _JAPANESE.match(char) else "other"

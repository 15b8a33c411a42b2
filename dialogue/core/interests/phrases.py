"""Which words of the topics stand in a text, in Japanese without a tokenizer and in English by stems."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from dialogue.core.interests.taxonomy import Topic
from dialogue.core.text import narrow, visible

NAMED: Final = 1.0
HINTED: Final = 0.6
"""What a name, synonym or kind of a topic is worth in a text, and what a hint."""

_PARTS: Final = re.compile(r"[・／/、]")
_ENGLISH: Final = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?")
_JAPANESE: Final = re.compile(r"[々〆ぁ-ゖァ-ヺー㐀-䶿一-鿿]")
_ENDINGS: Final = ("ations", "ation", "ings", "ing", "ness", "ers", "er", "ed", "es", "s", "e")
_SHORTEST_STEM: Final = 3
_LONG: Final = 4
"""Words of one kind of kana that are so long need no change of script around them."""
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
class Lexicon:
    """The words of all topics: Japanese ones as they are, English ones as runs of stems; each with topics and worth."""

    japanese: Mapping[str, Mapping[str, float]]
    english: Mapping[tuple[str, ...], Mapping[str, float]]
    longest_japanese: int
    longest_english: int


def lexicon_of(topics: Iterable[Topic]) -> Lexicon:
    """Return the lexicon of some topics. A word that points to several topics is worth less for each."""
    japanese: dict[str, dict[str, float]] = {}
    english: dict[tuple[str, ...], dict[str, float]] = {}
    for topic in topics:
        for word, worth in _words(topic):
            if _JAPANESE.search(word):
                known: dict[str, float] = japanese.setdefault(plain(word), {})
            elif stems := tuple(stems_of(word)):
                known = english.setdefault(stems, {})
                # of a phrase of which one word is left, that word only points to the topic
                worth = min(worth, HINTED) if len(stems) == 1 and " " in word else worth
            else:
                continue
            known[topic.key] = max(known.get(topic.key, 0.0), worth)
    for words in (*japanese.values(), *english.values()):
        named = {key for key, worth in words.items() if worth == NAMED}
        for key in words:
            words[key] /= len(words) if key not in named else max(1, len(named))
    return Lexicon(japanese, english, max(map(len, japanese)), max(map(len, english)))


def _words(topic: Topic) -> Iterator[tuple[str, float]]:
    for name in topic.names.values():
        for part in {name, *_PARTS.split(name)}:
            yield part, NAMED
    for words in (topic.synonyms, topic.kinds):
        yield from ((word, NAMED) for some in words.values() for word in some)
    yield from ((word, HINTED) for some in topic.hints.values() for word in some)


def plain(text: str) -> str:
    """Return a text in one width and case. Kana stay what they are: katakana is how Japanese marks a word."""
    return narrow(visible(text)).casefold()


def stems_of(text: str) -> list[str]:
    """Return the stems of the English words of a text that say something, in order."""
    plainly = "".join(char for char in unicodedata.normalize("NFD", plain(text)) if not unicodedata.combining(char))
    return [stem(word) for word in _ENGLISH.findall(plainly) if word not in _EMPTY]


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
    worth: Counter[str] = Counter()
    for words in (*_japanese(plain(text), lexicon), *_english(stems_of(text), lexicon)):
        worth.update(words)
    return dict(worth)


def _japanese(text: str, lexicon: Lexicon) -> Iterator[Mapping[str, float]]:
    at, seen = 0, set()
    while at < len(text):
        for length in range(min(lexicon.longest_japanese, len(text) - at), 0, -1):
            word = text[at : at + length]
            if word in lexicon.japanese and _stands_alone(text, at, length):
                if word not in seen:
                    seen.add(word)
                    yield lexicon.japanese[word]
                at += length - 1
                break
        at += 1


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


def _english(stems: list[str], lexicon: Lexicon) -> Iterator[Mapping[str, float]]:
    at, seen = 0, set()
    while at < len(stems):
        for length in range(min(lexicon.longest_english, len(stems) - at), 0, -1):
            run = tuple(stems[at : at + length])
            if run in lexicon.english:
                if run not in seen:
                    seen.add(run)
                    yield lexicon.english[run]
                at += length - 1
                break
        at += 1

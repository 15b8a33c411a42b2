"""What is seen of a sentence for weighing it: runs of what is written in it and before it, and marks of the whole."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from importlib import import_module
from itertools import combinations
from typing import Final, Literal

Language = Literal["ja", "en"]

ENDINGS: Final = "。．.！!？?…〜ー♪☆ \n」』\"')"
MARKS: Final[Mapping[Language, tuple[str, ...]]] = {
    "ja": ("SELF", "LISTENER", "PEOPLE", "THIRD", "MEETING", "COURTESY", "DEFICIT", "PRESSED"),
    "en": ("SELF", "LISTENER", "THIRD", "PAST", "TOLD", "REFLECTED", "MEETING", "GOOD_WISH"),
}
_RUNS: Final = {"ja": range(1, 5), "en": range(1, 4)}  # of characters, of words
_RUNS_BEFORE: Final = {"ja": range(2, 4), "en": range(1, 3)}
_LOOKING_BACK: Final = {"ja": 120, "en": 300}  # characters: a long text would else be read again for each sentence
_LENGTH_STEP: Final = {"ja": 12, "en": 30}
_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[,;:_＿]")
_QUESTION: Final = re.compile(r"\?[ \n」』。\"')]*$")


def pieces(sentence: str, earlier: str, language: Language) -> list[Set[str]]:
    """Return the names of pieces, those of the sentence and those of what was said before it.

    The sentence's beginning, its end and a question mark are marked; what stands before begins with "<".
    """
    written = [*_cut(sentence, language), f"${_asked(sentence)}"]
    before = _cut(earlier[-_LOOKING_BACK[language] :], language) if earlier else []
    return [_runs(["^", *written], _RUNS[language], "", language), _runs(before, _RUNS_BEFORE[language], "<", language)]


def marks(sentence: str, earlier: str, last: bool, language: Language) -> Iterator[str]:
    """Yield what is seen of the sentence as a whole, each and two at a time, and how long it is.

    That is who is spoken of in it and before it, whether it quotes or asks, and whether it goes on before and after.
    """
    scope = import_module(f"{__package__}.{language}.scope")
    seen = [name for name in MARKS[language] if getattr(scope, name).search(sentence)]
    seen += [f"earlier {name}" for name in ("SELF", "LISTENER") if getattr(scope, name).search(earlier)]
    told = {
        "quotes": "＿" in sentence,
        "goes on": bool(earlier),
        "goes on after": not last,
        "?": bool(_asked(sentence)),
    }
    seen += [name for name, holds in told.items() if holds]
    yield from (f"#{name}" for name in seen)
    yield from (f"#{one}&{other}" for one, other in combinations(seen, 2))
    yield f"#length {min(6, len(sentence) // _LENGTH_STEP[language])}"


def _cut(text: str, language: Language) -> Sequence[str]:
    """Return the characters (ja) or the words (en) of a text."""
    return list(text.strip(ENDINGS)) if language == "ja" else _WORD.findall(text.lower())


def _asked(sentence: str) -> str:
    return "?" if _QUESTION.search(sentence) else ""


def _runs(cut: Sequence[str], lengths: range, kind: str, language: Language) -> Set[str]:
    between = "" if language == "ja" else " "
    return {kind + between.join(cut[at : at + run]) for run in lengths for at in range(len(cut) - run + 1)}

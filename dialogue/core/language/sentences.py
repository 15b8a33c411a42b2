"""A text cut into sentences, with what others said taken out of sight. Every character keeps its place."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

HIDDEN: Final = "＿"
_KANA_OR_KANJI: Final = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
_SENTENCE: Final = re.compile(r"[^。！？!?\n]*[。！？!?\n]*(?:[笑)」』])?")
_ENGLISH_SENTENCE: Final = re.compile(r"(?:[^.!?\n;]|[.!?](?=[\w\"']))+[.!?\n;]*[\"')\s]*")
_JAPANESE_QUOTE: Final = re.compile(r"「[^「」]*」|『[^『』]*』|“[^“”]*”")
_ENGLISH_QUOTE: Final = re.compile(r"\"[^\"]*\"|“[^”]*”|(?<![\w])'[^']{2,}'(?!\w)|‘[^’]{2,}’(?!\w)")
# 「…」と思います is the speaker's own word, not somebody else's.
_OWN_QUOTE: Final = re.compile(
    r"\s*(?:と|って)(?:は)?(?:思います|思う|言いたい|伝えたい|お伝えしたい|申し上げたい|考えます|感じます)"
)


def is_japanese(text: str) -> bool:
    """Return whether a text is to be read as Japanese: it holds kana or kanji."""
    return bool(_KANA_OR_KANJI.search(text))


def even(text: str) -> str:
    """Return the text with full-width letters, digits and signs in ASCII, typographic apostrophes as "'".

    A character that would become several stays as it is, so that places in the result are places in the text.
    """
    return "".join(_even(char) for char in text)


def sentences(text: str, *, japanese: bool) -> Iterator[tuple[int, str]]:
    """Yield each sentence with the place where it begins; what is quoted in it is hidden.

    A text that is nothing but one quotation is its author's own word and is not hidden.
    """
    shown = _unquoted(text, japanese=japanese)
    for found in (_SENTENCE if japanese else _ENGLISH_SENTENCE).finditer(shown):
        if found.group().strip():
            yield found.start(), found.group()


def _even(char: str) -> str:
    if char in "’‘":
        return "'"
    if "\uff01" <= char <= "\uff5e" or char in "｡､｢｣\u3000":
        return unicodedata.normalize("NFKC", char)
    return char


def _unquoted(text: str, *, japanese: bool) -> str:
    quote = _JAPANESE_QUOTE if japanese else _ENGLISH_QUOTE

    def hide(found: re.Match[str]) -> str:
        alone = not text[: found.start()].strip() and not text[found.end() :].strip(" 。.!?\n")
        if alone or (japanese and _OWN_QUOTE.match(text, found.end())):
            return " " + found.group()[1:-1] + " "
        return found.group()[0] + HIDDEN * (len(found.group()) - 2) + found.group()[-1]

    return quote.sub(hide, text)

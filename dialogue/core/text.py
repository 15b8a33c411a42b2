"""Text as people type it: every width, every kana, invisible characters. One shape of each for storing.

Nobody is ever told off for 全角 or 半角: what means the same is stored the same. Nothing visible is lost:
髙, 﨑, 𠮷, variation selectors and joined emoji stay as they were written.
"""

import re
import unicodedata
from typing import Final

# Characters that show nothing though Unicode does not count them as format characters: grapheme joiner,
# Hangul fillers, braille blank, Mongolian and Khmer vowel carriers that render empty.
_INVISIBLE: Final = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
# Joiners stay between visible characters: they hold together emoji and spell names in Persian or Hindi.
_JOINERS: Final = "\u200c\u200d"
_SPACES: Final = re.compile(r"\s+")
_NARROWABLE: Final = re.compile(r"[\uff01-\uff5e\uff61-\uffdc]+")
_LOOSE_JOINER: Final = re.compile(r"(?:(?<=\s)|^)[\u200c\u200d]+|[\u200c\u200d]+(?=\s|$)")
_SUSPECT: Final = re.compile(r"[^\x20-\x7e\u3001-\u301f\u3041-\u3096\u30a1-\u30fc\u4e00-\u9fff\uff01-\uff5e]")
_HIRAGANA_OF: Final = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}


def visible(text: str) -> str:
    """Return the text in NFC without control, bidi and zero-width characters, each run of spaces as one space.

    Line ends and tabs count as spaces. Empty when nothing visible is left.
    """
    if not _SUSPECT.search(text):  # most cells: plain Japanese or ASCII, nothing to take out
        return _SPACES.sub(" ", text).strip()
    kept = "".join(char for char in _SPACES.sub(" ", unicodedata.normalize("NFC", text)) if _shows(char))
    return _LOOSE_JOINER.sub("", _SPACES.sub(" ", kept)).strip()


def _shows(char: str) -> bool:
    if char in _JOINERS:
        return True
    return char not in _INVISIBLE and unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def narrow(text: str) -> str:
    """Return the text with full-width letters, digits and signs in ASCII, and half-width kana in full."""
    return unicodedata.normalize("NFKC", text)


def hiragana(text: str) -> str:
    """Return the text with katakana of either width as hiragana; everything else stays."""
    return unicodedata.normalize("NFC", _one_width(text).translate(_HIRAGANA_OF))


def person_name(text: str) -> str:
    """Return a name for storing: visible characters only, one width, without 様, さん or 殿 at its end.

    殿 glued to a name stays, because 鵜殿 and 真殿 are family names. Empty for a name that only looks like one.
    """
    name = visible(_one_width(text))
    for honorific in ("様", "さん", "さま", " 殿"):
        shorter = name.removesuffix(honorific).strip()
        if shorter:
            name = shorter
    return name


def for_comparing(text: str) -> str:
    """Return a key that is equal for two spellings of one word: width, case, kana and spaces do not count."""
    return hiragana(narrow(visible(text)).casefold()).replace(" ", "")


def short(text: str, *, limit: int = 60) -> str:
    """Return the text for quoting in a message: visible characters only, at most `limit` of them."""
    # The slice comes first so that a megabyte in one cell costs nothing.
    quoted = visible(text[: limit * 4])
    return quoted if len(quoted) <= limit else quoted[: limit - 1] + "…"


def _one_width(text: str) -> str:
    # NFKC on the whole name would change characters that people chose (㍿, ﬁ, Å); only the widths are evened out.
    return _NARROWABLE.sub(lambda run: unicodedata.normalize("NFKC", run.group()), text.replace("\u3000", " "))

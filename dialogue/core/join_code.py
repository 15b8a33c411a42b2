"""The code in the address of a join link: short enough to type from a flyer, and no two of its signs look alike."""

import re
import secrets
from typing import Final

from dialogue.core.text import narrow

ALPHABET: Final = "23456789bcdfghjkmnpqrstvwxz"
"""Without 0, 1, i, l and o, which are taken for each other, and without vowels, so that no code is a word."""
LENGTH: Final = 10
"""Signs of a code: 27 to the tenth power, about 2 times 10 to the fourteenth."""

_LOOSE: Final = re.compile(r"[\s‐-―ー_-]+")
_CODE: Final = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


def new_code() -> str:
    """Return a code that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def code_in(typed: str) -> str:
    """Return the code that somebody typed in any width or case, with spaces or dashes; empty when it is none."""
    squeezed = _LOOSE.sub("", narrow(typed[:80])).lower()
    return squeezed if _CODE.fullmatch(squeezed) else ""

"""The HTML of a letter, from its text: paragraphs, line ends, addresses as links."""

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Final

_PARAGRAPHS: Final = re.compile(r"\n{2,}")
_MAY_HOLD_A_LINK: Final = re.compile(r"[.@:]")
_IS_A_LINK: Final = re.compile(
    r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::[0-9]+)?/[A-Za-z0-9/._~-]*(?:\?[a-z]+=[a-z]+)?"
)


def html_of(text: str, *, linked: Callable[[str], str]) -> str:
    """Return the text in HTML. `linked` turns into HTML a line in which an address may stand among words."""
    return "\n\n".join([_paragraph(one, linked) for one in _PARAGRAPHS.split(text)])


@lru_cache(maxsize=1024)
def _paragraph(paragraph: str, linked: Callable[[str], str]) -> str:
    """Return a paragraph in HTML. Kept: most paragraphs of a letter say the same to all its readers."""
    return f"<p>{'<br>'.join([_line(line, linked) for line in paragraph.split(chr(10))])}</p>"


def _line(line: str, linked: Callable[[str], str]) -> str:
    if not _MAY_HOLD_A_LINK.search(line):
        return escape(line)
    # Most addresses have a line to themselves, and every reader has others: there is nothing to look for.
    if _IS_A_LINK.fullmatch(line) and not line.endswith("."):
        return f'<a href="{line}" rel="nofollow">{line}</a>'
    return linked(line)

"""The HTML of a letter, from its text: paragraphs, line ends, addresses as links."""

import re
from collections.abc import Callable
from html import escape
from typing import Final

_PARAGRAPHS: Final = re.compile(r"\n{2,}")
_MAY_HOLD_A_LINK: Final = re.compile(r"[.@:]")
_IS_A_LINK: Final = re.compile(
    r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::[0-9]+)?/[A-Za-z0-9/._~-]*(?:\?[a-z]+=[a-z]+)?"
)


def html_of(text: str, *, linked: Callable[[str], str]) -> str:
    """Return the text in HTML. `linked` turns into HTML a line in which an address may stand among words."""
    written = []
    for paragraph in _PARAGRAPHS.split(text):
        lines = [_line(line, linked) for line in paragraph.split("\n")]
        written.append(f"<p>{'<br>'.join(lines)}</p>")
    return "\n\n".join(written)


def _line(line: str, linked: Callable[[str], str]) -> str:
    if not _MAY_HOLD_A_LINK.search(line):
        return escape(line)
    # Most addresses have a line to themselves, and every reader has others: nothing to look for, nothing to keep.
    if _IS_A_LINK.fullmatch(line) and not line.endswith("."):
        return f'<a href="{line}" rel="nofollow">{line}</a>'
    return linked(line)

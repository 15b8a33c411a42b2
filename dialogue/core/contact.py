"""A contact line as a coordinator wrote it, with the parts a phone can act on."""

import re
from dataclasses import dataclass
from typing import Final

from dialogue.core.text import narrow, visible

_ACTS: Final = re.compile(
    r"(?P<mail>[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+)"
    r"|(?P<phone>(?<![\d@])\+?\d[\d() -]{7,}\d(?!\d))",
    re.IGNORECASE,
)
_DASHES: Final = re.compile(r"[‐-―−ー](?=\d)")


@dataclass(frozen=True, slots=True)
class ContactPart:
    """A stretch of the line; `link` is tel:, mailto: or empty."""

    text: str
    link: str = ""


def contact_parts(line: str) -> list[ContactPart]:
    """Return the line in order, its phone numbers and addresses with a link. Full-width digits are numbers too."""
    written = visible(line)
    plain = _DASHES.sub("-", narrow(written))
    words = written if len(written) == len(plain) else plain  # beside the links: 「（」 stays as wide as it was typed
    parts: list[ContactPart] = []
    done = 0
    for found in _ACTS.finditer(plain):
        if found.start() > done:
            parts.append(ContactPart(words[done : found.start()]))
        text = found.group()
        link = f"mailto:{text}" if found["mail"] else f"tel:{re.sub(r'[() -]', '', text)}"
        parts.append(ContactPart(text, link))
        done = found.end()
    return [*parts, ContactPart(words[done:])] if done < len(plain) else parts

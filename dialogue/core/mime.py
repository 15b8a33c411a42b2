"""Headers and parts of a mail as they go over the line: ASCII, CRLF, no line longer than mail can carry."""

import re
from binascii import b2a_base64
from functools import lru_cache
from typing import Final

from dialogue.core.mailbox import Mailbox

LONGEST_PLAIN_HEADER: Final = 200
LONGEST_ENCODED_PIECE: Final = 45
"""Octets that an encoded word of 75 characters can hold, RFC 2047 section 2: 60 of base64 and what stands around it."""

BASE64_LINE: Final = 76
FOLDED_AFTER: Final = 78
"""Characters of a line that readers like, RFC 5322 section 2.1.1."""

LONGEST_LINE: Final = 998
"""Octets of a line in a mail, RFC 5322 section 2.1.1."""

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


def address_header(mailbox: Mailbox) -> str:
    """Return a mailbox as an address header has it: `"Yamada, H." <h@example.org>`, Japanese as encoded words."""
    if not mailbox.name:
        return mailbox.address
    name = encoded(mailbox.name)
    if name == mailbox.name:
        escaped = mailbox.name.replace("\\", "\\\\").replace('"', '\\"')
        name = f'"{escaped}"'
    return f"{name} <{mailbox.address}>"


@lru_cache(maxsize=256)
def encoded(text: str) -> str:
    """Return a line for a header: as it is when mail can carry it, else as encoded words (RFC 2047).

    Kept: the mails of a cohort, which leave one after the other, have one subject.
    """
    if text.isascii() and "=?" not in text and len(text) <= LONGEST_PLAIN_HEADER:
        return text
    words, piece = [], b""
    for char in text:
        more = char.encode(errors="replace")
        if len(piece) + len(more) > LONGEST_ENCODED_PIECE:  # a word holds whole characters
            words.append(piece)
            piece = b""
        piece += more
    return " ".join(f"=?utf-8?b?{b2a_base64(piece, newline=False).decode()}?=" for piece in (*words, piece))


def folded(line: str) -> str:
    """Return a header with its line end, folded at blanks where it is longer than readers like."""
    if len(line) <= FOLDED_AFTER:
        return f"{line}\r\n"
    lines: list[str] = []
    length = 0
    for word in line.split(" "):
        if lines and length + 1 + len(word) <= FOLDED_AFTER:
            lines[-1] += f" {word}"
            length += 1 + len(word)
        else:
            lines.append(word)
            length = len(word) + 1
    if lines[0].endswith(":"):  # a name stands in one line with what it names
        lines[:2] = [" ".join(lines[:2])]
    return "\r\n ".join(lines) + "\r\n"


def text_part(text: str, subtype: str) -> bytes:
    """Return a text as a part, without control characters; in base64 where 7bit cannot carry it."""
    lines = _CONTROLS.sub("", text).replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    body = "\r\n".join([*lines, ""]).encode(errors="replace")
    content_type = f"text/{subtype}; charset=UTF-8"
    if not body.isascii() or max(map(len, lines)) > LONGEST_LINE:
        return part(content_type, "base64", base64_lines(body))
    return part(content_type, "7bit", body)


def part(content_type: str, transfer_encoding: str, payload: bytes, more: str = "") -> bytes:
    """Return a part with its headers; `more` are further ones, each with its line end."""
    # Without quotes: method="REQUEST", which RFC 6047 allows, is not read by every client.
    head = f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: {transfer_encoding}\r\n{more}\r\n"
    return head.encode("ascii") + payload


def multipart_head(subtype: str, boundary: str) -> bytes:
    """Return the header of parts that stand between boundaries."""
    return f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n'.encode("ascii")


def base64_lines(content: bytes) -> bytes:
    """Return bytes in base64, in lines of 76 characters."""
    whole = b2a_base64(content, newline=False)
    lines = [whole[start : start + BASE64_LINE] for start in range(0, len(whole), BASE64_LINE)]
    return b"\r\n".join([*lines, b""])

"""Separated text (CSV, TSV, semicolons) in UTF-8, cp932 or UTF-16 as rows of cells."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice

from dialogue.core.roster.errors import ErrorCode, RosterRefused
from dialogue.core.roster.rows import HEADER_WITHIN, MAX_BYTES, Row, refusal

# The reader's own limit would name the line of a long cell and not its column.
csv.field_size_limit(MAX_BYTES)


def separated_rows(content: bytes, score: Callable[[Sequence[str]], int]) -> Iterator[Row]:
    """Yield each record with its number, which is the line that Excel shows even when a cell holds line ends.

    The separator is the one with which a row near the top scores best as a header, else the one that parts most.

    Raises:
        RosterRefused: the encoding is not known, or quotes are open.
    """
    text = decoded(content)
    separator = max(",\t;", key=lambda candidate: (_best(text, candidate, score), _best(text, candidate, len)))
    return _records(text, separator)


def decoded(content: bytes) -> str:
    """Return the text of a file. Without a mark at its start it is UTF-8 if it can be, else Excel's cp932.

    Raises:
        RosterRefused: it is neither, or holds NUL characters.
    """
    encodings: tuple[str, ...] = ("utf-8", "cp932")
    if content.startswith(codecs.BOM_UTF8):
        encodings = ("utf-8-sig",)
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ("utf-16",)
    elif b"\x00" in content:
        raise refusal(ErrorCode.NUL_CHARACTER)
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise refusal(ErrorCode.NUL_CHARACTER)
        if "\x1b" in text:  # ISO-2022-JP passes for ASCII with escapes
            break
        return text
    raise refusal(ErrorCode.UNKNOWN_ENCODING)


def _best(text: str, separator: str, score: Callable[[Sequence[str]], int]) -> int:
    best = 0
    with suppress(RosterRefused):  # a quote may be open further down
        for row in islice(_records(text, separator), HEADER_WITHIN):
            best = max(best, score(row.cells))
    return best


def _records(text: str, separator: str) -> Iterator[Row]:
    # strict: otherwise one forgotten quote swallows the rest of the file in silence.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 0
    while True:
        line += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise refusal(ErrorCode.BROKEN_QUOTES, line=line) from error
        yield Row(line, tuple(cells))

"""Translations: read `.po` files and compile them to the `.mo` files that gettext loads.

Written here because Django's `compilemessages` needs GNU gettext, which a fresh machine does not have.
Formats: "The Format of PO Files" and "The Format of GNU MO Files" in the GNU gettext manual.
`python -m config.catalogues` compiles all of `locale/`; a file that is up to date is left alone.
"""

import ast
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

LOCALE_DIR: Final = Path(__file__).resolve().parent.parent / "locale"
_MAGIC: Final = 0x950412DE
_HEADER_BYTES: Final = 28


class CatalogueError(ValueError):
    """A `.po` file that cannot be read. The message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Message:
    """One entry: what the code says, and what is shown. `translations` has one text for each plural form."""

    msgid: str
    plural: str | None
    context: str | None
    translations: tuple[str, ...]
    fuzzy: bool

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.msgid

    @property
    def is_whole(self) -> bool:
        """Whether every form is translated and nobody marked it as a guess."""
        return not self.fuzzy and bool(self.translations) and all(self.translations)


@dataclass(slots=True)
class _Draft:
    """The entry being read, line by line."""

    texts: dict[str, str] = field(default_factory=dict)
    current: str | None = None
    fuzzy: bool = False

    def finished(self) -> Message:
        forms = sorted(key for key in self.texts if key.startswith("msgstr"))
        return Message(
            msgid=self.texts["msgid"],
            plural=self.texts.get("msgid_plural"),
            context=self.texts.get("msgctxt"),
            translations=tuple(self.texts[form] for form in forms),
            fuzzy=self.fuzzy,
        )


def messages(text: str, *, origin: str) -> Iterator[Message]:
    """Yield the entries of a `.po` file in order, the header (whose msgid is empty) among them.

    Obsolete entries (`#~`) and comments are passed over.

    Raises:
        CatalogueError: a line is neither a keyword, a quoted text, a comment nor empty.
    """
    draft = _Draft()
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        begins_another = line.startswith(("msgctxt ", "msgid ", "#")) and "msgstr" in "".join(draft.texts)
        if draft.texts and "msgid" in draft.texts and begins_another:
            yield draft.finished()
            draft = _Draft()
        if line.startswith("#,"):
            draft.fuzzy = draft.fuzzy or "fuzzy" in line
        elif line and not line.startswith("#"):
            try:
                _take(draft, line)
            except (ValueError, SyntaxError, KeyError) as error:
                raise CatalogueError(f"{origin}, line {number}: not a line of a catalogue: {line}") from error
    if "msgid" in draft.texts:
        yield draft.finished()


def _take(draft: _Draft, line: str) -> None:
    """Add one keyword line, or one line that goes on with the text before it."""
    if line.startswith('"'):
        if draft.current is None:
            raise ValueError("a text without a keyword")
        draft.texts[draft.current] += ast.literal_eval(line)
        return
    keyword, quoted = line.split(maxsplit=1)
    if not keyword.startswith(("msgctxt", "msgid", "msgstr")):
        raise ValueError("an unknown keyword")
    draft.current = keyword
    draft.texts[keyword] = ast.literal_eval(quoted)


def compiled(entries: Iterable[Message]) -> bytes:
    """Return the `.mo` file of the entries that are whole: header, two tables of places, then the texts, sorted."""
    pairs = sorted(_pair(entry) for entry in entries if entry.is_whole)
    originals, shown = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    originals_table = _HEADER_BYTES
    shown_table = originals_table + 8 * len(pairs)
    place = shown_table + 8 * len(pairs)

    tables = b""
    for text in [*originals, *shown]:
        tables += struct.pack("<II", len(text), place)
        place += len(text) + 1
    header = struct.pack("<7I", _MAGIC, 0, len(pairs), originals_table, shown_table, 0, place)
    return header + tables + b"".join(text + b"\0" for text in [*originals, *shown])


def _pair(entry: Message) -> tuple[bytes, bytes]:
    original = entry.msgid if entry.plural is None else f"{entry.msgid}\0{entry.plural}"
    if entry.context is not None:
        original = f"{entry.context}\x04{original}"
    return original.encode(), "\0".join(entry.translations).encode()


def read(path: Path) -> list[Message]:
    """Return the entries of a `.po` file.

    Raises:
        CatalogueError: it is not a catalogue, or an entry stands in it twice.
    """
    entries = list(messages(path.read_text(encoding="utf-8"), origin=str(path)))
    seen: set[tuple[str | None, str]] = set()
    for entry in entries:
        if entry.key in seen:
            raise CatalogueError(f"{path}: {entry.msgid!r} stands there twice")
        seen.add(entry.key)
    return entries


def compile_all(locale_dir: Path = LOCALE_DIR) -> list[Path]:
    """Compile every catalogue under the folder and return those that changed. Running it again changes nothing."""
    changed = []
    for source in sorted(locale_dir.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        content = compiled(read(source))
        if not target.exists() or target.read_bytes() != content:
            target.write_bytes(content)
            changed.append(target)
    return changed


if __name__ == "__main__":
    try:
        compile_all()
    except CatalogueError as refusal:
        sys.exit(str(refusal))

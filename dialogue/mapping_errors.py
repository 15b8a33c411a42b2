"""Sentences for what is wrong with a mapping: the key and line it stands on, and what to write instead."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.core.roster import FileMapping
from dialogue.core.roster.mapping_toml import (
    MAX_CHARACTERS,
    MappingError,
    MappingFault,
    MappingRefused,
    mapping_from_toml,
)

# Every sentence may use the keys of the error's `detail`.
MAPPING_SENTENCES: Final[Mapping[MappingFault, Promise]] = {
    MappingFault.TOO_LARGE: gettext_lazy("The mapping is too long. Up to %(limit)s characters can be read."),
    MappingFault.NOT_TEXT: gettext_lazy("The mapping is no text in UTF-8. Save it as UTF-8."),
    MappingFault.NOT_TOML: gettext_lazy(
        'This is not TOML. Write a key and a value in double quotes on each line, as in "氏名" = "full_name".'
    ),
    MappingFault.TOO_DEEP: gettext_lazy("The mapping is nested too deeply, or holds a date that does not exist."),
    MappingFault.UNKNOWN_KEY: gettext_lazy("There is no such key. Known here: %(known)s."),
    MappingFault.NOT_A_TABLE: gettext_lazy("This must be a table: its name in square brackets, then one line each."),
    MappingFault.NOT_A_TEXT: gettext_lazy("This must be a text in double quotes."),
    MappingFault.UNKNOWN_WORD: gettext_lazy("“%(value)s” is not known here. Write one of: %(known)s."),
    MappingFault.NO_HOURS: gettext_lazy("“%(value)s” is no stretch of hours. Write it as 19:00-22:00."),
    MappingFault.NO_SLOT: gettext_lazy(
        "“%(value)s” is neither a day nor hours. Write 月, 19:00-20:00 or 火 19:00-21:00."
    ),
    MappingFault.NO_NUMBER: gettext_lazy("This must be a whole number from %(lowest)s to %(highest)s."),
    MappingFault.TOO_LONG: gettext_lazy("This is too long. Up to %(limit)s characters can be read."),
    MappingFault.TOO_MANY: gettext_lazy("There are too many entries. Up to %(limit)s can be read."),
    MappingFault.HEADER_TWICE: gettext_lazy("This column is named twice. Keep one of the two lines."),
    MappingFault.COLUMN_TWICE: gettext_lazy(
        '“%(other)s” is read as %(value)s already. Keep one of the two, and leave the other out with "".'
    ),
    MappingFault.BUSY_SLOT: gettext_lazy(
        "Busy hours are read from one column for each day. This column names hours itself."
    ),
}


def mapping_sentence(error: MappingError) -> str:
    """Return one error in the active language, with its line and key."""
    sentence = str(MAPPING_SENTENCES[error.fault]) % error.detail
    if error.line and error.key:
        return _("Line %(line)s, %(key)s: ") % {"line": error.line, "key": error.key} + sentence
    if error.line:
        return _("Line %(line)s: ") % {"line": error.line} + sentence
    return f"{error.key}: {sentence}" if error.key else sentence


def read_mapping(path: Path) -> FileMapping:
    """Return the mapping in a file.

    Raises:
        OSError: the file cannot be read.
        MappingRefused: it is no mapping.
    """
    with path.open("rb") as file:
        content = file.read(4 * MAX_CHARACTERS + 1)  # four bytes a character at most
    try:
        return mapping_from_toml(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise MappingRefused([MappingError(MappingFault.NOT_TEXT)]) from error

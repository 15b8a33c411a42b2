"""Sentences for what is wrong with a roster file: where it stands, and what to type instead."""

from collections.abc import Mapping
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dialogue.core.roster import (
    AvailabilityFault,
    Column,
    ErrorCode,
    RosterError,
    column_letter,
    print_windows,
    read_windows,
)

# Every sentence may use %(value)s, which is what stands in the file, and the keys of the error's `detail`.
SENTENCES: Final[Mapping[ErrorCode, Promise]] = {
    ErrorCode.EMPTY_FILE: gettext_lazy("The file is empty. Choose a file with a header row and one person per row."),
    ErrorCode.FILE_TOO_LARGE: gettext_lazy(
        "The file is too large. Up to %(limit)s MB can be read. Please split it into several files."
    ),
    ErrorCode.OLD_EXCEL: gettext_lazy(
        "This is an old Excel file (.xls). In Excel, choose “Save as” and “Excel workbook (.xlsx)”."
    ),
    ErrorCode.PASSWORD: gettext_lazy("The workbook has a password. Save it without one and choose it again."),
    ErrorCode.NOT_A_TABLE: gettext_lazy("This kind of file cannot be read. Choose a CSV or Excel file (.csv, .xlsx)."),
    ErrorCode.BROKEN_WORKBOOK: gettext_lazy(
        "The Excel file cannot be opened. Open it in Excel, save it again as .xlsx, and choose it again."
    ),
    ErrorCode.SEVERAL_SHEETS: gettext_lazy(
        "Several sheets hold a list of people (%(sheets)s). Put everybody on one sheet, or save one file for each."
    ),
    ErrorCode.UNKNOWN_ENCODING: gettext_lazy(
        "The characters of the file cannot be read. In Excel, save it as “CSV UTF-8” or as .xlsx."
    ),
    ErrorCode.NUL_CHARACTER: gettext_lazy(
        "The file holds characters that no text has. In Excel, save it as “CSV UTF-8” or as .xlsx."
    ),
    ErrorCode.BROKEN_QUOTES: gettext_lazy(
        'A double quote (") is opened and not closed, or stands in the middle of a cell. Take it out, or save as .xlsx.'
    ),
    ErrorCode.NO_HEADER: gettext_lazy(
        "No header row was found. Write names such as “Email”, “Name” and “Generation” in the first row. "
        "If letters look garbled, save the file as “CSV UTF-8” or as .xlsx."
    ),
    ErrorCode.NO_PEOPLE: gettext_lazy("There is nobody below the header row. Write one person per row."),
    ErrorCode.MISSING_HEADER: gettext_lazy("The column “%(header)s” is missing. Add it to the header row."),
    ErrorCode.REPEATED_HEADER: gettext_lazy(
        "“%(value)s” and “%(other)s” mean the same. Keep one of the two columns, or rename the other."
    ),
    ErrorCode.UNKNOWN_MAPPING: gettext_lazy("The file has no column “%(value)s”. Choose the columns again."),
    ErrorCode.TOO_MANY_ROWS: gettext_lazy(
        "There are too many rows. Up to %(limit)s people can be read at a time. Delete empty rows or split the file."
    ),
    ErrorCode.TOO_MANY_COLUMNS: gettext_lazy(
        "There are too many columns. Up to %(limit)s can be read. Delete those that are not needed."
    ),
    ErrorCode.UNKNOWN_ZONE_SETTING: gettext_lazy(
        "The time zone “%(value)s” is not known. Choose one such as Asia/Tokyo."
    ),
    ErrorCode.EXTRA_CELLS: gettext_lazy(
        "The row has more cells than the header (“%(value)s”). Put text that holds a comma between double quotes."
    ),
    ErrorCode.REPEATED_PERSON: gettext_lazy("%(value)s also stands in row %(first)s. Keep one row for each person."),
    ErrorCode.SHARED_ADDRESS: gettext_lazy(
        "%(value)s is also the address of row %(first)s. Each person signs in with an address of their own: "
        "write another one for %(name)s here, or in a column “Second email”. Many mail services also deliver what is "
        "sent to name+2@ in place of name@."
    ),
    ErrorCode.CELL_TOO_LONG: gettext_lazy("The text is too long. Write up to %(limit)s characters."),
    ErrorCode.FORMULA: gettext_lazy(
        "“%(value)s” is a formula, or begins with a sign that makes one (=, +, @). Type the value itself."
    ),
    ErrorCode.EXCEL_ERROR: gettext_lazy("“%(value)s” is an error of Excel. Type the value itself."),
    ErrorCode.REQUIRED: gettext_lazy("Nothing is written here. Please fill it in."),
    ErrorCode.EMAIL: gettext_lazy("“%(value)s” is not an e-mail address. Type one such as aoi@example.org."),
    ErrorCode.INVISIBLE_NAME: gettext_lazy("The name holds only characters that cannot be seen. Type it again."),
    ErrorCode.KANA: gettext_lazy("“%(value)s” holds kanji. Type the reading in hiragana or katakana."),
    ErrorCode.GENERATION: gettext_lazy("“%(value)s” is not a generation. Type “Student” or “Second career”."),
    ErrorCode.BIRTH_YEAR: gettext_lazy("“%(value)s” cannot be read as a year of birth. Type it as 1965 or 昭和40."),
    ErrorCode.BIRTH_YEAR_IMPLAUSIBLE: gettext_lazy(
        "“%(value)s” means the year %(year)s. Type a year of birth between %(earliest)s and %(latest)s."
    ),
    ErrorCode.ADULT: gettext_lazy("“%(value)s” cannot be read. Type “Yes”, “No” or “Unsure”."),
    ErrorCode.ADULT_CONTRADICTED: gettext_lazy(
        "“%(value)s” does not go with the year of birth or with high school. Please check which is right."
    ),
    ErrorCode.LANGUAGE: gettext_lazy("“%(part)s” is not a language known here. Type “Japanese” or “English”."),
    ErrorCode.ZONE: gettext_lazy(
        "“%(value)s” is not a time zone. Type one such as Asia/Tokyo, or leave the cell empty."
    ),
    ErrorCode.INTEREST_RATING: gettext_lazy("The number in “%(part)s” is not 1 to 5. Type it as “music:5”."),
    ErrorCode.TOO_MANY_ITEMS: gettext_lazy("There are too many entries. Write up to %(limit)s."),
    ErrorCode.RATING: gettext_lazy(
        "“%(part)s” is not a rating. Type a number from 1 to 5, or say what the word means."
    ),
    ErrorCode.PERSON_UNKNOWN: gettext_lazy(
        "Nobody in this file is called “%(part)s”. Type the family and given name or the e-mail address as in the file."
    ),
    ErrorCode.PERSON_AMBIGUOUS: gettext_lazy(
        "Several people in this file are called “%(part)s”. Type the e-mail address instead."
    ),
    ErrorCode.PERSON_IS_SELF: gettext_lazy("“%(part)s” is the person of this row. Name another person."),
    ErrorCode.APART_AND_TOGETHER: gettext_lazy(
        "These two people are to be kept apart and together (%(email)s). Take one of the two wishes out."
    ),
    ErrorCode.MAX_COHORTS: gettext_lazy("“%(value)s” cannot be read. Type a number from 1 to %(limit)s."),
}

AVAILABILITY_SENTENCES: Final[Mapping[AvailabilityFault, Promise]] = {
    AvailabilityFault.UNREADABLE: gettext_lazy(
        "“%(part)s” cannot be read. Type days and times as “Mon 19:00-21:00; Sat 10:00-12:00”."
    ),
    AvailabilityFault.NO_DAY: gettext_lazy(
        "“%(part)s” names no weekday before the time. Type it as “Mon 19:00-21:00”."
    ),
    AvailabilityFault.NO_TIME: gettext_lazy(
        "“%(part)s” has no start and end. Type both, as in “Mon 19:00-21:00”, or “all day” (8:00 to 22:00)."
    ),
    AvailabilityFault.IMPOSSIBLE: gettext_lazy(
        "“%(part)s” holds a time that no clock shows. Start by 23:59 and end by 29:00 (5:00 the next day)."
    ),
    AvailabilityFault.BACKWARDS: gettext_lazy(
        "“%(part)s” ends before it begins. Type the earlier time first; past midnight as “22:00-25:00”."
    ),
    AvailabilityFault.UNCLEAR: gettext_lazy(
        "“%(part)s” can be read in two ways. Type the times from 0 to 24 with a colon, as in “19:00-21:00”."
    ),
    AvailabilityFault.HOURS_UNSAID: gettext_lazy(
        "“%(part)s” names no hours. Say what it means in this file, or type them, as in “13:00-17:00”."
    ),
    AvailabilityFault.NOT_EVERY_WEEK: gettext_lazy(
        "“%(part)s” is not every week, so it cannot be promised. Leave it out, or ask whether every week is right."
    ),
    AvailabilityFault.UNKNOWN_ANSWER: gettext_lazy("“%(part)s” is no answer known here. Type ○, △ or ×."),
    AvailabilityFault.TOO_MUCH: gettext_lazy("Too many times are listed. Put times that follow each other together."),
}

HEADERS: Final[Mapping[str, Promise]] = {
    Column.EMAIL: gettext_lazy("Email"),
    Column.GENERATION: gettext_lazy("Generation"),
    "name": gettext_lazy("Name"),
}


def sentence(error: RosterError) -> str:
    """Return one error in the active language: the row and column as the file has them, and what to do."""
    return _where(error) + what_to_do(error)


def what_to_do(error: RosterError) -> str:
    """Return what to do about an error, in the active language, for a table that shows row and column itself."""
    words = {"value": error.value, **error.detail}
    if error.code is ErrorCode.MISSING_HEADER:
        words["header"] = str(HEADERS[words["header"]])
    if error.code is ErrorCode.AVAILABILITY:
        return str(AVAILABILITY_SENTENCES[AvailabilityFault(words["fault"])]) % words + _instead(words)
    return str(SENTENCES[error.code]) % words


def _instead(words: Mapping[str, str]) -> str:
    """Return the weekly times that may be meant, as the reader would type them."""
    if not words.get("instead"):
        return ""
    language: Literal["ja", "en"] = "ja" if (get_language() or "ja").startswith("ja") else "en"
    printed = print_windows(read_windows(words["instead"]), language)
    return " " + _("If it is right every week, type: %(times)s") % {"times": printed}


def _where(error: RosterError) -> str:
    if error.in_column and error.line:
        letter = column_letter(error.line)
        if error.column:
            return _("Column %(letter)s, “%(column)s”: ") % {"letter": letter, "column": error.column}
        return _("Column %(letter)s: ") % {"letter": letter}
    if error.line and error.column:
        return _("Row %(row)s, “%(column)s”: ") % {"row": error.line, "column": error.column}
    if error.line:
        return _("Row %(row)s: ") % {"row": error.line}
    return ""

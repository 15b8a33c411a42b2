"""What the form asks about how a file is read: one question for each column, and one for each unclear answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue.core.generation import Generation
from dialogue.core.roster import AvailabilityFault, Column, ErrorCode, FileMapping, RosterError, UnreadableAvailability
from dialogue.core.roster.headers import FACILITATOR_COLUMNS, PARTICIPANT_COLUMNS, header_key
from dialogue.core.roster.mapping import Answer, Says
from dialogue.core.roster.mapping_text import print_hours, print_slot, read_hours_of
from dialogue.core.roster.mapping_toml import MAX_SLOT
from dialogue.core.roster.read import Attempt
from dialogue.core.roster.table import Table
from dialogue.core.text import for_comparing, short, visible
from dialogue.forms.fields import AddressField

NOT_READ: Final = ""
SLOT: Final = "slot"
RATING: Final = "rating"
MOST_ASKED: Final = 50
LONGEST_CELL: Final = 500

COLUMN_LABELS: Final[Mapping[Column, Promise]] = {
    Column.EMAIL: _("Mail address"),
    Column.SECOND_EMAIL: _("Second mail address"),
    Column.FULL_NAME: _("Name"),
    Column.FAMILY_NAME: _("Family name"),
    Column.GIVEN_NAME: _("Given name"),
    Column.FULL_KANA: _("Kana of the name"),
    Column.FAMILY_KANA: _("Kana of the family name"),
    Column.GIVEN_KANA: _("Kana of the given name"),
    Column.PREFERRED_NAME: _("What to be called"),
    Column.GENERATION: _("Generation"),
    Column.BIRTH_YEAR: _("Year of birth"),
    Column.ADULT: _("18 or over and not in high school"),
    Column.LANGUAGES: _("Languages"),
    Column.ZONE: _("Time zone"),
    Column.AFFILIATION: _("Affiliation"),
    Column.PARTNER: _("Partner"),
    Column.FIELD: _("Field of work or study"),
    Column.INTERESTS: _("Interests, as a list"),
    Column.AVAILABILITY: _("Days and times, as a text"),
    Column.KEEP_APART: _("People to keep apart from"),
    Column.KEEP_TOGETHER: _("People to keep together with"),
    Column.MAX_COHORTS: _("Cohorts at most"),
}
GENERATION_LABELS: Final = {Generation.STUDENT: _("Student"), Generation.ALUMNI: _("Second career")}
SAME_FOR_ALL: Final = (Column.PARTNER, Column.AFFILIATION, Column.ZONE, Column.LANGUAGES)
_ANSWERED: Final = {ErrorCode.GENERATION: "generation", ErrorCode.ADULT: "adult", ErrorCode.RATING: "rating"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A column of the file and its two fields; `detail` is None where nothing more needs saying."""

    use: Any
    detail: Any


def digest(*parts: str) -> str:
    """Return a short name for a text from a file, that can stand in the name of a field."""
    return sha256("\x1f".join(parts).encode()).hexdigest()[:16]


class HoursField(forms.CharField):
    """A stretch of hours such as 08:00-22:00."""

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return read_hours_of(visible(typed))
        except UnreadableAvailability as error:
            raise forms.ValidationError(_("Write hours like 19:00-22:00.")) from error


class MappingQuestions(forms.Form):
    """Every question about how one file is read, each beginning with what the mapping has."""

    def __init__(
        self, *args: Any, table: Table, mapping: FileMapping, attempt: Attempt, facilitators: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.table = table
        self.mapping = mapping
        self.facilitators = facilitators
        self.names = {f"use_{place}": name for place, name in enumerate(table.names) if name}
        self.words: dict[str, str] = {}
        self.meant: dict[str, tuple[str, str]] = {}
        self.people: dict[str, str] = {}
        self._add_columns()
        self._add_what_is_the_same()
        self._add_answers(attempt.errors)
        if mapping.times or Column.AVAILABILITY in mapping.columns.values():
            self._add_times()
        self._add_meanings(attempt.errors)

    def _add_columns(self) -> None:
        wanted = FACILITATOR_COLUMNS if self.facilitators else PARTICIPANT_COLUMNS
        choices = [
            (NOT_READ, _("Not read")),
            *((column.value, label) for column, label in COLUMN_LABELS.items() if column in wanted),
            (SLOT, _("Times of a day or a slot")),
        ]
        if not self.facilitators:
            choices.append((RATING, _("Rating of one interest")))
        uses, details = self._uses()
        for field, name in self.names.items():
            use = uses.get(header_key(name), NOT_READ)
            self.fields[field] = forms.ChoiceField(label=name, choices=choices, required=False, initial=use)
            if use in (SLOT, RATING):
                self.fields[detail_of(field)] = forms.CharField(
                    label=_("Day and hours") if use == SLOT else _("Interest"),
                    required=False,
                    max_length=120,
                    initial=details[header_key(name)],
                    help_text=_("月, 19:00-20:00 or 火 19:00-21:00. Leave it empty if the cells say both.")
                    if use == SLOT
                    else "",
                )

    def _uses(self) -> tuple[dict[str, str], dict[str, str]]:
        uses = {header_key(header): column.value for header, column in self.mapping.columns.items() if column}
        uses |= {header_key(header): SLOT for header in self.mapping.times}
        uses |= {header_key(header): RATING for header in self.mapping.interests}
        details = {header_key(header): print_slot(slot) for header, slot in self.mapping.times.items()}
        details |= {header_key(header): topic for header, topic in self.mapping.interests.items()}
        return uses, details

    def _add_what_is_the_same(self) -> None:
        constants = self.mapping.constants
        if not self.facilitators:
            self.fields["same_generation"] = forms.ChoiceField(
                label=_("Generation of everybody in the file"),
                required=False,
                choices=[
                    ("", _("As the file says")),
                    *((one.value, label) for one, label in GENERATION_LABELS.items()),
                ],
                initial=constants.get(Column.GENERATION, ""),
            )
        for column in SAME_FOR_ALL:
            if not self.facilitators or column in FACILITATOR_COLUMNS:
                self.fields[f"same_{column.value}"] = forms.CharField(
                    label=COLUMN_LABELS[column],
                    required=False,
                    max_length=120,
                    initial=constants.get(column, ""),
                )

    def _add_answers(self, errors: Iterable[RosterError]) -> None:
        mapping = self.mapping
        unknown: dict[str, dict[str, None]] = {"generation": {}, "adult": {}, "rating": {}, "answer": {}}
        for error in errors:
            kind = _ANSWERED.get(error.code)
            if error.detail.get("fault") == AvailabilityFault.UNKNOWN_ANSWER:
                kind = "answer"
            if kind and error.cell.strip() and len(unknown[kind]) < MOST_ASKED and len(error.cell) <= LONGEST_CELL:
                unknown[kind].setdefault(visible(error.cell))
        no_yes = [("", "–"), ("yes", _("Yes")), ("no", _("No"))]
        rates = [("", "–"), *((str(rating), str(rating)) for rating in range(6))]
        answers = [("", "–"), (Answer.YES, _("Can come")), (Answer.MAYBE, _("Perhaps")), (Answer.NO, _("Cannot come"))]
        sides = [("", "–"), *((one.value, label) for one, label in GENERATION_LABELS.items())]
        self._ask_words("generation", {text: one.value for text, one in mapping.generations.items()}, unknown, sides)
        self._ask_words("adult", {text: _no_yes(yes) for text, yes in mapping.adults.items()}, unknown, no_yes)
        self._ask_words("rating", {text: str(rating) for text, rating in mapping.ratings.items()}, unknown, rates)
        self._ask_words("answer", {text: one.value for text, one in mapping.rules.answers.items()}, unknown, answers)

    def _ask_words(
        self,
        kind: str,
        known: Mapping[str, str],
        unknown: Mapping[str, Mapping[str, None]],
        choices: list[tuple[Any, Any]],
    ) -> None:
        for text in {**dict.fromkeys(known), **unknown[kind]}:
            field = f"{kind}_{digest(text)}"
            self.words[field] = text
            self.fields[field] = forms.ChoiceField(
                label=_("“%(answer)s” means") % {"answer": short(text)},
                choices=choices,
                required=False,
                initial=known.get(text, ""),
            )

    def _add_times(self) -> None:
        rules = self.mapping.rules
        self.fields["says"] = forms.ChoiceField(
            label=_("The file lists the hours when people"),
            choices=[(Says.FREE.value, _("are free")), (Says.BUSY.value, _("are busy"))],
            widget=forms.RadioSelect,
            required=False,
            initial=rules.says.value,
        )
        if rules.says is Says.BUSY:
            self.fields["day"] = HoursField(
                label=_("A day lasts"),
                initial=print_hours(rules.day),
                help_text=_("People are free within these hours where they are not busy."),
            )
            self.fields["empty"] = forms.ChoiceField(
                label=_("A day with nothing listed"),
                choices=[("unknown", _("says nothing: no times are read")), ("free", _("is free all day"))],
                widget=forms.RadioSelect,
                required=False,
                initial="free" if rules.empty_is_free else "unknown",
            )
        elif any(slot.days and slot.hours for slot in self.mapping.times.values()):
            self.fields["maybe"] = forms.BooleanField(
                label=_("△ counts as free"), required=False, initial=rules.maybe_is_free
            )
        self.fields["clock"] = forms.TypedChoiceField(
            label=_("Times such as 7-9"),
            choices=[
                (0, _("are refused as unclear")),
                (24, _("mean the morning")),
                (12, _("need am or pm, also 7:00-9:00")),
            ],
            coerce=int,
            empty_value=0,
            required=False,
            initial=rules.clock,
        )
        self.fields["slot"] = forms.IntegerField(
            label=_("Minutes of a time without an end"),
            min_value=0,
            max_value=MAX_SLOT,
            required=False,
            initial=rules.slot_minutes,
            help_text=_("0: refused as unclear."),
        )
        for word, hours in rules.words.items():
            field = f"word_{digest(word)}"
            self.words[field] = word
            self.fields[field] = HoursField(
                label=_("“%(answer)s” means") % {"answer": short(word)},
                required=False,
                max_length=20,
                initial=print_hours(hours),
            )
        self.fields["new_word"] = forms.CharField(
            label=_("Another word for a time"), required=False, max_length=40, help_text=_("For example 1限.")
        )
        self.fields["new_word_hours"] = HoursField(label=_("Its hours"), required=False, max_length=20)

    def _add_meanings(self, errors: Iterable[RosterError]) -> None:
        heads = {short(name): name for name in self.table.names if name}
        for header, meanings in self.mapping.meant.items():
            for text, meaning in meanings.items():
                self._ask_meaning(header, text, meaning)
        for error in errors:
            if error.code is ErrorCode.SHARED_ADDRESS:
                name = error.detail["name"]
                self._ask_address(name, self.mapping.addresses.get(name, ""))
            elif error.column in heads and self.asks_for_cell(error) and len(self.meant) < MOST_ASKED:
                self._ask_meaning(heads[error.column], visible(error.cell), "")
        for name, address in self.mapping.addresses.items():
            self._ask_address(name, address)

    def asks_for_cell(self, error: RosterError) -> bool:
        """Return whether the coordinator may type what was meant by the cell of an error."""
        if error.code in _ANSWERED or error.detail.get("fault") == AvailabilityFault.UNKNOWN_ANSWER:
            return False
        return bool(error.cell.strip()) and len(error.cell) <= LONGEST_CELL

    def _ask_meaning(self, header: str, text: str, meaning: str) -> None:
        field = f"meant_{digest(header_key(header), text)}"
        if field not in self.fields:
            self.meant[field] = (header, text)
            self.fields[field] = forms.CharField(
                label=_("“%(answer)s” means") % {"answer": short(text)},
                required=False,
                max_length=LONGEST_CELL,
                initial=meaning,
            )

    def _ask_address(self, name: str, address: str) -> None:
        field = f"address_{digest(for_comparing(name))}"
        if field not in self.fields:
            self.people[field] = name
            self.fields[field] = AddressField(
                label=_("Address of %(name)s") % {"name": name}, required=False, max_length=254, initial=address
            )

    # For the page

    def columns(self) -> list[Asked]:
        """Return the fields of each column, in the order of the file."""
        return [
            Asked(self[field], self[detail_of(field)] if detail_of(field) in self.fields else None)
            for field in self.names
        ]

    def some(self, *prefixes: str) -> list[Any]:
        """Return the fields whose names start so."""
        return [self[name] for name in self.fields if name.startswith(prefixes)]

    def answer_fields(self) -> list[Any]:
        return self.some("generation_", "adult_", "rating_", "answer_")

    def time_fields(self) -> list[Any]:
        return self.some("says", "day", "empty", "maybe", "clock", "slot", "word_", "new_word")

    def same_fields(self) -> list[Any]:
        return self.some("same_")

    def field_for(self, error: RosterError) -> Any:
        """Return the field in which an error can be put right, None where only the file can be changed."""
        if error.code is ErrorCode.SHARED_ADDRESS:
            name = f"address_{digest(for_comparing(error.detail['name']))}"
            return self[name] if name in self.fields else None
        heads = {short(name): name for name in self.table.names if name}
        if error.column not in heads or not self.asks_for_cell(error):
            return None
        name = f"meant_{digest(header_key(heads[error.column]), visible(error.cell))}"
        return self[name] if name in self.fields else None


def detail_of(field: str) -> str:
    return field.replace("use_", "detail_", 1)


def _no_yes(yes: bool) -> str:
    return "yes" if yes else "no"

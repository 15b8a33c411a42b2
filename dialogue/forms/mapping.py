"""The form that corrects how a file is read: its answers as a mapping. What it asks is `mapping_questions`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from dialogue.core.generation import Generation
from dialogue.core.roster import Column, FileMapping, UnreadableAvailability
from dialogue.core.roster.guess_heads import slot_of, topic_of
from dialogue.core.roster.mapping import ANYWHERE, Answer, Says, Slot, TimeRules
from dialogue.core.roster.mapping_text import mapping_to_toml, slot_from
from dialogue.core.roster.mapping_toml import MAX_CHARACTERS
from dialogue.core.text import narrow, short, visible
from dialogue.forms.mapping_questions import NOT_READ, RATING, SLOT, MappingQuestions, detail_of


class MappingForm(MappingQuestions):
    """Answers about how one file is read. What is not asked stays as the mapping has it."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        taken: dict[str, str] = {}
        for field, name in self.names.items():
            use = cleaned.get(field, NOT_READ)
            if use in (NOT_READ, SLOT, RATING):
                continue
            if use in taken:
                self.add_error(field, _("“%(other)s” is read as this already.") % {"other": short(taken[use])})
            taken.setdefault(use, name)
        self._check_slots(cleaned)
        if bool(cleaned.get("new_word", "").strip()) != bool(cleaned.get("new_word_hours")):
            self.add_error("new_word", _("Write the word and its hours."))
        if not self.errors and len(mapping_to_toml(self.corrected())) > MAX_CHARACTERS:
            self.add_error(None, _("This is too much for one mapping. Put some of it right in the file."))
        return cleaned

    def _check_slots(self, cleaned: Mapping[str, Any]) -> None:
        says = cleaned.get("says") or self.mapping.rules.says.value
        for field, name in self.names.items():
            if cleaned.get(field) != SLOT:
                continue
            try:
                slot = self._slot(field, name)
            except UnreadableAvailability:
                self.add_error(detail_of(field), _("Write a day, hours or both, like 火 19:00-21:00."))
                continue
            if says == Says.BUSY and slot.hours:
                self.add_error(
                    detail_of(field) if detail_of(field) in self.fields else field,
                    _("Busy hours are read from one column for each day. This column names hours itself."),
                )

    def _slot(self, field: str, name: str) -> Slot:
        if detail_of(field) in self.fields:
            return slot_from(visible(self.cleaned_data.get(detail_of(field), "")))
        return slot_of(name, lasts=self.mapping.rules.slot_minutes or 90) or ANYWHERE

    def corrected(self) -> FileMapping:
        """Return the mapping with what was answered."""
        given = self.cleaned_data
        columns: dict[str, Column | None] = {}
        times: dict[str, Slot] = {}
        interests: dict[str, str] = {}
        for field, name in self.names.items():
            use = given[field]
            if use == SLOT:
                times[name] = self._slot(field, name)
            elif use == RATING:
                interests[name] = visible(given.get(detail_of(field), "")) or topic_of(name) or name
            else:
                columns[name] = Column(use) if use else None
        return replace(
            self.mapping,
            columns=columns,
            times=times,
            interests=interests,
            constants=self._constants(),
            generations={text: Generation(value) for text, value in self._answered("generation")},
            adults={text: value == "yes" for text, value in self._answered("adult")},
            ratings={text: int(value) for text, value in self._answered("rating")},
            rules=self._rules(),
            meant=self._meanings(),
            addresses={name: given[field] for field, name in self.people.items() if given.get(field)},
        )

    def _answered(self, kind: str) -> list[tuple[str, str]]:
        return [
            (text, value)
            for field, text in self.words.items()
            if field.startswith(f"{kind}_") and (value := self.cleaned_data.get(field))
        ]

    def _constants(self) -> dict[Column, str]:
        asked = {
            Column(field.removeprefix("same_")): visible(value or "")
            for field, value in self.cleaned_data.items()
            if field.startswith("same_")
        }
        kept = {column: text for column, text in self.mapping.constants.items() if column not in asked}
        return kept | {column: text for column, text in asked.items() if text}

    def _rules(self) -> TimeRules:
        given, rules = self.cleaned_data, self.mapping.rules
        rules = replace(rules, answers={text: Answer(value) for text, value in self._answered("answer")})
        if "clock" not in self.fields:
            return rules
        words: dict[str, Any] = dict(self._answered("word"))
        if given.get("new_word_hours"):
            words[narrow(visible(given["new_word"])).lower()] = given["new_word_hours"]
        return replace(
            rules,
            says=Says(given.get("says") or rules.says),
            day=given.get("day") or rules.day,
            empty_is_free=given["empty"] == "free" if "empty" in self.fields else rules.empty_is_free,
            maybe_is_free=given["maybe"] if "maybe" in self.fields else rules.maybe_is_free,
            clock=given["clock"],
            slot_minutes=given["slot"] or 0,
            words=words,
        )

    def _meanings(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for field, (header, text) in self.meant.items():
            if meaning := visible(self.cleaned_data.get(field, "")):
                found.setdefault(header, {})[text] = meaning
        return found

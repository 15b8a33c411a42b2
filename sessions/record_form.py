"""The two-minute record as a form, and what it shows first."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dialogue.core.wording import format_name
from sessions.forms import Ticks
from sessions.models import Attendance, FacilitatorRecord, SafetyMark, SessionPrompt
from sessions.models.safety import LINE_LENGTH
from sessions.services.writing import RecordDraft

NO_PROMPT: Final = ""
COMES: Final = {Attendance.Answer.YES, Attendance.Answer.LATE}
SHORTEST_NAME: Final = 2
"""Characters of a name that is looked for: one alone stands in many a word."""


class RecordForm(forms.Form):
    """Who came, which prompt moved the circle, how deep next time. The only text is a line to the safety contacts."""

    came = Ticks(
        label=_("Who came?"),
        help_text=_(
            "We have ticked those who said they would. Please correct it. Tick nobody if it did not take place."
        ),
        widget=forms.CheckboxSelectMultiple,
    )
    moved_by = forms.ChoiceField(label=_("Which prompt moved the circle?"), required=False, widget=forms.RadioSelect)
    next_depth = forms.ChoiceField(
        label=_("How deep shall the prompts of the next session go?"),
        choices=FacilitatorRecord.NextDepth.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one. It is a feeling, not a mark.")},
    )
    follow_up = forms.BooleanField(
        label=_("I would like the coordinators to call me about this session"), required=False
    )
    safety = forms.BooleanField(label=_("Mark for safety: the safety contacts shall look at this"), required=False)
    line = forms.CharField(
        label=_("A line to the safety contacts"),
        help_text=_(
            "Up to 200 characters, for example when they can call you. Please no names and nothing of what was told. "
            "Only they read it, with your name and mail address, and we keep it encrypted."
        ),
        required=False,
        max_length=LINE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def __init__(
        self,
        *args: Any,
        attendances: Sequence[Attendance],
        prompts: Sequence[SessionPrompt],
        was_in_the_room: bool = False,
        **kwargs: Any,
    ) -> None:
        """Offer the people who were expected (with their person) and the prompts (with their text)."""
        super().__init__(*args, **kwargs)
        language = get_language() or "ja"
        self.fields["came"].choices = [
            (str(one.person_id), format_name(name=one.person.preferred_name, language=language)) for one in attendances
        ]
        if was_in_the_room:
            self.fields["came"].help_text = _(
                "We have ticked those who were in the room. Please correct it. Tick nobody if it did not take place."
            )
        self._people = [one.person for one in attendances]
        self._prompts = {str(one.pk): one for one in prompts}
        self.fields["moved_by"].choices = [
            *(
                (pk, one.prompt.text_ja if language == "ja" else one.prompt.text_en)
                for pk, one in self._prompts.items()
            ),
            (NO_PROMPT, _("None in particular")),
        ]

    def clean_came(self) -> list[int]:
        """Return the people by primary key."""
        return [int(pk) for pk in self.cleaned_data["came"]]

    def clean_moved_by(self) -> SessionPrompt | None:
        """Return the prompt of this session, if one was chosen."""
        return self._prompts.get(self.cleaned_data["moved_by"])

    def is_sound(self) -> bool:
        """Whether it can be kept as it is: all that may be wrong is that something is not chosen yet."""
        return self.is_bound and all(
            error.code == "required" for errors in self.errors.as_data().values() for error in errors
        )

    def draft(self) -> RecordDraft:
        """Return what is said so far. A line without its tick is a mark too: nobody writes one for nothing."""
        said = self.cleaned_data
        line = said.get("line", "")
        return RecordDraft(
            came=said.get("came", ()),
            next_depth=said.get("next_depth", ""),
            moved_by=said.get("moved_by"),
            follow_up=said.get("follow_up", False),
            safety=line if line or said.get("safety") else None,
        )

    def names_somebody(self) -> bool:
        """Whether the line seems to hold the name of somebody in the circle."""
        line = self.cleaned_data.get("line", "").casefold()
        names = {name for one in self._people for name in (one.preferred_name, one.family_name, one.given_name)}
        return any(name.casefold() in line for name in names if len(name) >= SHORTEST_NAME)


def was_in_the_room(attendances: Sequence[Attendance]) -> bool:
    """Whether the room has told who was there."""
    return any(one.came for one in attendances)


def what_we_know(
    record: FacilitatorRecord | None, attendances: Sequence[Attendance], mark: SafetyMark | None
) -> dict[str, object]:
    """Return what the form shows first: the record as it was left; else who was in the room, or had said to come."""
    known: dict[str, object] = {"safety": mark is not None, "line": mark.line if mark else ""}
    if record is not None and record.draft_came is not None:
        ticked = [one for one in attendances if one.person_id in record.draft_came]
    elif record is not None or was_in_the_room(attendances):
        ticked = [one for one in attendances if one.came]
    else:
        ticked = [one for one in attendances if one.answer in COMES]
    known["came"] = [str(one.person_id) for one in ticked]
    if record is not None:
        known |= {
            "moved_by": str(record.moved_by_id or ""),
            "next_depth": record.next_depth,
            "follow_up": record.follow_up,
        }
    return known

"""The form of a term as it stands on a page, with its weekly times, expected dates and warnings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dialogue.closed_set_words import CLOSED_SETS
from dialogue.core.named_slots import OfferedSlot
from dialogue.core.term_outlook import Outlook
from dialogue.forms.terms import BaseSlotForms, SlotForms, TermForm, slots_as_typed
from dialogue.models import Programme, Term
from dialogue.slot_figures import takers_of
from dialogue.term_warnings import TermWarning, outlook_of, warnings_about, warnings_about_rooms, warnings_about_video


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The form of a term with its weekly times, and what is already known of its dates."""

    form: TermForm
    slots: BaseSlotForms
    outlook: Outlook | None
    warnings: Sequence[TermWarning]
    takers: Mapping[int, int]
    """How many facilitators can take the time of each form of `slots`, by its place."""

    @property
    def seen(self) -> str:
        """The warnings that stand on the page, so that saving again means that they were read."""
        return " ".join(warning.key for warning in self.warnings)

    def context(self) -> dict[str, Any]:
        return {
            "form": self.form,
            "slots": self.slots,
            "rows": [(form, self.takers.get(place)) for place, form in enumerate(self.slots.forms)],
            "outlook": self.outlook,
            "closed": closed_by_set(self.outlook) if self.outlook else [],
            "warnings": self.warnings,
            "seen": self.seen,
        }


def closed_by_set(outlook: Outlook) -> list[tuple[Any, list[date]]]:
    """Return the closed days between first and last session, by what closes them."""
    found: dict[Any, list[date]] = {}
    for day, reason in outlook.closed.items():
        found.setdefault(CLOSED_SETS.get(reason) or _("Closed by the host"), []).append(day)
    return list(found.items())


def sheet_of(
    request: HttpRequest,
    ask: Any,
    answers: dict[str, Any],
    slots: Sequence[OfferedSlot],
    *,
    programme: Programme | None,
    term: Term | None = None,
    settled: bool = False,
    kept: Sequence[Any] = (),
) -> Sheet:
    """Return the sheet as it is to be shown: with the first answers, or with what was typed.

    Pressing "Add a time" asks again with one empty row more, before anything is checked.
    """
    if request.method != "POST":
        form, slot_forms = ask(None, answers), SlotForms(prefix="slots", initial=slots_as_typed(slots))
        offered = list(slots)
        places = dict(enumerate(slots))
    elif request.POST.get("do") == "add":
        typed, rows = ask(request.POST, answers), SlotForms(request.POST, prefix="slots")
        form = ask(None, {**answers, **{name: typed[name].data for name in typed.fields}})
        again = [_as_typed(row) for row in rows.forms if not row["DELETE"].data]
        slot_forms = SlotForms(prefix="slots", initial=[*again, {}][: SlotForms.max_num])
        return Sheet(form=form, slots=slot_forms, outlook=None, warnings=(), takers={})
    else:
        form, slot_forms = ask(request.POST, answers), SlotForms(request.POST, prefix="slots")
        form.is_valid()
        slot_forms.is_valid()
        minutes = term.session_minutes if settled and term else form.cleaned_data.get("session_minutes")
        slot_forms.suits(session_minutes=minutes, kept=kept)
        offered = slot_forms.slots()
        places = {place: slot for place, row in enumerate(slot_forms.forms) if (slot := row.slot())}
        programme = form.cleaned_data.get("programme") or programme
    weekdays = sorted({slot.window.weekday for slot in offered})
    outlook = outlook_of(term, weekdays=weekdays) if settled and term else form.outlook(weekdays)
    said = form.cleaned_data if form.is_bound else {**form.initial}
    starts_on = term.starts_on if settled and term else said.get("starts_on")
    warnings = warnings_about(outlook=outlook, name=str(said.get("name") or ""), starts_on=starts_on)
    lasts = term.session_minutes if settled and term else said.get("session_minutes") or form.instance.session_minutes
    warnings += warnings_about_rooms(form.rooms(), minutes=lasts)
    if settled and term:
        warnings += warnings_about_video(before=term.video, wanted=said.get("video"))
    zone = term.zone if settled and term else said.get("zone")
    takers: dict[int, int] = {}
    if programme and outlook and zone and places:
        found = takers_of(
            [slot.window for slot in places.values()], programme=programme, zone=zone, dates=outlook.dates_by_weekday
        )
        takers = dict(zip(places, found, strict=True))
    return Sheet(form=form, slots=slot_forms, outlook=outlook, warnings=warnings, takers=takers)


def _as_typed(row: Any) -> dict[str, Any]:
    return {name: row[name].data for name in ("weekday", "starts", "ends", "name")}


def may_be_saved(request: HttpRequest, sheet: Sheet) -> bool:
    """Tell whether to save now: it was asked for, nothing is wrong, and every warning stood on the page before."""
    if request.method != "POST" or request.POST.get("do") in {"add", "look"}:
        return False
    sound = sheet.form.is_valid() and sheet.slots.is_valid() and not sheet.slots.non_form_errors()
    return sound and set(sheet.seen.split()) <= set(request.POST.get("seen", "").split())

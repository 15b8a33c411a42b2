"""What a coordinator fills in about a term."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from dialogue.closed_set_words import CLOSED_SETS
from dialogue.core.closed_day_lines import MOST_DAYS, BadLine, Fault, days_in, read_closed_days
from dialogue.core.closed_days import ClosedSet
from dialogue.core.named_slots import OfferedSlot, first_overlap, read_end
from dialogue.core.recurrence import Cadence
from dialogue.core.room_lines import Room, read_room, rooms_of
from dialogue.core.term_names import fiscal_year_of
from dialogue.core.term_outlook import Outlook, outlook_for
from dialogue.core.text import narrow, visible
from dialogue.core.typed_moment import read_clock
from dialogue.core.wall_clock import zone_named
from dialogue.core.week import WeeklyWindow
from dialogue.core.wording import JAPANESE, format_clock
from dialogue.forms.fields import DayField, LinesField
from dialogue.models import ClosedDay, NamedSlot, Person, Programme, Term
from dialogue.services.terms import FIXED_BY_COHORTS
from dialogue.video import offered, why_others_do_not

GRID: Final = 30
"""Minutes: times are offered at full and half hours."""
MOST_SLOTS: Final = 12
MOST_CLOSED_DAYS: Final = 500
"""In all, over up to three years."""
USUAL_LEAST: Final = 2
MOST_LEAST: Final = 6


_CLOSED_DAY_FAULTS: Final = {
    Fault.NO_DAY: _(
        "“%(line)s” does not start with a day. Write it like 2027-01-20 Exams, or 2027-01-20 to 2027-01-26 Exams."
    ),
    Fault.BACKWARDS: _("“%(line)s” ends before it begins."),
    Fault.TOO_LONG: _("“%(line)s” is longer than %(most)s days. Check the year, or write several lines."),
}


class TermForm(forms.ModelForm):
    """A term: what cannot wait is asked, and everything has the usual answer already.

    With `settled`, cohorts exist: what they were formed by is not asked any more.
    """

    starts_on = DayField(
        label=_("First possible day"), help_text=_("Each cohort starts on its own weekday, on this day or soon after.")
    )
    closed_sets = forms.MultipleChoiceField(
        label=_("Days without sessions"),
        choices=[(name.value, label) for name, label in CLOSED_SETS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("A session that would fall on such a day moves to the next turn. The number of sessions stays."),
    )
    closed_days = LinesField(
        label=_("Exam weeks, holidays and other days without sessions"),
        required=False,
        help_text=_(
            "One day or stretch of days a line, with its reason if you like: 2027-01-20 to 2027-01-26 Exams, or"
            " 2027-05-20 Anniversary"
        ),
    )
    video = forms.ChoiceField(label=_("How people see and hear each other"), widget=forms.RadioSelect)
    room_urls = LinesField(
        label=_("Video links"),
        required=False,
        help_text=_(
            "One link a line. Add its limit in minutes and a name, if you like: https://meet.example.com/a 40 min A."
            " Cohorts that meet at the same time get different links."
            " Where people meet in Jitsi or in Madoi's own room, links are needed for gatherings only."
        ),
    )
    sign_up_until = DayField(
        label=_("Last day to sign up"),
        required=False,
        help_text=_("After this day the links no longer open the sign-up. Empty: they stay open until you close them."),
    )

    class Meta:
        model = Term
        fields = (
            "programme", "name", "fiscal_year", "starts_on", "cadence", "session_count", "session_minutes", "zone",
            "closed_sets", "closed_days", "size_min", "size_max", "min_per_generation", "student_affiliation",
            "alumni_affiliation", "met_before", "video", "measures_speaking", "room_urls", "contact", "introduction",
            "introduction_en", "sign_up_until", "checks_identity",
        )  # fmt: skip
        labels = {
            "programme": _("Programme"),
            "name": _("Name of the term"),
            "fiscal_year": _("Fiscal year (from 1 April)"),
            "cadence": _("How often a cohort meets"),
            "session_count": _("Number of sessions"),
            "session_minutes": _("Minutes of a session"),
            "zone": _("Time zone of the programme"),
            "size_min": _("People in a cohort, at least"),
            "size_max": _("People in a cohort, at most"),
            "student_affiliation": _("Students of the same school"),
            "alumni_affiliation": _("People with the same employer"),
            "min_per_generation": _("People of each generation, at least"),
            "met_before": _("People who have shared a cohort in an earlier term"),
            "contact": _("Contact on the day"),
            "introduction": _("Introduction for who signs up"),
            "introduction_en": _("Introduction in English"),
            "checks_identity": _("An adult must be known to us before sharing a cohort with anyone under 18"),
            "measures_speaking": _("Count speaking time in Madoi's own room, if everybody agrees"),
        }
        help_texts = {
            "name": _("Participants see it in mails and calendars. For example: 1st term 2027"),
            "fiscal_year": _("Empty: the year of the first possible day."),
            "session_count": _("Usual: 4 every two weeks to try it out, 8 every week, 12 every month."),
            "session_minutes": _("Usual: 90. For monthly sessions: 120."),
            "zone": _("For example Asia/Tokyo or Europe/London. People elsewhere also see their own time."),
            "min_per_generation": _(
                "Usual: 2, so that nobody is the only one of their generation. More makes it harder to find a place for"
                " everybody."
            ),
            "met_before": _(
                "“New faces where possible” costs nobody a place. “Never” is a rule, for repairs too, and may leave"
                " people waiting; the run then says how many."
            ),
            "contact": _("A phone number or an address for somebody who cannot get in."),
            "introduction": _("It stands at the head of the sign-up, on flyers and in texts to send."),
            "introduction_en": _("Empty: English readers get a general text."),
            "checks_identity": _(
                "Leave this on when people under 18 or at a high school may come. It changes nothing while nobody is."
            ),
            "measures_speaking": _(
                "The picture of shared time then rests on seconds of speaking instead of the guide's turns. Each person"
                " is asked before they come in and may say no without any drawback; if one person does, or somebody is"
                " under 18, nobody is counted in that session. Nothing is recorded, and only the circle's figure stays."
            ),
        }
        widgets = {
            "introduction": forms.Textarea(attrs={"rows": 6}),
            "introduction_en": forms.Textarea(attrs={"rows": 6, "lang": "en"}),
        }

    def __init__(self, *args: Any, reader: Person, today: date, settled: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["starts_on"].today = today
        self.fields["sign_up_until"].today = today
        self.today = today
        self._ask_for_video()
        if self.instance.programme_id:
            del self.fields["programme"]
        else:
            self._ask_for_programme(reader)
        if settled:
            for name in FIXED_BY_COHORTS & set(self.fields):
                del self.fields[name]

    def _ask_for_programme(self, reader: Person) -> None:
        programmes = Programme.objects.managed_by(reader).order_by("name")
        self.fields["programme"].queryset = programmes
        if len(programmes) == 1:
            self.initial["programme"] = programmes[0].pk
            self.fields["programme"].widget = forms.HiddenInput()

    def _ask_for_video(self) -> None:
        field = self.fields["video"]
        field.choices = offered(kept=self.instance.video)
        field.help_text = " ".join(map(str, [*why_others_do_not(), _("Sessions that are booked keep their links.")]))
        if self.initial.get("video") not in dict(field.choices):
            self.initial["video"] = self.instance.video  # the term that is copied met in a way that is gone
        if Term.Video.OWN not in dict(field.choices):
            del self.fields["measures_speaking"]

    def clean_name(self) -> str:
        name = visible(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"], code="required")
        return name

    def clean_starts_on(self) -> date:
        return self._not_over("starts_on")

    def clean_sign_up_until(self) -> date | None:
        return self._not_over("sign_up_until")

    def _not_over(self, field: str) -> Any:
        """Refuse a day that has passed, but for the one that the term has already."""
        day = self.cleaned_data[field]
        if day is not None and day < self.today and not (self.instance.pk and day == self.initial.get(field)):
            raise forms.ValidationError(_("This day has passed."))
        return day

    def clean_min_per_generation(self) -> int:
        """Return the least of each generation. One alone is kept where a term has it, and is offered to none."""
        least: int = self.cleaned_data["min_per_generation"]
        if least < min(USUAL_LEAST, self.instance.min_per_generation):
            raise forms.ValidationError(_("Two at least: nobody should be the only one of their generation."))
        if least > MOST_LEAST:
            raise forms.ValidationError(_("Six at most: then a cohort has twelve people."))
        return least

    def clean_zone(self) -> str:
        zone = narrow(visible(self.cleaned_data["zone"]))
        try:
            return zone_named(zone).key
        except ValueError as error:
            raise forms.ValidationError(_("There is no time zone of this name. Try Asia/Tokyo.")) from error

    def clean_closed_days(self) -> dict[date, str]:
        """Return each day with its reason."""
        days: dict[date, str] = {}
        faults = []
        for line in self.cleaned_data["closed_days"]:
            params = {"line": line[:80], "most": MOST_DAYS}
            try:
                some, reason = read_closed_days(line, today=self.today)
            except BadLine as error:
                faults.append(forms.ValidationError(_CLOSED_DAY_FAULTS[error.fault], params=params))
                continue
            if len(reason) > ClosedDay.reason.field.max_length:
                faults.append(forms.ValidationError(_("“%(line)s”: the reason is too long."), params=params))
            days |= dict.fromkeys(some, reason)
        if len(days) > MOST_CLOSED_DAYS:
            faults.append(
                forms.ValidationError(_("Name %(most)s days at most in all."), params={"most": MOST_CLOSED_DAYS})
            )
        if faults:
            raise forms.ValidationError(faults)
        return days

    def clean_room_urls(self) -> list[str]:
        """Return the links, and keep what is said of each as `room_notes`."""
        rooms: dict[str, Room] = {}
        for line in self.cleaned_data["room_urls"]:
            try:
                room = read_room(line)
            except ValueError as error:
                raise forms.ValidationError(
                    _("“%(line)s”: write the minutes like 40 min, and a name of 60 characters at most."),
                    params={"line": line[:80]},
                ) from error
            if not _is_web_link(room.url):
                raise forms.ValidationError(
                    _("“%(link)s” is not a whole link. It starts with https://"), params={"link": room.url[:80]}
                )
            rooms.setdefault(room.url, room)
        self.cleaned_data["room_notes"] = {room.url: room.note for room in rooms.values() if room.note}
        return list(rooms)

    def clean_fiscal_year(self) -> int | None:
        year = self.cleaned_data["fiscal_year"]
        if year is not None and not 2000 <= year <= 2099:
            raise forms.ValidationError(_("Write the year like 2027."))
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        smallest, largest = cleaned.get("size_min"), cleaned.get("size_max")
        least = cleaned.get("min_per_generation")
        if smallest is not None and least is not None and smallest < 2 * least:
            words = _("With %(least)s people of each generation, a cohort has %(size)s people at least.")
            self.add_error("size_min", forms.ValidationError(words, params={"least": least, "size": 2 * least}))
        if smallest is not None and largest is not None and largest < smallest:
            self.add_error("size_max", _("This is less than the number above."))
        if largest is not None and largest > 12:
            self.add_error("size_max", _("Twelve at most. In larger circles few people get to speak."))
        if cleaned.get("measures_speaking") and cleaned.get("video") not in {None, Term.Video.OWN}:
            self.add_error(
                "measures_speaking",
                _("This works in Madoi's own room alone. Choose that room above, or leave this off."),
            )
        programme = cleaned.get("programme") or (self.instance.programme if self.instance.programme_id else None)
        name = cleaned.get("name")
        if programme and name and programme.terms.filter(name=name).exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("This programme has a term of this name already."))
        starts_on = cleaned.get("starts_on")
        begins = starts_on or self.instance.starts_on
        if begins and "fiscal_year" in cleaned and cleaned["fiscal_year"] is None:
            cleaned["fiscal_year"] = fiscal_year_of(begins)
        if starts_on and not self.errors and self.outlook(range(7)) is None:
            self.add_error("starts_on", _("This is too far away."))
        return cleaned

    def validate_constraints(self) -> None:
        """Leave the database's own sentences aside: `clean` has said the same in the reader's words."""

    def values(self) -> dict[str, Any]:
        """Return the fields of the term without its programme and its closed days, which are rows of their own."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("programme", "closed_days")}

    def rooms(self) -> list[Room]:
        """Return the video links that were typed, or that the term has. Unread lines are left out."""
        if self.is_bound:
            said = self.cleaned_data
            return rooms_of(said.get("room_urls") or [], said.get("room_notes") or {})
        return rooms_of(self.instance.room_urls, self.instance.room_notes)

    def outlook(self, weekdays: Sequence[int]) -> Outlook | None:
        """Return what the dates would be; None while they cannot be known. Before anything is typed: as proposed."""
        said = self.cleaned_data if self.is_bound else self.initial
        try:
            lines = said.get("closed_days") or ""
            closed = lines if self.is_bound else days_in(lines, today=self.today)
            return outlook_for(
                starts_on=said["starts_on"],
                cadence=Cadence(said["cadence"]),
                session_count=int(said["session_count"]),
                closed_sets=frozenset(map(ClosedSet, said["closed_sets"])),
                closed_days=closed,
                weekdays=weekdays,
            )
        except (KeyError, ValueError, OverflowError):
            return None


class SlotForm(forms.Form):
    """One weekly time that a term offers. All empty: there is none."""

    weekday = forms.TypedChoiceField(
        label=_("Weekday"), choices=[("", "–"), *WEEKDAYS.items()], coerce=int, empty_value=None
    )
    starts = forms.CharField(label=_("From"), max_length=20, widget=forms.TextInput(attrs={"placeholder": "19:00"}))
    ends = forms.CharField(label=_("To"), max_length=20, widget=forms.TextInput(attrs={"placeholder": "21:00"}))
    name = forms.CharField(
        label=_("What this time is called"),
        max_length=NamedSlot.name.field.max_length,
        required=False,
        widget=forms.TextInput(),
    )

    def clean_starts(self) -> int:
        return self._on_the_grid(self._read("starts", read_clock))

    def clean_ends(self) -> int:
        return self._on_the_grid(self._read("ends", read_end))

    def _read(self, field: str, read: Any) -> int:
        try:
            return read(self.cleaned_data[field])
        except ValueError as error:
            raise forms.ValidationError(
                _("Write the time like 19:00. For one o'clock at night as the end: 25:00.")
            ) from error

    def _on_the_grid(self, minute: int) -> int:
        if minute % GRID:
            raise forms.ValidationError(_("Write a full or a half hour."))
        return minute

    def clean_name(self) -> str:
        return visible(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts is not None and ends is not None and not starts < ends <= starts + 1440:
            self.add_error("ends", _("This is not after the beginning. For one o'clock at night write 25:00."))
        return cleaned

    def slot(self) -> OfferedSlot | None:
        """Return what was typed, if anything was and it holds together."""
        said = getattr(self, "cleaned_data", {})
        if self.errors or not said or said.get("weekday") is None or self.cleaned_data.get("DELETE"):
            return None
        return OfferedSlot(WeeklyWindow(said["weekday"], said["starts"], said["ends"]), said["name"])


class BaseSlotForms(forms.BaseFormSet):
    """The weekly times of a term together."""

    default_error_messages = {
        **forms.BaseFormSet.default_error_messages,
        "too_many_forms": _("Offer twelve times at most."),
    }

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.empty_permitted = True  # an empty row is no time, wherever it stands
        form.use_required_attribute = False
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Take this time out")

    def slots(self) -> list[OfferedSlot]:
        """Return the times that hold together, in order of the week."""
        return sorted(slot for form in self.forms if (slot := form.slot()))

    def suits(self, *, session_minutes: int | None, kept: Sequence[NamedSlot] = ()) -> bool:
        """Look at the times as a whole and say at each what is wrong: overlaps, too short, answered already."""
        for form in self.forms:
            slot = form.slot()
            if slot and session_minutes and slot.window.minutes < session_minutes:
                form.add_error("ends", _("This time is shorter than a session."))
        windows = [slot.window for slot in self.slots()]
        if overlap := first_overlap(windows):
            last = next(form for form in reversed(self.forms) if (slot := form.slot()) and slot.window == overlap[1])
            last.add_error("starts", _("This time overlaps with another one that you offer."))
        gone = [slot for slot in kept if WeeklyWindow(slot.weekday, slot.starts, slot.ends) not in windows]
        if gone:
            self._non_form_errors.append(
                _("People have answered for one of the times that you changed or took out. It can only be renamed.")
            )
        return not gone and not any(form.errors for form in self.forms)


SlotForms = forms.formset_factory(
    SlotForm,
    formset=BaseSlotForms,
    extra=0,
    can_delete=True,
    max_num=MOST_SLOTS,
    absolute_max=2 * MOST_SLOTS,
    validate_max=True,
)


def slots_as_typed(slots: Sequence[OfferedSlot]) -> list[dict[str, Any]]:
    """Return times as somebody would type them."""
    return [
        {
            "weekday": slot.window.weekday,
            "starts": format_clock(minute=slot.window.starts, language=JAPANESE),
            "ends": f"{slot.window.ends // 60}:{slot.window.ends % 60:02}",
            "name": slot.name,
        }
        for slot in slots
    ]


def _is_web_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.hostname) and len(text) <= 200 and " " not in text

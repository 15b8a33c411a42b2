"""Change the place or the video link of one session, or of all from here on."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dialogue import clock
from dialogue.core.room_lines import Room, rooms_of
from dialogue.core.text import visible
from dialogue.models import Term
from sessions.core.lifecycle import IllegalMove
from sessions.link_words import link_words
from sessions.models import DialogueSession
from sessions.seen import seen_in, seen_text
from sessions.services.booking import TimeTaken
from sessions.services.changing import ChangedMeanwhile
from sessions.services.places import change_place

Status = DialogueSession.Status
ONE, ALL = "one", "all"


class PlaceForm(forms.Form):
    """A link of the term or none, a place or none, for one session or all that follow."""

    room_url = forms.ChoiceField(label=gettext_lazy("Video link"), required=False, widget=forms.RadioSelect)
    place = forms.CharField(
        label=gettext_lazy("Place"),
        max_length=DialogueSession.place.field.max_length,
        required=False,
        help_text=gettext_lazy("Where people meet in person, if they do. Empty: online only."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    which = forms.ChoiceField(
        label=gettext_lazy("Which of the sessions"),
        choices=[(ONE, gettext_lazy("This session only")), (ALL, gettext_lazy("This one and all after it"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, session: DialogueSession, **options: Any) -> None:
        term = session.cohort.term
        usual = {"room_url": session.room_url, "place": session.place, "which": ONE}
        super().__init__(*args, initial=usual, **options)
        rooms = rooms_of(term.room_urls, term.room_notes)
        if session.room_url and session.room_url not in term.room_urls:
            rooms.append(Room(url=session.room_url))
        minutes = int((session.ends_at - session.starts_at).total_seconds()) // 60
        choices = [(room.url, link_words(room, minutes)) for room in rooms]
        usual_way = _("No link") if term.video == Term.Video.LINK else term.get_video_display()
        self.fields["room_url"].choices = [*choices, ("", usual_way)]

    def clean_place(self) -> str:
        return visible(self.cleaned_data["place"])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask where a session is held, and change it for this one or for all from here on."""
    rows = DialogueSession.objects.managed_by(request.user)
    session = get_object_or_404(rows.select_related("cohort__term__programme", "cohort__facilitation"), pk=pk)
    now = clock.now()
    context = {"term": session.cohort.term, "tab": "sessions", "session": session}
    if session.status != Status.CONFIRMED or session.ends_at <= now:
        return render(request, "sessions/coordinator/session_fixed.html", context)
    later = session.cohort.sessions.filter(status=Status.CONFIRMED, starts_at__gte=session.starts_at, ends_at__gt=now)
    later = list(later.order_by("starts_at", "pk"))
    form = PlaceForm(request.POST or None, session=session)
    if form.is_valid():
        seen = seen_in(request.POST)
        wanted = later if form.cleaned_data["which"] == ALL else [session]
        try:
            changed = change_place(
                cohort_id=session.cohort_id,
                seen={one.pk: seen.get(one.pk, -1) for one in wanted},
                place=form.cleaned_data["place"],
                room_url=form.cleaned_data["room_url"],
                now=now,
                actor=request.user,
            )
        except ChangedMeanwhile:
            form.add_error(None, _("The sessions have changed meanwhile. Please look once more, then save again."))
        except TimeTaken:
            form.add_error("room_url", _("This link is in use at one of these times. Choose another."))
        except IllegalMove:
            form.add_error(None, _("The session is over or has been cancelled meanwhile."))
        else:
            if changed:
                messages.success(request, _("Changed. Whoever has it in the calendar already is told once."))
            else:
                messages.info(request, _("It was so before. Nothing was changed."))
            return redirect("cohort", pk=session.cohort_id)
    return render(
        request,
        "sessions/coordinator/session_place.html",
        {**context, "form": form, "later": later, "seen": seen_text(later)},
    )

"""Put one session or gathering into a calendar: through the form of the calendar's own site, or as a file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sessions.calendar import CalendarEntry, feed
from sessions.calendar_entries import feed_name
from sessions.copies import entry_for
from sessions.core.add_links import LINKS, DateToAdd
from sessions.gathering_entries import gathering_entry_for
from sessions.models import DialogueSession, Gathering

AS_A_FILE = "apple"


@login_required
@never_cache
@require_safe
def session_to_calendar(request: HttpRequest, pk: int, where: str) -> HttpResponse:
    """Lead people of a session to the form of the calendar they name, or give them the file. Changes nothing here.

    The address is ours, in mails too: what other sites' links look like may change, and ours asks who is there.
    """
    rows = DialogueSession.objects.of(request.user).select_related("cohort__term__programme")
    session = get_object_or_404(rows, pk=pk)
    if session.status == DialogueSession.Status.CANCELLED:
        messages.info(request, _("This session was cancelled, so there is nothing to add."))
        return redirect("session", pk=session.pk)
    if session.status == DialogueSession.Status.PROPOSED:
        messages.info(request, _("This session was put off and has no new date yet, so there is nothing to add."))
        return redirect("session", pk=session.pk)
    return put_into_calendar(entry_for(session, request.user), where, file_name=f"madoi-{session.number}.ics")


@login_required
@never_cache
@require_safe
def gathering_to_calendar(request: HttpRequest, pk: int, where: str) -> HttpResponse:
    """Do the same for a gathering and who is invited to it."""
    rows = Gathering.objects.of(request.user).select_related("term__programme")
    gathering = get_object_or_404(rows, pk=pk)
    if gathering.status == Gathering.Status.CANCELLED:
        messages.info(request, _("This gathering does not take place, so there is nothing to add."))
        return redirect("gathering", pk=gathering.pk)
    if gathering.status == Gathering.Status.ASKING:
        messages.info(request, _("This gathering has no date yet, so there is nothing to add."))
        return redirect("gathering", pk=gathering.pk)
    return put_into_calendar(
        gathering_entry_for(gathering, request.user), where, file_name=f"madoi-{gathering.kind}.ics"
    )


def put_into_calendar(entry: CalendarEntry, where: str, *, file_name: str) -> HttpResponse:
    """Return the way to the form of the calendar that is named, or the file.

    Raises:
        Http404: a calendar that nobody knows.
    """
    if where == AS_A_FILE:
        response = HttpResponse(feed([entry], name=feed_name()), content_type="text/calendar; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
        return response
    if where not in LINKS:
        raise Http404
    date = DateToAdd(
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        title=entry.summary,
        text=entry.description,
        place=entry.location,
    )
    return HttpResponseRedirect(LINKS[where](date), headers={"Referrer-Policy": "no-referrer"})

"""Change what remains of a cohort's series: move it, move it back, cancel it, add a session."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dialogue import clock
from dialogue.closed_set_words import CLOSED_SETS
from dialogue.core.closed_days import ClosedSet
from dialogue.core.recurrence import MINIMUM_NOTICE
from dialogue.models import Cohort
from sessions.circle import sessions_by_person
from sessions.clashes import NewDate, left_out, looked_at, reasons_of
from sessions.core.lifecycle import IllegalMove
from sessions.core.rescheduling import Way, new_starts
from sessions.models import DialogueSession
from sessions.move_form import ENDS_LATE
from sessions.number_order import order_words
from sessions.seen import seen_in, seen_text
from sessions.series_dates import from_here_on, next_date, unsaved
from sessions.series_forms import DayAndClockForm, MoveSeriesForm
from sessions.services.booking import TimeTaken
from sessions.services.changing import ChangedMeanwhile, EndsLate, TooSoon
from sessions.services.changing_series import add_session, cancel_series, move_series, way_back

Status = DialogueSession.Status
CHANGING = ["GET", "HEAD", "POST"]


def reason_words(reason: str) -> str:
    """Return why a day is closed: the name of a set, or what the host wrote."""
    if reason in set(ClosedSet):
        return str(CLOSED_SETS[ClosedSet(reason)])
    return reason if reason and reason != "given" else _("Closed day of the term")


@login_required
@require_http_methods(CHANGING)
def series_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to when a session and all after it move, show every new date with what is in its way, and then move them."""
    session = _session_or_404(request, pk)
    now = clock.now()
    coming = from_here_on(session, now)
    context = _context(session.cohort, session=session, coming=coming)
    if session.status != Status.CONFIRMED or session.ends_at <= now:
        return render(request, "sessions/coordinator/session_fixed.html", context)
    closed = reasons_of(session.cohort.term)
    form = MoveSeriesForm(
        request.POST or None, term=session.cohort.term, usual=session.starts_at, now=now, closed=closed
    )
    if form.is_valid() and "change" not in request.POST:
        wanted = _wanted(form, coming, closed)
        if wanted is None:
            form.add_error("day", _("This day is too far away."))
        else:
            dates = looked_at(session.cohort, wanted=wanted, earliest=now + MINIMUM_NOTICE, closed=closed)
            if "confirm" in request.POST and _moved(request, session.cohort, dates, now=now):
                return redirect("cohort", pk=session.cohort_id)
            shown = _shown(session.cohort, dates, closed, in_rhythm=form.way_chosen is Way.RHYTHM)
            return render(request, "sessions/coordinator/series_move_confirm.html", {**context, "form": form, **shown})
    return render(request, "sessions/coordinator/series_move.html", {**context, "form": form})


@login_required
@require_http_methods(CHANGING)
def series_move_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what taking the last move of the series back would do, and do it."""
    cohort = _cohort_or_404(request, pk)
    now = clock.now()
    starts = way_back(cohort=cohort, now=now)
    if not starts:
        messages.info(request, _("There is no move that could be taken back."))
        return redirect("cohort", pk=cohort.pk)
    closed = reasons_of(cohort.term)
    rows = list(cohort.sessions.filter(pk__in=starts).order_by("starts_at"))
    dates = looked_at(
        cohort, wanted=[(one, starts[one.pk]) for one in rows], earliest=now + MINIMUM_NOTICE, closed=closed
    )
    if "confirm" in request.POST and _moved(request, cohort, dates, now=now, back=True):
        return redirect("cohort", pk=cohort.pk)
    shown = _shown(cohort, dates, closed, in_rhythm=False)
    return render(request, "sessions/coordinator/series_move_back.html", {**_context(cohort), **shown})


@login_required
@require_http_methods(CHANGING)
def series_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """List a session and all after it, and then cancel them."""
    session = _session_or_404(request, pk)
    now = clock.now()
    coming = from_here_on(session, now)
    context = _context(session.cohort, session=session, coming=coming)
    if session.status != Status.CONFIRMED or session.ends_at <= now:
        return render(request, "sessions/coordinator/session_fixed.html", context)
    if request.method == "POST":
        wanted = [one.pk for one in coming]
        seen = seen_in(request.POST) or None
        try:
            cancel_series(cohort_id=session.cohort_id, sessions=wanted, actor=request.user, now=now, seen=seen)
        except IllegalMove:
            messages.info(request, _("The session is over and cannot be cancelled."))
        except ChangedMeanwhile:
            messages.error(request, _("The sessions have changed meanwhile. Please look at the list once more."))
            return redirect("series_cancel", pk=session.pk)
        else:
            messages.success(request, _("The sessions are cancelled. Everybody in the cohort is told once."))
        return redirect("cohort", pk=session.cohort_id)
    return render(
        request,
        "sessions/coordinator/series_cancel.html",
        {**context, "told": len(sessions_by_person(coming)), "seen": seen_text(coming)},
    )


@login_required
@require_http_methods(CHANGING)
def session_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask when a further session is held, show what is in its way, and add it."""
    cohort = _cohort_or_404(request, pk)
    now = clock.now()
    context = _context(cohort)
    if cohort.status == Cohort.Status.ENDED:
        messages.info(request, _("This cohort has ended. Sessions can no longer be added."))
        return redirect("cohort", pk=cohort.pk)
    closed = reasons_of(cohort.term)
    usual = next_date(cohort, closed, now)
    form = DayAndClockForm(request.POST or None, term=cohort.term, usual=usual, now=now)
    if form.is_valid() and "change" not in request.POST:
        [date_] = looked_at(
            cohort,
            wanted=[(unsaved(cohort, form.starts_at()), form.starts_at())],
            earliest=now + MINIMUM_NOTICE,
            closed=closed,
        )
        if "confirm" in request.POST and _added(request, cohort, date_.starts_at, form, now):
            return redirect("cohort", pk=cohort.pk)
        if not form.errors:
            shown = _shown(cohort, [date_], closed, in_rhythm=False)
            return render(request, "sessions/coordinator/session_add_confirm.html", {**context, "form": form, **shown})
    return render(request, "sessions/coordinator/session_add.html", {**context, "form": form})


def _wanted(
    form: MoveSeriesForm, coming: Sequence[DialogueSession], closed: Mapping[date, str]
) -> list[tuple[DialogueSession, datetime]] | None:
    try:
        starts = new_starts(
            starts=[one.starts_at for one in coming],
            first_day=form.cleaned_data["day"],
            minute=form.cleaned_data["clock"],
            way=form.way_chosen,
            cadence=form.cadence,
            zone=form.term.zone,
            closed=frozenset(closed),
        )
    except OverflowError:
        return None
    return list(zip(coming, starts, strict=True))


def _moved(
    request: HttpRequest, cohort: Cohort, dates: Sequence[NewDate], *, now: datetime, back: bool = False
) -> bool:
    """Move, and say in words what came of it."""
    try:
        moved = move_series(
            cohort_id=cohort.pk,
            starts={one.session.pk: one.starts_at for one in dates},
            seen=seen_in(request.POST),
            now=now,
            actor=request.user,
            back=back,
        )
    except ChangedMeanwhile:
        messages.error(request, _("The sessions have changed meanwhile. Please look at the new dates once more."))
    except TooSoon:
        messages.error(
            request, _("A new start is past or less than an hour away. People would not hear of it in time.")
        )
    except EndsLate:
        messages.error(request, ENDS_LATE)
    except TimeTaken:
        messages.error(request, _("Somebody, or the video link, is booked at one of these times. Nothing was moved."))
    except IllegalMove:
        messages.error(request, _("A session is over or has been cancelled meanwhile. Nothing was moved."))
    else:
        if moved:
            messages.success(
                request, _("The sessions have moved. Everybody in the cohort is told once, and asked again.")
            )
        else:
            messages.info(request, _("The sessions have these times already. Nothing was changed."))
        return True
    return False


def _added(request: HttpRequest, cohort: Cohort, starts_at: datetime, form: DayAndClockForm, now: datetime) -> bool:
    try:
        add_session(cohort_id=cohort.pk, starts_at=starts_at, actor=request.user, now=now)
    except TooSoon:
        form.add_error(None, _("The new start is past or less than an hour away. People would not hear of it in time."))
    except EndsLate:
        form.add_error(None, ENDS_LATE)
    except TimeTaken:
        form.add_error(None, _("Somebody in this cohort is booked at that time. Choose another time."))
    except IllegalMove:
        form.add_error(None, _("This cohort has ended. Sessions can no longer be added."))
    else:
        messages.success(request, _("The session is added. Everybody in the cohort is invited."))
        return True
    return False


def _shown(cohort: Cohort, dates: Sequence[NewDate], closed: Mapping[date, str], *, in_rhythm: bool) -> dict[str, Any]:
    over = left_out(dates, cohort=cohort, closed=closed) if in_rhythm else []
    moved = [one.session for one in dates if one.changes]
    return {
        "dates": [(one, reason_words(one.closed) if one.closed else "") for one in dates],
        "left_out": [(day, reason_words(reason)) for day, reason in over],
        "refused": any(one.is_refused for one in dates),
        "order": order_words([(one.session, one.starts_at) for one in dates]),
        "changes": any(one.changes for one in dates),
        "told": len(sessions_by_person(moved)) if moved else 0,
        "seen": seen_text(one.session for one in dates),
    }


def _context(cohort: Cohort, **more: Any) -> dict[str, Any]:
    return {"term": cohort.term, "tab": "sessions", "cohort": cohort, **more}


def _session_or_404(request: HttpRequest, pk: int) -> DialogueSession:
    rows = DialogueSession.objects.managed_by(request.user)
    return get_object_or_404(rows.select_related("cohort__term__programme", "cohort__facilitation"), pk=pk)


def _cohort_or_404(request: HttpRequest, pk: int) -> Cohort:
    rows = Cohort.objects.managed_by(request.user).select_related("term__programme", "facilitation__person")
    return get_object_or_404(rows, pk=pk)

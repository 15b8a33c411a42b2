"""The cohorts and sessions of a term, as its coordinator sees and changes them."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dialogue import clock
from dialogue.availability import LATEST_END_UNDER_18
from dialogue.models import Cohort, Participation, Term
from dialogue.services.cohorts import broken_rule
from dialogue.views.paging import filters_of, page_of
from matching.held import held_in
from matching.services.taking_back import repair_to_take_back
from sessions.circle import everyone_in
from sessions.clashes import has_young, reasons_of
from sessions.core.lifecycle import IllegalMove
from sessions.core.rescheduling import ends_late
from sessions.models import DialogueSession, Postponement, SessionSeries
from sessions.move_form import ENDS_LATE, MoveForm
from sessions.number_order import order_words
from sessions.services.booking import TimeTaken, book_again
from sessions.services.changing import ChangedMeanwhile, EndsLate, TooSoon, cancel_session, move_session
from sessions.services.changing_series import way_back
from sessions.term_cohorts import by_generation, cohorts_of, members_of_today, state_in, state_of, window_of
from sessions.term_lines import COLUMNS, session_lines, sessions_of
from sessions.views.series import reason_words

COHORTS_ON_A_PAGE = 50
SESSIONS_ON_A_PAGE = 50

TROUBLES = {
    "time_taken": gettext_lazy("Somebody in this cohort is already booked at one of these times."),
    "dates_passed": gettext_lazy(
        "The first date passed before a worker came to book it. If you try again, the dates that have passed are left"
        " out and as many come at the end. Ask the people of this cohort first whether they can come then."
    ),
    "": gettext_lazy("The sessions could not be booked. The server's log says why."),
}
BROKEN_RULES = {
    "size": gettext_lazy("It is now smaller or larger than the term allows."),
    "generation": gettext_lazy("It now has fewer people of a generation than the term asks for."),
    "language": gettext_lazy("Its people no longer share a language."),
    "forbidden_pair": gettext_lazy("Two of its people must be kept apart."),
}


@login_required
def term_cohorts(request: HttpRequest, pk: int) -> HttpResponse:
    """List the cohorts of a term, with `show=running` those that meet: who, when, with whom, and what is wrong."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    now = clock.now()
    running, rows = request.GET.get("show") == "running", cohorts_of(term, now=now)
    cohorts = page_of(request, rows.running() if running else rows, size=COHORTS_ON_A_PAGE)
    return render(
        request,
        "sessions/coordinator/term_cohorts.html",
        {
            "term": term,
            "tab": "cohorts",
            "cohorts": cohorts,
            "only_running": running,
            "query": filters_of(request),
            "lines": [(one, state_in(one), window_of(one, term), by_generation(one)) for one in cohorts],
            "held": held_in(term, now=now),
            "repair": repair_to_take_back(term=term, now=now),
            "waiting": _waiting(term) if cohorts.paginator.count and cohorts.number == 1 else [],
        },
    )


@login_required
def cohort(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one cohort with its sessions; on POST ask once more for sessions that could not be booked."""
    found = get_object_or_404(
        Cohort.objects.managed_by(request.user)
        .select_related("term__programme", "facilitation__person", "series")
        .prefetch_related(members_of_today()),
        pk=pk,
    )
    series = getattr(found, "series", None)
    if request.method == "POST":
        if series and book_again(series_id=series.pk, actor=request.user, now=clock.now()):
            messages.success(request, _("The sessions are being booked again. This takes some seconds."))
        return redirect("cohort", pk=found.pk)
    members = [one.participation for one in found.members_of_today]
    coming = found.sessions.to_come(clock.now()).exists()
    broken = broken_rule(term=found.term, people=members) if found.status == Cohort.Status.NEEDS_REPAIR else ""
    return render(
        request,
        "sessions/coordinator/cohort.html",
        {
            "term": found.term,
            "tab": "cohorts",
            "cohort": found,
            "window": window_of(found, found.term),
            "by_generation": by_generation(found),
            "broken": BROKEN_RULES.get(broken, ""),
            "series": series,
            "trouble": TROUBLES.get(series.trouble, TROUBLES[""]) if series else "",
            "can_move_back": bool(way_back(cohort=found, now=clock.now())),
            "state": state_of(found, series_status=series and series.status, meets_again=coming),
            "is_refused": bool(series) and series.status == SessionSeries.Status.REFUSED,
            "sessions": session_lines(
                found.sessions.with_answers().order_by("starts_at", "pk").values_list(*COLUMNS),
                language=get_language() or "ja",
                now=clock.now(),
            ),
        },
    )


@login_required
def term_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """List the sessions of a term by date with their answers: those to come, of seven days (`soon`), or `all`."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    show, now = request.GET.get("show", ""), clock.now()
    rows = sessions_of(term, show=show, now=now).values_list(*COLUMNS)
    sessions = page_of(request, rows, size=SESSIONS_ON_A_PAGE)
    lines = session_lines(sessions, language=get_language() or "ja", now=now)
    return render(
        request,
        "sessions/coordinator/term_sessions.html",
        {
            "term": term,
            "tab": "sessions",
            "sessions": sessions,
            "lines": lines,
            "booked": not lines and DialogueSession.objects.filter(cohort__term=term).exists(),
            "show": show if show in {"soon", "all"} else "",
            "waiting": Postponement.objects.filter(
                settled_at__isnull=True, session__status=DialogueSession.Status.PROPOSED, session__cohort__term=term
            ).count(),
            "query": filters_of(request),
        },
    )


@login_required
def session_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for another time, show before and after, and move the session when that is confirmed."""
    session = _session_or_404(request, pk)
    now = clock.now()
    context: dict[str, Any] = {"term": session.cohort.term, "tab": "sessions", "session": session}
    if session.status != DialogueSession.Status.CONFIRMED or session.ends_at <= now:
        return render(request, "sessions/coordinator/session_fixed.html", context)
    form = MoveForm(request.POST or None, session=session, now=now)
    if form.is_valid() and "change" not in request.POST:
        if "confirm" not in request.POST:
            return render(request, "sessions/coordinator/session_move_confirm.html", _before_and_after(context, form))
        if _moved(request, session, form, now):
            return redirect("term_sessions", pk=session.cohort.term_id)
    return render(request, "sessions/coordinator/session_move.html", {**context, "form": form})


def _moved(request: HttpRequest, session: DialogueSession, form: MoveForm, now: datetime) -> bool:
    seen = request.POST.get("seen", "")
    try:
        move_session(
            session_id=session.pk,
            starts_at=form.cleaned_data["starts_at"],
            actor=request.user,
            now=now,
            seen_sequence=int(seen) if seen.isdecimal() else None,
        )
    except ChangedMeanwhile:
        form.add_error(
            None, _("Somebody changed this session meanwhile. Look at it as it stands now, and decide again.")
        )
    except TooSoon:
        form.add_error(None, _("The new start is past or less than an hour away. People would not hear of it in time."))
    except EndsLate:
        form.add_error(None, ENDS_LATE)
    except TimeTaken:
        form.add_error(
            None, _("Somebody in this cohort, or its video link, is booked at that time. Choose another time.")
        )
    except IllegalMove:
        form.add_error(None, _("The session is over or has been cancelled meanwhile."))
    else:
        messages.success(request, _("The session has moved. Everybody in the cohort is told, and asked again."))
        return True
    return False


def _before_and_after(context: dict[str, Any], form: MoveForm) -> dict[str, Any]:
    session = context["session"]
    starts_at, ends_at = form.cleaned_data["starts_at"], form.cleaned_data["ends_at"]
    is_late = ends_late(starts_at=starts_at, ends_at=ends_at, zone=form.zone.key, latest=LATEST_END_UNDER_18)
    closed = reasons_of(session.cohort.term).get(form.cleaned_data["day"])
    return {
        **context,
        "form": form,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "told": len(everyone_in(session)),
        "too_late_for_the_young": is_late and has_young(session.cohort),
        "closed": reason_words(closed) if closed else "",
        "order": order_words([(session, starts_at)]),
    }


@login_required
def session_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and then cancel a session."""
    session = _session_or_404(request, pk)
    now = clock.now()
    context = {"term": session.cohort.term, "tab": "sessions", "session": session}
    waits = session.status == DialogueSession.Status.PROPOSED
    if not waits and (session.status != DialogueSession.Status.CONFIRMED or session.ends_at <= now):
        return render(request, "sessions/coordinator/session_fixed.html", context)
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        try:
            cancel_session(
                session_id=session.pk,
                actor=request.user,
                now=now,
                seen_sequence=int(seen) if seen.isdecimal() else None,
            )
        except IllegalMove:
            messages.info(request, _("The session is over and cannot be cancelled."))
        except ChangedMeanwhile:
            messages.error(
                request, _("Somebody changed this session meanwhile. Look at it as it stands now, and decide again.")
            )
            return redirect("session_cancel", pk=session.pk)
        else:
            messages.success(request, _("The session is cancelled. Everybody in the cohort is told."))
        return redirect("term_sessions", pk=session.cohort.term_id)
    told = len(everyone_in(session))
    # As text: the first version is 0, which a template takes for nothing.
    context |= {"told": told, "seen": str(session.sequence)}
    return render(request, "sessions/coordinator/session_cancel.html", context)


def _session_or_404(request: HttpRequest, pk: int) -> DialogueSession:
    rows = DialogueSession.objects.managed_by(request.user)
    return get_object_or_404(rows.select_related("cohort__term__programme", "cohort__facilitation"), pk=pk)


def _waiting(term: Term) -> list[Participation]:
    """Return who could be given a place in a running cohort, the longest wait first."""
    rows = term.participations.to_be_matched().select_related("person").order_by("created_at", "pk")
    return list(rows[:COHORTS_ON_A_PAGE])

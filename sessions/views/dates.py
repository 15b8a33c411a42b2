"""Choosing another date for a session: proposing, answering, wishing."""

from datetime import datetime
from operator import attrgetter

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dialogue import clock
from sessions.forms import DatesForm
from sessions.models import Attendance, DialogueSession, Reschedule, RescheduleBallot
from sessions.quorum_reading import windows_for
from sessions.reading import glance_at
from sessions.services.link_signing import key_behind
from sessions.services.rescheduling import (
    CannotAsk,
    ChoiceClosed,
    leave_wish,
    open_choice,
    vote,
    wish_for_another_day,
)

WHY_NOT = {
    "over": gettext_lazy("The session is over or was cancelled, so no other date can be proposed."),
    "asked": gettext_lazy("The cohort is being asked already."),
    "too_late": gettext_lazy("The session is too near: people would not hear of it in time. The date stays."),
    "no_window": gettext_lazy(
        "In the next fourteen days there is no time at which everybody can come. The date stays."
    ),
}
_READ = ("person", "reschedule__session__facilitator", "reschedule__session__cohort__term__programme")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def session_dates(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody of a session say which of the proposed dates suit them."""
    session = get_object_or_404(DialogueSession.objects.of(request.user), pk=pk)
    ballot = _ballots().filter(reschedule__session=session, person=request.user).order_by("-pk").first()
    if ballot is None:
        raise Http404
    return _ballot(request, ballot, back=redirect("session", pk=session.pk))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dates_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same from a mail, without signing in. A look writes nothing."""
    ballot = _ballots().filter(pk=key_behind("dates", token)).first()
    if ballot is None:
        raise Http404
    return _ballot(request, ballot, back=redirect("dates_link", token=token))


def _ballots() -> QuerySet[RescheduleBallot]:
    return RescheduleBallot.objects.select_related(*_READ).filter(person__is_active=True)


def _ballot(request: HttpRequest, ballot: RescheduleBallot, *, back: HttpResponse) -> HttpResponse:
    choice, session = ballot.reschedule, ballot.reschedule.session
    now = clock.now()
    with timezone.override(ballot.person.zone):
        is_open = _takes_answers(choice, session, now)
        options = list(choice.options.order_by("starts_at"))
        kept = list(ballot.options.values_list("pk", flat=True))
        tapped = request.GET.get("date", "")
        first = [*kept, int(tapped)] if tapped in {str(one.pk) for one in options} else kept
        form = DatesForm(
            request.POST if request.method == "POST" else None,  # nothing ticked is an answer, too
            options=options,
            length=session.ends_at - session.starts_at,
            initial={"dates": [str(pk) for pk in first]},
        )
        if is_open and request.method == "POST" and form.is_valid():
            try:
                vote(ballot_id=ballot.pk, option_ids=[int(pk) for pk in form.cleaned_data["dates"]], now=now)
            except ChoiceClosed:
                messages.info(request, _("The choice has closed meanwhile. Nothing was changed."))
            else:
                messages.success(request, _("Thank you. We have your answer."))
            return back
        return render(
            request,
            "sessions/dates.html",
            {
                "glance": glance_at(session=session, now=now),
                "choice": choice,
                "form": form,
                "is_open": is_open,
                "answered": ballot.answered_at is not None,
            },
            status=200 if is_open else 410,
        )


def _takes_answers(choice: Reschedule, session: DialogueSession, now: datetime) -> bool:
    is_open = choice.status == Reschedule.Status.OPEN and choice.closes_at is not None and choice.closes_at > now
    return is_open and session.starts_at == choice.starts_at and session.status == DialogueSession.Status.CONFIRMED


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def session_reschedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the dates that would be proposed, or how the choice stands; a POST asks the cohort, or leaves a wish."""
    rows = DialogueSession.objects.looked_after_by(request.user).select_related(
        "cohort__term__programme", "cohort__facilitation", "facilitator", "joint_with"
    )
    session = get_object_or_404(rows, pk=pk)
    now = clock.now()
    if request.method == "POST":
        if request.POST.get("do") == "leave":
            if leave_wish(session_id=session.pk, actor=request.user, now=now):
                messages.success(request, _("The date stays as it is."))
            return redirect("session", pk=session.pk)
        try:
            open_choice(session_id=session.pk, actor=request.user, now=now)
        except CannotAsk as error:
            messages.warning(request, WHY_NOT[error.why])
        else:
            messages.success(request, _("Everybody of the session has been asked."))
        return redirect("session_reschedule", pk=session.pk)
    choice = session.reschedules.order_by("-pk").first()
    is_open = choice is not None and choice.status == Reschedule.Status.OPEN
    stands = session.status == DialogueSession.Status.CONFIRMED and session.starts_at > now
    ballots = choice.ballots.all() if is_open and choice else []
    length = session.ends_at - session.starts_at
    return render(
        request,
        "sessions/reschedule.html",
        {
            "glance": glance_at(session=session, now=now),
            "choice": choice,
            "is_open": is_open,
            "stands": stands,
            "wished": choice is not None and choice.status == Reschedule.Status.WISHED,
            "answered": sum(one.answered_at is not None for one in ballots),
            "asked": len(ballots),
            "windows": [
                (one, one.starts_at + length)
                for one in sorted(windows_for(session, now=now), key=attrgetter("starts_at"))
            ]
            if stands and not is_open
            else [],
        },
    )


@require_POST
@login_required
def session_wish(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a member's wish for another day. Nobody reads whose it is."""
    session = get_object_or_404(DialogueSession.objects.attended_by(request.user), pk=pk)
    try:
        wish_for_another_day(session_id=session.pk, person=request.user, now=clock.now())
    except (CannotAsk, Attendance.DoesNotExist):
        messages.info(request, _("This session takes no more changes: it is over or was cancelled."))
    else:
        messages.success(request, _("Thank you. The facilitator reads the wish, without your name, and decides."))
    return redirect("session", pk=session.pk)

"""Put off all sessions of a day, and give each a new date."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dialogue import clock
from dialogue.core.wall_clock import moment_at, zone_named
from dialogue.forms.fields import DayField
from dialogue.models import Term
from sessions.core.lifecycle import IllegalMove
from sessions.core.places import lies_in
from sessions.models import DialogueSession, Gathering, Postponement
from sessions.move_form import ENDS_LATE
from sessions.number_order import order_words
from sessions.seen import seen_in, seen_text
from sessions.services.booking import TimeTaken
from sessions.services.changing import ChangedMeanwhile, EndsLate, TooSoon
from sessions.services.postponing import choose_date, may_return, postpone_sessions, proposals_now

Status = DialogueSession.Status

PLACES_NAMED = 12


class DayForm(forms.Form):
    """Which sessions are put off: a day, this term or the whole programme, one place, a region or all."""

    day = DayField(label=gettext_lazy("Day"))
    whole = forms.ChoiceField(
        label=gettext_lazy("Which of the sessions"),
        choices=[("0", gettext_lazy("Of this term")), ("1", gettext_lazy("Of all terms of the programme"))],
        widget=forms.RadioSelect,
    )
    place = forms.CharField(label=gettext_lazy("Place or region"), required=False, max_length=120)

    def __init__(self, *args: Any, places: list[str], today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["day"].today = today
        if places:
            self.fields["place"].help_text = _(
                "Empty means every place. Part of a name or a region such as 九州 is enough. There are: %(places)s"
            ) % {"places": _(", ").join(places[:PLACES_NAMED])}
        else:
            del self.fields["place"]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def term_postpone(request: HttpRequest, pk: int) -> HttpResponse:
    """List the sessions of a day, today unless another is chosen, and put off all of them with one POST."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    now = clock.now()
    zone = zone_named(term.zone)
    today = now.astimezone(zone).date()
    asked = request.POST if request.method == "POST" else request.GET
    of_programme = DialogueSession.objects.managed_by(request.user).filter(
        cohort__term__programme=term.programme, status=Status.CONFIRMED
    )
    places = of_programme.exclude(place="").filter(starts_at__gt=now).order_by("place").values_list("place", flat=True)
    form = DayForm(
        {"day": today, "whole": "0", **{name: asked[name] for name in ("day", "whole", "place") if name in asked}},
        places=list(places.distinct()),
        today=today,
    )
    sessions = _of_the_day(form, of_programme, term=term, now=now) if form.is_valid() else []
    gatherings = _gatherings_of_the_day(form, term=term, now=now) if form.is_valid() else []
    next_one = (
        None if sessions else of_programme.filter(cohort__term=term, starts_at__gt=now).order_by("starts_at").first()
    )
    if request.method == "POST" and _postponed(request, now):
        return redirect("term_postponed", pk=term.pk)
    return render(
        request,
        "sessions/coordinator/term_postpone.html",
        {
            "term": term,
            "tab": "sessions",
            "form": form,
            "day": form.cleaned_data.get("day") if form.is_valid() else None,
            "sessions": sessions,
            "gatherings": gatherings,
            "next_day": next_one.starts_at.astimezone(zone).date() if next_one else None,
            "cohorts": len({one.cohort_id for one in sessions}),
            "seen": seen_text(sessions),
        },
    )


def _of_the_day(form: DayForm, rows: QuerySet[DialogueSession], *, term: Term, now: datetime) -> list[DialogueSession]:
    if form.cleaned_data["whole"] == "0":
        rows = rows.filter(cohort__term=term)
    rows = rows.filter(_still_that_day(form, term, now))
    found = rows.select_related("cohort__term", "facilitator").order_by("starts_at", "cohort__number", "pk")
    return [one for one in found if _is_there(one, form)]


def _gatherings_of_the_day(form: DayForm, *, term: Term, now: datetime) -> list[Gathering]:
    """Return the gatherings of the day, which are changed one by one: no other date is looked for by itself."""
    terms = {"term": term} if form.cleaned_data["whole"] == "0" else {"term__programme": term.programme}
    rows = Gathering.objects.filter(_still_that_day(form, term, now), status=Gathering.Status.CONFIRMED, **terms)
    return [one for one in rows.select_related("term").order_by("starts_at", "pk") if _is_there(one, form)]


def _still_that_day(form: DayForm, term: Term, now: datetime) -> Q:
    """Return what holds for whatever is still to begin on the day that the form names, by the term's clock."""
    day, zone = form.cleaned_data["day"], zone_named(term.zone)
    midnight = moment_at(day=day, minute=0, zone=zone)
    ends = moment_at(day=day + timedelta(days=1), minute=0, zone=zone)
    return Q(starts_at__gte=midnight, starts_at__gt=now, starts_at__lt=ends)


def _is_there(one: DialogueSession | Gathering, form: DayForm) -> bool:
    place = form.cleaned_data.get("place")
    return not place or lies_in(one.place, place)


def _postponed(request: HttpRequest, now: datetime) -> bool:
    """Put off what the page had listed, among what this person coordinates, and say what came of it."""
    seen = seen_in(request.POST)
    mine = set(DialogueSession.objects.managed_by(request.user).filter(pk__in=seen).values_list("pk", flat=True))
    if not seen or mine != set(seen):
        messages.info(request, _("Please look at the list once more. Nothing was changed."))
        return False
    try:
        done = postpone_sessions(seen=seen, now=now, actor=request.user)
    except (ChangedMeanwhile, IllegalMove):
        messages.error(request, _("The sessions have changed meanwhile. Please look at the list once more."))
        return False
    messages.success(
        request,
        _("Put off: %(number)s sessions. Each cohort is told once. Now choose the new dates.") % {"number": len(done)},
    )
    return True


@login_required
@require_safe
def term_postponed(request: HttpRequest, pk: int) -> HttpResponse:
    """List the sessions of a programme that wait for a new date, each with the dates that can be chosen."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    waiting = Postponement.objects.filter(
        settled_at__isnull=True, session__status=Status.PROPOSED, session__cohort__term__programme=term.programme
    ).select_related("session__cohort__term", "session__facilitator")
    now = clock.now()
    found = list(waiting.order_by("session__starts_at", "session__cohort__number"))
    return_ = may_return([one.session for one in found], now=now)
    lines = [
        (
            one.session,
            [start for text in one.proposals if (start := datetime.fromisoformat(text)) > now],
            one.session_id in return_,
        )
        for one in found
    ]
    return render(
        request, "sessions/coordinator/term_postponed.html", {"term": term, "tab": "sessions", "lines": lines}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_new_date(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the dates on which a session that was put off can be held; each is a button that settles it."""
    mine = DialogueSession.objects.managed_by(request.user) | DialogueSession.objects.facilitated_by(request.user)
    session = (
        mine.distinct().select_related("cohort__term__programme", "cohort__facilitation", "facilitator").filter(pk=pk)
    ).first()
    if session is None:
        raise Http404
    if session.status != Status.PROPOSED:
        messages.info(request, _("This session does not wait for a new date."))
        return redirect("session", pk=session.pk)
    now = clock.now()
    if request.method == "POST" and _chosen(request, session, now):
        return redirect("session", pk=session.pk)
    length = session.ends_at - session.starts_at
    starts = proposals_now(session, now=now)
    order = order_words([(session, start) for start in starts])
    return render(
        request,
        "sessions/new_date.html",
        {
            "session": session,
            "term": session.cohort.term,
            "coordinates": DialogueSession.objects.managed_by(request.user).filter(pk=session.pk).exists(),
            "proposals": [(start, start + length, words) for start, words in zip(starts, order, strict=True)],
            "returns": bool(may_return([session], now=now)),
        },
    )


def _chosen(request: HttpRequest, session: DialogueSession, now: datetime) -> bool:
    try:
        starts_at = datetime.fromisoformat(request.POST.get("starts_at", ""))
        if starts_at.utcoffset() is None:
            raise ValueError
        returns = starts_at == session.starts_at
        if not may_return([session], now=now) if returns else starts_at not in proposals_now(session, now=now):
            raise TimeTaken
        choose_date(session_id=session.pk, starts_at=starts_at, now=now, actor=request.user)
    except ValueError:
        messages.error(request, _("Please choose one of the dates."))
    except EndsLate:
        messages.error(request, ENDS_LATE)
    except (TimeTaken, TooSoon):
        messages.error(request, _("That date is no longer free. These are the dates that are free now."))
    except IllegalMove:
        messages.info(request, _("This session does not wait for a new date."))
    else:
        messages.success(
            request,
            _("It is held when it was to be. Those who have heard that it was put off are told.")
            if returns
            else _("The new date stands. Everybody in the cohort is told."),
        )
        return True
    return False

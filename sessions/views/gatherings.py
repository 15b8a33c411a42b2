"""Gatherings as coordinators open and change them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dialogue import clock
from dialogue.core.wall_clock import zone_named
from dialogue.models import Term
from dialogue.views.paging import page_of
from sessions.gathering_choice import has_passed, latest_closing, takes_choices
from sessions.gathering_circle import invited_ids, still_invited
from sessions.gathering_clashes import BookedStart, booked_starts
from sessions.gathering_forms import GatheringForm, MoreTimeForm, PageVersionForm
from sessions.models import Gathering, GatheringAnswer
from sessions.people_reading import OF_OTHERS
from sessions.services.booking import TimeTaken
from sessions.services.changing import ChangedMeanwhile, TooSoon
from sessions.services.gatherings import (
    ClosesBadly,
    GatheringOrder,
    GatheringRefused,
    cancel_gathering,
    change_gathering,
    extend_choice,
    fix_date,
    invite_newcomers,
    open_gathering,
    write_page_version,
)
from sessions.splitting import cohorts_apart

Status, Answer = Gathering.Status, GatheringAnswer.Answer
GATHERINGS_ON_A_PAGE = 30
FIXED = ("kind", "audience")
CHANGING = ("minutes", "together_minutes", "place", "room_url", "note")


@login_required
@require_safe
def term_gatherings(request: HttpRequest, pk: int) -> HttpResponse:
    """List the gatherings of a term, the latest first, with who answered."""
    term = _term_or_404(request, pk)
    page = page_of(request, term.gatherings.latest_with_answers(), size=GATHERINGS_ON_A_PAGE)
    return render(
        request,
        "sessions/coordinator/term_gatherings.html",
        {"term": term, "tab": "sessions", "gatherings": page, "now": clock.now()},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gathering_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a gathering, say who is invited, and open it."""
    term = _term_or_404(request, pk)
    now = clock.now()
    form = GatheringForm(request.POST or None, term=term, now=now, instance=Gathering(term=term))
    context: dict[str, Any] = {"term": term, "tab": "sessions", "form": form}
    if form.is_valid() and "change" not in request.POST:
        said = form.cleaned_data
        people = invited_ids(term, audience=said["audience"], kind=said["kind"])
        if not people:
            form.add_error("audience", _("Nobody in this term belongs to them yet."))
        elif "confirm" not in request.POST:
            taken = booked_starts(people=people, starts=said["times"], minutes=said["minutes"])
            context |= {"told": len(people), "taken": taken}
            return render(request, "sessions/coordinator/gathering_confirm.html", context)
        else:
            order = GatheringOrder(
                starts=said["times"],
                closes_at=form.closes_at,
                **{name: said[name] for name in FIXED + CHANGING},
            )
            try:
                opened = open_gathering(term=term, order=order, now=now, actor=request.user)
            except TooSoon:
                form.add_error(
                    "times", _("This is past or less than an hour away. People would not hear of it in time.")
                )
            except ClosesBadly:
                form.add_error("closes", _("It has to be yet to come, and before the last of the dates."))
            except TimeTaken:
                form.add_error("room_url", _("The link, or somebody, was booked at this time just now. Try once more."))
            else:
                messages.success(request, _("The mails go out now."))
                return redirect("gathering", pk=opened.pk)
    return render(request, "sessions/coordinator/gathering_new.html", context)


def coordinated(request: HttpRequest, gathering: Gathering) -> HttpResponse:
    """Show a gathering to its coordinator: the alternatives with who could come, the answers, what can be done."""
    now = clock.now()
    answers = list(
        gathering.answers.select_related("person").order_by("person__family_kana", "person__given_kana", "pk")
    )
    options = list(gathering.options.annotate(number=Count("choices")).order_by("starts_at"))
    left = [option for option in options if not has_passed(option, now)]
    best = max((option.number for option in left), default=0)
    is_open = takes_choices(gathering, now)
    taken = []
    if gathering.status == Status.ASKING:
        taken = booked_starts(
            people=[one.person_id for one in answers],
            starts=[option.starts_at for option in left],
            minutes=gathering.minutes,
        )
    return render(
        request,
        "sessions/coordinator/gathering.html",
        {
            "term": gathering.term,
            "tab": "sessions",
            "gathering": gathering,
            "apart": cohorts_apart(gathering) if gathering.splits_at else [],
            "taken": taken,
            "options": [
                (option, option in left and option.number == best and best > 0, option not in left)
                for option in options
            ],
            "is_open": is_open,
            "may_extend": latest_closing(gathering, now) is not None,
            "has_dates": bool(left),
            "by_answer": [
                (OF_OTHERS[value.value], [one.person for one in answers if one.answer == value])
                for value in (Answer.YES, Answer.NO, Answer.NONE)
            ]
            if answers and gathering.status == Status.CONFIRMED
            else [],
            "invited": len(answers),
            "is_invited": any(one.person_id == request.user.pk for one in answers),
            "chose": sum(one.chose_at is not None for one in answers),
            "over": gathering.ends_at is not None and gathering.ends_at <= now,
            "now": now,
            "form": PageVersionForm(initial={"text": gathering.page_version}),
            "newcomers": len(
                set(invited_ids(gathering.term, audience=gathering.audience, kind=gathering.kind))
                - {one.person_id for one in answers}
            )
            if is_open or gathering.status == Status.CONFIRMED
            else 0,
        },
    )


@login_required
@require_POST
def gathering_fix(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold a gathering at one of its alternatives."""
    gathering = _gathering_or_404(request, pk)
    option = request.POST.get("option", "")
    try:
        if not (option.isascii() and option.isdigit() and len(option) < 19):
            raise GatheringRefused
        fix_date(gathering_id=gathering.pk, option_id=int(option), now=clock.now(), actor=request.user)
    except GatheringRefused:
        messages.info(request, _("This date can no longer be chosen."))
    except TooSoon:
        messages.error(request, _("This is past or less than an hour away. People would not hear of it in time."))
    except TimeTaken:
        messages.error(request, _("The link, or somebody, was booked at this time just now. Try once more."))
    else:
        messages.success(request, _("The date stands. Everybody is invited."))
    return redirect("gathering", pk=gathering.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gathering_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask until when people shall choose among the dates, and give them that time."""
    gathering = _gathering_or_404(request, pk)
    now = clock.now()
    latest = latest_closing(gathering, now)
    if latest is None:
        messages.info(request, _("There is no more time to give for choosing among its dates."))
        return redirect("gathering", pk=gathering.pk)
    form = MoreTimeForm(request.POST or None, zone=zone_named(gathering.term.zone), now=now)
    if form.is_valid():
        try:
            told = extend_choice(
                gathering_id=gathering.pk, closes_at=form.cleaned_data["closes"], now=now, actor=request.user
            )
        except ClosesBadly:
            form.add_error("closes", _("It has to be later than it is now, and no later than the end named above."))
        except GatheringRefused:
            messages.info(request, _("The gathering has changed meanwhile. Please look at it once more."))
            return redirect("gathering", pk=gathering.pk)
        else:
            said = _("There is more time to choose. Told: %(number)s people.") % {"number": told}
            messages.success(request, said if told else _("There is more time to choose."))
            return redirect("gathering", pk=gathering.pk)
    context = {
        "term": gathering.term,
        "tab": "sessions",
        "gathering": gathering,
        "form": form,
        "latest": latest,
        "told": gathering.answers.filter(chose_at__isnull=True).count(),
    }
    return render(request, "sessions/coordinator/gathering_extend.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gathering_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change time, place or words of a gathering."""
    gathering = _gathering_or_404(request, pk)
    now = clock.now()
    if gathering.status != Status.CONFIRMED or gathering.ends_at <= now:
        messages.info(request, _("This gathering cannot be changed: it has no date yet, is off or over."))
        return redirect("gathering", pk=gathering.pk)
    seen = gathering.sequence
    form = GatheringForm(request.POST or None, term=gathering.term, now=now, instance=gathering, changes=True)
    context: dict[str, Any] = {"term": gathering.term, "tab": "sessions", "gathering": gathering}
    if form.is_valid():
        taken, ends_early = _newly_taken(gathering, form), form.ends_early and form.has_changed_room_or_minutes
        if taken or ends_early:
            context |= {"taken": taken, "ends_early": ends_early, "knows": _hours_in(form)}
    if form.is_valid() and ("knows" not in context or request.POST.get("knows") == context["knows"]):
        said = form.cleaned_data
        sent = request.POST.get("seen", "")
        try:
            changed = change_gathering(
                gathering_id=gathering.pk,
                seen=int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1,
                starts_at=said["times"][0],
                **{name: said[name] for name in CHANGING},
                now=now,
                actor=request.user,
            )
        except TooSoon:
            form.add_error("times", _("This is past or less than an hour away. People would not hear of it in time."))
        except TimeTaken:
            form.add_error("room_url", _("The link, or somebody, was booked at this time just now. Try once more."))
        except (ChangedMeanwhile, GatheringRefused):
            messages.error(request, _("The gathering has changed meanwhile. Please look at it once more."))
            return redirect("gathering", pk=gathering.pk)
        else:
            messages.success(request, _("Changed. Everybody is told.") if changed else _("Nothing was changed."))
            return redirect("gathering", pk=gathering.pk)
    return render(request, "sessions/coordinator/gathering_change.html", {**context, "form": form, "seen": seen})


def _newly_taken(gathering: Gathering, form: GatheringForm) -> list[BookedStart]:
    """Return who is booked for something else in the new hours of a gathering; in those it has, that is known."""
    said = form.cleaned_data
    if (said["times"][0], said["minutes"]) == (gathering.starts_at, form.initial["minutes"]):
        return []
    people = still_invited(gathering)
    return booked_starts(people=people, starts=said["times"], minutes=said["minutes"], besides=gathering.pk)


def _hours_in(form: GatheringForm) -> str:
    """Return what was typed, by which it is told that somebody has read who is booked, or that the link is short."""
    return f"{form.cleaned_data['times'][0]:%Y%m%d%H%M}-{form.cleaned_data['minutes']}-{form.cleaned_data['room_url']}"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gathering_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and then call a gathering off."""
    gathering = _gathering_or_404(request, pk)
    if request.method == "POST":
        try:
            cancel_gathering(gathering_id=gathering.pk, now=clock.now(), actor=request.user)
        except GatheringRefused:
            messages.info(request, _("The gathering is over and cannot be called off."))
        else:
            messages.success(request, _("The gathering is off. Everybody is told."))
        return redirect("gathering", pk=gathering.pk)
    context = {"term": gathering.term, "tab": "sessions", "gathering": gathering, "told": gathering.answers.count()}
    return render(request, "sessions/coordinator/gathering_cancel.html", context)


@login_required
@require_POST
def gathering_page_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the short version and tell who was not there."""
    gathering = _gathering_or_404(request, pk)
    form = PageVersionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the short version first."))
        return redirect("gathering", pk=gathering.pk)
    try:
        told = write_page_version(
            gathering_id=gathering.pk, text=form.cleaned_data["text"], now=clock.now(), actor=request.user
        )
    except GatheringRefused:
        messages.info(request, _("The short version can be written once the gathering is over."))
    else:
        messages.success(request, _("Saved. Told: %(number)s people.") % {"number": told} if told else _("Saved."))
    return redirect("gathering", pk=gathering.pk)


@login_required
@require_POST
def gathering_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite those who have come into the term since."""
    gathering = _gathering_or_404(request, pk)
    try:
        number = invite_newcomers(gathering_id=gathering.pk, now=clock.now())
    except GatheringRefused:
        messages.info(request, _("The gathering is off or over, or its choice of dates has closed."))
    else:
        messages.success(request, _("Invited: %(number)s people.") % {"number": number})
    return redirect("gathering", pk=gathering.pk)


def _term_or_404(request: HttpRequest, pk: int) -> Term:
    return get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)


def _gathering_or_404(request: HttpRequest, pk: int) -> Gathering:
    return get_object_or_404(Gathering.objects.managed_by(request.user).select_related("term__programme"), pk=pk)

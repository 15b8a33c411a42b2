"""One's own answers after signing up: see them, change them, stop telling the partner, take the sign-up back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dialogue import clock
from dialogue.consent_texts import SHARE_WITH_PARTNER, SPEAKING_TIME, consent_text
from dialogue.core.wall_clock import zone_named
from dialogue.core.week import WeeklyWindow
from dialogue.fitting import added, standing_of
from dialogue.forms.reception import GoodbyeForm
from dialogue.forms.sign_up import InterestsForm, PhoneForm
from dialogue.forms.times import SlotsForm, TimesForm, WeekForm, pressed
from dialogue.forms.topics import NearForm
from dialogue.join_summary import away_in_words, interests_in_words, times_in_words
from dialogue.lost_times import narrowed_times
from dialogue.models import ConsentRecord, Participation
from dialogue.near_topics import near_topics, with_topics
from dialogue.services.answers import (
    change_interests,
    change_phone,
    change_times,
    interests_of,
    stop_counting_speaking,
    stop_telling_partner,
    take_back,
    tell_partner,
    times_of,
)


@never_cache
@require_safe
@login_required
def my_answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Show somebody what they answered in a term, with one way to change each."""
    one = _own(request, pk)
    times, given = _times(one), interests_of(one)
    tells_partner = one.consents.filter(
        purpose=ConsentRecord.Purpose.SHARE_WITH_PARTNER, withdrawn_at__isnull=True
    ).exists()
    lets_count = one.consents.filter(purpose=ConsentRecord.Purpose.SPEAKING_TIME, withdrawn_at__isnull=True).exists()
    return render(
        request,
        "dialogue/answers/answers.html",
        {
            "one": one,
            "term": one.term,
            "lines": times_in_words(one.term, times),
            "narrowed": narrowed_times(
                windows=[WeeklyWindow(row.weekday, row.starts, row.ends) for row in one.windows.all()],
                zone=one.person.zone,
                term=one.term,
            ),
            "away": away_in_words(times),
            "interests": interests_in_words(given),
            "has_near_topics": bool(near_topics(given)),
            "standing": standing_of(term=one.term, generation=one.generation, times=times, but_not=one)
            if one.status in {one.Status.APPLIED, one.Status.ACCEPTED}
            else None,
            "tells_partner": tells_partner,
            "lets_count": lets_count,
            "counting_text": consent_text(SPEAKING_TIME, get_language() or "ja"),
            "partner_text": consent_text(SHARE_WITH_PARTNER, get_language() or "ja"),
        },
    )


@never_cache
@login_required
def answers_times(request: HttpRequest, pk: int) -> HttpResponse:
    """Change when one can come. Buttons that tick half hours keep what they tick at once; nobody is moved by it."""
    one = _own(request, pk)
    now = clock.now()
    times = _times(one)
    if request.method == "POST" and request.POST.get("add"):
        change_times(participation_id=one.pk, times=added(times, request.POST["add"]), now=now)
        messages.success(request, _("Saved."))
        return redirect("my_answers", pk=one.pk)
    form = _times_form(request, one, times, now)
    if isinstance(form, WeekForm) and request.POST.get("do", "next") != "next":
        half_done = form.unfinished(pressed(form.chosen, request.POST["do"]))
        form = WeekForm(initial=half_done, term=one.term, today=_today(one, now))
    elif request.method == "POST" and form.is_valid():
        change_times(participation_id=one.pk, times=form.given(), now=now)
        messages.success(request, _("Saved."))
        return redirect("my_answers", pk=one.pk)
    opened = request.POST.get("do", "").split(":")
    return render(
        request,
        "dialogue/answers/times.html",
        {
            "one": one,
            "term": one.term,
            "form": form,
            "part": f"dialogue/join/parts/{'slots' if isinstance(form, SlotsForm) else 'week'}.html",
            "opened": opened[1] if opened[0] == "copy" else "",
        },
    )


@never_cache
@login_required
def answers_interests(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what one would like to hear and tell about."""
    one = _own(request, pk)
    form = InterestsForm(request.POST if request.method == "POST" else None, initial=interests_of(one))
    if request.method == "POST" and form.is_valid():
        given, before = form.given(), interests_of(one)["own"]
        change_interests(participation_id=one.pk, interests=given, now=clock.now())
        messages.success(request, _("Saved."))
        return redirect("answers_near" if near_topics(given, but_not=before) else "my_answers", pk=one.pk)
    return render(request, "dialogue/answers/interests.html", {"one": one, "term": one.term, "form": form})


@never_cache
@login_required
def answers_near(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask which topics lie near to one's own words. What is not ticked does not count."""
    one = _own(request, pk)
    given = interests_of(one)
    proposals = near_topics(given)
    if not proposals:
        return redirect("my_answers", pk=one.pk)
    form = NearForm(request.POST if request.method == "POST" else None, proposals=proposals)
    if request.method == "POST" and form.is_valid():
        if near := form.cleaned_data["near"]:
            change_interests(participation_id=one.pk, interests=with_topics(given, near), now=clock.now())
            messages.success(request, _("Saved."))
        return redirect("my_answers", pk=one.pk)
    return render(request, "dialogue/answers/near.html", {"one": one, "term": one.term, "form": form})


@never_cache
@login_required
def answers_phone(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one's phone number, which belongs to the person and so counts in every term."""
    one = _own(request, pk)
    form = PhoneForm(request.POST if request.method == "POST" else None, initial={"phone": one.person.phone})
    if request.method == "POST" and form.is_valid():
        change_phone(person=one.person, phone=form.cleaned_data["phone"], now=clock.now())
        messages.success(request, _("Saved."))
        return redirect("my_answers", pk=one.pk)
    return render(request, "dialogue/answers/phone.html", {"one": one, "term": one.term, "form": form})


@require_POST
@login_required
def answers_partner(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop telling the partner with one press, or agree to it."""
    one = _own(request, pk)
    now = clock.now()
    if request.POST.get("do") == "agree" and one.partner_id:
        tell_partner(participation_id=one.pk, version=SHARE_WITH_PARTNER, now=now)
        messages.success(request, _("Saved. %(partner)s may be told from now on.") % {"partner": one.partner})
    elif request.POST.get("do") == "stop":
        stop_telling_partner(participation_id=one.pk, now=now)
        messages.success(request, _("Saved. Your partner organisation sees nothing of you from now on."))
    return redirect("my_answers", pk=one.pk)


@require_POST
@login_required
def answers_speaking(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back, with one press, that one's speaking time may be counted. It is given in the room alone."""
    stop_counting_speaking(participation_id=_own(request, pk).pk, now=clock.now())
    messages.success(request, _("Saved. Your speaking time is not counted from now on, nor is anybody's beside you."))
    return redirect("my_answers", pk=pk)


@never_cache
@login_required
def answers_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, leave room for a word in parting, and take the sign-up back."""
    one = _own(request, pk)
    form = GoodbyeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        take_back(participation_id=one.pk, now=clock.now(), goodbye=form.cleaned_data["words"])
        messages.success(request, _("You have taken your sign-up back. You are welcome to sign up again."))
        return redirect("home")
    return render(request, "dialogue/answers/take_back.html", {"one": one, "term": one.term, "form": form})


def _own(request: HttpRequest, pk: int) -> Participation:
    """Return the reader's own participation that has not ended.

    Raises:
        Http404: there is no such participation of theirs.
    """
    rows = Participation.objects.of(request.user).filter(ended_at__isnull=True)
    return get_object_or_404(rows.select_related("term__programme__organisation", "person", "partner"), pk=pk)


def _times(one: Participation) -> dict[str, Any]:
    """Return the times in the shape of what the term asks: slots alone where it offers some."""
    times = times_of(one)
    if one.term.slots.exists() and not times["ticked"]:
        del times["ticked"]
    elif not one.term.slots.exists():
        del times["slots"]
    return times


def _times_form(request: HttpRequest, one: Participation, times: dict[str, Any], now: Any) -> TimesForm:
    way_to_ask = SlotsForm if one.term.slots.exists() else WeekForm
    data = request.POST if request.method == "POST" else None
    return way_to_ask(data, initial=times, term=one.term, today=_today(one, now))


def _today(one: Participation, now: Any) -> Any:
    return timezone.localdate(now, timezone=zone_named(one.term.zone))

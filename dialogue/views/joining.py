"""Signing up by a join link: what it is, one thing a page, and everything once more before it is sent."""

from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.core.ratelimit import consume
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dialogue.consent_texts import SHARE_WITH_PARTNER, TAKE_PART, agreements, consent_text
from dialogue.core.sign_up import Page, is_under
from dialogue.core.sign_up_week import HalfHour, windows_of
from dialogue.fitting import added, standing_of
from dialogue.forms.sign_up import AgreementsForm, GenerationForm, GuardianForm, InterestsForm, NameForm
from dialogue.forms.times import SlotsForm, TimesForm, WeekForm, pressed
from dialogue.forms.topics import NearForm
from dialogue.in_app_browser import outside_url
from dialogue.join_summary import times_in_words
from dialogue.join_way import Way, forget_key, keep_key, on_the_way
from dialogue.lost_times import narrowed_times
from dialogue.models import SignUpDraft
from dialogue.near_topics import near_topics, with_topics
from dialogue.services.signing_up import DraftGone, drop_draft, keep_answers, start_draft

TEMPLATES: Final = {page: f"dialogue/join/{page.value}.html" for page in Page}
SLOTS_FROM: Final = 1
"""A term with so many named slots asks about them, and not about the whole week."""


@on_the_way
def join(request: HttpRequest, way: Way) -> HttpResponseBase:
    """Say what one signs up for and who gets to know what; begin, go on, or throw away what was typed."""
    place = way.place_of(request.user)
    if request.method == "POST" and request.POST.get("do") == "forget":
        if way.draft:
            drop_draft(draft_id=way.draft.pk)
        messages.success(request, _("What you had typed is gone from here."))
        return forget_key(redirect("join", code=way.link.code), way)
    if request.method == "POST" and way.draft:
        return redirect(way.address(way.next_page))
    may_begin = place is None or place.end_reason == place.EndReason.WITHDREW
    if request.method == "POST" and may_begin:
        if not consume(request, action="sign_up_started"):
            messages.error(request, get_adapter().error_messages["rate_limited"])
            return redirect("join", code=way.link.code)
        reader = request.user if request.user.is_authenticated else None
        key = start_draft(link=way.link, now=way.now, person=reader)
        return keep_key(redirect(way.address(Page.NAME)), way, key)
    introduction = way.term.introduction
    if get_language() != "ja":
        introduction = way.term.introduction_en or introduction
    return render(
        request,
        "dialogue/join/start.html",
        {
            "way": way,
            "term": way.term,
            "introduction": introduction,
            "place": place,
            "may_begin": may_begin,
            "outside_url": outside_url(request),
        },
    )


@on_the_way
def join_page(request: HttpRequest, way: Way, page: str) -> HttpResponseBase:
    """Ask one thing, and keep the answer before the next page comes."""
    if page not in set(Page) or page == Page.CHECK:
        raise Http404
    here = Page(page)
    if way.draft is None:
        return _begin_anew(request, way)
    form = _form(request, way, here)
    if request.method == "POST":
        try:
            if isinstance(form, WeekForm) and request.POST.get("do", "next") != "next":
                return _half_done(request, way, way.draft, form)
            if form.is_valid():
                return _kept(way, way.draft, here, form)
        except DraftGone:
            return _begin_anew(request, way)
    context = {
        **way.context(here),
        "form": form,
        "opened": request.GET.get("open", ""),
        "under": Page.GENERATION in way.answers and is_under(way.answers),
        **_texts(here, way),
    }
    return render(request, _template(here, form), context)


def _kept(way: Way, draft: SignUpDraft, here: Page, form: Any) -> HttpResponse:
    so_far = {name: value for name, value in way.answers.get("so_far", {}).items() if name != here.value}
    if "so_far" in way.answers:
        keep_answers(draft_id=draft.pk, name="so_far", given=so_far, now=way.now)
    answers = keep_answers(draft_id=draft.pk, name=here.value, given=form.given(), now=way.now)
    if here is Page.TIMES:
        return redirect("join_fit", code=way.link.code)
    if here is Page.INTERESTS and near_topics(answers[here], but_not=way.answers.get(here, {}).get("own", ())):
        return redirect("join_near", code=way.link.code)
    onward = Way(link=way.link, draft=draft, answers=answers, now=way.now)
    return redirect(onward.address(onward.next_page))


def _half_done(request: HttpRequest, way: Way, draft: SignUpDraft, form: WeekForm) -> HttpResponse:
    """Tick what a button stands for, keep it, and come back to the same place of the page. Scripts do it at once."""
    button = request.POST["do"]
    given = form.unfinished(pressed(form.chosen, button))
    so_far = {**way.answers.get("so_far", {}), Page.TIMES.value: given}
    keep_answers(draft_id=draft.pk, name="so_far", given=so_far, now=way.now)
    kind, _colon, rest = button.partition(":")
    weekday = rest.partition(":")[0]
    opened, anchor = {"copy": (f"?open={weekday}", f"half-hours-{weekday}"), "block": ("", f"day-{weekday}")}.get(
        kind, ("", "picks")
    )
    return redirect(f"{way.address(Page.TIMES)}{opened}#{anchor}")


def _begin_anew(request: HttpRequest, way: Way) -> HttpResponse:
    messages.info(request, _("There are no answers of yours on this device. Please begin here."))
    return redirect("join", code=way.link.code)


def _form(request: HttpRequest, way: Way, here: Page) -> Form:
    data = request.POST if request.method == "POST" else None
    if here is Page.TIMES:
        return times_form(way, data)
    initial = way.initial(here)
    if here is Page.NAME:
        reader = request.user if request.user.is_authenticated else None
        return NameForm(data, initial=initial, reader=reader)
    if here is Page.GENERATION:
        return GenerationForm(data, initial={"languages": [get_language() or "ja"], **initial})
    if here is Page.GUARDIAN:
        return GuardianForm(data, initial=initial, own_address=way.answers.get(Page.NAME, {}).get("email", ""))
    if here is Page.INTERESTS:
        return InterestsForm(data, initial=initial)
    return AgreementsForm(data, initial=_agreed(way, initial), texts=way.texts, partner=way.partner)


def _agreed(way: Way, initial: dict[str, Any]) -> dict[str, Any]:
    """Return what was ticked on this page before, if it was under the same texts. Nothing else is ticked beforehand."""
    return initial if initial.get("texts") == way.texts else {}


def times_form(way: Way, data: Any) -> TimesForm:
    asks_slots = way.term.slots.count() >= SLOTS_FROM
    ways = SlotsForm if asks_slots else WeekForm
    return ways(data, initial=way.initial(Page.TIMES), term=way.term, today=way.today)


def _template(here: Page, form: Form) -> str:
    return "dialogue/join/slots.html" if isinstance(form, SlotsForm) else TEMPLATES[here]


def _texts(here: Page, way: Way) -> dict[str, Any]:
    if here is not Page.AGREEMENTS:
        return {}
    language = get_language() or "ja"
    return {
        "rules": agreements(language),
        "take_part_text": consent_text(TAKE_PART, language),
        "partner_text": consent_text(SHARE_WITH_PARTNER, language),
    }


@on_the_way
def join_near(request: HttpRequest, way: Way) -> HttpResponseBase:
    """Ask which topics lie near to somebody's own words. What they do not tick does not count."""
    if way.draft is None:
        return _begin_anew(request, way)
    given = way.answers.get(Page.INTERESTS, {})
    proposals = near_topics(given) if given else ()
    if not proposals:
        return redirect(way.address(way.next_page))
    form = NearForm(request.POST if request.method == "POST" else None, proposals=proposals)
    if request.method == "POST" and form.is_valid():
        try:
            more = with_topics(given, form.cleaned_data["near"])
            keep_answers(draft_id=way.draft.pk, name=Page.INTERESTS.value, given=more, now=way.now)
        except DraftGone:
            return _begin_anew(request, way)
        return redirect(way.address(way.next_page))
    context = {**way.context(Page.INTERESTS), "back_url": way.address(Page.INTERESTS), "form": form}
    return render(request, "dialogue/join/near.html", context)


@on_the_way
def join_fit(request: HttpRequest, way: Way) -> HttpResponseBase:
    """Say how well the times fit so far and what one more would do; add it with one press."""
    if way.draft is None:
        return _begin_anew(request, way)
    if Page.TIMES not in way.answers or Page.GENERATION not in way.answers:
        return redirect(way.address(way.next_page))
    times = way.answers[Page.TIMES]
    if request.method == "POST":
        try:
            given = added(times, request.POST.get("add", ""))
            keep_answers(draft_id=way.draft.pk, name=Page.TIMES.value, given=given, now=way.now)
        except DraftGone:
            return _begin_anew(request, way)
        return redirect("join_fit", code=way.link.code)
    standing = standing_of(term=way.term, generation=way.answers[Page.GENERATION]["generation"], times=times)
    return render(
        request,
        "dialogue/join/fit.html",
        {
            **way.context(Page.TIMES),
            "back_url": way.address(Page.TIMES),
            "standing": standing,
            "lines": times_in_words(way.term, times),
            "narrowed": narrowed_times(
                windows=windows_of({HalfHour(*pair) for pair in times.get("ticked", ())}),
                zone=str(times.get("zone") or way.term.zone),
                term=way.term,
            ),
            "later": times.get("later", False),
            "next_url": way.address(way.next_page),
        },
    )

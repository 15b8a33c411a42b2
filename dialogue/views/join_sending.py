"""The end of a sign-up: everything once more, a number mailed to the address, and a place in the term."""

from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dialogue import clock
from dialogue import sign_in_limits as limits
from dialogue.core.sign_up import Page
from dialogue.forms.sign_up import MailedNumberForm
from dialogue.join_summary import summary_of
from dialogue.join_way import KEY_COOKIE, Way, forget_key, link_of, on_the_way
from dialogue.mail import site_mailbox
from dialogue.models import Participation, Person, SignUpDraft
from dialogue.services.guardians import GuardianRefused
from dialogue.services.signing_up import (
    AccountClosed,
    AlreadyHere,
    DraftGone,
    NotComplete,
    NotProven,
    Typed,
    check_number,
    draft_behind,
    number_for,
    number_under_way,
    put_in_place_of,
    take_place,
)
from dialogue.views.sign_in import RESEND_SECONDS

NUMBER_MAIL: Final = "account/email/sign_up_number"


@on_the_way
def join_check(request: HttpRequest, way: Way) -> HttpResponseBase:
    """Show everything once more. Sending it mails a number, or takes effect at once for whoever is signed in."""
    if way.draft is None:
        return _gone(request, way)
    if way.next_page is not Page.CHECK:
        return redirect(way.address(way.next_page))
    address = way.answers[Page.NAME]["email"]
    needs_number = not (request.user.is_authenticated and request.user.email == address)
    if request.method == "POST":
        return _mail_number(request, way, way.draft) if needs_number else _take(request, way, way.draft, request.user)
    context = {**way.context(Page.CHECK), "groups": summary_of(way), "address": address, "needs_number": needs_number}
    return render(request, "dialogue/join/check.html", context)


@on_the_way
def join_number(request: HttpRequest, way: Way) -> HttpResponseBase:
    """Wait for the number from the mail, for as long as it takes; the same page takes a newer one."""
    if way.draft is None:
        return _gone(request, way)
    waited_for = number_under_way(way.draft)
    if waited_for is None or way.next_page is not Page.CHECK:
        return redirect(way.address(way.next_page))
    if request.method == "POST" and request.POST.get("action") == "resend":
        waited = (way.now - waited_for.mailed_at).total_seconds()
        if waited < RESEND_SECONDS:
            messages.info(request, _("The mail is on its way. Please wait a little before you ask for a new number."))
            return redirect("join_number", code=way.link.code)
        return _mail_number(request, way, way.draft)
    form = MailedNumberForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = _typed(request, way, way.draft, form.cleaned_data["code"])
        if typed is Typed.RIGHT:
            return _take(request, way, way.draft, None)
        form.add_error("code", _wrong_words(typed))
    sender = site_mailbox().address
    return render(
        request,
        "dialogue/join/number.html",
        {
            **way.context(Page.CHECK),
            "form": form,
            "address": waited_for.address,
            "digits": waited_for.digits,
            "minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60,
            "wait_seconds": RESEND_SECONDS,
            "contact_address": sender,
            "sender_domain": sender.partition("@")[2],
            "back_url": way.address(Page.CHECK),
        },
    )


def _typed(request: HttpRequest, way: Way, draft: SignUpDraft, number: str) -> Typed | None:
    """Return what came of the number, None where somebody types too often. Limits are those of signing in."""
    waited_for = number_under_way(draft)
    if not limits.may_check(request):
        return None
    if waited_for is None or limits.is_worn_out(request, address=waited_for.address, digits=waited_for.digits):
        return Typed.VOID
    try:
        typed = check_number(draft_id=draft.pk, typed=number, now=way.now)
    except DraftGone:
        return Typed.RIGHT  # sent a moment ago from another tab, which `_take` finds out
    if typed is not Typed.RIGHT:
        limits.count_wrong(request, address=waited_for.address, digits=waited_for.digits)
    return typed


def _wrong_words(typed: Typed | None) -> str:
    if typed is None:
        return str(get_adapter().error_messages["rate_limited"])
    if typed is Typed.VOID:
        return _("This number no longer counts. Please ask for a new one, below.")
    return _("This is not the number from our latest mail. Please look again.")


def _mail_number(request: HttpRequest, way: Way, draft: SignUpDraft) -> HttpResponse:
    """Mail a number to the address, known or not, and wait for it."""
    address = way.answers[Page.NAME]["email"]
    if not limits.may_be_mailed(request, address):
        messages.error(request, get_adapter().error_messages["rate_limited"])
        return redirect("join_check", code=way.link.code)
    try:
        address, number = number_for(draft_id=draft.pk, digits=limits.digits_for(request, address), now=way.now)
    except DraftGone:
        return redirect("join_done", code=way.link.code)
    except NotComplete:
        return redirect(way.address(Page.NAME))
    get_adapter().send_mail(NUMBER_MAIL, address, {"code": number, "programme": way.term.programme.title})
    return redirect("join_number", code=way.link.code)


def _take(request: HttpRequest, way: Way, draft: SignUpDraft, actor: Person | None) -> HttpResponseBase:
    """Take the place, sign in and say what happens next; or say kindly why not."""
    address = way.answers[Page.NAME]["email"]
    try:
        one = take_place(draft_id=draft.pk, language=get_language() or "ja", now=way.now, actor=actor)
    except DraftGone:
        return redirect("join_done", code=way.link.code)
    except AlreadyHere as known:
        again = reverse("join_again", args=[way.link.code])
        return _signed_in(request, known.participation.person, address, again) if actor is None else redirect(again)
    except AccountClosed:
        return redirect("account_inactive")
    except GuardianRefused:
        messages.error(request, _("We cannot ask at this address. Please write another of your parent or guardian."))
        return redirect(way.address(Page.GUARDIAN))
    except (NotComplete, NotProven):
        return redirect("join_check", code=way.link.code)
    done = reverse("join_done", args=[way.link.code])
    response = redirect(done) if actor else _signed_in(request, one.person, address, done)
    return forget_key(response, way)


def _signed_in(request: HttpRequest, person: Person, address: str, lands: str) -> HttpResponseBase:
    """Sign in who has read the mail. Whoever has a second factor is asked for it here as everywhere."""
    record_authentication(request, person, method="code", email=address)
    response = perform_login(request, Login(user=person, email=address, redirect_url=lands))
    limits.remember_browser(request, response, address)
    return response


def _gone(request: HttpRequest, way: Way) -> HttpResponseBase:
    """Lead somebody without a draft to what became of it: their place in the term, or the beginning."""
    if way.place_of(request.user):
        return redirect("join_done", code=way.link.code)
    messages.info(request, _("There are no answers of yours on this device. Please begin here."))
    return redirect("join", code=way.link.code)


@never_cache
@require_safe
@login_required
def join_done(request: HttpRequest, code: str) -> HttpResponse:
    """Say what happens next."""
    one = _own_place(request, code)
    if one.status == Participation.Status.ENDED:
        return redirect("join_again", code=code)
    return render(request, "dialogue/join/done.html", {"one": one, "term": one.term, **_steps_after(one)})


def _steps_after(one: Participation) -> dict[str, Any]:
    """Return what comes after signing up, and which of it is next."""
    steps = [
        {"name": _("Your answers have arrived"), "note": _("You can look at them and change them at any time.")},
        {"name": _("The coordinators read them"), "note": _("You get a mail. You need do nothing until then.")},
        {"name": _("Cohorts are formed"), "note": _("You get a mail with all your dates.")},
    ]
    if one.under_18:
        asked = _("We have written to them. Please ask them to look at their mail.")
        steps.insert(1, {"name": _("Your parent or guardian agrees"), "note": asked})
    return {"steps": steps, "at": 2}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def join_again(request: HttpRequest, code: str) -> HttpResponseBase:
    """Tell somebody that they are in this term already, and let what they have just typed take the place of the old."""
    one = _own_place(request, code)
    link = link_of(code)
    draft = draft_behind(key=request.COOKIES.get(KEY_COOKIE, ""), link=link) if link else None
    has_ended = one.status == Participation.Status.ENDED
    if request.method == "POST" and draft is not None and not has_ended:
        try:
            put_in_place_of(draft_id=draft.pk, participation_id=one.pk, now=clock.now())
        except (DraftGone, NotComplete, NotProven):
            messages.info(request, _("There was nothing to take over. Your earlier answers stand."))
        else:
            messages.success(request, _("Your new answers have taken the place of the old ones."))
        return redirect("my_answers", pk=one.pk)
    return render(
        request,
        "dialogue/join/again.html",
        {"one": one, "term": one.term, "has_draft": draft is not None, "has_ended": has_ended},
    )


def _own_place(request: HttpRequest, code: str) -> Participation:
    link = link_of(code)
    if link is None:
        raise Http404
    rows = Participation.objects.of(request.user).select_related("term__programme__organisation", "person", "partner")
    one = rows.filter(term=link.term).first()
    if one is None:
        raise Http404
    return one

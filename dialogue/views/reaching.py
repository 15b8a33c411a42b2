"""How somebody wants to be reached: their own page; what LINE tells; another address for somebody."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dialogue import clock
from dialogue.channels.by_line import is_on
from dialogue.core.line_events import LARGEST, events_in, is_signed
from dialogue.forms.reaching import AddressForm, ContactForm
from dialogue.models import ContactChoice, FailingAddress, LineLink, Participation
from dialogue.services.reaching import (
    CODE_LASTS,
    AddressTaken,
    NotYours,
    choose_contact,
    correct_address,
    forget_account,
    forget_line,
    link_line,
    make_line_code,
    try_address_again,
)


@login_required
@never_cache
def contact_choices(request: HttpRequest) -> HttpResponse:
    """Show and keep a person's own choices; link and unlink LINE; try an address again that failed."""
    person, now = request.user, clock.now()
    has_line = is_on() and LineLink.objects.filter(person=person).exists()
    choice = ContactChoice.objects.filter(person=person).first() or ContactChoice(person=person)
    form, code = None, ""
    if "link" in request.POST and is_on():
        code = make_line_code(person=person, now=now)
    elif "unlink" in request.POST:
        forget_line(person_id=person.pk)
        messages.success(request, _("LINE is unlinked. Reminders come by mail from now on."))
        return redirect("contact_choices")
    elif "again" in request.POST:
        try_address_again(person=person, now=now)
        messages.success(request, _("Thank you. What waited is on its way."))
        return redirect("contact_choices")
    elif request.method == "POST":
        form = ContactForm(request.POST, has_line=has_line)
        if form.is_valid():
            wanted = {"channel": choice.channel, **form.cleaned_data}
            choose_contact(person=person, **wanted, now=now)
            messages.success(request, _("Your choice is kept."))
            return redirect("contact_choices")
    as_kept = {
        "channel": choice.channel,
        "reminders": choice.reminders,
        "next_terms": choice.next_terms_since is not None,
    }
    form = form or ContactForm(has_line=has_line, initial=as_kept)
    return render(
        request,
        "dialogue/contact_choices.html",
        {
            "form": form,
            "line_is_on": is_on(),
            "has_line": has_line,
            "code": code,
            "minutes": int(CODE_LASTS.total_seconds() // 60),
            "account": settings.LINE_ACCOUNT,
            "failing": FailingAddress.objects.filter(person=person).exists(),
        },
    )


@csrf_exempt
@require_POST
def line_webhook(request: HttpRequest) -> HttpResponse:
    """Take what LINE tells. Without an account at LINE the address does not exist; unsigned bodies change nothing."""
    if not is_on():
        raise Http404
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST or not is_signed(
        body, request.headers.get("X-Line-Signature", ""), secret=settings.LINE_CHANNEL_SECRET
    ):
        return HttpResponseBadRequest("not signed\n", content_type="text/plain")
    try:
        events = list(events_in(body))
    except ValueError:
        return HttpResponseBadRequest("no JSON\n", content_type="text/plain")
    for event in events:
        if event.left:
            forget_account(account=event.account)
        else:
            link_line(code=event.text, account=event.account, now=clock.now())
    return HttpResponse("ok\n", content_type="text/plain")


@login_required
def person_address(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a coordinator correct the address of somebody in their term, or try the same one again."""
    participation = get_object_or_404(
        Participation.objects.managed_by(request.user).select_related("person", "term__programme"), pk=pk
    )
    person, now = participation.person, clock.now()
    failing = FailingAddress.objects.filter(person=person).first()
    if "again" in request.POST:
        try_address_again(person=person, now=now)
        messages.success(request, _("The address is tried again. What waited is on its way."))
        return redirect("person_address", pk=pk)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            correct_address(person=person, email=form.cleaned_data["email"], actor=request.user, now=now)
        except AddressTaken:
            form.add_error("email", _("Another account has this address."))
        except NotYours:
            form.add_error(
                "email", _("This person runs programmes. Their address is changed by whoever runs the server.")
            )
        else:
            messages.success(request, _("The address is corrected. What waited is on its way."))
            return redirect("reception_person", pk=pk)
    return render(
        request,
        "dialogue/person_address.html",
        {
            "term": participation.term,
            "tab": "participations",
            "one": participation,
            "person": person,
            "failing": failing,
            "form": form,
        },
    )

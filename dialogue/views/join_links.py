"""The ways into a term: its links, their texts and flyers, its partners and their contacts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dialogue import clock
from dialogue.forms.partners import ContactForm, PartnerForm
from dialogue.handouts import LANGUAGES, address_of_link, handout_of, signed_up, words_for
from dialogue.models import JoinLink, Partner, StaffRole, Term
from dialogue.qr import modules_of, path_of, png_of, svg_of
from dialogue.services.join_links import close_link, open_link, renew_link
from dialogue.services.partners import ContactRefused, add_contact, add_partner, remove_contact
from dialogue.views.paging import page_of
from dialogue.ways_in import partners_of, ways_of

PARTNERS_ON_A_PAGE = 50
SPEAKS_ELSEWHERE = gettext_lazy("This address speaks for another partner of the programme already.")


@login_required
def term_join(request: HttpRequest, pk: int) -> HttpResponse:
    """List the host's link and each partner's; POST opens one of them."""
    terms = Term.objects.managed_by(request.user).select_related("programme__organisation")
    term = get_object_or_404(terms, pk=pk)
    host = term.programme.organisation
    if request.method == "POST":
        wanted = request.POST.get("partner", "")
        partner = get_object_or_404(Partner, organisation=host, pk=_number(wanted)) if wanted else None
        link = open_link(term=term, partner=partner, now=clock.now(), actor=request.user)
        messages.success(request, _("The link is open."))
        return redirect("join_link", pk=link.pk)
    partners = page_of(request, partners_of(term), size=PARTNERS_ON_A_PAGE)
    today = timezone.localdate(clock.now())
    ways = ways_of(term, [None, *partners] if partners.number == 1 else list(partners), today=today)
    context = {"term": term, "tab": "join", "ways": ways, "partners": partners, "host": host, "today": today}
    return render(request, "dialogue/term_join.html", context)


def _number(text: str) -> int:
    """Return the number that an address or a form field holds.

    Raises:
        Http404: it is none that a row could have.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Http404
    return int(text)


def _managed(request: HttpRequest, pk: int) -> JoinLink:
    links = JoinLink.objects.managed_by(request.user).select_related("term__programme__organisation", "partner")
    return get_object_or_404(links, pk=pk)


def _handed_out(request: HttpRequest, pk: int) -> JoinLink:
    """Return a link that the reader coordinates, or recruits with as the contact of its partner.

    Raises:
        Http404: there is none for them.
    """
    every = JoinLink.objects
    theirs = Q(pk__in=every.managed_by(request.user).values("pk")) | Q(
        pk__in=every.of_contact(request.user).values("pk")
    )
    return get_object_or_404(every.filter(theirs).select_related("term__programme__organisation", "partner"), pk=pk)


@login_required
@require_safe
def join_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a link with all that goes out with it."""
    link = _managed(request, pk)
    number = signed_up(link.term).get(link.partner_id, 0)
    latest = JoinLink.objects.filter(term=link.term, partner=link.partner).order_by("pk").last()
    today = timezone.localdate(clock.now())
    is_open = JoinLink.objects.open_on(today).filter(pk=link.pk).exists()
    context = {
        "term": link.term,
        "tab": "join",
        "link": link,
        "today": today,
        "is_open": is_open,
        "handout": handout_of(link),
        "number": number,
        "replaced": latest != link,
    }
    return render(request, "dialogue/join_link.html", context)


@login_required
def join_link_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and then close a link."""
    link = _managed(request, pk)
    if request.method == "POST":
        close_link(link=link, now=clock.now(), actor=request.user)
        messages.success(request, _("The link is closed. Nobody new can sign up by it."))
        return redirect("term_join", pk=link.term_id)
    return render(request, "dialogue/join_link_close.html", {"term": link.term, "tab": "join", "link": link})


@login_required
def join_link_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and then give a link another address."""
    link = _managed(request, pk)
    if request.method == "POST":
        fresh = renew_link(link=link, now=clock.now(), actor=request.user)
        messages.success(request, _("This is the new address. The old one no longer opens the sign-up."))
        return redirect("join_link", pk=fresh.pk)
    return render(request, "dialogue/join_link_renew.html", {"term": link.term, "tab": "join", "link": link})


@login_required
@require_safe
def join_link_flyer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a link as a sheet to print, in the language that `in` names, else in the reader's."""
    link = _handed_out(request, pk)
    language = request.GET.get("in") or translation.get_language()
    if language not in LANGUAGES:
        raise Http404
    address = address_of_link(link)
    modules = modules_of(address)
    context = {
        "link": link,
        "address": address,
        "flyer_language": language,
        "other": next(other for other in LANGUAGES if other != language),
        "flyer": f"dialogue/links/flyer.{language}.html",
        "words": words_for(link, language),
        "path": path_of(modules),
        "side": len(modules),
    }
    return render(request, "dialogue/join_link_flyer.html", context)


@login_required
@require_safe
def join_link_qr(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Give a link's QR code as a file to keep: svg for print, png for chats and slides."""
    link = _handed_out(request, pk)
    address = address_of_link(link)
    body, kind = (svg_of(address), "image/svg+xml") if form == "svg" else (png_of(address), "image/png")
    return HttpResponse(
        body,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="madoi-{link.code}.{form}"', "Cache-Control": "private"},
    )


@login_required
def partner_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a partner with its contact, and give them their link and their page."""
    terms = Term.objects.managed_by(request.user).select_related("programme__organisation")
    term = get_object_or_404(terms, pk=pk)
    form = PartnerForm(request.POST or None)
    if form.is_valid():
        try:
            add_partner(
                term=term,
                name=form.cleaned_data["partner"],
                contact=form.contact(),
                now=clock.now(),
                actor=request.user,
            )
        except ContactRefused:
            form.add_error("email", SPEAKS_ELSEWHERE)
        else:
            messages.success(request, _("The partner has a link of its own now."))
            return redirect("term_join", pk=term.pk)
    return render(request, "dialogue/partner_new.html", {"term": term, "tab": "join", "form": form})


@login_required
def contact_new(request: HttpRequest, pk: int, partner: int) -> HttpResponse:
    """Ask who else speaks for a partner, and tell them by mail."""
    terms = Term.objects.managed_by(request.user).select_related("programme__organisation")
    term = get_object_or_404(terms, pk=pk)
    of = get_object_or_404(Partner, pk=partner, organisation=term.programme.organisation)
    form = ContactForm(request.POST or None)
    if form.is_valid() and (contact := form.contact()):
        try:
            add_contact(programme=term.programme, partner=of, contact=contact, now=clock.now(), actor=request.user)
        except ContactRefused:
            form.add_error("email", SPEAKS_ELSEWHERE)
        else:
            messages.success(request, _("The contact gets a mail with the way to their page."))
            return redirect("term_join", pk=term.pk)
    return render(request, "dialogue/contact_new.html", {"term": term, "tab": "join", "partner": of, "form": form})


@login_required
def contact_remove(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Ask, and then take a contact's page away."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    roles = StaffRole.objects.filter(programme=term.programme_id, role=StaffRole.Role.PARTNER_CONTACT)
    role = get_object_or_404(roles.select_related("person", "partner"), pk=contact)
    if request.method == "POST":
        remove_contact(role=role, now=clock.now(), actor=request.user)
        messages.success(request, _("They no longer see the partner's page."))
        return redirect("term_join", pk=term.pk)
    return render(request, "dialogue/contact_remove.html", {"term": term, "tab": "join", "role": role})

"""Who is told when a facilitator marks a session for somebody's safety: named by the coordinators of the programme."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dialogue import clock
from dialogue.forms.partners import ContactForm
from dialogue.models import StaffRole, Term
from dialogue.services.safety_contacts import add_safety_contact, remove_safety_contact
from dialogue.views.paging import page_of

CONTACTS_ON_A_PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def term_safety(request: HttpRequest, pk: int) -> HttpResponse:
    """List the safety contacts of a term's programme by address, and name another."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    form = ContactForm(request.POST or None)
    if form.is_valid() and (contact := form.contact()):
        add_safety_contact(programme=term.programme, contact=contact, now=clock.now(), actor=request.user)
        messages.success(request, _("The contact gets a mail with the way to their page."))
        return redirect("term_safety", pk=term.pk)
    roles = StaffRole.objects.filter(programme=term.programme_id, role=StaffRole.Role.SAFETY_CONTACT)
    listed = page_of(request, roles.select_related("person").order_by("person__email"), size=CONTACTS_ON_A_PAGE)
    return render(request, "dialogue/term_safety.html", {"term": term, "form": form, "page": listed})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def safety_contact_remove(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Ask, and then take the page of a safety contact away."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    roles = StaffRole.objects.filter(programme=term.programme_id, role=StaffRole.Role.SAFETY_CONTACT)
    role = get_object_or_404(roles.select_related("person"), pk=contact)
    if request.method == "POST":
        remove_safety_contact(role=role, now=clock.now(), actor=request.user)
        messages.success(request, _("They no longer read the marks."))
        return redirect("term_safety", pk=term.pk)
    return render(request, "dialogue/safety_contact_remove.html", {"term": term, "role": role})

"""Who does what in a programme, and who may do what; its coordinators are named and taken off here."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dialogue import clock
from dialogue.forms.partners import ContactForm
from dialogue.models import StaffRole, Term
from dialogue.services.coordinators import LastOne, add_coordinator, remove_coordinator


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def term_staff(request: HttpRequest, pk: int) -> HttpResponse:
    """List the staff of a term's programme by role with what each may do, and name another coordinator."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    form = ContactForm(request.POST or None)
    form.fields["name"].label, form.fields["email"].label = _("Name"), _("Mail address")
    if form.is_valid() and (contact := form.contact()):
        role, new = add_coordinator(programme=term.programme, contact=contact, now=clock.now(), actor=request.user)
        if new:
            messages.success(request, _("%(email)s coordinates now and gets a mail.") % {"email": role.person.email})
        else:
            messages.info(request, _("%(email)s coordinates already.") % {"email": role.person.email})
        return redirect("term_staff", pk=term.pk)
    roles = StaffRole.objects.filter(programme=term.programme_id).select_related("person", "partner")
    by_role: dict[str, list[StaffRole]] = {value: [] for value in StaffRole.Role.values}
    for role in roles.order_by("person__email", "pk"):
        by_role[role.role].append(role)
    return render(
        request,
        "dialogue/term_staff.html",
        {
            "term": term,
            "form": form,
            "coordinators": by_role[StaffRole.Role.COORDINATOR],
            "safety_contacts": by_role[StaffRole.Role.SAFETY_CONTACT],
            "partner_contacts": by_role[StaffRole.Role.PARTNER_CONTACT],
            "facilitators": term.facilitations.count(),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def coordinator_remove(request: HttpRequest, pk: int, role: int) -> HttpResponse:
    """Ask, and then take a coordinator off."""
    term = get_object_or_404(Term.objects.managed_by(request.user).select_related("programme"), pk=pk)
    roles = StaffRole.objects.filter(programme=term.programme_id, role=StaffRole.Role.COORDINATOR)
    found = get_object_or_404(roles.select_related("person"), pk=role)
    if request.method == "POST":
        try:
            remove_coordinator(role=found, now=clock.now(), actor=request.user)
        except LastOne:
            messages.warning(request, _("Nobody else coordinates this programme. Name somebody first."))
            return redirect("term_staff", pk=term.pk)
        messages.success(request, _("%(email)s no longer coordinates.") % {"email": found.person.email})
        return redirect(
            "home" if found.person_id == request.user.pk else "term_staff", **_term_of(found, request, term)
        )
    return render(request, "dialogue/coordinator_remove.html", {"term": term, "role": found})


def _term_of(role: StaffRole, request: HttpRequest, term: Term) -> dict[str, int]:
    """Return the way back: whoever took themselves off has no page of the term any more."""
    return {} if role.person_id == request.user.pk else {"pk": term.pk}

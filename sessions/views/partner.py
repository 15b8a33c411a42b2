"""The pages of a partner's contact: the way to recruit, and how their own people fare, as far as those agreed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dialogue import clock
from dialogue.handouts import handout_of
from dialogue.models import Cohort, JoinLink, Participation, Person, StaffRole, Term
from dialogue.views.paging import page_of
from sessions.models import Attendance, DialogueSession

TERMS_ON_A_PAGE = 20
PEOPLE_ON_A_PAGE = 50
KANA_ORDER = ("person__family_kana", "person__given_kana", "person__preferred_name", "pk")
COLUMNS = ("person", "person__family_name", "person__given_name", "person__preferred_name", "status")
"""All that is read of a participant here: what this page does not know it cannot tell."""

Status = Participation.Status
SIGN_UP_WORDS: Mapping[str, str | Promise] = {
    Status.APPLIED: _("Applied"),
    Status.ACCEPTED: _("Accepted"),
    Status.PLACED: _("Accepted"),
    Status.RELAYED: _("Goes on in another term"),
    Status.ENDED: _("Ended"),
}


@dataclass(frozen=True, slots=True)
class PartnersPerson:
    """One of the partner's people who agreed that the partner knows. `came` and `missed` count sessions."""

    name: str
    sign_up: str | Promise
    place: str | Promise
    came: int
    missed: int


@login_required
@require_safe
def partner(request: HttpRequest) -> HttpResponse:
    """List the terms in which the reader speaks for a partner, the latest first."""
    roles = _roles(request.user)
    terms = page_of(
        request, _terms(request.user).select_related("programme").order_by("-starts_on", "-pk"), size=TERMS_ON_A_PAGE
    )
    agreed = _counts(Participation.objects.of_contact(request.user).filter(term__in=list(terms)))
    open_links = set(
        JoinLink.objects.of_contact(request.user)
        .filter(term__in=list(terms))
        .open_on(_today())
        .values_list("term", flat=True)
    )
    lines = [(term, roles[term.programme_id].partner, agreed.get(term.pk, 0), term.pk in open_links) for term in terms]
    context = {"terms": terms, "lines": lines, "partners": _partners(roles)}
    return render(request, "sessions/partner/terms.html", context)


@login_required
@require_safe
def partner_term(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the partner's link to a term with its texts, and the partner's people who agreed to it."""
    roles = _roles(request.user)
    term = get_object_or_404(_terms(request.user).select_related("programme__organisation"), pk=pk)
    own = roles[term.programme_id].partner
    links = JoinLink.objects.of_contact(request.user).filter(term=term).open_on(_today())
    link = links.select_related("term__programme__organisation", "partner").first()
    people = page_of(
        request,
        Participation.objects.of_contact(request.user).filter(term=term).order_by(*KANA_ORDER).values_list(*COLUMNS),
        size=PEOPLE_ON_A_PAGE,
    )
    return render(
        request,
        "sessions/partner/term.html",
        {
            "term": term,
            "partner": own,
            "handout": handout_of(link) if link else None,
            "people": people,
            "lines": _lines(people, term),
            "unseen": _without_consent(term, own.pk),
        },
    )


def _today() -> date:
    return timezone.localdate(clock.now())


def _roles(reader: Person) -> dict[int, StaffRole]:
    """Return the reader's roles as a partner's contact, by programme.

    Raises:
        Http404: they have none.
    """
    roles = StaffRole.objects.filter(person=reader, role=StaffRole.Role.PARTNER_CONTACT).select_related("partner")
    found = {role.programme_id: role for role in roles}
    if not found:
        raise Http404
    return found


def _partners(roles: Mapping[int, StaffRole]) -> list[str]:
    return sorted({role.partner.name for role in roles.values() if role.partner})


def _terms(reader: Person) -> QuerySet[Term]:
    """Return the terms to which the reader's partner has a link or has sent somebody."""
    links = JoinLink.objects.of_contact(reader).filter(term=OuterRef("pk"))
    sent = Participation.objects.filter(
        term=OuterRef("pk"),
        partner__contacts__person=reader,
        partner__contacts__role=StaffRole.Role.PARTNER_CONTACT,
        term__programme=F("partner__contacts__programme"),
    )
    return Term.objects.filter(Q(Exists(links)) | Q(Exists(sent)))


def _counts(rows: QuerySet[Participation]) -> dict[int, int]:
    return dict(rows.order_by().values_list("term").annotate(number=Count("pk")))


def _without_consent(term: Term, partner_id: int) -> int:
    """Return how many more of the partner's people are in the term: a number, and nothing else about them."""
    those = term.participations.filter(partner=partner_id).exclude(status=Status.ENDED)
    agreed = those.filter(consents__purpose="share_with_partner", consents__withdrawn_at__isnull=True)
    return those.exclude(pk__in=agreed.values("pk")).count()


def _lines(rows: Iterable[tuple[Any, ...]], term: Term) -> list[PartnersPerson]:
    rows = list(rows)
    has_cohorts = Cohort.objects.filter(term=term).exists()
    attendance = _attendance([row[0] for row in rows], term)
    lines = []
    for pk, family, given, preferred, status in rows:
        waits = status == Status.ACCEPTED and has_cohorts
        came, missed = attendance.get(pk, (0, 0))
        lines.append(
            PartnersPerson(
                name=" ".join(filter(None, (family, given))) or preferred,
                sign_up=_("Waiting for a place") if waits else SIGN_UP_WORDS[status],
                place=_("In a cohort") if status == Status.PLACED else "–" if status == Status.ENDED else _("Not yet"),
                came=came,
                missed=missed,
            )
        )
    return lines


def _attendance(people: list[int], term: Term) -> dict[int, tuple[int, int]]:
    """Return, by person, how many sessions of the term they came to and missed, as far as that has been noted."""
    rows = (
        Attendance.objects.filter(person__in=people, session__cohort__term=term, came__isnull=False)
        .exclude(session__status=DialogueSession.Status.CANCELLED)
        .order_by()
        .values_list("person")
        .annotate(came_to=Count("pk", filter=Q(came=True)), missed=Count("pk", filter=Q(came=False)))
    )
    return {person: (came, missed) for person, came, missed in rows}

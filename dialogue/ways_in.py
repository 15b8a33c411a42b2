"""The ways into a term as lines: who recruits, by which link, how many came by it, who speaks for the partner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from dialogue.handouts import signed_up
from dialogue.models import Facilitation, JoinLink, Participation, Partner, StaffRole, Term


@dataclass(frozen=True, slots=True)
class WayIn:
    """A line of the list: who recruits by it, its link, how many came, who speaks for the partner."""

    partner: Partner | None
    link: JoinLink | None
    is_open: bool
    number: int
    contacts: list[StaffRole]


def partners_of(term: Term) -> QuerySet[Partner]:
    """Return the partners of a term's host by name."""
    return Partner.objects.filter(organisation=term.programme.organisation_id).order_by("name", "pk")


def ways_of(term: Term, partners: Sequence[Partner | None], *, today: date) -> list[WayIn]:
    """Return a line for each of these partners; None stands for the host. Four queries."""
    links = {link.partner_id: link for link in term.join_links.order_by("pk")}
    open_ones = set(term.join_links.open_on(today).values_list("pk", flat=True))
    numbers = signed_up(term)
    contacts: dict[int | None, list[StaffRole]] = {}
    for role in _contacts(term):
        contacts.setdefault(role.partner_id, []).append(role)
    return [
        WayIn(
            partner=partner,
            link=(link := links.get(key)),
            is_open=link is not None and link.pk in open_ones,
            number=numbers.get(key, 0),
            contacts=contacts.get(key, []),
        )
        for partner, key in ((partner, partner and partner.pk) for partner in partners)
    ]


def _contacts(term: Term) -> QuerySet[StaffRole]:
    """Return the partners' contacts in the term's programme.

    `name_is_known`: they stand in no other host's rows, so their name is no news to this one.
    """
    host = term.programme.organisation_id
    them, elsewhere = Q(person=OuterRef("person")), ~Q(term__programme__organisation=host)
    known = ~(
        Exists(Participation.objects.filter(them & elsewhere))
        | Exists(Facilitation.objects.filter(them & elsewhere))
        | Exists(StaffRole.objects.filter(them).exclude(programme__organisation=host))
    )
    roles = StaffRole.objects.filter(programme=term.programme_id, role=StaffRole.Role.PARTNER_CONTACT)
    return roles.select_related("person").annotate(name_is_known=known).order_by("person__email")

"""Open, close and renew the addresses at which people sign up for a term."""

from datetime import datetime

from django.db import transaction

from dialogue.core.join_code import new_code
from dialogue.models import JoinLink, Partner, Person, Term
from dialogue.services import audit


@transaction.atomic
def open_link(*, term: Term, partner: Partner | None = None, now: datetime, actor: Person | None = None) -> JoinLink:
    """Open the link of a term, or of one partner to it, and return it.

    Opening twice is harmless: the second call changes nothing. A link that was closed opens again under the same
    address, so that flyers on the wall are true again; `renew_link` gives another address.

    Raises:
        ValueError: the partner belongs to another host than the term.
    """
    _take_turns(term)
    if partner is not None and partner.organisation_id != term.programme.organisation_id:
        raise ValueError(f"{partner} is no partner of the host of {term}")
    link = JoinLink.objects.filter(term=term, partner=partner).order_by("pk").last()
    if link is None:
        link = JoinLink.objects.create(term=term, partner=partner, code=new_code(), created_at=now)
    elif link.closed_at is None:
        return link
    else:
        link.closed_at = None
        link.save(update_fields=["closed_at"])
    _record("join_link_opened", link, now=now, actor=actor)
    return link


@transaction.atomic
def close_link(*, link: JoinLink, now: datetime, actor: Person | None = None) -> JoinLink:
    """Close a link: nobody new signs up by it. What people have sent stays. Closing twice is harmless."""
    _take_turns(link.term)
    link = JoinLink.objects.select_related("term", "partner").get(pk=link.pk)
    if link.closed_at is None:
        link.closed_at = now
        link.save(update_fields=["closed_at"])
        _record("join_link_closed", link, now=now, actor=actor)
    return link


@transaction.atomic
def renew_link(*, link: JoinLink, now: datetime, actor: Person | None = None) -> JoinLink:
    """Close a link for good and return one with another address in its place.

    Renewing one that has been replaced already changes nothing and returns what took its place: a second press on the
    button does not void the new address.
    """
    _take_turns(link.term)
    latest = JoinLink.objects.filter(term=link.term, partner=link.partner).order_by("pk").last()
    if latest is not None and latest.pk != link.pk:
        return latest
    JoinLink.objects.filter(pk=link.pk, closed_at__isnull=True).update(closed_at=now)
    fresh = JoinLink.objects.create(term=link.term, partner=link.partner, code=new_code(), created_at=now)
    _record("join_link_renewed", fresh, now=now, actor=actor)
    return fresh


def _take_turns(term: Term) -> None:
    """Have two coordinators who press at the same moment come one after the other."""
    Term.objects.select_for_update(of=("self",)).get(pk=term.pk)


def _record(action: str, link: JoinLink, *, now: datetime, actor: Person | None) -> None:
    detail = {"link": link.pk} | ({"partner": link.partner_id} if link.partner_id else {})
    audit.record(actor=actor, action=action, subject_key=f"term:{link.term_id}", now=now, detail=detail)

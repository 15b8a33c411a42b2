"""A repair in the words of whoever decides on it: what happens to whom, what stays."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from dialogue.core.wording import format_name
from dialogue.models import Facilitation, Participation
from matching.engine.repair import Proposal
from matching.running import RunningPlan
from matching.services.repairing import Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCard:
    """An offer as the page shows it. `steps` say what happens, `stays` what it leaves alone."""

    key: str
    steps: tuple[str, ...]
    stays: str


def offer_cards(plan: RunningPlan, offers: list[Offer]) -> list[OfferCard]:
    """Return the offers in words. Costs two queries, however many they are."""
    touched = [cohort for offer in offers for _at, cohort in offer.proposal.changes if cohort is not None]
    ids = {int(member) for cohort in touched for member in cohort.members}
    ids |= {int(member) for offer in offers for member in _before(plan, offer.proposal)}
    people = Participation.objects.select_related("person").in_bulk(ids)
    leaders = Facilitation.objects.select_related("person").in_bulk({int(cohort.facilitator) for cohort in touched})
    language = get_language() or "ja"

    def name(member: str) -> str:
        person = people[int(member)].person
        called = format_name(name=person.preferred_name, language=language)
        return f"{called} ({person.full_name})" if person.full_name else called

    def leader(facilitation: str) -> str:
        return format_name(name=leaders[int(facilitation)].person.preferred_name, language=language)

    cards = []
    for offer in offers:
        steps = tuple(_steps(plan, offer.proposal, name, leader))
        cards.append(OfferCard(key=offer.key, steps=steps, stays=_stays(offer.proposal)))
    return cards


def _before(plan: RunningPlan, proposal: Proposal) -> dict[str, int]:
    return {member: plan.cohorts[at].number for at, _cohort in proposal.changes for member in plan.planned[at].members}


def _steps(
    plan: RunningPlan, proposal: Proposal, name: Callable[[str], str], leader: Callable[[str], str]
) -> list[str]:
    before = _before(plan, proposal)
    steps = []
    for at, cohort in proposal.changes:
        number = plan.cohorts[at].number
        if cohort is None:
            steps.append(_("Cohort %(number)s ends. Its people go on in other cohorts.") % {"number": number})
            continue
        if cohort.facilitator != plan.planned[at].facilitator:
            words = {"name": leader(cohort.facilitator), "number": number}
            steps.append(_("%(name)s leads cohort %(number)s from now on.") % words)
        for member in cohort.members:
            words = {"name": name(member), "number": number, "before": before.get(member, 0)}
            if member not in before:
                steps.append(_("%(name)s, who waits, comes into cohort %(number)s.") % words)
            elif before[member] != number:
                steps.append(_("%(name)s goes from cohort %(before)s to cohort %(number)s.") % words)
    return steps


def _stays(proposal: Proposal) -> str:
    moved = len(proposal.moved)
    if not moved:
        return _("Nobody else changes cohort, and every cohort keeps its time.")
    return ngettext(
        "%(count)s other person changes cohort. Every cohort keeps its time.",
        "%(count)s other people change cohort. Every cohort keeps its time.",
        moved,
    ) % {"count": moved}

"""A repair in the words of whoever decides on it: what happens to whom, what stays."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from dialogue.core.interests import name_of
from dialogue.core.recurrence import Cadence
from dialogue.core.week import WeeklyWindow
from dialogue.core.wording import format_name, format_weekly
from dialogue.models import Cohort, Facilitation, Generation, Participation
from dialogue.services.cohorts import shared_by
from matching.engine.judging import against_soft_rules, soft_pairs
from matching.engine.repair import Proposal
from matching.explaining import change_as_kept
from matching.explanation_words import Words
from matching.inputs import window_of_slot
from matching.lock_words import called
from matching.running import RunningPlan
from matching.services.repairing import Offer, Trouble, change_that_seats


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCard:
    """An offer as the page shows it. `steps` say what happens, `stays` what it leaves alone.

    `afterwards` says of each changed cohort that goes on who is in it then, and what its generations share; then who
    comes to sit together that a wish of the term would keep apart.
    `times` are the cohorts that meet at another time, each with its weekday and the minutes after midnight.
    """

    key: str
    steps: tuple[str, ...]
    afterwards: tuple[str, ...]
    stays: str
    times: tuple[tuple[Cohort, tuple[int, int]], ...]


def offer_cards(plan: RunningPlan, offers: list[Offer]) -> list[OfferCard]:
    """Return the offers in words. Costs two queries, however many they are."""
    touched = [cohort for offer in offers for _at, cohort in offer.proposal.changes if cohort is not None]
    ids = {int(member) for cohort in touched for member in cohort.members}
    ids |= {int(member) for offer in offers for member in _before(plan, offer.proposal)}
    people = Participation.objects.select_related("person").in_bulk(ids)
    leaders = Facilitation.objects.select_related("person").in_bulk({int(cohort.facilitator) for cohort in touched})
    language = get_language() or "ja"
    soft = soft_pairs(plan.problem)

    def name(member: str) -> str:
        return called(people[int(member)].person)

    def leader(facilitation: str) -> str:
        return format_name(name=leaders[int(facilitation)].person.preferred_name, language=language)

    cards = []
    for offer in offers:
        steps = tuple(_steps(plan, offer.proposal, name, leader))
        afterwards = tuple(
            _afterwards(plan.cohorts[at].number, [people[int(member)] for member in cohort.members], language)
            for at, cohort in offer.proposal.changes
            if cohort is not None
        )
        afterwards += tuple(
            _("%(one)s and %(other)s have met before, or share a school or employer")
            % {"one": name(one), "other": name(other)}
            for at, cohort in offer.proposal.changes
            if cohort is not None
            for one, other in against_soft_rules(
                cohort.members, soft, comers={*cohort.members} - {*plan.planned[at].members}
            )
        )
        stays, times = _stays(plan, offer.proposal), tuple(_times(plan, offer.proposal))
        cards.append(OfferCard(key=offer.key, steps=steps, afterwards=afterwards, stays=stays, times=times))
    return cards


def what_would_seat(plan: RunningPlan, trouble: Trouble) -> str:
    """Return the cheapest change that would seat somebody who waits, as a sentence; an empty text for none."""
    change = change_that_seats(plan, trouble)
    if change is None:
        return ""
    kept = change_as_kept(change, [cohort.number for cohort in plan.cohorts])
    return Words(plan.term, people=[kept["partner"]], facilitators=[]).change(kept)


def _afterwards(number: int, members: list[Participation], language: str) -> str:
    students = sum(one.generation == Generation.STUDENT for one in members)
    topics = _(", ").join(name_of(key, language) for key in shared_by(members))
    words = {"number": number, "students": students, "alumni": len(members) - students, "topics": topics or "–"}
    return (
        _(
            "Cohort %(number)s afterwards: students %(students)s, second career %(alumni)s, shared interests:"
            " %(topics)s."
        )
        % words
    )


def _times(plan: RunningPlan, proposal: Proposal) -> Iterator[tuple[Cohort, tuple[int, int]]]:
    moved = {*proposal.new_times, *proposal.other_times}
    for at, cohort in proposal.changes:
        if cohort is not None and at in moved:
            yield plan.cohorts[at], window_of_slot(cohort.start)


def _before(plan: RunningPlan, proposal: Proposal) -> dict[str, int]:
    return {member: plan.cohorts[at].number for at, _cohort in proposal.changes for member in plan.planned[at].members}


def _steps(
    plan: RunningPlan, proposal: Proposal, name: Callable[[str], str], leader: Callable[[str], str]
) -> list[str]:
    before = _before(plan, proposal)
    times = {cohort.pk: window for cohort, window in _times(plan, proposal)}
    steps = []
    for at, cohort in proposal.changes:
        number = plan.cohorts[at].number
        if cohort is None:
            steps.append(_("Cohort %(number)s ends. Its people go on in other cohorts.") % {"number": number})
            continue
        if (window := times.get(plan.cohorts[at].pk)) is not None:
            former = (plan.cohorts[at].weekday, plan.cohorts[at].starts)
            words = {"number": number, "after": _when(plan, window), "before": _when(plan, former)}
            steps.append(_("Cohort %(number)s meets %(after)s from now on, no longer %(before)s.") % words)
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


def _when(plan: RunningPlan, window: tuple[int, int]) -> str:
    weekday, starts = window
    return format_weekly(
        window=WeeklyWindow(weekday, starts, starts + plan.term.session_minutes),
        language=get_language() or "ja",
        every=Cadence(plan.term.cadence),
        inside=True,
    )


def _stays(plan: RunningPlan, proposal: Proposal) -> str:
    moved = len(proposal.moved)
    if not moved:
        who = _("Nobody else changes cohort.")
    else:
        who = ngettext("%(count)s other person changes cohort.", "%(count)s other people change cohort.", moved) % {
            "count": moved
        }
    if proposal.other_times:
        numbers = _(", ").join(str(plan.cohorts[at].number) for at in proposal.other_times)
        times = _("Cohort %(numbers)s has nothing to do with this and would meet at another time all the same.") % {
            "numbers": numbers
        }
    elif proposal.new_times:
        times = _("Every other cohort keeps its time.")
    else:
        times = _("Every cohort keeps its time.")
    return _("%(who)s %(times)s") % {"who": who, "times": times}

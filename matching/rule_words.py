"""Why a run stopped or could not be published, in words for the coordinator."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matching.engine.rules import BrokenRule

_RULES: dict[str, str | Promise] = {
    BrokenRule.UNKNOWN_PARTICIPANT.value: _("Somebody has left the term or has found a cohort."),
    BrokenRule.UNKNOWN_FACILITATOR.value: _("A facilitator is not in this term any more."),
    BrokenRule.UNKNOWN_START.value: _("A cohort's time is no time of the week."),
    BrokenRule.PLACED_TWICE.value: _("Somebody would be in two cohorts."),
    BrokenRule.SIZE.value: _("A cohort would be smaller or larger than the term allows."),
    BrokenRule.GENERATION_MINIMUM.value: _("A cohort would have fewer people of a generation than the term asks for."),
    BrokenRule.MEMBER_NOT_FREE.value: _("Somebody is no longer free at the time of their cohort."),
    BrokenRule.FACILITATOR_NOT_FREE.value: _("A facilitator is no longer free at the time of a cohort."),
    BrokenRule.TOO_FEW_WINDOWS.value: _("A cohort has no time in common any more."),
    BrokenRule.NO_SHARED_LANGUAGE.value: _("A cohort would share no language."),
    BrokenRule.BLOCKED_PAIR.value: _("Two people who must be kept apart would be together."),
    BrokenRule.MET_BEFORE.value: _("Two people who have met before would be together."),
    BrokenRule.SAME_AFFILIATION.value: _("Two people of one school or employer would be together."),
    BrokenRule.TOGETHER_SPLIT.value: _("Two people who wish to be together would be apart."),
    BrokenRule.FACILITATOR_OVERLOAD.value: _("A facilitator would have more cohorts than they can take on."),
    BrokenRule.FACILITATOR_OVERLAP.value: _("A facilitator would have two cohorts at one time."),
    "generation": _("A cohort would have fewer people of a generation than the term asks for."),
    "language": _("A cohort would share no language."),
    "forbidden_pair": _("Two people who must be kept apart would be together."),
    "guardian": _("The guardian of somebody under 18 has not agreed."),
    "identity": _("Somebody under 18 would be with an adult whom nobody of the host has met."),
    "not_waiting": _("Somebody has left the term or has found a cohort."),
    "consent_missing": _("Somebody has taken their consent back."),
    "changed_meanwhile": _("Somebody has changed these cohorts meanwhile. Here is what can be done now."),
    "time_taken": _("Somebody is already booked elsewhere at one of these sessions."),
    "cohort_ended": _("A cohort has ended meanwhile."),
    "somebody_left_out": _("Somebody would lose their place."),
    "later_dates": _("Turns have passed since the run, so that cohorts would meet on later dates than it looked at."),
    "not_ready": _("This run is not ready, or has been set aside."),
}


def rule_sentences(codes: Iterable[str]) -> list[str | Promise]:
    """Return what each rule says, once; a code without words becomes a sentence that is true of all."""
    other = _("Something has changed since the run.")
    return list(dict.fromkeys(_RULES.get(code, other) for code in codes))


def trouble_sentence(trouble: str) -> str | Promise:
    """Return what stopped a run. The cause itself stands in the server's log."""
    if trouble == "worker_lost":
        return _("The server stopped three times while it formed cohorts. Perhaps it has too little memory.")
    return _("The server met a fault while it formed cohorts. Its administrator finds the cause in the log.")

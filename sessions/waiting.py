"""Where somebody stands who has no cohort yet: why, and what happens next, in words that blame nobody."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue.models import Participation

Reason = Participation.WaitingReason


@dataclass(frozen=True, slots=True)
class Standing:
    """Two sentences for somebody who waits."""

    why: Promise
    next: Promise


_WE_ASK_AGAIN = _("Please tell the coordinators of one more time at which you could come. We will look again at once.")

WORDS: Final[dict[str, Standing]] = {
    Reason.ACCEPTANCE: Standing(
        _("We have your application. The coordinators are reading it."),
        _("You will get a mail as soon as they have. You need do nothing."),
    ),
    Reason.ASKED_BACK: Standing(
        _("The coordinators would like to know one thing from you."),
        _("Please answer here, or reply to their mail. After that they decide."),
    ),
    Reason.HELD: Standing(
        _("The coordinators need a little more time for your application."),
        _("Your application stays as it is. You will get a mail. You need do nothing."),
    ),
    Reason.GUARDIAN: Standing(
        _("We are waiting for the answer of your guardian."),
        _("The question has gone to their own address. As soon as they agree, we go on."),
    ),
    Reason.CONSENT: Standing(
        _("We do not have your consent to take part yet."),
        _("Please give it to the coordinators. After that you are in the next forming of cohorts."),
    ),
    Reason.MATCHING: Standing(
        _("You are in. The cohorts are being formed now."),
        _("You will get a mail with all your dates. You need do nothing."),
    ),
    Reason.NO_AVAILABILITY: Standing(
        _("We do not know yet when you could come."),
        _("Please tell the coordinators two or three times of the week that suit you."),
    ),
    Reason.NO_LONG_ENOUGH_WINDOW: Standing(_("The times you gave are a little shorter than a session."), _WE_ASK_AGAIN),
    Reason.NO_FACILITATOR_IN_WINDOWS: Standing(
        _("At the times you gave we have no facilitator yet."),
        _("We are looking for one. One more time at which you could come would help too."),
    ),
    Reason.NO_SHARED_LANGUAGE: Standing(
        _("At the times you gave nobody speaks your language of dialogue yet."), _WE_ASK_AGAIN
    ),
    Reason.TOGETHER_PAIR_SPLIT: Standing(
        _("You wished to be together with somebody, and the two of you share no time yet."), _WE_ASK_AGAIN
    ),
    Reason.NO_VALID_COHORT: Standing(
        _("At the times you gave there are not yet enough people for a cohort."), _WE_ASK_AGAIN
    ),
    Reason.NOT_ENOUGH_PLACES: Standing(
        _("The cohorts at the times you gave are full."),
        _("You are first in line when a place comes free. One more time at which you could come would help too."),
    ),
    Reason.COHORT_ENDED: Standing(
        _("Your cohort has ended early."),
        _("We are looking for a new place for you. You will get a mail. You need do nothing."),
    ),
}

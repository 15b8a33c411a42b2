"""What a reception says: of stages, decisions, letters, and of what came of a decision."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.announcing import DECISION_LETTERS
from dialogue.core.reception import Move, Stage
from dialogue.decisions import Outcome, Result
from dialogue.models import Participation

NAMES_IN_A_SENTENCE: Final = 10

STAGES: Final[dict[Stage, tuple[Promise, str]]] = {
    Stage.INVITED: (gettext_lazy("Invited, has not answered"), "waiting"),
    Stage.NEW: (gettext_lazy("To be decided"), "open"),
    Stage.ASKED_BACK: (gettext_lazy("Asked back"), "waiting"),
    Stage.HELD: (gettext_lazy("On hold"), "waiting"),
    Stage.ACCEPTED: (gettext_lazy("Accepted"), "done"),
    Stage.PLACED: (gettext_lazy("Has a cohort"), "done"),
    Stage.HANDED_ON: (gettext_lazy("Handed on"), "ended"),
    Stage.DECLINED: (gettext_lazy("Not accepted"), "ended"),
    Stage.GUARDIAN_REFUSED: (gettext_lazy("The guardian did not agree"), "ended"),
    Stage.LEFT: (gettext_lazy("Has left"), "ended"),
}
"""The word and the badge of each stage."""

MOVES: Final[dict[Move, Promise]] = {
    Move.ACCEPT: gettext_lazy("Accept"),
    Move.ASK_BACK: gettext_lazy("Ask back"),
    Move.HOLD: gettext_lazy("Put on hold"),
    Move.DECLINE: gettext_lazy("Decline"),
    Move.HAND_ON: gettext_lazy("Hand on"),
    Move.REOPEN: gettext_lazy("Back to undecided"),
}
"""The buttons. Pointing on to another programme is a way of handing on."""

_DONE: Final[dict[Move, Promise]] = {
    Move.ACCEPT: gettext_lazy("Accepted: %(names)s."),
    Move.ASK_BACK: gettext_lazy("Asked back: %(names)s."),
    Move.HOLD: gettext_lazy("On hold: %(names)s."),
    Move.DECLINE: gettext_lazy("Declined: %(names)s."),
    Move.HAND_ON: gettext_lazy("Handed on: %(names)s."),
    Move.POINT_ON: gettext_lazy("Declined, with another programme named: %(names)s."),
    Move.REOPEN: gettext_lazy("Open again: %(names)s."),
}

LETTERS: Final[dict[str, Promise]] = {
    "application_received": gettext_lazy("Application received"),
    DECISION_LETTERS[Move.ACCEPT]: gettext_lazy("Application accepted"),
    DECISION_LETTERS[Move.ASK_BACK]: gettext_lazy("Question about the application"),
    DECISION_LETTERS[Move.HOLD]: gettext_lazy("Application on hold"),
    DECISION_LETTERS[Move.DECLINE]: gettext_lazy("Application declined"),
    DECISION_LETTERS[Move.HAND_ON]: gettext_lazy("Invitation to another term"),
    DECISION_LETTERS[Move.POINT_ON]: gettext_lazy("Declined, another programme named"),
    DECISION_LETTERS[Move.REOPEN]: gettext_lazy("Application open again"),
    "application_without_guardian": gettext_lazy("Closed, the guardian did not agree"),
    "guardian_asked": gettext_lazy("Question to the guardian"),
    "guardian_nudged": gettext_lazy("Reminder to the guardian"),
}

HISTORY: Final[dict[str, Promise]] = {
    "signed_up": gettext_lazy("Signed up"),
    "reception_accept": gettext_lazy("Accepted"),
    "reception_ask_back": gettext_lazy("Asked a question"),
    "reception_hold": gettext_lazy("Put on hold"),
    "reception_decline": gettext_lazy("Declined"),
    "reception_hand_on": gettext_lazy("Handed on"),
    "reception_point_on": gettext_lazy("Declined, another programme named"),
    "reception_reopen": gettext_lazy("Opened again"),
    "reception_taken_back": gettext_lazy("Took the last decision back"),
    "reception_replied": gettext_lazy("Answered the question"),
    "reception_agreed_to_hand_on": gettext_lazy("Agreed to this term"),
    "reception_refused_hand_on": gettext_lazy("Does not want this term"),
    "handed_on_from": gettext_lazy("Handed on from another term"),
    "guardian_asked": gettext_lazy("Guardian asked"),
    "guardian_agreed": gettext_lazy("The guardian agreed"),
    "guardian_did_not_agree": gettext_lazy("The guardian did not agree"),
    "identity_checked": gettext_lazy("Identity checked"),
    "identity_check_withdrawn": gettext_lazy("Identity check taken back"),
    "consent_written_down": gettext_lazy("Consent written down"),
    "written_consent_taken_back": gettext_lazy("The consent written down was taken back"),
    "note_written": gettext_lazy("Note written"),
    "goodbye_said": gettext_lazy("Said something in parting"),
    "participation_ended": gettext_lazy("Participation ended"),
    "forgotten": gettext_lazy("What they gave was erased"),
}


def full_name_of(one: Participation) -> str:
    """Return how coordinators call somebody: the full name, or what they are called where there is no other."""
    return one.person.full_name or one.person.preferred_name


def names_in(people: Sequence[Participation]) -> str:
    """Return the names in one line, the first ten whole and the others by their number."""
    names = _(", ").join(full_name_of(one) for one in people[:NAMES_IN_A_SENTENCE])
    more = len(people) - NAMES_IN_A_SENTENCE
    return _("%(names)s and %(number)s more") % {"names": names, "number": more} if more > 0 else names


def sentences_about(outcomes: Iterable[Outcome], move: Move) -> list[tuple[str, str]]:
    """Return what came of a decision as (level, sentence): success, info or warning."""
    sorted_out: dict[str, list[Participation]] = {"told": [], "taken_back": [], "already": []}
    sentences: list[tuple[str, str]] = []
    for outcome in outcomes:
        if outcome.result is Result.DONE:
            sorted_out["told" if outcome.told else "taken_back"].append(outcome.participation)
        elif outcome.result is Result.ALREADY:
            sorted_out["already"].append(outcome.participation)
        else:
            sentences.append(("warning", _not_done(outcome)))
    if told := sorted_out["told"]:
        done = str(_DONE[move]) % {"names": names_in(told)}
        leaves = _("Each letter leaves in five minutes. Until then you can take this back, and nobody hears of it.")
        sentences.insert(0, ("success", f"{done} {leaves}"))
    if taken_back := sorted_out["taken_back"]:
        undone = _("Taken back, and nobody was told: %(names)s.") % {"names": names_in(taken_back)}
        sentences.insert(0, ("success", undone))
    if already := sorted_out["already"]:
        before = _("It was so before, and nothing was sent again: %(names)s.") % {"names": names_in(already)}
        sentences.append(("info", before))
    return sentences


def _not_done(outcome: Outcome) -> str:
    values = {"name": full_name_of(outcome.participation), "stage": STAGES[outcome.stage][0]}
    if outcome.result is Result.CHANGED and outcome.changed_by:
        values["who"] = outcome.changed_by.full_name or outcome.changed_by.preferred_name
        return _("%(name)s: %(who)s was quicker, and it now says “%(stage)s”. Nothing was changed or sent.") % values
    if outcome.result is Result.CHANGED:
        return _("%(name)s: this has changed, and it now says “%(stage)s”. Nothing was changed or sent.") % values
    return _("%(name)s: not possible, it says “%(stage)s”. Nothing was changed or sent.") % values

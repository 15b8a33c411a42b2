"""What the tags of prompts and the planner's reasons are called, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.core.interests import name_of
from dialogue.core.prompts.prompt import Anchor, Depth, Domain, Sensitivity, Stage, Value
from dialogue.core.prompts.reasons import Reason, ReasonCode

VALUES: Final = {
    Value.SELF_DIRECTION_THOUGHT: _("Thinking for oneself"),
    Value.SELF_DIRECTION_ACTION: _("Deciding for oneself"),
    Value.STIMULATION: _("Newness and adventure"),
    Value.HEDONISM: _("Enjoying"),
    Value.ACHIEVEMENT: _("Getting it done"),
    Value.POWER_DOMINANCE: _("Moving people"),
    Value.POWER_RESOURCES: _("Money and things"),
    Value.FACE: _("How one is seen"),
    Value.SECURITY_PERSONAL: _("Being safe"),
    Value.SECURITY_SOCIETAL: _("A safe society"),
    Value.TRADITION: _("What is handed down"),
    Value.CONFORMITY_RULES: _("Rules and promises"),
    Value.CONFORMITY_INTERPERSONAL: _("Not upsetting others"),
    Value.HUMILITY: _("Humility"),
    Value.BENEVOLENCE_CARING: _("Caring for those close"),
    Value.BENEVOLENCE_DEPENDABILITY: _("Being relied on"),
    Value.UNIVERSALISM_CONCERN: _("Fairness for everybody"),
    Value.UNIVERSALISM_NATURE: _("Nature"),
    Value.UNIVERSALISM_TOLERANCE: _("Accepting difference"),
}
DOMAINS: Final = {
    Domain.WORK: pgettext_lazy("part of life", "Work"),
    Domain.LEARNING: pgettext_lazy("part of life", "Learning"),
    Domain.FAMILY: pgettext_lazy("part of life", "Family"),
    Domain.FRIENDS: pgettext_lazy("part of life", "Friends"),
    Domain.COMMUNITY: pgettext_lazy("part of life", "Neighbourhood"),
    Domain.LIVING: pgettext_lazy("part of life", "Money and daily life"),
    Domain.HEALTH: pgettext_lazy("part of life", "Health"),
    Domain.CREATION: pgettext_lazy("part of life", "Making and hobbies"),
    Domain.SOCIETY_NATURE: pgettext_lazy("part of life", "Society and nature"),
    Domain.FAILURE: pgettext_lazy("part of life", "Failing and recovering"),
}
DEPTHS: Final = {
    Depth.PREFERENCE: _("1 A liking, a scene of these days"),
    Depth.SCENE: _("2 A scene of the past"),
    Depth.DILEMMA: _("3 A dilemma and its cost"),
    Depth.REGRET: _("4 Regret, loss, a changed belief"),
}
STAGES: Final = {
    Stage.BACKGROUND: pgettext_lazy("stage", "Background"),
    Stage.HESITATION: pgettext_lazy("stage", "Hesitation"),
    Stage.CHOICE: pgettext_lazy("stage", "Choice"),
    Stage.AFTERMATH: pgettext_lazy("stage", "Afterwards"),
}
ANCHORS: Final = {
    Anchor.SCENE: _("One scene"),
    Anchor.HABIT: _("Something often repeated"),
    Anchor.FUTURE: _("A scene yet to come"),
}
SENSITIVITIES: Final = {
    Sensitivity.FAMILY: _("touches on family"),
    Sensitivity.HEALTH: _("touches on health"),
    Sensitivity.MONEY: _("touches on money"),
    Sensitivity.LOSS: _("touches on loss"),
}
_DETAILS: Final[Mapping[ReasonCode, Mapping[Any, Promise]]] = {
    ReasonCode.NAMED_VALUE: VALUES,
    ReasonCode.BRINGS_STAGE: STAGES,
    ReasonCode.NEW_PART_OF_LIFE: DOMAINS,
}
_REASONS: Final = {
    ReasonCode.WISHED_DEPTH: _("Depth %(detail)s, as the record of the session before wished."),
    ReasonCode.SHARED_TOPIC: _("Both generations of this cohort chose “%(detail)s”."),
    ReasonCode.NAMED_VALUE: _("It is close to “%(detail)s”, which was named for this cohort."),
    ReasonCode.OPENS_LIGHTLY: _("A light beginning, so that everybody has spoken before it goes deeper."),
    ReasonCode.SCENE_FIRST: _("A scene first; the decision follows in the second round."),
    ReasonCode.REACHES_DEPTH: _("This session of the series is the place for depth %(detail)s."),
    ReasonCode.CALMS_DOWN: _("Calmer, because the session before it went deep."),
    ReasonCode.LOOKS_BACK: _("It looks back, as the last round of a series does."),
    ReasonCode.PARTS_LIGHTLY: _("Light enough to part on."),
    ReasonCode.BRINGS_STAGE: _("Without it “%(detail)s” would have less than a quarter of the rounds."),
    ReasonCode.NEW_PART_OF_LIFE: _("“%(detail)s” comes up here for the first time."),
    ReasonCode.NOBODY_MET: _("Nobody in this cohort has met it before."),
    ReasonCode.LEAVES_OUT: _("It keeps away from what this cohort left out."),
}


def value_name(value: str) -> str | Promise:
    """Return what a value is called. One that is not of the nineteen (an own deck's) stays as it is written."""
    return _called(VALUES, value)


def tag_words(*, domain: str, depth: int, stage: str, sensitivity: str = Sensitivity.NONE) -> list[str]:
    """Return the tags of a prompt in words, in the order in which a page shows them."""
    words = [
        _called(DOMAINS, domain),
        DEPTHS[Depth(depth)],
        _called(STAGES, stage),
        SENSITIVITIES[Sensitivity(sensitivity)] if sensitivity != Sensitivity.NONE else "",
    ]
    return [str(word) for word in words if word]


def reason_words(reasons: Iterable[Reason]) -> list[str]:
    """Return why a prompt stands where it stands, a sentence a reason."""
    return [str(_REASONS[one.code]) % {"detail": _detail(one)} for one in reasons]


def _detail(reason: Reason) -> str:
    if reason.code is ReasonCode.SHARED_TOPIC:
        return name_of(reason.detail, get_language() or "ja")
    return str(_called(_DETAILS.get(reason.code, {}), reason.detail))


def _called(names: Mapping[Any, Promise], tag: str) -> str | Promise:
    # A tag that is stored is plain text, and equal to its member.
    return names.get(tag, tag)

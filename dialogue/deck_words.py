"""What a deck lacks for a series, in the reader's language."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue.core.prompts.prompt import Stage
from dialogue.core.prompts.sufficing import Lack, LackCode, Verdict
from dialogue.core.prompts.wishes import Wish
from dialogue.prompt_words import STAGES

_LACKS: Final[Mapping[LackCode, Promise]] = {
    LackCode.PROMPTS: _("Prompts in all: %(wanted)s needed, %(has)s there"),
    LackCode.SCENES: _("Depth 1 or 2, to begin each session: %(wanted)s needed, %(has)s there"),
    LackCode.LIGHT: _("Depth 1, for light beginnings: %(wanted)s needed, %(has)s there"),
    LackCode.DECISIONS: _("Hesitation, choice or afterwards, at depth %(detail)s: %(wanted)s needed, %(has)s there"),
    LackCode.HARVEST: _("Afterwards, at depth 1 or 2, for the last round: %(wanted)s needed, %(has)s there"),
    LackCode.STAGE: _("Stage “%(detail)s”: %(wanted)s needed, %(has)s there"),
    LackCode.DOMAINS: _("Different parts of life: %(wanted)s needed, %(has)s there"),
}
_BROKEN: Final[Mapping[Wish, Promise]] = {
    Wish.VALUE_VARIETY: _("One value would come up in three sessions running."),
    Wish.HARVEST: _("The last round would not look back."),
    Wish.LIGHT_SESSION: _("Four sessions running would have no light beginning."),
    Wish.STAGE_SHARE: _("One of the stages would have less than a quarter of the rounds."),
    Wish.DOMAIN_BREADTH: _("Too few parts of life would come up."),
    Wish.NEW_PROMPTS: _("Somebody would meet a prompt a second time."),
    Wish.DEPTH_FLOOR: _("A session would stay lighter than its place in the series."),
    Wish.DOMAIN_CHANGE: _("One part of life would come up twice running."),
    Wish.SCENE_THEN_DECISION: _("A session would not go from a scene to a decision."),
    Wish.DEPTH_CEILING: _("A session would go deeper than its place in the series."),
    Wish.EVERY_SESSION: _("A session would be left without a prompt."),
}


def verdict_words(verdict: Verdict) -> list[str]:
    """Return what a deck lacks, a line each; none where it suffices."""
    return [_of(lack) for lack in verdict.lacks] + [str(_BROKEN[wish]) for wish in Wish if wish in verdict.broken]


def _of(lack: Lack) -> str:
    detail = STAGES[Stage(lack.detail)] if lack.code is LackCode.STAGE else lack.detail
    return str(_LACKS[lack.code]) % {"wanted": lack.wanted, "has": lack.has, "detail": detail}

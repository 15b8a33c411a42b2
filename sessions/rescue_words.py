"""Dangers and ways out of them, in words: what is missing, what helps, why it stands where it does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sessions.core.quorum import State, Trouble, Verdict
from sessions.core.rescues import Rescue, RescueKind

TROUBLES: Final[dict[Trouble, Promise]] = {
    Trouble.FACILITATOR: gettext_lazy("The facilitator cannot come."),
    Trouble.FEW: gettext_lazy("Fewer people come than a dialogue needs."),
    Trouble.GENERATION: gettext_lazy("Of one generation nobody comes yet."),
    Trouble.ALONE: gettext_lazy("One person would be the only one of their generation."),
}
DECIDED: Final[dict[str, Promise]] = {
    RescueKind.WINDOW: gettext_lazy("The session has moved to a time that suits all."),
    RescueKind.MINI: gettext_lazy("The session is held as a small one."),
    RescueKind.JOINT: gettext_lazy("The session is held together with another cohort."),
    RescueKind.FACILITATOR: gettext_lazy("Other facilitators are being asked, one after the other."),
    RescueKind.STANDBY: gettext_lazy("People of other cohorts are being asked, one after the other."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A rescue as its button and the sentence under it; `starts_at` and `ends_at` where it is another time."""

    key: str
    title: str
    why: str
    action: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def what_is_wrong(verdict: Verdict) -> list[str]:
    """Return a sentence for each thing that is missing, and how it stands with those who have not answered."""
    sentences = [str(TROUBLES[one]) for one in Trouble if one in verdict.troubles]
    if verdict.state is State.OPEN:
        sentences.append(
            ngettext(
                "If the one person who has not answered comes, it can take place.",
                "If enough of the %(number)s people who have not answered come, it can take place.",
                verdict.unanswered,
            )
            % {"number": verdict.unanswered}
        )
    return sentences


def ways_in_words(ways: Iterable[Rescue], *, length: timedelta) -> list[Way]:
    """Return each way in words, in the order given. `length` is the session's."""
    return [_way(one, length) for one in ways]


def _way(one: Rescue, length: timedelta) -> Way:
    match one.kind:
        case RescueKind.WINDOW:
            why = (
                ngettext(
                    "Everybody of the cohort can come then, one of them only if need be.",
                    "Everybody of the cohort can come then, %(number)s of them only if need be.",
                    one.reluctant,
                )
                % {"number": one.reluctant}
                if one.reluctant
                else _("By the times they gave, everybody of the cohort can come then.")
            )
            ends_at = one.starts_at + length if one.starts_at else None
            return Way(
                key=one.key,
                title=_("Move it"),
                why=why,
                action=_("Move the session there"),
                starts_at=one.starts_at,
                ends_at=ends_at,
            )
        case RescueKind.STANDBY:
            return Way(
                key=one.key,
                title=_("Somebody of another cohort steps in"),
                why=ngettext(
                    "One person said that they can step in, and has time then. We ask by mail.",
                    "%(number)s people said that they can step in, and have time then. "
                    "We ask one after the other, until enough come.",
                    one.people,
                )
                % {"number": one.people},
                action=_("Ask who can step in"),
            )
        case RescueKind.MINI:
            return Way(
                key=one.key,
                title=_("A small session"),
                why=_("%(number)s people come, and both generations are there.") % {"number": one.people},
                action=_("Hold it as a small one"),
            )
        case RescueKind.JOINT:
            return Way(
                key=one.key,
                title=_("Together with another cohort"),
                why=_("A cohort of this term meets at the same time. You would be %(number)s people.")
                % {"number": one.people},
                action=_("Hold it together"),
            )
        case RescueKind.FACILITATOR:
            return Way(
                key=one.key,
                title=_("Another facilitator"),
                why=ngettext(
                    "One other facilitator is free then. We ask by mail.",
                    "%(number)s other facilitators are free then. We ask one after the other; the first yes wins.",
                    one.people,
                )
                % {"number": one.people},
                action=_("Ask other facilitators"),
            )

"""What a run can say of its cohorts and of those who wait, in sentences. Nothing here rates a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from dialogue.core.interests import name_of
from dialogue.core.recurrence import Cadence
from dialogue.core.wall_clock import zone_named
from dialogue.core.week import WeeklyWindow, merged
from dialogue.core.wording import format_name, format_weekly
from dialogue.forms.sign_up import LANGUAGES
from dialogue.models import Facilitation, Participation, Person, Term
from matching.engine.changes import ChangeKind
from matching.engine.company import Hold, Part
from matching.engine.hints import OptionalRule
from matching.engine.solution import Finding
from matching.inputs import SLOT_MINUTES, window_of_slot
from matching.part_points import points_of

STRONG_FROM: Final = {Part.AFFINITY: 0.18, Part.ROBUST: 0.13, Part.BALANCE: 0.11, Part.DIVERSITY: 0.11}
WEAK_BELOW: Final = {Part.AFFINITY: 0.06, Part.ROBUST: 0.05, Part.BALANCE: 0.08, Part.DIVERSITY: 0.06}
"""What a part brings into the quality (at most .50, .20, .15 and .15) when it is worth a word. Interests of two people
rarely agree by more than a third; one time that does not overlap brings in .067."""

_GOOD: Final = {
    Part.AFFINITY: gettext_lazy("Many interests in common"),
    Part.ROBUST: gettext_lazy("Several other times in common that do not overlap"),
    Part.BALANCE: gettext_lazy("The generations are even"),
    Part.DIVERSITY: gettext_lazy("Many different fields"),
}
_WEAK: Final = {
    Part.AFFINITY: gettext_lazy("Few interests in common"),
    Part.ROBUST: gettext_lazy("No other time in common that does not overlap"),
    Part.BALANCE: gettext_lazy("One generation is clearly in the majority"),
    Part.DIVERSITY: gettext_lazy("Fields lie close together"),
}
_PARTS: Final = {
    Part.AFFINITY: gettext_lazy("Interests in common"),
    Part.ROBUST: gettext_lazy("Other times in common"),
    Part.BALANCE: gettext_lazy("Even generations"),
    Part.DIVERSITY: gettext_lazy("Different fields"),
}
_LARGER: Final[dict[str, Promise]] = {
    Hold.FULL.value: gettext_lazy("It is as large as the term allows."),
    Hold.NOBODY_WAITS.value: gettext_lazy("Nobody waits who could come into it."),
    Hold.NOBODY_FREE.value: gettext_lazy("Nobody who waits is free at its time."),
    Hold.NO_LANGUAGE.value: gettext_lazy("Nobody who waits and is free then shares its language."),
    Hold.KEPT_APART.value: gettext_lazy("Whoever waits and is free then must be kept apart from one of its people."),
    Hold.OTHER_RULES.value: gettext_lazy("Whoever waits and is free then comes only together with somebody else."),
    Hold.OPEN.value: gettext_lazy("Somebody who waits could still come into it."),
}
_ELSEWHERE: Final[dict[str, Promise]] = {
    Hold.ONE_TIME.value: gettext_lazy("Its people share this one time only."),
    Hold.NO_FACILITATOR.value: gettext_lazy("At the other times that they share no facilitator is free."),
    Hold.OPEN.value: gettext_lazy("It could meet at another time."),
}
_RULES: Final[dict[str, Promise]] = {
    OptionalRule.STUDENT_AFFILIATION.value: gettext_lazy("Never two students of one school"),
    OptionalRule.ALUMNI_AFFILIATION.value: gettext_lazy("Never two of one employer"),
    OptionalRule.MET_BEFORE.value: gettext_lazy("Never two who have met before"),
    OptionalRule.MIN_WINDOWS.value: gettext_lazy("More than one time in common"),
    OptionalRule.GENERATION_MINIMUM.value: gettext_lazy("More than two of each generation"),
    OptionalRule.SIZE.value: gettext_lazy("Other sizes of cohorts than four to six"),
    OptionalRule.TOGETHER.value: gettext_lazy("Those who wish to be together stay together"),
}
_FINDINGS: Final[dict[str, Promise]] = {
    Finding.NO_STUDENTS.value: gettext_lazy("No student is among those who wait for a cohort."),
    Finding.NO_ALUMNI.value: gettext_lazy("Nobody of the second career is among those who wait for a cohort."),
    Finding.NO_FACILITATORS.value: gettext_lazy("There is no facilitator."),
    Finding.FACILITATOR_WITHOUT_LOAD.value: gettext_lazy("%(names)s can lead no cohort more."),
    Finding.FACILITATOR_WITHOUT_WINDOW.value: gettext_lazy(
        "%(names)s, who facilitates, is at no time free for a whole session."
    ),
    Finding.TOGETHER_BUT_FORBIDDEN.value: gettext_lazy("%(names)s wish to be together, but a rule keeps them apart."),
    Finding.TOGETHER_WITHOUT_COMMON_WINDOW.value: gettext_lazy(
        "%(names)s wish to be together, but have too little time in common."
    ),
    Finding.TOGETHER_WITHOUT_COMMON_LANGUAGE.value: gettext_lazy(
        "%(names)s wish to be together, but share no language."
    ),
    Finding.TOGETHER_TOO_MANY.value: gettext_lazy("%(names)s wish to be together, and are more than a cohort holds."),
}
"""What in the answers keeps cohorts from forming. Each is about people of one kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Why a proposed cohort is as it is. `new_faces` is 「4/5」: how many of the others nobody has met, at least.

    `figures` are the parts of its quality, a name and a sentence each; they add up to `together`.
    """

    good: tuple[str, ...]
    weak: tuple[str, ...]
    bridges: tuple[str, ...]
    facilitators: tuple[str, ...]
    holds: tuple[str, ...]
    swaps: tuple[str, ...]
    new_faces: str
    figures: tuple[tuple[str, str], ...]
    together: str


class Words:
    """The sentences of one run. People and facilitators are read once, however many sentences name them."""

    def __init__(self, term: Term, *, people: Iterable[int | None], facilitators: Iterable[int | None]) -> None:
        self.term = term
        wanted = {pk for pk in people if pk}
        leading = {pk for pk in facilitators if pk}
        self._people = Participation.objects.select_related("person").in_bulk(wanted) if wanted else {}
        self._leaders = Facilitation.objects.select_related("person").in_bulk(leading) if leading else {}
        self._language = get_language() or "ja"

    def reasons(self, explanation: Mapping[str, Any], *, quality: float) -> Reasons | None:
        """Return why a proposal of this quality is as it is; None for one from before reasons were kept."""
        if not explanation:
            return None
        parts = {Part(name): value for name, value in explanation["parts"].items()}
        faces: Sequence[int] = explanation["new_faces"]
        weak = [str(_WEAK[part]) for part, value in parts.items() if value < WEAK_BELOW[part]]
        for one, other in explanation["wishes_missed"]:
            words = {"one": self._person(one), "other": self._person(other)}
            weak.append(_("%(one)s and %(other)s have met before, or share a school or employer") % words)
        for one in explanation.get("if_need_be", ()):
            weak.append(_("%(name)s comes at this time if need be (△)") % {"name": self._person(one)})
        return Reasons(
            good=tuple(str(_GOOD[part]) for part, value in parts.items() if value >= STRONG_FROM[part]),
            weak=tuple(weak),
            bridges=tuple(self._bridge(*bridge) for bridge in explanation["bridges"]),
            facilitators=tuple(self._leader(pk) for pk in explanation["facilitators"] if pk in self._leaders),
            holds=tuple(
                str(words)
                for words in (_LARGER.get(explanation["larger"]), _ELSEWHERE.get(explanation["elsewhere"]))
                if words is not None
            ),
            swaps=tuple(self._swap(*swap) for swap in explanation["swaps"]),
            new_faces=f"{min(faces)}/{len(faces) - 1}" if faces else "",
            figures=tuple(
                (str(_PARTS[one.part]), _of(one.points, one.most)) for one in points_of(parts, quality=quality)
            ),
            together=_of(round(100 * quality, 1), 100),
        )

    def change(self, change: Mapping[str, Any]) -> str:
        """Return the single change that would place somebody; an empty text when none is known."""
        if not change:
            return ""
        kind = ChangeKind(change["kind"])
        words = {
            "cohort": self._cohort(change["cohort"]),
            "minutes": len(change["slots"]) * SLOT_MINUTES,
            "when": self.when(change["start"]) if change["start"] is not None else "",
            "hours": weekly_times(self.term, asked_starts(change), inside=True),
            "language": str(dict(LANGUAGES).get(change["language"], change["language"])),
            "partner": self._person(change["partner"]) if change["partner"] else "",
            "leader": self._leader(change["who"]) if change["who"] in self._leaders else "",
        }
        if kind == ChangeKind.MORE_TIME:
            if not change["slots"]:
                return _("There is room: %(cohort)s (%(when)s).") % words
            if asked_starts(change) != [change["start"]]:
                return _("Free for %(minutes)s minutes more, to make %(hours)s possible: %(cohort)s, %(when)s.") % words
            return _("Free for %(minutes)s minutes more, to make %(when)s possible: %(cohort)s.") % words
        sentences = {
            ChangeKind.NONE: _("There is room: %(cohort)s."),
            ChangeKind.MORE_LANGUAGE: _("A dialogue in the language “%(language)s” too: %(cohort)s."),
            ChangeKind.LEAVE_PAIR: _("Without waiting for %(partner)s: %(cohort)s."),
            ChangeKind.FACILITATOR_TIME: _("If %(leader)s could lead on %(when)s too: %(cohort)s."),
            ChangeKind.FACILITATOR_LOAD: _("If %(leader)s led one cohort more, on %(when)s: %(cohort)s."),
            ChangeKind.LARGER_COHORTS: _("If a cohort might be one person larger: %(cohort)s."),
        }
        return sentences[kind] % words

    def asked(self, change: Mapping[str, Any], waits: Person) -> str:
        """Return how they are called who could make a change by saying that they could come."""
        if change["kind"] == ChangeKind.FACILITATOR_TIME:
            return self._leader(change["who"])
        return format_name(name=waits.preferred_name, language=self._language)

    def hints(self, hints: Mapping[str, Any]) -> list[str]:
        """Return what would help the whole term, a sentence each."""
        found = []
        if hints.get("no_facilitator_helps"):
            found.append(_("We found no time at which one facilitator more would place somebody."))
        for start, places in hints.get("facilitator", ()):
            one = ngettext(
                "One facilitator more on %(when)s would place %(count)s person.",
                "One facilitator more on %(when)s would place %(count)s people.",
                places,
            )
            found.append(one % {"when": self.when(start), "count": places})
        for pk, start, _slots, places, *more in hints.get("person", ()):
            when = weekly_times(self.term, more[0] if more and more[0] else [start], inside=True)
            words = {"name": self._person(pk), "when": when, "count": places}
            found.append(_("If %(name)s could make %(when)s, %(count)s people would have a place.") % words)
        for rule, places in hints.get("rules", ()):
            one = ngettext(
                "The rule “%(rule)s” costs at least %(count)s place.",
                "The rule “%(rule)s” costs at least %(count)s places.",
                places,
            )
            found.append(one % {"rule": _RULES[rule], "count": places})
        if free := hints.get("rules_free"):
            rules = _(", ").join(str(_RULES[rule]) for rule in free)
            found.append(_("Nobody more was placed when we left out: %(rules)s.") % {"rules": rules})
        if untold := hints.get("rules_untold"):
            rules = _(", ").join(str(_RULES[rule]) for rule in untold)
            found.append(
                _("With so many people it is not worked out what rules cost in places: %(rules)s.") % {"rules": rules}
            )
        return found

    def obstacles(self, hints: Mapping[str, Any]) -> list[str]:
        """Return what in the answers of people and facilitators keeps cohorts from forming, a sentence each."""
        both = _(" and ")
        return [
            str(_FINDINGS[finding])
            % {"names": both.join(map(self._leader if is_about_leaders(finding) else self._person, ids))}
            for finding, ids in hints.get("findings", ())
        ]

    def when(self, start: int) -> str:
        """Return a session's weekly time by the term's clock, for the middle of a sentence."""
        return weekly_time(self.term, start, inside=True)

    def _cohort(self, number: int | None) -> str:
        return _("a new cohort") if number is None else _("cohort %(number)s") % {"number": number}

    def _bridge(self, student: int, alumni: int, shared: list[str], related: list[list[str]]) -> str:
        comma = _(", ")
        near = ((name_of(one, self._language), name_of(theirs, self._language)) for one, theirs in related[:2])
        topics = [name_of(topic, self._language) for topic in shared]
        topics += [_("%(one)s near %(other)s") % {"one": one, "other": theirs} for one, theirs in near]
        words = {"one": self._person(student), "other": self._person(alumni), "topics": comma.join(topics[:4])}
        return _("%(one)s and %(other)s: %(topics)s") % words

    def _swap(self, leaves: int, comes: int, other: int | None) -> str:
        words = {"leaves": self._person(leaves), "comes": self._person(comes), "number": other or 0}
        if other is None:
            return _("%(comes)s, who waits, in place of %(leaves)s") % words
        return _("%(comes)s from cohort %(number)s in exchange for %(leaves)s") % words

    def _person(self, pk: int) -> str:
        one = self._people.get(pk)
        return format_name(name=one.person.preferred_name, language=self._language) if one else _("somebody")

    def _leader(self, pk: int) -> str:
        if pk not in self._leaders:
            return _("somebody")
        return format_name(name=self._leaders[pk].person.preferred_name, language=self._language)


def _of(points: float, most: int) -> str:
    return _("%(points)s of %(most)s") % {"points": f"{points:.1f}", "most": most}


def is_about_leaders(finding: str) -> bool:
    """Whether a finding names facilitators; the others name participants."""
    return finding.startswith("facilitator")


def weekly_time(term: Term, start: int, *, show_zone: bool = False, inside: bool = False) -> str:
    """Return the weekly time of a session that starts at this slot, by the term's clock, in the active language."""
    return weekly_times(term, [start], show_zone=show_zone, inside=inside)


def weekly_times(term: Term, starts: Iterable[int], *, show_zone: bool = False, inside: bool = False) -> str:
    """Return the weekly times of sessions that start at these slots; those that touch are one time.

    `inside` a sentence no capital stands but that of a weekday.
    """
    windows = hours_of(term, starts)
    times = [
        format_weekly(
            window=window,
            language=get_language() or "ja",
            zone=zone_named(term.zone),
            show_zone=show_zone and window == windows[-1],
            every=Cadence(term.cadence),
            inside=inside or window != windows[0],
        )
        for window in windows
    ]
    return _(" and ").join(times)


def hours_of(term: Term, starts: Iterable[int]) -> tuple[WeeklyWindow, ...]:
    """Return when sessions that start at these slots last, as few windows as possible, by the term's clock."""
    begins = map(window_of_slot, starts)
    return merged(WeeklyWindow(weekday, minutes, minutes + term.session_minutes) for weekday, minutes in begins)


def asked_starts(change: Mapping[str, Any]) -> list[int]:
    """Return the starts of the sessions for which a change asks for time.

    A change from before several times could be asked for, and one that a facilitator would make, has its own alone.
    """
    if change.get("windows"):
        return list(change["windows"])
    return [] if change["start"] is None else [change["start"]]


def named_in(explanations: Iterable[Mapping[str, Any]]) -> tuple[set[int | None], set[int | None]]:
    """Return the participations and the facilitations that explanations name."""
    people: set[int | None] = set()
    leaders: set[int | None] = set()
    for one in explanations:
        for student, alumni, *_topics in one.get("bridges", ()):
            people |= {student, alumni}
        for leaves, comes, _number in one.get("swaps", ()):
            people |= {leaves, comes}
        for pair in one.get("wishes_missed", ()):
            people |= set(pair)
        people |= set(one.get("if_need_be", ()))
        leaders |= set(one.get("facilitators", ()))
    return people, leaders


def new_faces_of_all(explanations: Iterable[Mapping[str, Any]]) -> str:
    """Return 「118/120」: of all who would sit beside each other, how many have not met; empty where it is unknown."""
    faces = [one["new_faces"] for one in explanations if one]
    everybody = sum(len(counts) * (len(counts) - 1) for counts in faces)
    return f"{sum(sum(counts) for counts in faces)}/{everybody}" if everybody else ""

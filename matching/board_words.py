"""The board in words: what was done, what a step would break or improve, and why it may not be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from dialogue.core.interests import name_of
from dialogue.core.wording import format_name
from dialogue.models import Generation, Participation
from matching.boards import History, RunBoard, change_of_row
from matching.describing import generations_of, shared_interests
from matching.engine.board import Change, Lock, LockKind, Seat, Step
from matching.engine.company import Part
from matching.engine.judging import NOTABLE, Touched, Verdict
from matching.engine.rules import Breach, BrokenRule
from matching.models import BoardStep
from matching.rule_words import rule_sentences

MORE: Final = {
    Part.AFFINITY: gettext_lazy("More interests in common"),
    Part.ROBUST: gettext_lazy("More other times in common"),
    Part.BALANCE: gettext_lazy("The generations are more even"),
    Part.DIVERSITY: gettext_lazy("More different fields"),
}
LESS: Final = {
    Part.AFFINITY: gettext_lazy("Fewer interests in common"),
    Part.ROBUST: gettext_lazy("Fewer other times in common"),
    Part.BALANCE: gettext_lazy("The generations are less even"),
    Part.DIVERSITY: gettext_lazy("Fewer different fields"),
}
_BROKEN: Final[dict[BrokenRule, Promise]] = {
    BrokenRule.MEMBER_NOT_FREE: gettext_lazy("%(names)s is not free at the time of cohort %(number)s."),
    BrokenRule.SIZE: gettext_lazy("Cohort %(number)s would be smaller or larger than the term allows."),
    BrokenRule.TOO_FEW_WINDOWS: gettext_lazy("Cohort %(number)s would have too few times in common."),
    BrokenRule.NO_SHARED_LANGUAGE: gettext_lazy("Cohort %(number)s would share no language."),
    BrokenRule.BLOCKED_PAIR: gettext_lazy("%(names)s must be kept apart, and would both be in cohort %(number)s."),
    BrokenRule.MET_BEFORE: gettext_lazy("%(names)s have met before, and would both be in cohort %(number)s."),
    BrokenRule.SAME_AFFILIATION: gettext_lazy(
        "%(names)s come from one school or employer, and would both be in cohort %(number)s."
    ),
    BrokenRule.TOGETHER_SPLIT: gettext_lazy("%(names)s wish to be together, and would be apart."),
    BrokenRule.UNKNOWN_PARTICIPANT: gettext_lazy("%(names)s has left the term, or has found a cohort."),
}
_TOO_FEW: Final = {
    Generation.STUDENT.value: gettext_lazy("Cohort %(number)s would have too few students."),
    Generation.ALUMNI.value: gettext_lazy("Cohort %(number)s would have too few people of the second career."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortEffect:
    """What a step does to one cohort. `gained` and `lost` are interests that link its generations."""

    number: int
    size_before: int
    size_after: int
    better: tuple[str, ...]
    worse: tuple[str, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A step before it is made: what happens, what keeps it from being done, and what it does to each cohort."""

    happens: tuple[str, ...]
    refused: tuple[str, ...]
    on_the_whole: str
    cohorts: tuple[CohortEffect, ...]


class BoardWords:
    """The sentences of one board. People are read once, however many sentences name them."""

    def __init__(self, people: Iterable[str]) -> None:
        wanted = {int(pk) for pk in people}
        self._people = Participation.objects.select_related("person").in_bulk(wanted) if wanted else {}
        self._language = get_language() or "ja"

    def name(self, person: str) -> str:
        """Return how somebody is spoken of, with their whole name where it is known."""
        one = self._people.get(int(person))
        if one is None:
            return _("somebody")
        called = format_name(name=one.person.preferred_name, language=self._language)
        whole = one.person.full_name
        return _("%(name)s (%(whole)s)") % {"name": called, "whole": whole} if whole else called

    def kana(self, person: str) -> tuple[str, str, str]:
        """Return what people are put in order by."""
        one = self._people.get(int(person))
        return (one.person.family_kana, one.person.given_kana, one.person.preferred_name) if one else ("", "", "")

    def happens(self, step: Step, change: Change) -> tuple[str, ...]:
        """Return what a change does, a sentence for each person or lock."""
        if step == Step.SWAP and len(change.seats) == 2:
            return (self._exchange(change),)
        moves = [self._move(person, before, after) for person, before, after in change.seats]
        locks = [_("Locked: %(what)s.") % {"what": self.locked(lock)} for lock in change.locked]
        unlocks = [_("No longer locked: %(what)s.") % {"what": self.locked(lock)} for lock in change.unlocked]
        return (*moves, *locks, *unlocks)

    def told(self, step: BoardStep, steps: Sequence[BoardStep]) -> str:
        """Return what a step of the history was."""
        if step.of is None:
            return " ".join(self.happens(Step(step.kind), change_of_row(step.change)))
        other = steps[step.of - 1]
        what = " ".join(self.happens(Step(other.kind), change_of_row(other.change)))
        return (_("Undone: %(what)s") if step.kind == Step.UNDO else _("Done again: %(what)s")) % {"what": what}

    def locked(self, lock: Lock) -> str:
        """Return what a lock holds."""
        if lock.kind == LockKind.COHORT:
            return _("cohort %(number)s") % {"number": lock.of[0]}
        if lock.kind == LockKind.WINDOW:
            return _("the time of cohort %(number)s") % {"number": lock.of[0]}
        return self._names(lock.of)

    def effect(self, seen: RunBoard, step: Step, change: Change, verdict: Verdict) -> Effect:
        """Return what a step would do."""
        not_free = {number for number, breach in verdict.broken if breach.rule == BrokenRule.MEMBER_NOT_FREE}
        refused = [
            self._broken(number, breach)
            for number, breach in verdict.broken
            if number not in not_free or breach.rule != BrokenRule.TOO_FEW_WINDOWS  # one follows from the other
        ]
        refused += [_("Locked: %(what)s. Unlock it first.") % {"what": self.locked(lock)} for lock in verdict.locked]
        return Effect(
            happens=self.happens(step, change),
            refused=tuple(dict.fromkeys(refused)),
            on_the_whole=" ".join(_on_the_whole(verdict)),
            cohorts=tuple(self._effect_on(seen, one) for one in verdict.touched),
        )

    def _effect_on(self, seen: RunBoard, one: Touched) -> CohortEffect:
        generation = generations_of(seen.read)
        before = shared_interests(seen.read, one.before.members, generation)
        after = shared_interests(seen.read, one.after.members, generation)
        worse = [str(LESS[part]) for part, value in one.parts if value < 0]
        for pair in one.wishes_missed:
            words = {"one": self.name(pair[0]), "other": self.name(pair[1])}
            worse.append(_("%(one)s and %(other)s have met before, or share a school or employer") % words)
        worse += [_("%(name)s comes at this time if need be (△)") % {"name": self.name(who)} for who in one.if_need_be]
        return CohortEffect(
            number=one.number,
            size_before=len(one.before.members),
            size_after=len(one.after.members),
            better=tuple(str(MORE[part]) for part, value in one.parts if value > 0),
            worse=tuple(worse),
            gained=tuple(name_of(key, self._language) for key in after if key not in before),
            lost=tuple(name_of(key, self._language) for key in before if key not in after),
        )

    def _broken(self, number: int, breach: Breach) -> str:
        sentence: str | Promise | None = _BROKEN.get(breach.rule)
        if breach.rule == BrokenRule.GENERATION_MINIMUM:
            sentence = _TOO_FEW[breach.ids[0]]
        if sentence is None:
            return str(rule_sentences([breach.rule.value])[0])
        people = breach.ids if breach.rule != BrokenRule.GENERATION_MINIMUM else ()
        return str(sentence) % {"names": self._names(people), "number": number}

    def _names(self, people: Sequence[str]) -> str:
        return _(" and ").join(self.name(one) for one in people)

    def _move(self, person: str, before: Seat, after: Seat) -> str:
        words = {"name": self.name(person), "before": before, "after": after}
        if isinstance(after, str):
            return _("%(name)s leaves cohort %(before)s and waits.") % words
        if isinstance(before, str):
            return _("%(name)s, who waits, comes into cohort %(after)s.") % words
        return _("%(name)s goes from cohort %(before)s to cohort %(after)s.") % words

    def _exchange(self, change: Change) -> str:
        (one, first, second), (other, _first, _second) = change.seats
        if isinstance(first, str):
            one, other, first, second = other, one, second, first
        words = {"one": self.name(one), "other": self.name(other), "first": first, "second": second}
        if isinstance(second, str):
            return _("%(other)s, who waits, comes into cohort %(first)s in place of %(one)s, who waits then.") % words
        return _("%(one)s of cohort %(first)s and %(other)s of cohort %(second)s exchange their places.") % words


def _on_the_whole(verdict: Verdict) -> Iterable[str]:
    if verdict.placed > 0:
        one = ngettext("%(count)s person more has a place.", "%(count)s people more have a place.", verdict.placed)
        yield one % {"count": verdict.placed}
    if verdict.placed < 0:
        one = ngettext("%(count)s person fewer has a place.", "%(count)s people fewer have a place.", -verdict.placed)
        yield one % {"count": -verdict.placed}
    if verdict.gain >= NOTABLE:
        yield _("On the whole, people sit in better company.")
    elif verdict.gain <= -NOTABLE:
        yield _("On the whole, people sit in company that suits them less.")
    else:
        yield _("On the whole, the company is as good as before.")


def words_of(history: History, steps: Sequence[BoardStep]) -> BoardWords:
    """Return the words for these steps of a history. Costs a query."""
    rows = [one.change for step in steps for one in (step, history.steps[step.of - 1] if step.of else step)]
    seated = {str(person) for row in rows for person, *_seats in row["seats"]}
    locks = [lock for row in rows for lock in (*row["locked"], *row["unlocked"])]
    return BoardWords(seated | {one for kind, *of in locks if kind in ("person", "pair") for one in of})

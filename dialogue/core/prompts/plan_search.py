"""The search for an order of prompts that keeps every wish asked of it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from dialogue.core.prompts.prompt import Depth, Stage
from dialogue.core.prompts.ramp import DepthRange
from dialogue.core.prompts.wishes import Plannable, Wish, domains_wanted

STEPS: Final = 80  # prompts laid down in one attempt; a fit mostly needs no more than there are places

REACH: Final = 3  # sessions on either side that a prompt has a say in: the window of the light session is four


@dataclass(frozen=True, slots=True)
class _Place:
    """One round of one session, both counted from 0. A session with one prompt has only its second round."""

    session: int
    round: int
    alone: bool = False


class PlanSearch:
    """Lay prompts down, always where the fewest still fit, and step back from dead ends."""

    def __init__(
        self, order: Sequence[Plannable], ramp: Sequence[DepthRange], wishes: frozenset[Wish], met: frozenset[str]
    ) -> None:
        self.ramp, self.wishes = ramp, wishes
        self.order = [prompt for prompt in order if Wish.NEW_PROMPTS not in wishes or prompt.slug not in met]
        places = list(_places(len(ramp), min(2 * len(ramp), len(self.order))))
        self.all_needed = len(places) == len(self.order)
        self.open = {place: [one for one in self.order if self._suits(one, place)] for place in places}
        self.stage_share = len(places) // len(Stage) if Wish.STAGE_SHARE in wishes else 0
        self.breadth = (
            min(domains_wanted(how_many_sessions=len(ramp)), len(places)) if Wish.DOMAIN_BREADTH in wishes else 0
        )
        self.laid: dict[_Place, Plannable] = {}
        self.steps = 0

    def run(self) -> tuple[tuple[str, ...], ...] | None:
        if not self._lay(self.open):
            return None
        in_order = sorted(self.laid, key=lambda place: (place.session, place.round))
        return tuple(
            tuple(self.laid[place].slug for place in in_order if place.session == session)
            for session in range(len(self.ramp))
        )

    def _lay(self, still_open: Mapping[_Place, Sequence[Plannable]]) -> bool:
        if not still_open:
            return True
        place = min(still_open, key=lambda one: (len(still_open[one]), one.session, one.round))
        for prompt in still_open[place]:
            self.steps += 1
            if self.steps > STEPS:
                return False
            self.laid[place] = prompt
            left = self._left_after(place, {one: fitting for one, fitting in still_open.items() if one != place})
            if left is not None and self._lay(left):
                return True
            del self.laid[place]
        return False

    def _left_after(
        self, filled: _Place, still_open: Mapping[_Place, Sequence[Plannable]]
    ) -> dict[_Place, list[Plannable]] | None:
        """Return what still fits in each open place, or None when a place or a quota can no longer be filled."""
        if not self._quotas_possible(len(still_open)):
            return None
        laid = self.laid[filled]
        left = {place: [one for one in fitting if one is not laid] for place, fitting in still_open.items()}
        for place, fitting in left.items():
            if abs(place.session - filled.session) <= REACH:
                agrees = self._agreeing_in(place)
                left[place] = [one for one in fitting if agrees(one)]
        if not all(left.values()):
            return None
        if self.all_needed and len({one.slug for fitting in left.values() for one in fitting}) < len(left):
            return None
        return left

    def _suits(self, prompt: Plannable, place: _Place) -> bool:
        """Whether a prompt may stand in a place whatever stands around it."""
        one = self.ramp[place.session]
        last = place.session == len(self.ramp) - 1
        if (prompt.depth == Depth.REGRET and place.session < 2) or (last and prompt.depth > Depth.SCENE):
            return False
        if Wish.DEPTH_CEILING in self.wishes and prompt.depth > one.deepest:
            return False
        if place.alone:
            return Wish.DEPTH_FLOOR not in self.wishes or prompt.depth >= one.lightest
        if place.round == 0:
            return prompt.depth <= Depth.SCENE or Wish.SCENE_THEN_DECISION not in self.wishes
        if Wish.DEPTH_FLOOR in self.wishes and prompt.depth < one.lightest:
            return False
        return prompt.stage != Stage.BACKGROUND or Wish.SCENE_THEN_DECISION not in self.wishes

    def _agreeing_in(self, place: _Place) -> Callable[[Plannable], bool]:
        """Return whether a prompt goes with what already lies in this place's own and the neighbouring sessions.

        What does not depend on the prompt is worked out once for all that might stand there.
        """
        near = [(other, there) for other, there in self.laid.items() if abs(other.session - place.session) <= 1]
        held: defaultdict[str, set[int]] = defaultdict(set)
        for other, there in self.laid.items():
            held[there.value].add(other.session)
        tired = {
            value for value, sessions in held.items() if _three_in_a_row(sessions | {place.session}, place.session)
        }
        heavy = {other.session for other, there in self.laid.items() if not _is_light(there, other)}
        needs_light = _four_in_a_row(heavy | {place.session}, place.session)

        def agrees(prompt: Plannable) -> bool:
            if Wish.VALUE_VARIETY in self.wishes and prompt.value in tired:
                return False
            if Wish.LIGHT_SESSION in self.wishes and needs_light and not _is_light(prompt, place):
                return False
            return all(self._goes_with(prompt, place, other, there) for other, there in near)

        return agrees

    def _goes_with(self, prompt: Plannable, place: _Place, other: _Place, there: Plannable) -> bool:
        gap = other.session - place.session
        if gap and prompt.depth == there.depth == Depth.REGRET:
            return False
        if Wish.DOMAIN_CHANGE in self.wishes and there.domain == prompt.domain:
            return False
        if gap == 0 and Wish.SCENE_THEN_DECISION in self.wishes:
            first, second = (there, prompt) if place.round else (prompt, there)
            return first.depth <= second.depth
        return True

    def _quotas_possible(self, places_left: int) -> bool:
        stages = Counter(prompt.stage for prompt in self.laid.values())
        if sum(max(0, self.stage_share - stages[stage]) for stage in Stage) > places_left:
            return False
        domains = {prompt.domain for prompt in self.laid.values()}
        return len(domains) + places_left >= self.breadth


def _three_in_a_row(sessions: Set[int], at: int) -> bool:
    return any({start, start + 1, start + 2} <= sessions for start in range(at - 2, at + 1))


def _four_in_a_row(sessions: Set[int], at: int) -> bool:
    return any({start, start + 1, start + 2, start + 3} <= sessions for start in range(at - 3, at + 1))


def _is_light(prompt: Plannable, place: _Place) -> bool:
    """A session is light when it opens at depth 1."""
    return prompt.depth == Depth.PREFERENCE or (place.round == 1 and not place.alone)


def _places(how_many_sessions: int, how_many_prompts: int) -> Iterator[_Place]:
    """Two rounds per session; where prompts run out, the last session has one, then those before it."""
    paired = how_many_prompts - how_many_sessions
    for session in range(min(how_many_sessions, how_many_prompts)):
        if session < paired:
            yield _Place(session, 0)
        yield _Place(session, 1, alone=session >= paired)

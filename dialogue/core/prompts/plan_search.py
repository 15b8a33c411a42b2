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
VALUE_REACH: Final = 2  # and that a value has a say in: it may stand in two sessions running


@dataclass(frozen=True, slots=True)
class _Place:
    """One round of one session, both counted from 0. A session with one prompt has only its second round."""

    session: int
    round: int
    alone: bool = False


class PlanSearch:
    """Lay prompts down, always where the fewest still fit, and step back from dead ends. What is fixed lies already."""

    def __init__(
        self,
        order: Sequence[Plannable],
        ramp: Sequence[DepthRange],
        wishes: frozenset[Wish],
        met: frozenset[str],
        fixed: Mapping[int, Sequence[Plannable]],
    ) -> None:
        self.ramp, self.wishes = ramp, wishes
        self.order = [prompt for prompt in order if Wish.NEW_PROMPTS not in wishes or prompt.slug not in met]
        self.laid = dict(_laid_already(fixed))
        still_open = [session for session in range(len(ramp)) if session not in fixed]
        places = list(_places(still_open, min(2 * len(still_open), len(self.order))))
        self.all_needed = len(places) == len(self.order)
        rounds = len(places) + len(self.laid)
        self.stage_share = rounds // len(Stage) if Wish.STAGE_SHARE in wishes else 0
        self.breadth = min(domains_wanted(how_many_sessions=len(ramp)), rounds) if Wish.DOMAIN_BREADTH in wishes else 0
        self.open = {place: self._offered(place) for place in places}
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

    def _offered(self, place: _Place) -> list[Plannable]:
        """Return what may stand in a place, as far as what is fixed around it goes."""
        suiting = [one for one in self.order if self._suits(one, place)]
        return list(filter(self._agreeing_in(place), suiting)) if self.laid else suiting

    def _suits(self, prompt: Plannable, place: _Place) -> bool:
        """Whether a prompt may stand in a place whatever stands around it."""
        one = self.ramp[place.session]
        last = place.session == len(self.ramp) - 1
        if (prompt.depth == Depth.REGRET and place.session < 2) or (last and prompt.depth > Depth.SCENE):
            return False
        if Wish.DEPTH_CEILING in self.wishes and prompt.depth > one.deepest:
            return False
        if last and place.round == 1 and Wish.HARVEST in self.wishes and prompt.stage != Stage.AFTERMATH:
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
        domains = {there.domain for _, there in near} if Wish.DOMAIN_CHANGE in self.wishes else set()
        shallowest, deepest = self._depths_beside(place, near)
        values = self._tired_values(place) if Wish.VALUE_VARIETY in self.wishes else frozenset()
        needs_light = Wish.LIGHT_SESSION in self.wishes and self._is_in_a_heavy_run(place)
        if needs_light and _opens(place):
            deepest = min(deepest, int(Depth.PREFERENCE))

        def agrees(prompt: Plannable) -> bool:
            return shallowest <= prompt.depth <= deepest and prompt.domain not in domains and prompt.value not in values

        return agrees

    def _depths_beside(self, place: _Place, near: Sequence[tuple[_Place, Plannable]]) -> tuple[int, int]:
        """Return the lightest and the deepest that may stand here beside its partner and its neighbours."""
        shallowest, deepest = int(Depth.PREFERENCE), int(Depth.REGRET)
        for other, there in near:
            if other.session != place.session:
                if there.depth == Depth.REGRET:
                    deepest = min(deepest, int(Depth.DILEMMA))
            elif Wish.SCENE_THEN_DECISION in self.wishes:
                if place.round:
                    shallowest = max(shallowest, there.depth)
                else:
                    deepest = min(deepest, there.depth)
        return shallowest, deepest

    def _tired_values(self, place: _Place) -> frozenset[str]:
        """Return the values that would stand in three sessions running if they stood here."""
        held: defaultdict[str, set[int]] = defaultdict(set)
        for other, there in self.laid.items():
            if abs(other.session - place.session) <= VALUE_REACH:
                held[there.value].add(other.session)
        return frozenset(
            value for value, sessions in held.items() if _three_in_a_row(sessions | {place.session}, place.session)
        )

    def _is_in_a_heavy_run(self, place: _Place) -> bool:
        heavy = {
            other.session
            for other, there in self.laid.items()
            if _opens(other) and there.depth > Depth.PREFERENCE and abs(other.session - place.session) <= REACH
        }
        return _four_in_a_row(heavy | {place.session}, place.session)

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


def _opens(place: _Place) -> bool:
    """Whether a session begins in this place: a session is light when it opens at depth 1."""
    return place.round == 0 or place.alone


def _places(sessions: Sequence[int], how_many_prompts: int) -> Iterator[_Place]:
    """Two rounds per session; where prompts run out, the last session has one, then those before it."""
    paired = how_many_prompts - len(sessions)
    for n, session in enumerate(sessions[:how_many_prompts]):
        if n < paired:
            yield _Place(session, 0)
        yield _Place(session, 1, alone=n >= paired)


def _laid_already(fixed: Mapping[int, Sequence[Plannable]]) -> Iterator[tuple[_Place, Plannable]]:
    for session, prompts in fixed.items():
        alone = len(prompts) == 1
        for round_, prompt in enumerate(prompts, start=int(alone)):
            yield _Place(session, round_, alone), prompt

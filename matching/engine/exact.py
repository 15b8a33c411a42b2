"""Exact search for the most people placed, for problems in which few groups are in question.

The scarcest person still open is either in one of the groups
left to them, at one of the starts left to it, or in none. A branch is cut when even everybody who
is still in some group, or the seats still to be led, cannot beat the best plan so far.
"""

from dataclasses import dataclass, field

from matching.engine.bounds import most_placed
from matching.engine.groups import Groups
from matching.engine.model import Model
from matching.engine.week import bits

MOST_STEPS = 1_500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Units that form a valid cohort at any of the (facilitator, start) seats."""

    units: int
    people: int
    seats: tuple[tuple[int, int], ...]


class TooManySteps(Exception):
    """The search would need more steps than it may use."""


@dataclass(slots=True)
class ExactSearch:
    """Finds a plan with more than `placed` people, or shows that there is none."""

    model: Model
    placed: int
    best: list[tuple[int, int, int]] = field(default_factory=list)
    steps: int = 0

    def run(self, groups: Groups) -> None:
        """Fill `placed` and `best` (units, facilitator, start) with the optimum.

        Raises:
            TooManySteps: the problem is too large for this search.
        """
        load = tuple(self.model.host_load)
        self._descend(_listed(groups, real=len(self.model.members)), load, (0,) * len(load), 0, [])

    def _descend(
        self,
        groups: list[Group],
        load: tuple[int, ...],
        taken: tuple[int, ...],
        placed: int,
        chosen: list[tuple[int, int, int]],
    ) -> None:
        model = self.model
        if placed > self.placed:
            self.placed, self.best = placed, list(chosen)
        while groups:
            self.steps += len(groups)
            if self.steps > MOST_STEPS:
                raise TooManySteps
            reach = 0
            for group in groups:
                reach |= group.units
            if placed + self._most(reach, load) <= self.placed:
                return
            pivot = reach & -reach
            mine = [group for group in groups if group.units & pivot]
            mine.sort(key=lambda group: -group.people)
            for group in mine:
                for host, start in group.seats:
                    left = tuple(count - (one == host) for one, count in enumerate(load))
                    now = tuple(mask | (model.near[start] if one == host else 0) for one, mask in enumerate(taken))
                    rest = self._rest(groups, group.units, left, now)
                    chosen.append((group.units, host, start))
                    self._descend(rest, left, now, placed + group.people, chosen)
                    chosen.pop()
            groups = [group for group in groups if not group.units & pivot]

    def _rest(self, groups: list[Group], used: int, load: tuple[int, ...], taken: tuple[int, ...]) -> list[Group]:
        self.steps += len(groups)
        rest = []
        for group in groups:
            if group.units & used:
                continue
            seats = tuple((host, start) for host, start in group.seats if load[host] and not taken[host] >> start & 1)
            if seats:
                rest.append(Group(units=group.units, people=group.people, seats=seats))
        return rest

    def _most(self, reach: int, load: tuple[int, ...]) -> int:
        model = self.model
        students = sum(model.students[unit] for unit in bits(reach))
        alumni = sum(model.alumni[unit] for unit in bits(reach))
        return most_placed(model.params, students=students, alumni=alumni, cohorts=sum(load))


def _listed(groups: Groups, *, real: int) -> list[Group]:
    """Return the groups one by one, each with its seats."""
    seats_of: list[list[tuple[int, int]]] = [[] for _ in groups.people]
    ends = [*groups.seat_first[1:].tolist(), len(groups.pair_group)]
    for seat, first, end in zip(groups.seats, groups.seat_first.tolist(), ends, strict=True):
        for group in groups.pair_group[first:end].tolist():
            seats_of[group].append(seat)
    listed = []
    for row, people, seats in zip(groups.units.tolist(), groups.people.tolist(), seats_of, strict=True):
        units = sum(1 << unit for unit in row if unit < real)
        listed.append(Group(units=units, people=int(people), seats=tuple(seats)))
    return listed

"""CP-SAT on the count: one model of who sits in which of each facilitator's cohorts. Needs the package `ortools`."""

from typing import TYPE_CHECKING, Any

from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from tests.bench.matching.peers import Term


class CountModel:
    """A room is one of the cohorts that a facilitator may lead; people sit in rooms, and a room meets at one start."""

    def __init__(self, term: "Term") -> None:
        self.term, self.model = term, cp_model.CpModel()
        self.rooms = [host for host, one in enumerate(term.hosts) for _ in range(one["max_load"])]
        self.sits: dict[tuple[int, int], Any] = {}
        self.meets: dict[tuple[int, int], Any] = {}
        for room in range(len(self.rooms)):
            self._furnish(room)
            self._keep_sizes(room)
            self._keep_pairs(room)
        for host in range(len(term.hosts)):
            self._keep_hours_apart(host)
        for one in range(len(term.people)):
            self.model.add_at_most_one(
                self.sits[one, room] for room in range(len(self.rooms)) if (one, room) in self.sits
            )
        self.model.maximize(sum(self.sits.values()))

    def cohorts(self, *, seconds: float) -> list[tuple[list[int], int, int]]:
        """Return members, facilitator and start of each cohort after at most so many seconds; nothing found: none."""
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = 2
        if solver.solve(self.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return []
        found = []
        for room, host in enumerate(self.rooms):
            members = [one for (one, at), on in self.sits.items() if at == room and solver.value(on)]
            if members:
                start = next(start for (at, start), on in self.meets.items() if at == room and solver.value(on))
                found.append((members, host, start))
        return found

    def _times(self, room: int) -> list[int]:
        return [start for (at, start) in self.meets if at == room]

    def _inside(self, room: int) -> list[int]:
        return [one for (one, at) in self.sits if at == room]

    def _furnish(self, room: int) -> None:
        """Let a room meet at one start at most, in one language, and those sit in it who can."""
        term, host = self.term, self.rooms[room]
        for start in range(term.week):
            if term.host_starts[host] >> start & 1:
                self.meets[room, start] = self.model.new_bool_var("")
        times = self._times(room)
        self.model.add_at_most_one(self.meets[room, start] for start in times)
        speaks = {language: self.model.new_bool_var("") for language in term.hosts[host]["langs"]}
        self.model.add_at_most_one(speaks.values())
        for one, person in enumerate(term.people):
            could = [self.meets[room, start] for start in times if term.starts[one] >> start & 1]
            if could:
                self.sits[one, room] = self.model.new_bool_var("")
                self.model.add(self.sits[one, room] <= sum(could))
                if term.params["common_language"]:
                    spoken = [speaks[name] for name in person["langs"] if name in speaks]
                    self.model.add(self.sits[one, room] <= sum(spoken))

    def _keep_sizes(self, room: int) -> None:
        params, inside = self.term.params, self._inside(room)
        is_open = sum(self.meets[room, start] for start in self._times(room))
        students = sum(self.sits[one, room] for one in inside if self.term.is_student[one])
        alumni = sum(self.sits[one, room] for one in inside if not self.term.is_student[one])
        self.model.add(students + alumni <= params["size_max"] * is_open)
        self.model.add(students + alumni >= params["size_min"] * is_open)
        self.model.add(students >= params["min_per_role"] * is_open)
        self.model.add(alumni >= params["min_per_role"] * is_open)

    def _keep_pairs(self, room: int) -> None:
        for one in self._inside(room):
            for other in self.term.apart[one]:
                if other < one and (other, room) in self.sits:
                    self.model.add_at_most_one(self.sits[one, room], self.sits[other, room])
        for one, other in self.term.together:
            self.model.add(self.sits.get((one, room), 0) == self.sits.get((other, room), 0))

    def _keep_hours_apart(self, host: int) -> None:
        term, mine = self.term, [room for room, leads in enumerate(self.rooms) if leads == host]
        for slot in range(term.week):
            self.model.add_at_most_one(
                self.meets[room, start]
                for room in mine
                for start in ((slot - step) % term.week for step in range(term.length))
                if (room, start) in self.meets
            )

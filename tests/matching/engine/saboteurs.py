"""Guards of the hard rules taken out of the engine, one at a time, for as long as a test asks for it.

Each is a function of the engine whose source is changed in one place or two. Where such a place is not found exactly
once, the table is out of date, and `taken_out` says so. Conditions that only spare work (what they let through is
refused a step later) are no guards; where two stand for each other, both are taken out together.
"""

import inspect
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from itertools import groupby
from types import FunctionType
from typing import NamedTuple


class Edit(NamedTuple):
    """Module and function (`Class.method` for a method), what is written there, and what instead."""

    module: str
    function: str
    written: str
    instead: str = ""


JOIN, REPLACE, LEAVE = "Plan.can_join", "Plan.can_replace", "Plan.can_leave"
EXCHANGE, STARTS = "Annealer._exchange", "Annealer._change_starts"
VALID, NEAR = "Plan.is_valid", "Nearby._suit"
STUDENTS, ALUMNI = (f"and draft.{who} >= params.min_per_generation" for who in ("students", "alumni"))
LEFT = "if size < params.size_min or students < least or alumni < least:"
GROUP = "if size >= params.size_min and students >= least and alumni >= least:"
LISTED = "& (level.students >= least) & (level.alumni >= least)"
SIZES = "return params.size_min <= size <= params.size_max and students >= least and size - students >= least"
SOUND_TIME = "if not row.common >> row.start & 1 or row.common.bit_count() < self.params.min_windows:"

FORMING: dict[str, list[Edit]] = {
    "generation minimum: a carried draft, students": [Edit("plan", VALID, STUDENTS)],
    "generation minimum: a carried draft, alumni": [Edit("plan", VALID, ALUMNI)],
    "generation minimum: growing a draft": [Edit("place", "Search.grow", LEFT, "if size < params.size_min:")],
    "generation minimum: a seat taken over, students": [
        Edit("plan", REPLACE, "draft.students - model.students[out] + model.students[unit] < params.min_per_generation",
             "False"),
    ],
    "generation minimum: a seat taken over, alumni": [
        Edit("plan", REPLACE, "or draft.alumni - model.alumni[out] + model.alumni[unit] < params.min_per_generation"),
    ],
    "generation minimum: a seat left, students": [
        Edit("plan", LEAVE, "and draft.students - model.students[unit] >= params.min_per_generation"),
    ],
    "generation minimum: a seat left, alumni": [
        Edit("plan", LEAVE, "and draft.alumni - model.alumni[unit] >= params.min_per_generation"),
    ],
    "generation minimum: the bound": [Edit("bounds", "valid_group", GROUP, "if size >= params.size_min:")],
    "generation minimum: the listing of groups": [Edit("groups", "_Listing._keep_valid", LISTED)],
    "generation minimum: what lies near, students": [
        Edit("near", NEAR, "suits &= self.students[rest].sum() + self.students[could] >= params.min_per_generation",
             "pass"),
    ],
    "generation minimum: what lies near, alumni": [
        Edit("near", NEAR, "suits &= self.alumni[rest].sum() + self.alumni[could] >= params.min_per_generation",
             "pass"),
    ],
    "generation minimum: annealing": [Edit("anneal", EXCHANGE, " & (students >= least) & (alumni >= least)")],
    "size: a seat left": [Edit("plan", LEAVE, "draft.size - model.size[unit] >= params.size_min", "True")],
    "size: a seat taken": [Edit("plan", JOIN, "or draft.size + model.size[unit] > params.size_max")],
    "size: what lies near": [
        Edit("near", NEAR, "(size >= params.size_min) & (size <= params.size_max)", "size > 0"),
    ],
    "size: annealing": [Edit("anneal", EXCHANGE, "(size >= self.least[row]) & (size <= self.most[row]) & ")],
    "forbidden pair: compiled": [
        Edit("model", "compile_model", "barred[unit_of[one]] |= 1 << unit_of[other]", "pass"),
    ],
    "forbidden pair: who stay together": [
        Edit("model", "compile_model", "and not any(pair in hard for pair in combinations(people, 2))"),
    ],
    "forbidden pair: a seat taken": [Edit("plan", JOIN, "or draft.barred >> unit & 1")],
    "forbidden pair: a seat taken over": [Edit("plan", REPLACE, "if barred >> other & 1:", "if False:")],
    "forbidden pair: growing a draft": [Edit("place", "Search.grow", "pool &= ~model.barred[other]", "pass")],
    "forbidden pair: the first of a draft": [Edit("place", "Search.grow", " & ~model.barred[unit]")],
    "forbidden pair: the bound": [
        Edit("bounds", "valid_group", "pool & ~model.barred[other]", "pool"),
        Edit("bounds", "valid_group", "& ~model.barred[unit] "),
    ],
    "forbidden pair: the listing of groups": [Edit("groups", "_Listing.__init__", "& ~model.barred[unit] ")],
    "forbidden pair: what lies near": [
        Edit("near", NEAR, "suits &= ~self.barred[rest][:, could].any(axis=0)", "pass"),
    ],
    "forbidden pair: annealing": [
        Edit("anneal", EXCHANGE, "keeps = held(arrays.hard, enters, people) == 0",
             "keeps = np.ones(len(enters), np.bool_)"),
    ],
    "window: a seat taken": [Edit("plan", JOIN, "not model.starts[unit] >> draft.start & 1\n        or ")],
    "window: a seat taken over": [Edit("plan", REPLACE, "if not model.starts[unit] >> draft.start & 1:", "if False:")],
    "window: growing a draft": [Edit("place", "Search.grow", "model.at[start] & ")],
    "window: the bound": [Edit("bounds", "valid_group", "model.at[start] & ")],
    "window: the listing of groups": [
        Edit("groups", "_Listing._seats", "level.common[:, None] & self.led",
             "np.broadcast_to(self.led, (len(level.units), *self.led.shape))"),
        Edit("groups", "_Listing._grown", "meets = ((common & self.hosted) != 0).any(axis=1)",
             "meets = np.ones(len(row), np.bool_)"),
    ],
    "window: what lies near": [
        Edit("near", "Nearby.groups", "bits(self.part.at[draft.start])", "bits(self.part.everyone)"),
    ],
    "window: annealing": [
        Edit("anneal", EXCHANGE, "arrays.free[enters, self.start[row]] & ~arrays.fixed[enters]",
             "~arrays.fixed[enters]"),
        Edit("anneal", "Annealer._seat", "arrays.free[people, self.start[towards][:, None]] & "),
    ],
    "window: another start in annealing": [
        Edit("anneal", STARTS, "picked = (common * ", "picked = (np.ones_like(common) * "),
    ],
    "window: as many as asked, a seat taken": [
        Edit("plan", JOIN, "(draft.common & model.starts[unit]).bit_count() >= params.min_windows", "True"),
    ],
    "window: as many as asked, a seat taken over": [
        Edit("plan", REPLACE,
             "params.min_windows == 1 or (common & model.starts[unit]).bit_count() >= params.min_windows", "True"),
    ],
    "window: as many as asked, growing": [
        Edit("place", "Search.grow", "(common & model.starts[other]).bit_count() < params.min_windows", "False"),
    ],
    "window: as many as asked, annealing": [
        Edit("anneal", EXCHANGE, "keeps &= (windows >= params.min_windows) | self.bench[row]", "pass"),
    ],
    "window: as many as asked, what lies near": [Edit("near", NEAR, "if params.min_windows > 1:", "if False:")],
    "window: as many as asked, the bound": [
        Edit("bounds", "valid_group", "if shared.bit_count() < params.min_windows:", "if False:"),
    ],
    "window: as many as asked, the listing of groups": [
        Edit("groups", "_Listing._grown", "if params.min_windows > 1:", "if False:"),
    ],
    "load: who leads no more": [Edit("plan", "Plan.free_hosts", " & ~self.full")],
    "load: overlap": [Edit("plan", "Plan.free_hosts", " & ~self.busy[start]")],
    "load: none at all": [
        Edit("model", "compile_model", "if one.max_load > 0 else 0", "if True else 0"),
        Edit("plan", "Plan.__init__", "sum(1 << host for host, load in enumerate(model.host_load) if not load)", "0"),
    ],
    "load: the packing": [Edit("packing", "Packing._add_seats", "model.host_load[host]", "99")],
    "load: overlap in the packing": [
        Edit("packing", "Packing._add_seats", "row = self._row(-infinite, 1)\n", "row = self._row(-infinite, 99)\n"),
    ],
    "load: annealing": [Edit("anneal", STARTS, "load[host] < model.host_load[host] and ")],
    "load: overlap in annealing": [Edit("anneal", STARTS, " and not taken[host] & model.near[start]")],
    "load: the bound": [Edit("bounds", "cohort_capacity", "min(load, most_disjoint(starts & useful, model))",
                             "most_disjoint(starts & useful, model)")],
    "language: a seat taken": [Edit("plan", JOIN, "or not draft.languages & model.languages[unit]")],
    "language: a seat taken over": [Edit("plan", REPLACE, "if not languages & model.languages[unit]:", "if False:")],
    "language: growing a draft": [Edit("place", "Search.grow", "& model.speakers[language] ")],
    "language: who leads": [Edit("place", "Search._voices", "hosts & self.model.host_speakers[language]", "hosts")],
    "language: the bound": [Edit("bounds", "valid_group", "& model.speakers[language] ")],
    "language: the listing of groups": [
        Edit("groups", "_Listing._seats", "& self.spoken) != 0", "& self.spoken) >= 0"),
        Edit("groups", "_Listing._grown", "fits &= languages != 0", "pass"),
    ],
    "language: what lies near": [Edit("near", NEAR, "suits &= shared & self.languages[could] != 0", "pass")],
    "language: annealing": [Edit("anneal", EXCHANGE, "keeps &= spoken != 0", "pass")],
    "language: another facilitator in annealing": [
        Edit("anneal", STARTS, "if not model.host_languages[host] & language:", "if False:"),
    ],
}  # fmt: skip

REPAIRING: dict[str, list[Edit]] = {
    "generation minimum": [Edit("seats", "Seats.has_right_size", SIZES, SIZES.split(" and students")[0])],
    "size": [Edit("seats", "Seats.has_right_size", "params.size_min <= size <= params.size_max and ")],
    "forbidden pair": [
        Edit("seats", "Seats.who_may_join", " & ~row.barred"),
        Edit("seats", "Seats._sound", "or row.barred & row.mask "),
        Edit("seats", "Seats.is_valid", " or row.barred & row.mask"),
    ],
    "window": [
        Edit("seats", "Seats.who_may_join", " & self.free_at[row.start]"),
        Edit("seats", "Seats._sound", SOUND_TIME, "if False:"),
        Edit("seats", "Seats.is_valid", "or not row.common >> row.start & 1 "),
    ],
    "load": [Edit("seats", "Seats.host_is_free", " or one.left + (mine >= 0) <= 0")],
    "load: overlap": [Edit("seats", "Seats.host_is_free", "elif near >> taken & 1:", "elif False:")],
    "language": [
        Edit("seats", "Seats.who_may_join", " & spoken"),
        Edit("seats", "Seats._sound", " or not row.languages"),
        Edit("seats", "Seats.is_valid", "not row.languages or "),
    ],
}

CHECKING: dict[str, list[Edit]] = {
    "generation minimum": [
        Edit("rules", "_group_breaches",
             "if sum(member.generation == generation for member in members) < params.min_per_generation:", "if False:"),
    ],
    "forbidden pair": [Edit("rules", "Rulebook.pair_breach", "if reason == ForbiddenReason.BLOCKED:", "if False:")],
    "window": [Edit("rules", "Rulebook._time_breaches", "if not self._free_at(member, start):", "if False:")],
    "load": [Edit("rules", "Rulebook._load_breaches", "if len(starts) > facilitator.max_load:", "if False:")],
    "language": [
        Edit("rules", "Rulebook.check_cohort",
             "if self._params.common_language and not _shared_languages(members, facilitator):", "if False:"),
    ],
}  # fmt: skip


@contextmanager
def taken_out(edits: list[Edit]) -> Iterator[None]:
    """Take a guard out of its functions, by whatever name the engine calls them, and put it back.

    Raises:
        LookupError: what is to be taken out is not written exactly once.
    """
    with ExitStack() as undo:
        for (place, path), wanted in groupby(edits, key=lambda edit: edit[:2]):
            module = import_module(f"matching.engine.{place}")
            *owners, name = path.split(".")
            function = inspect.getattr_static(getattr(module, owners[0]) if owners else module, name)
            source = textwrap.dedent(inspect.getsource(function))
            for edit in wanted:
                if source.count(edit.written) != 1:
                    raise LookupError(f"{edit.written!r} is not written exactly once in {place}.{path}.")
                source = source.replace(edit.written, edit.instead)
            made: dict[str, FunctionType] = {}
            exec(compile(source, f"<{path} without its guard>", "exec"), vars(module), made)  # noqa: S102 (our own source)
            undo.callback(setattr, function, "__code__", function.__code__)
            function.__code__ = made[name].__code__
        yield

"""Placing as many people as possible: construct, then chains, donors, ruin and recreate.

Method: a cohort is a facilitator's start; people join by a bit test. Around one unplaced unit at a
time the plan is loosened and closed again, and never gets smaller. Same seed, same plan.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

from matching.engine.model import Model
from matching.engine.plan import Plan
from matching.engine.week import bits

CHAIN_NODES = 300
CHAIN_DRAFTS = 80
STARTS_TRIED = 10
NOISE = 0.35
DRAFTS_LOOKED_AT = 200
DONORS_LOOKED_AT = 500
SPREAD_FAILURES = 60
SPREAD_TRIES = 12


@dataclass(slots=True)
class Search:
    """A plan under search, the units worth trying, and the size to build drafts at first."""

    model: Model
    plan: Plan
    random: Random
    possible: int
    target: int

    def construct(self, stop: Callable[[], bool]) -> None:
        """Build drafts around the scarcest units first, joining where a draft has room."""
        tried = 0
        while waiting := self.plan.unplaced & self.possible & ~tried:
            unit = (waiting & -waiting).bit_length() - 1
            tried |= 1 << unit
            if not self.join(unit):
                self.build(unit)
            if stop():
                return
        for unit in bits(self.plan.unplaced & self.possible):
            self.join(unit)

    def join(self, unit: int) -> bool:
        """Put a unit into the smallest draft that takes it."""
        plan = self.plan
        best, best_size = -1, 99
        for number in self.drafts_near(unit):
            draft = plan.draft(number)
            if draft.size < best_size and plan.can_join(unit, draft):
                best, best_size = number, draft.size
        if best < 0:
            return False
        plan.add(unit, best)
        return True

    def drafts_near(self, unit: int) -> Iterable[int]:
        at_start = self.plan.at_start
        for start in bits(self.model.starts[unit] & self.model.hosted):
            yield from at_start[start]

    def grow(self, unit: int, start: int, language: int, pool: int) -> list[int] | None:
        """Return units from a pool that form a valid draft with `unit`, scarcest first."""
        model, random = self.model, self.random
        params = model.params
        least, most = params.min_per_generation, params.size_max
        pool &= model.at[start] & model.speakers[language] & ~model.barred[unit] & ~(1 << unit)
        units = [unit]
        size, students, alumni = model.size[unit], model.students[unit], model.alumni[unit]
        common = model.starts[unit]
        target = max(self.target, params.size_min)
        while pool:
            pick = pool & self._wanted(size < target, students < least, alumni < least)
            if random.random() < NOISE:
                pick = pick & random.getrandbits(len(model.members)) or pick
            if not pick:
                break
            other = (pick & -pick).bit_length() - 1
            pool &= ~(1 << other)
            new_students = students + model.students[other]
            new_alumni = alumni + model.alumni[other]
            new_size = size + model.size[other]
            if new_size + max(0, least - new_students) + max(0, least - new_alumni) > most:
                continue
            if params.min_windows > 1:
                if (common & model.starts[other]).bit_count() < params.min_windows:
                    continue
                common &= model.starts[other]
            units.append(other)
            size, students, alumni = new_size, new_students, new_alumni
            pool &= ~model.barred[other]
        if size < params.size_min or students < least or alumni < least:
            return None
        return units

    def _wanted(self, people: bool, students: bool, alumni: bool) -> int:
        """Return the units a draft still asks for; one short of a generation asks for it first."""
        model = self.model
        if students != alumni:
            return model.student_units if students else model.alumni_units
        return model.everyone if students or people else 0

    def build(self, unit: int, pool: int | None = None) -> bool:
        """Open a new draft with a unit and others of the pool (default: the unplaced)."""
        model, plan, random = self.model, self.plan, self.random
        pool = plan.unplaced & self.possible if pool is None else pool
        starts = list(bits(model.starts[unit] & model.hosted))
        random.shuffle(starts)
        best: tuple[float, int, int, list[int]] | None = None
        tried = 0
        for start in starts:
            hosts = plan.free_hosts(start)
            if not hosts:
                continue
            tried += 1
            if tried > STARTS_TRIED and best is not None:
                break
            for host, language in self._voices(unit, hosts):
                units = self.grow(unit, start, language, pool)
                if units is None:
                    continue
                chances = sum(model.size[one] * (1 + 2 / (1 + model.starts[one].bit_count())) for one in units)
                value = chances + random.random() * NOISE
                if best is None or value > best[0]:
                    best = (value, host, start, units)
        if best is None:
            return False
        _, host, start, units = best
        number = plan.open(host, start)
        for one in units:
            if plan.where[one] >= 0:
                plan.remove(one)
            plan.add(one, number)
        return True

    def _voices(self, unit: int, hosts: int) -> Iterable[tuple[int, int]]:
        """Yield each language a unit shares with the hosts (a set), with one of them who speaks it."""
        for language in bits(self.model.languages[unit]):
            able = hosts & self.model.host_speakers[language]
            if able:
                able = able >> (skip := self.random.randrange(able.bit_length())) << skip
                yield (able & -able).bit_length() - 1, language

    def chain(self, unit: int) -> bool:
        """Place a unit by letting others move on, breadth first; every draft stays valid."""
        plan, model = self.plan, self.model
        came: dict[int, tuple[int, int]] = {}
        queue, seen = [unit], {unit}
        while queue and len(came) < CHAIN_NODES:
            mover = queue.pop(0)
            path = self._drafts_on_path(mover, came)
            near = list(self.drafts_near(mover))
            self.random.shuffle(near)
            for number in near[:CHAIN_DRAFTS]:
                if number in path:
                    continue
                draft = plan.draft(number)
                if plan.can_join(mover, draft):
                    self._follow(mover, number, came)
                    return True
                for out in draft.units:
                    fits = out not in seen and model.size[out] <= model.size[mover]
                    if fits and plan.can_replace(mover, out, draft):
                        seen.add(out)
                        came[out] = (mover, number)
                        queue.append(out)
        return False

    def _drafts_on_path(self, mover: int, came: dict[int, tuple[int, int]]) -> set[int]:
        path = set()
        while mover in came:
            mover, number = came[mover]
            path.add(number)
        return path

    def _follow(self, mover: int, number: int, came: dict[int, tuple[int, int]]) -> None:
        plan = self.plan
        while mover in came:
            before, left = came[mover]
            plan.remove(mover)
            plan.add(mover, number)
            mover, number = before, left
        plan.add(mover, number)

    def build_with_donors(self, unit: int) -> bool:
        """Open a draft for a unit, also taking people whom their drafts can spare, one each."""
        return self.build(unit, self.plan.unplaced & self.possible | self.spare_units())

    def spare_units(self) -> int:
        """Return units that their drafts can spare, one of each draft that can spare any."""
        plan, random = self.plan, self.random
        spare, numbers = 0, plan.numbers()
        if len(numbers) > DONORS_LOOKED_AT:
            numbers = random.sample(numbers, DONORS_LOOKED_AT)
        for number in numbers:
            draft = plan.draft(number)
            if draft.size > self.model.params.size_min:
                able = [one for one in draft.units if plan.can_leave(one)]
                if able:
                    spare |= 1 << random.choice(able)
        return spare

    def spread(self, *, most: int, stop: Callable[[], bool]) -> None:
        """Open more and smaller drafts, up to `most`, without anybody losing a place.

        Smaller cohorts are better ones on every part of quality.
        """
        plan, random = self.plan, self.random
        self.target = self.model.params.size_min
        failures = 0
        while len(plan.drafts) - len(plan.free_numbers) < most and failures < SPREAD_FAILURES and not stop():
            spare = self.spare_units()
            students = list(bits(spare & self.model.student_units))
            random.shuffle(students)
            if any(self.build(unit, spare) for unit in students[:SPREAD_TRIES]):
                failures = 0
            else:
                failures += 1

    def shake(self, unit: int, breadth: int) -> None:
        """Dissolve drafts near a unit and rebuild with it; undo unless as many are placed."""
        plan, random = self.plan, self.random
        before = plan.placed
        chosen = self._drafts_to_dissolve(unit, breadth)
        kept = [(draft.host, draft.start, list(draft.units)) for draft in map(plan.draft, chosen)]
        freed = [one for number in chosen for one in plan.close(number)]
        standing = set(plan.numbers())
        order = [unit, *sorted(freed, key=lambda one: one * (0.3 + random.random()))]
        if random.random() < 0.3:
            order[1:] = random.sample(order[1:], len(order) - 1)
        params = self.model.params
        self.target = random.choice((params.size_min, (params.size_min + params.size_max) // 2, params.size_max))
        joined = self._rebuild(order)
        if plan.placed <= before:
            joined += [one for one in bits(plan.unplaced & self.possible) if self.join(one)]
        if plan.placed < before:
            self._restore(kept, standing=standing, joined=joined)

    def _restore(self, kept: list[tuple[int, int, list[int]]], *, standing: set[int], joined: list[int]) -> None:
        plan = self.plan
        for one in joined:
            if plan.where[one] in standing:
                plan.remove(one)
        for number in plan.numbers():
            if number not in standing:
                plan.close(number)
        for host, start, units in kept:
            number = plan.open(host, start)
            for one in units:
                plan.add(one, number)

    def _drafts_to_dissolve(self, unit: int, breadth: int) -> list[int]:
        """Choose drafts at the unit's starts, of its possible facilitators, or kin to such a draft."""
        plan, model, random = self.plan, self.model, self.random
        hosts = {host for start in bits(model.starts[unit] & model.hosted) for host in model.hosts_at[start]}
        numbers = plan.numbers()
        if len(numbers) > DRAFTS_LOOKED_AT:
            numbers = random.sample(numbers, DRAFTS_LOOKED_AT)
        near = [*self.drafts_near(unit), *(number for number in numbers if plan.draft(number).host in hosts)]
        if not near:
            return []
        chosen = [random.choice(near)]
        kin = list(self._kin(chosen[0])) if random.random() < 0.7 else near
        while len(chosen) < breadth and kin:
            one = random.choice(kin)
            kin.remove(one)
            if one not in chosen:
                chosen.append(one)
        return chosen

    def _rebuild(self, order: list[int]) -> list[int]:
        """Place units in an order, in new drafts or standing ones; return who joined a standing one."""
        joined = []
        for one in order:
            if self.plan.where[one] >= 0:
                continue
            prefers_joining = self.random.random() < 0.5
            if (prefers_joining and self.join(one)) or (not self.build(one) and self.join(one)):
                joined.append(one)
        return joined

    def _kin(self, number: int) -> Iterable[int]:
        """Drafts that some unit of a draft could also attend."""
        draft = self.plan.draft(number)
        unit = self.random.choice(draft.units)
        return self.drafts_near(unit)

    def place(self, *, bound: int, rounds: int, stop: Callable[[], bool], report: Callable[[float], None]) -> None:
        """Work on unplaced units until the bound is met or the rounds are used up."""
        plan, random = self.plan, self.random
        for turn in range(rounds):
            if plan.placed >= bound or stop():
                break
            waiting = list(bits(plan.unplaced & self.possible))
            if not waiting:
                break
            unit = random.choice(waiting)
            if self.join(unit) or self.chain(unit) or self.build_with_donors(unit):
                continue
            self.shake(unit, random.choice((1, 2, 2, 3, 4)))
            if turn % 50 == 0:
                report(turn / rounds)

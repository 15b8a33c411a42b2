"""The working plan of a search: drafts at a facilitator's start, and who is in them."""

from matching.engine.model import Model
from matching.engine.week import bits


class Draft:
    """A cohort in the making. `languages` and `common` are what all of it share."""

    __slots__ = ("alumni", "barred", "common", "host", "languages", "size", "start", "students", "units")

    def __init__(self, host: int, start: int, languages: int, common: int) -> None:
        self.host = host
        self.start = start
        self.units: list[int] = []
        self.size = 0
        self.students = 0
        self.alumni = 0
        self.languages = languages
        self.common = common
        self.barred = 0


class Plan:
    """Drafts by number (None: none), the draft of each unit (-1: none), the load of each host."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.drafts: list[Draft | None] = []
        self.free_numbers: list[int] = []
        self.where = [-1] * len(model.members)
        self.at_start: list[list[int]] = [[] for _ in range(model.params.week_slots)]
        self.load = [0] * len(model.host_load)
        self.taken = [0] * len(model.host_load)
        self.busy = [0] * model.params.week_slots
        self.full = sum(1 << host for host, load in enumerate(model.host_load) if not load)
        self.unplaced = model.everyone
        self.placed = 0
        self._whole_week = (1 << model.params.week_slots) - 1

    def draft(self, number: int) -> Draft:
        draft = self.drafts[number]
        if draft is None:
            raise KeyError(number)
        return draft

    def numbers(self) -> list[int]:
        return [number for number, draft in enumerate(self.drafts) if draft is not None]

    def free_hosts(self, start: int) -> int:
        """Return the set of facilitators who may lead one more cohort at this start."""
        return self.model.host_mask_at[start] & ~self.full & ~self.busy[start]

    def _engage(self, host: int, start: int) -> None:
        self.load[host] += 1
        self.taken[host] |= 1 << start
        if self.load[host] >= self.model.host_load[host]:
            self.full |= 1 << host
        for near in bits(self.model.near[start]):
            self.busy[near] |= 1 << host

    def _release(self, host: int, start: int) -> None:
        self.load[host] -= 1
        self.taken[host] &= ~(1 << start)
        self.full &= ~(1 << host)
        for near in bits(self.model.near[start]):
            if not self.taken[host] & self.model.near[near]:
                self.busy[near] &= ~(1 << host)

    def open(self, host: int, start: int) -> int:
        draft = Draft(host, start, self.model.host_languages[host], self._whole_week)
        if self.free_numbers:
            number = self.free_numbers.pop()
            self.drafts[number] = draft
        else:
            number = len(self.drafts)
            self.drafts.append(draft)
        self.at_start[start].append(number)
        self._engage(host, start)
        return number

    def close(self, number: int) -> list[int]:
        """Dissolve a draft and return the units that were in it."""
        draft = self.draft(number)
        units = list(draft.units)
        for unit in units:
            self.where[unit] = -1
            self.unplaced |= 1 << unit
        self.placed -= draft.size
        self.at_start[draft.start].remove(number)
        self._release(draft.host, draft.start)
        self.drafts[number] = None
        self.free_numbers.append(number)
        return units

    def move_to(self, number: int, host: int, start: int) -> None:
        """Give a draft another facilitator and start; its members stay."""
        draft = self.draft(number)
        self.at_start[draft.start].remove(number)
        self._release(draft.host, draft.start)
        draft.host, draft.start = host, start
        self.at_start[start].append(number)
        self._engage(host, start)
        self._sum_up(draft)

    def add(self, unit: int, number: int) -> None:
        model, draft = self.model, self.draft(number)
        draft.units.append(unit)
        draft.size += model.size[unit]
        draft.students += model.students[unit]
        draft.alumni += model.alumni[unit]
        draft.languages &= model.languages[unit]
        draft.common &= model.starts[unit]
        draft.barred |= model.barred[unit]
        self.where[unit] = number
        self.unplaced &= ~(1 << unit)
        self.placed += model.size[unit]

    def remove(self, unit: int) -> None:
        draft = self.draft(self.where[unit])
        draft.units.remove(unit)
        self._sum_up(draft)
        self.where[unit] = -1
        self.unplaced |= 1 << unit
        self.placed -= self.model.size[unit]

    def _sum_up(self, draft: Draft) -> None:
        model = self.model
        draft.size = draft.students = draft.alumni = draft.barred = 0
        draft.languages, draft.common = model.host_languages[draft.host], self._whole_week
        for unit in draft.units:
            draft.size += model.size[unit]
            draft.students += model.students[unit]
            draft.alumni += model.alumni[unit]
            draft.languages &= model.languages[unit]
            draft.common &= model.starts[unit]
            draft.barred |= model.barred[unit]

    def is_valid(self, draft: Draft) -> bool:
        params = self.model.params
        return (
            params.size_min <= draft.size <= params.size_max
            and draft.students >= params.min_per_generation
            and draft.alumni >= params.min_per_generation
        )

    def can_join(self, unit: int, draft: Draft) -> bool:
        """Whether a unit may enter a draft and the draft can still become (or stay) valid."""
        model = self.model
        params = model.params
        if (
            not model.starts[unit] >> draft.start & 1
            or draft.barred >> unit & 1
            or not draft.languages & model.languages[unit]
            or draft.size + model.size[unit] > params.size_max
        ):
            return False
        if params.min_windows > 1:
            return (draft.common & model.starts[unit]).bit_count() >= params.min_windows
        return True

    def can_replace(self, unit: int, out: int, draft: Draft) -> bool:
        """Whether a unit may take another's place and leave a valid draft."""
        model = self.model
        params = model.params
        if not model.starts[unit] >> draft.start & 1:
            return False
        size = draft.size - model.size[out] + model.size[unit]
        if not params.size_min <= size <= params.size_max:
            return False
        if (
            draft.students - model.students[out] + model.students[unit] < params.min_per_generation
            or draft.alumni - model.alumni[out] + model.alumni[unit] < params.min_per_generation
        ):
            return False
        languages, common = model.host_languages[draft.host], self._whole_week
        barred = model.barred[unit]
        for other in draft.units:
            if other != out:
                if barred >> other & 1:
                    return False
                languages &= model.languages[other]
                common &= model.starts[other]
        if not languages & model.languages[unit]:
            return False
        return params.min_windows == 1 or (common & model.starts[unit]).bit_count() >= params.min_windows

    def can_leave(self, unit: int) -> bool:
        """Whether a placed unit may go and leave a valid draft behind."""
        model, draft = self.model, self.draft(self.where[unit])
        params = model.params
        return (
            draft.size - model.size[unit] >= params.size_min
            and draft.students - model.students[unit] >= params.min_per_generation
            and draft.alumni - model.alumni[unit] >= params.min_per_generation
        )

    def joinable(self, draft: Draft, among: int) -> int:
        """Return the units of a set that are free, speak a language and are not barred."""
        model = self.model
        spoken = 0
        for language in bits(draft.languages):
            spoken |= model.speakers[language]
        return among & model.at[draft.start] & spoken & ~draft.barred

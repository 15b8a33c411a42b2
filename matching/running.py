"""A term at work as the engine sees it: the cohorts that meet, whoever waits, and the dates that are left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogue.availability import free_at, times_of_all
from dialogue.core.wall_clock import zone_named
from dialogue.models import Cohort, Facilitation, Membership, Participation, Term
from dialogue.term_dates import dates_by_weekday
from matching.engine import Facilitator, PlannedCohort, Problem
from matching.engine.seats import Locks
from matching.inputs import (
    SLOTS_IN_DAY,
    forbidden_pairs,
    params_of,
    participant_of,
    slot_of_window,
    taken_between,
    together_pairs,
)
from matching.models import CohortLock


@dataclass(frozen=True, slots=True)
class RunningPlan:
    """What a repair works on. Ids are primary keys of participations and facilitations, as text.

    `cohorts` are those that still meet, by number, at the same positions as in `planned`. `locks` are what a
    coordinator wants left alone.
    """

    term: Term
    problem: Problem
    cohorts: tuple[Cohort, ...]
    planned: tuple[PlannedCohort, ...]
    locks: Locks

    def position_of(self, cohort_id: int) -> int:
        """Return the position of a cohort.

        Raises:
            KeyError: it does not meet any more, or belongs to another term.
        """
        for position, cohort in enumerate(self.cohorts):
            if cohort.pk == cohort_id:
                return position
        raise KeyError(cohort_id)


def read_running(term: Term, *, now: datetime) -> RunningPlan:
    """Read the cohorts of a term that still meet, and who waits for one.

    A slot counts as free when it is free on every date that is left. Whoever belongs to a cohort counts as free at
    its time, whatever they once answered: they come. Sessions of this term take nobody's time here.
    """
    today = now.astimezone(zone_named(term.zone)).date()
    cohorts = tuple(term.cohorts.running().order_by("number"))
    # Whoever was published last meets longest.
    told_at = max((cohort.created_at for cohort in cohorts), default=now)
    dates = {
        weekday: [day for day in days if day > today]
        for weekday, days in dates_by_weekday(term, told_at=told_at).items()
    }
    members: dict[int, list[int]] = {cohort.pk: [] for cohort in cohorts}
    own: dict[int, Cohort] = {}
    by_pk = {cohort.pk: cohort for cohort in cohorts}
    rows = Membership.objects.filter(cohort__in=cohorts, left_at__isnull=True).order_by("participation")
    for cohort_id, participation_id in rows.values_list("cohort", "participation"):
        members[cohort_id].append(participation_id)
        own[participation_id] = by_pk[cohort_id]
    waiting = set(term.participations.to_be_matched().values_list("pk", flat=True))
    people = [
        one
        for one in term.participations.filter(status__in=["accepted", "placed"])
        .select_related("person")
        .defer("crossroads", "note", "asked", "replied")
        .order_by("pk")
        if one.pk in waiting or one.pk in own
    ]
    facilitators = list(term.facilitations.select_related("person").order_by("pk"))
    times, their_times = times_of_all(people), times_of_all(facilitators)
    everyone = [one.person_id for one in (*people, *facilitators)]
    taken = taken_between(everyone, dates, term.zone, besides_term=term.pk)
    params = params_of(term)

    def free(owner: Participation | Facilitation) -> int:
        said = (times if isinstance(owner, Participation) else their_times)[owner.pk]
        return free_at(said, term=term, dates=dates, booked=taken.get(owner.person_id, ()))

    def window(cohort: Cohort) -> int:
        first = slot_of_window(weekday=cohort.weekday, starts=cohort.starts)
        return sum(1 << slot % (7 * SLOTS_IN_DAY) for slot in range(first, first + params.window_slots))

    led: dict[int, int] = {}
    for cohort in cohorts:
        led[cohort.facilitation_id] = led.get(cohort.facilitation_id, 0) | window(cohort)
    problem = Problem(
        name=f"term-{term.pk}",
        params=params,
        participants=tuple(
            participant_of(one, availability=free(one) | (window(own[one.pk]) if one.pk in own else 0))
            for one in people
        ),
        facilitators=tuple(
            Facilitator(
                id=str(one.pk),
                availability=free(one) | led.get(one.pk, 0),
                max_load=one.max_cohorts,
                languages=tuple(one.languages),
            )
            for one in facilitators
        ),
        forbidden=tuple(forbidden_pairs(term, people)),
        together=tuple(together_pairs(term, people)),
    )
    planned = tuple(
        PlannedCohort(
            members=tuple(str(pk) for pk in members[cohort.pk]),
            facilitator=str(cohort.facilitation_id),
            start=slot_of_window(weekday=cohort.weekday, starts=cohort.starts),
        )
        for cohort in cohorts
    )
    return RunningPlan(
        term=term, problem=problem, cohorts=cohorts, planned=planned, locks=_locks(term, [one.pk for one in cohorts])
    )


def _locks(term: Term, cohorts: Sequence[int]) -> Locks:
    """Return what is locked. A cohort whose time is locked is not dissolved, but somebody else may come to lead it."""
    position = {pk: at for at, pk in enumerate(cohorts)}
    rows = CohortLock.objects.filter(cohort__term=term, cohort__in=cohorts).exclude(membership__left_at__isnull=False)
    whole, times, people = set(), set(), set()
    for kind, cohort, participation in rows.values_list("kind", "cohort", "membership__participation"):
        if kind == CohortLock.Kind.COHORT:
            whole.add(position[cohort])
        elif kind == CohortLock.Kind.WINDOW:
            times.add(position[cohort])
        else:
            people.add(str(participation))
    return Locks(cohorts=frozenset(whole), times=frozenset(times), standing=frozenset(times), people=frozenset(people))

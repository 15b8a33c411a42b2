"""What the engine can say of a run, in plain values that a row keeps; `explanation_words` puts them into sentences.

Ids are primary keys (numbers), times are slots of the term's week, cohorts are numbers of proposals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dialogue.core.interests import Closeness, Ratings, why_close
from matching.engine import Options, PlannedCohort, Problem, Solution, solve
from matching.engine.changes import Change, ChangeKind, Changes
from matching.engine.company import CompanyReader
from matching.engine.explain import CohortExplanation, explain_cohorts
from matching.engine.findings import input_findings
from matching.engine.hints import ROUNDS, facilitator_hints, optional_rules, person_hints, rule_costs
from matching.engine.solution import Finding

MOST_CHANGES: Final = 300
"""For how many who wait a change is looked for: a coordinator reads no more, and the rest wait for the same things."""

MOST_SWAPS: Final = 4
MOST_TO_FORM_ANEW: Final = 2_500
"""Up to how many people the term is formed anew without each optional rule: three seconds of a processor for each."""

SECONDS_A_RULE: Final = 12.0
_TOLD_OTHERWISE: Final = (Finding.NO_PARTICIPANTS, Finding.PARTICIPANT_WITHOUT_AVAILABILITY)
"""Findings that the page has said already, the second beside each person who waits."""


@dataclass(frozen=True, slots=True)
class Explained:
    """`cohorts` by position, each also as the engine says it (`plain`); `changes` by participant."""

    cohorts: list[dict[str, Any]]
    plain: list[CohortExplanation]
    changes: dict[str, dict[str, Any]]
    hints: dict[str, Any]


def explained(
    problem: Problem, solution: Solution, *, answers: Mapping[str, Ratings], seed: int, keeps: bool = False
) -> Explained:
    """Explain a run: each cohort, each person who waits, and what would help the term.

    `answers` are the interests as people gave them: those of the problem reach over to related topics. `keeps`: the
    plan keeps a part of an earlier one, which no rule is to be blamed for.
    """
    cohorts = solution.cohorts
    numbers = range(1, len(cohorts) + 1)
    found = _found(problem, cohorts, [one.participant for one in solution.unplaced])
    plain = explain_cohorts(problem, cohorts)
    return Explained(
        cohorts=_cohorts(problem, cohorts, answers, numbers, plain),
        plain=plain,
        changes={person: change_as_kept(change, numbers) for person, change in found.items()},
        hints=_hints(problem, solution, list(found.values()), seed, keeps) if solution.unplaced else {},
    )


def explained_again(
    problem: Problem,
    cohorts: Mapping[int, PlannedCohort],
    *,
    waiting: Sequence[str],
    answers: Mapping[str, Ratings],
) -> Explained:
    """Explain cohorts that a coordinator has changed, by number. What would help the whole term is not looked for.

    `cohorts` of the answer stand in the order of the mapping; everybody in them is known to the problem.
    """
    numbers, planned = list(cohorts), list(cohorts.values())
    found = _found(problem, planned, waiting)
    plain = explain_cohorts(problem, planned)
    return Explained(
        cohorts=_cohorts(problem, planned, answers, numbers, plain),
        plain=plain,
        changes={person: change_as_kept(change, numbers) for person, change in found.items()},
        hints={},
    )


def _found(problem: Problem, cohorts: Sequence[PlannedCohort], waiting: Sequence[str]) -> dict[str, Change]:
    finder = Changes(problem, cohorts)
    return {one: change for one in waiting[:MOST_CHANGES] if (change := finder.cheapest(one)) is not None}


def _cohorts(
    problem: Problem,
    cohorts: Sequence[PlannedCohort],
    answers: Mapping[str, Ratings],
    numbers: Sequence[int],
    explanations: Sequence[CohortExplanation],
) -> list[dict[str, Any]]:
    reader = CompanyReader(problem, cohorts)
    places = {one.id: number for number, one in enumerate(problem.participants)}
    found = []
    for position, plain in enumerate(explanations):
        told = reader.company_at(position, swaps=MOST_SWAPS)
        found.append(
            {
                "parts": {part.value: round(value, 4) for part, value in told.parts},
                "bridges": [
                    [
                        int(one.student),
                        int(one.alumni),
                        list(close.shared),
                        [[two.one, two.other] for two in close.related],
                    ]
                    for one in told.bridges
                    if (close := why_close(answers[one.student], answers[one.alumni]))
                ],
                "facilitators": [int(one) for one in plain.other_facilitators],
                "larger": told.larger.value,
                "elsewhere": told.elsewhere.value,
                "swaps": [
                    [int(one.leaves), int(one.comes), None if one.other is None else numbers[one.other]]
                    for one in told.swaps
                ],
                "new_faces": [count for _member, count in told.new_faces],
                "if_need_be": _if_need_be(problem, places, cohorts[position]),
                "wishes_missed": [[int(one), int(other)] for one, other in plain.wishes_missed],
            }
        )
    return found


def _if_need_be(problem: Problem, places: Mapping[str, int], cohort: PlannedCohort) -> list[int]:
    """Return the members who answered a part of the cohort's window with △."""
    params = problem.params
    window = sum(1 << (cohort.start + slot) % params.week_slots for slot in range(params.window_slots))
    members = (problem.participants[place] for place in sorted(places[one] for one in cohort.members))
    return [int(one.id) for one in members if window & ~one.availability]


def _pairs(close: Closeness) -> list[list[str]]:
    return [[pair.one, pair.other] for pair in close.related]


def change_as_kept(change: Change, numbers: Sequence[int]) -> dict[str, Any]:
    """Return a change as `explanation_words` reads it; `numbers` are those of the cohorts by position."""
    return {
        "kind": change.kind.value,
        "who": int(change.who) if change.who else None,
        "slots": list(change.slots),
        "windows": list(change.windows),
        "start": change.start,
        "language": change.language,
        "partner": int(change.partner) if change.partner else None,
        "cohort": None if change.cohort is None else numbers[change.cohort],
    }


def _hints(problem: Problem, solution: Solution, changes: Sequence[Change], seed: int, keeps: bool) -> dict[str, Any]:
    rules = optional_rules(problem)
    is_weighed = len(problem.participants) <= MOST_TO_FORM_ANEW
    costs = ()
    if rules and is_weighed:
        allowed = _allowed_by_all_rules(problem, seed) if keeps else solution.upper_bound
        costs = rule_costs(problem, placed=allowed, seed=seed, seconds=SECONDS_A_RULE)
    leaders = facilitator_hints(problem, solution.cohorts)
    asks_leaders = any(one.kind in (ChangeKind.FACILITATOR_TIME, ChangeKind.FACILITATOR_LOAD) for one in changes)
    return {
        "facilitator": [[hint.start, len(hint.places)] for hint in leaders],
        "no_facilitator_helps": not leaders and not asks_leaders,
        "person": [
            [
                int(hint.change.who),
                hint.change.start,
                len(hint.change.slots),
                len(hint.places),
                list(hint.change.windows),
            ]
            for hint in person_hints(solution.cohorts, changes)
            if len(hint.places) > 1
        ],
        "rules": [[cost.rule.value, cost.places] for cost in costs],
        "rules_free": [rule.value for rule in rules if is_weighed and rule not in {cost.rule for cost in costs}],
        "rules_untold": [] if is_weighed else [rule.value for rule in rules],
        "findings": [
            [one.finding.value, [int(who) for who in one.ids]]
            for one in input_findings(problem)
            if one.finding not in _TOLD_OTHERWISE
        ],
    }


def _allowed_by_all_rules(problem: Problem, seed: int) -> int:
    """Return a bound on how many could be placed if nothing were kept."""
    options = Options(place_rounds=ROUNDS, improve_batches=0)
    return solve(problem, seed=seed, options=options, seconds=SECONDS_A_RULE).upper_bound

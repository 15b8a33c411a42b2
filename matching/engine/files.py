"""Reading and writing `cohort-instance/1` and `cohort-solution/1` (JSON, UTF-8)."""

import json
from pathlib import Path
from typing import Any

from matching.engine.problem import (
    Facilitator,
    ForbiddenPair,
    ForbiddenReason,
    Generation,
    Params,
    Participant,
    Problem,
    Strictness,
    TogetherPair,
)
from matching.engine.solution import PlannedCohort, Solution
from matching.engine.week import mask_of_ranges, ranges_of_mask

INSTANCE_FORMAT = "cohort-instance/1"
SOLUTION_FORMAT = "cohort-solution/1"


def read_problem(path: Path) -> Problem:
    """Read an instance.

    Raises:
        ValueError: the file is of another format or contradicts itself.
    """
    return problem_from_document(json.loads(path.read_text(encoding="utf-8")))


def problem_from_document(document: dict[str, Any]) -> Problem:
    """Return the problem of a parsed instance.

    Raises:
        ValueError: the document is of another format or contradicts itself.
    """
    if document.get("format") != INSTANCE_FORMAT:
        raise ValueError(f"Expected format {INSTANCE_FORMAT}, found {document.get('format')!r}.")
    rules = document["params"]
    slots = int(rules["week_slots"])
    affiliation = Strictness.HARD if rules["no_same_org"] else Strictness.OFF
    params = Params(
        week_slots=slots,
        window_slots=rules["window_slots"],
        min_windows=rules["min_windows"],
        size_min=rules["size_min"],
        size_max=rules["size_max"],
        min_per_generation=rules["min_per_role"],
        common_language=rules["common_language"],
        student_affiliation=affiliation,
        alumni_affiliation=affiliation,
        met_before=Strictness.HARD,
    )
    return Problem(
        name=document["name"],
        params=params,
        participants=tuple(
            Participant(
                id=person["id"],
                generation=Generation(person["role"]),
                availability=mask_of_ranges([(a, b) for a, b in person["avail"]], week_slots=slots),
                interests=dict(person["interests"]),
                languages=tuple(sorted(person["langs"])),
                affiliation=person["org"],
                background=person["background"],
                gender=person.get("gender", ""),
            )
            for person in document["participants"]
        ),
        facilitators=tuple(
            Facilitator(
                id=one["id"],
                availability=mask_of_ranges([(a, b) for a, b in one["avail"]], week_slots=slots),
                max_load=one["max_load"],
                languages=tuple(sorted(one["langs"])),
            )
            for one in document["facilitators"]
        ),
        forbidden=tuple(
            ForbiddenPair(first=a, second=b, reason=ForbiddenReason(reason)) for a, b, reason in document["forbidden"]
        ),
        together=tuple(TogetherPair(first=a, second=b) for a, b in document["together"]),
    )


def document_of_problem(problem: Problem) -> dict[str, Any]:
    """Return the instance document of a problem.

    Raises:
        ValueError: the problem has rules that the format cannot say (soft wishes).
    """
    params = problem.params
    rules = {params.student_affiliation, params.alumni_affiliation}
    if len(rules) > 1 or Strictness.SOFT in rules or params.met_before != Strictness.HARD:
        raise ValueError(f"{INSTANCE_FORMAT} knows no soft rules.")
    return {
        "format": INSTANCE_FORMAT,
        "name": problem.name,
        "params": {
            "week_slots": params.week_slots,
            "window_slots": params.window_slots,
            "min_windows": params.min_windows,
            "size_min": params.size_min,
            "size_max": params.size_max,
            "min_per_role": params.min_per_generation,
            "no_same_org": params.student_affiliation == Strictness.HARD,
            "common_language": params.common_language,
        },
        "participants": [
            {
                "id": person.id,
                "role": person.generation.value,
                "avail": [list(pair) for pair in ranges_of_mask(person.availability)],
                "interests": dict(person.interests),
                "langs": list(person.languages),
                "org": person.affiliation,
                "background": person.background,
                "gender": person.gender,
            }
            for person in problem.participants
        ],
        "facilitators": [
            {
                "id": one.id,
                "avail": [list(pair) for pair in ranges_of_mask(one.availability)],
                "max_load": one.max_load,
                "langs": list(one.languages),
            }
            for one in problem.facilitators
        ],
        "forbidden": [[pair.first, pair.second, pair.reason.value] for pair in problem.forbidden],
        "together": [[pair.first, pair.second] for pair in problem.together],
    }


def write_solution(solution: Solution, *, path: Path) -> None:
    """Write a solution; the same solution always gives the same bytes."""
    document = {
        "format": SOLUTION_FORMAT,
        "instance": solution.problem,
        "engine": solution.engine_version,
        "seed": solution.seed,
        "placed": solution.placed,
        "quality": round(solution.quality, 6),
        "quality_bound": None if solution.quality_bound is None else round(solution.quality_bound, 6),
        "upper_bound": solution.upper_bound,
        "bound_method": solution.bound_method.value,
        "proven": solution.proven,
        "stopped_early": solution.stopped_early,
        "cohorts": [
            {"members": list(cohort.members), "facilitator": cohort.facilitator, "start": cohort.start}
            for cohort in solution.cohorts
        ],
        "unplaced": [{"id": one.participant, "reason": one.reason.value} for one in solution.unplaced],
        "findings": [{"finding": one.finding.value, "ids": list(one.ids)} for one in solution.findings],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_cohorts(path: Path) -> tuple[PlannedCohort, ...]:
    """Read the cohorts of a solution file."""
    document = json.loads(path.read_text(encoding="utf-8"))
    return tuple(
        PlannedCohort(members=tuple(one["members"]), facilitator=one["facilitator"], start=one["start"])
        for one in document["cohorts"]
    )

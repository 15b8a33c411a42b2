"""Solve an instance file: `python -m matching.engine INSTANCE.json -o SOLUTION.json --seed K`."""

import argparse
import json
import sys
from pathlib import Path

from matching.engine import Options, solve
from matching.engine.files import read_problem, write_solution


def main(arguments: list[str] | None = None) -> int:
    """Write the solution and print one line about it; return 2 when --prove asks for more."""
    parser = argparse.ArgumentParser(prog="matching.engine", description=__doc__)
    parser.add_argument("instance", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=None, help="wall limit; may only stop early")
    parser.add_argument(
        "--prove",
        action="store_true",
        help="search small problems until count and quality are proven; exit 2 unless the count is",
    )
    parser.add_argument("--fair", action="store_true", help="weigh bad cohorts more")
    chosen = parser.parse_args(arguments)

    options = Options(prove=chosen.prove, fair=chosen.fair)
    solution = solve(read_problem(chosen.instance), seed=chosen.seed, seconds=chosen.seconds, options=options)
    write_solution(solution, path=chosen.output)
    told = {
        "instance": solution.problem,
        "placed": solution.placed,
        "upper_bound": solution.upper_bound,
        "bound_method": solution.bound_method.value,
        "proven": solution.proven,
        "quality": round(solution.quality, 4),
        "quality_bound": None if solution.quality_bound is None else round(solution.quality_bound, 4),
        "cohorts": len(solution.cohorts),
        "stopped_early": solution.stopped_early,
    }
    sys.stdout.write(json.dumps(told) + "\n")
    return 2 if chosen.prove and not solution.proven else 0


if __name__ == "__main__":
    sys.exit(main())

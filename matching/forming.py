"""Forming the cohorts of a run and explaining them: in this process, or in one that ends with the work.

numpy, HiGHS and what they leave behind weigh 75 MB. A worker that lives for weeks would keep them after its first run;
a process of its own gives them back, and steps back behind the pages while it searches.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from dialogue.core.interests import Ratings
from matching.engine import Options, Problem, Progress, Solution
from matching.engine.keeping import Keep, solve_keeping
from matching.explaining import Explained, explained

ROOT: Final = Path(__file__).parents[1]
NICE: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be formed. `answers` are the interests as people gave them, by participant."""

    problem: Problem
    answers: Mapping[str, Ratings]
    seed: int
    options: Options
    version: str
    keep: Keep = field(default_factory=Keep)


@dataclass(frozen=True, slots=True, kw_only=True)
class Formed:
    """A plan and what can be said of it."""

    solution: Solution
    told: Explained


Form = Callable[[Order, Progress], Formed]


class FormingEnded(Exception):
    """The process that formed cohorts ended without a plan: it failed (its words are in the log) or was killed."""


def formed_here(order: Order, progress: Progress) -> Formed:
    """Form cohorts and explain them in this process."""
    solution = solve_keeping(
        order.problem, order.keep, seed=order.seed, options=order.options, version=order.version, progress=progress
    )
    told = explained(order.problem, solution, answers=order.answers, seed=order.seed, keeps=order.keep != Keep())
    return Formed(solution=solution, told=told)


def formed_apart(order: Order, progress: Progress) -> Formed:
    """Form cohorts and explain them in a process of its own, which ends when this one does.

    Raises:
        FormingEnded: it ended without a plan.
    """
    # A session of its own: who stops the worker lets it end what it does, and that is this process's work, too.
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", __name__],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    with child:
        try:
            if child.stdin is None or child.stdout is None:
                raise FormingEnded
            pickle.dump(order, child.stdin)
            child.stdin.close()
            while True:
                said = pickle.load(child.stdout)  # noqa: S301 (from our own child)
                if isinstance(said, Formed):
                    return said
                progress(*said)
        except (EOFError, BrokenPipeError, pickle.UnpicklingError) as error:
            raise FormingEnded(f"The process ended with {child.wait()}.") from error
        finally:
            child.kill()


def answer(asked: IO[bytes], out: IO[bytes]) -> None:
    """Read an order and write how far it is, as often as the engine tells, then what was formed."""

    def say(what: object) -> None:
        pickle.dump(what, out)
        out.flush()

    order: Order = pickle.load(asked)  # noqa: S301 (from our own parent)
    say(formed_here(order, lambda stage, fraction: say((stage, fraction))))


if __name__ == "__main__":
    os.nice(NICE)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whoever prints does not speak in between
    from matching import forming  # what is pickled is named by the module, not by `__main__`

    forming.answer(sys.stdin.buffer, answers)

"""How far a run goes: a plain one takes a few examples where `--all` (MADOI_TEST_ALL=1) takes many."""

import os

EVERYTHING = os.environ.get("MADOI_TEST_ALL") == "1"


def examples(many: int) -> int:
    """Return how many examples a property is tried on: as many with everything, a quarter of them in a plain run."""
    return many if EVERYTHING else max(5, many // 4)

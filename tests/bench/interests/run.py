"""Propose topics for the labelled texts; print how often that is right, and what it costs.

    python -m tests.bench.interests.run
    MADOI_INTEREST_EMBEDDING=1 python -m tests.bench.interests.run     with the optional package, where it is installed

The words of the topics were filled up with an eye on the texts for tuning and on every second of the others, so the
half held out tells more, and those of strangers, for whom no word was added, tell most. Precision is the share of
proposed topics that the label names, recall the share of those it names that are proposed; first and among three count
texts whose best proposal, or one of the best three, is right.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from dialogue.core.interests.embedding import Embedder
from dialogue.core.interests.proposing import propose

DATA = Path(__file__).parents[2] / "data" / "interests"
ROUNDS = 5


def chosen_embedder() -> Embedder | None:
    """Return the optional embedder as the site would, None without it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    from dialogue.interest_embedding import embedder  # noqa: PLC0415 (settings have to be named first)

    return embedder()


def row(name: str, texts: list[dict[str, Any]], embedder: Embedder | None) -> str:
    """Return one line of the table."""
    proposed = right = wanted = first = three = labelled = silent = 0
    for one in texts:
        found = propose(one["text"], embedder=embedder)
        proposed += len(found)
        if not one["topics"]:
            silent += not found
            continue
        labelled, wanted = labelled + 1, wanted + len(one["topics"])
        right += len(set(found) & set(one["topics"]))
        first += bool(set(found[:1]) & set(one["topics"]))
        three += bool(set(found[:3]) & set(one["topics"]))
    shares = (right / proposed, right / wanted, first / labelled, three / labelled)
    figures = "".join(f"{share:10.3f}" for share in shares)
    return f"{name:<22}{len(texts):6d}{figures}{silent:6d} of {len(texts) - labelled}"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> None:
    tuning, texts, strangers = (
        json.loads((DATA / f"{name}.json").read_text(encoding="utf-8")) for name in ("tuning", "texts", "strangers")
    )
    embedder = chosen_embedder()
    say("texts                  number precision    recall     first  of three  silent")
    parts = {"tuning": tuning, "tuned on": texts[0::2], "held out": texts[1::2], "strangers": strangers}
    for part, some in parts.items():
        for language in ("ja", "en"):
            of_language = [one for one in some if one["text"].isascii() == (language == "en")]
            say(row(f"{part}, {language}", of_language, embedder))
    before = time.process_time()
    for _ in range(ROUNDS):
        for one in texts:
            propose(one["text"], embedder=embedder)
    say(f"{(time.process_time() - before) / ROUNDS / len(texts) * 1000:.2f} ms of CPU a text")


if __name__ == "__main__":
    main()

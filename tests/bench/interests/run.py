"""Propose topics for the labelled texts; print how often that is right, and what it costs.

    python -m tests.bench.interests.run
    MADOI_INTEREST_EMBEDDING=1 python -m tests.bench.interests.run     with the optional package, where it is installed

Those that judge tell what strangers' words meet; on texts that were learned from, words of people who wrote much are
told better. Precision is the share of proposed topics that the label names, recall the share of those it names that are
proposed; first and among three count texts whose likeliest topic, or one of the likeliest three, is right.
"""

import os
import sys
import time
from collections.abc import Sequence

from dialogue.core.interests.embedding import Embedder
from dialogue.core.interests.proposing import likelihoods, propose
from tests.dialogue.core.interests.labelled import Labelled, held_out, labelled

ROUNDS = 5


def chosen_embedder() -> Embedder | None:
    """Return the optional embedder as the site would, None without it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    from dialogue.interest_embedding import embedder  # noqa: PLC0415 (settings have to be named first)

    return embedder()


def row(name: str, texts: Sequence[Labelled], embedder: Embedder | None) -> str:
    """Return one line of the table."""
    proposed = right = wanted = first = three = with_topics = silent = 0
    for one in texts:
        found = propose(one.text, embedder=embedder)
        proposed += len(found)
        if not one.topics:
            silent += not found
            continue
        likely = likelihoods(one.text, embedder=embedder)
        best = sorted(likely, key=lambda key: -likely[key])
        with_topics, wanted = with_topics + 1, wanted + len(one.topics)
        right += len({*found}.intersection(one.topics))
        first += best[0] in one.topics
        three += not {*best[:3]}.isdisjoint(one.topics)
    shares = (right / proposed, right / wanted, first / with_topics, three / with_topics)
    figures = "".join(f"{share:10.3f}" for share in shares)
    return f"{name:<22}{len(texts):6d}{figures}{silent:6d} of {len(texts) - with_topics}"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> None:
    embedder = chosen_embedder()
    say("texts                  number precision    recall     first  of three  silent")
    parts = {"judge_ja": labelled("judge_ja"), "judge_en": labelled("judge_en"), "held out": held_out()}
    parts |= {"strangers": labelled("strangers"), "tuning": labelled("tuning")}
    for part, some in parts.items():
        for language in ("ja", "en"):
            # English may hold a letter of another tongue, so that the name of a set decides where it names a language
            if of_language := [one for one in some if (part[-2:] if part[-3] == "_" else one.language) == language]:
                say(row(f"{part}, {language}", of_language, embedder))
    texts = labelled("texts")
    before = time.process_time()
    for _ in range(ROUNDS):
        for one in texts:
            propose(one.text, embedder=embedder)
    say(f"{(time.process_time() - before) / ROUNDS / len(texts) * 1000:.2f} ms of CPU a text")


if __name__ == "__main__":
    main()

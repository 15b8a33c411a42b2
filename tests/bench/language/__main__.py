"""How long a text takes: `python -m tests.bench.language` prints milliseconds of CPU, measured and never asserted."""

import sys
from time import process_time

from dialogue.core.language import advice_in
from tests.dialogue.language.examples import HERE, examples

OF_SO_MANY = 10  # texts, one is judged


def main() -> None:
    for language in ("ja", "en"):
        texts = [one.text for path in sorted(HERE.glob(f"{language}_*.jsonl")) for one in examples(path.stem)][
            ::OF_SO_MANY
        ]
        long = " ".join(texts)[:2000]
        advice_in(texts[0])
        started = process_time()
        for text in texts:
            advice_in(text)
        each = 1000 * (process_time() - started) / len(texts)
        started = process_time()
        advice_in(long)
        sys.stdout.write(
            f"{language}: {each:.2f} ms a text, {1000 * (process_time() - started):.0f} ms for 2000 characters\n"
        )


if __name__ == "__main__":
    main()

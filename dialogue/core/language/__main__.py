"""Judge texts from standard input: `python -m dialogue.core.language < texts.jsonl`.

Each line is an object with a `text` and, if its writer knows, a `language` ("ja" or "en"). Each line written holds
`text`, `label` ("advice" or "not_advice") and `passages`. A line that cannot be read ends the run with status 2 and a
sentence that names it; the lines before it are written.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from dialogue.core.language.finding import LANGUAGES, advice_in
from dialogue.core.language.pieces import Language


class UnreadableLine(ValueError):
    """A line of the input is not what was agreed."""


def judged(lines: Iterable[str]) -> Iterator[str]:
    """Yield the judgement of each line as JSON; empty lines are passed over.

    Raises:
        UnreadableLine: a line is no JSON object, has no text, or names another language than ja and en.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            text, language = _read(number, line)
            passages = [asdict(one) for one in advice_in(text, language)]
            label = "advice" if passages else "not_advice"
            yield json.dumps({"text": text, "label": label, "passages": passages}, ensure_ascii=False)


def main() -> int:
    """Read standard input, write standard output; return the exit status."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded: one text has no work for more threads
    sys.stdin.reconfigure(encoding="utf-8", errors="strict")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        for line in judged(sys.stdin):
            sys.stdout.write(line + "\n")
    except UnreadableLine as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except UnicodeDecodeError as error:
        sys.stderr.write(f"the input is not UTF-8: {error.reason} at byte {error.start}\n")
        return 2
    return 0


def _read(number: int, line: str) -> tuple[str, Language | None]:
    try:
        given = json.loads(line)
    except json.JSONDecodeError as error:
        raise UnreadableLine(f"line {number} is not JSON: {error.msg} at column {error.colno}") from error
    if not isinstance(given, dict):
        raise UnreadableLine(f'line {number} is not an object with a "text"')
    text, language = given.get("text"), given.get("language")
    if not isinstance(text, str):
        raise UnreadableLine(f'line {number} has no "text", or one that is not a string')
    if language is not None and language not in LANGUAGES:
        raise UnreadableLine(f'line {number}: "language" is {language!r}; it can be "ja", "en" or left out')
    return text, language


if __name__ == "__main__":
    sys.exit(main())

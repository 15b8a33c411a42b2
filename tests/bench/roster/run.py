"""Read a large roster and import it twice; print seconds.

    python -m tests.bench.roster.run --people 10000

The rows are those of the sample roster, over and over under new addresses. CPU is this process's own; the file is
CSV in UTF-8. The second import of the same rows has to change nothing. Not part of the plain test run.
"""

import argparse
import csv
import io
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from tests.bench.site import new_site

SAMPLE = Path(__file__).parents[2] / "data" / "rosters" / "roster.csv"
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
Made = TypeVar("Made")


def roster(people: int) -> bytes:
    """Return a roster of so many rows, without wishes about pairs (they name addresses of the sample)."""
    header, *rows = list(csv.reader(io.StringIO(SAMPLE.read_text(encoding="utf-8-sig"))))
    address, wishes = header.index("メールアドレス"), [n for n, name in enumerate(header) if "一緒にした" in name]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for number in range(people):
        row = list(rows[number % len(rows)])
        row[address] = f"person{number}@example.org"
        for column in wishes:
            row[column] = ""
        writer.writerow(row)
    return out.getvalue().encode()


def timed(name: str, what: Callable[[], Made]) -> Made:
    wall, cpu = time.perf_counter(), time.process_time()
    made = what()
    sys.stdout.write(f"| {name} | {time.perf_counter() - wall:.1f} | {time.process_time() - cpu:.1f} |\n")
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    people = parser.parse_args().people
    with new_site():
        from dialogue.core.roster import read_participants  # noqa: PLC0415  needs the site
        from dialogue.services.roster import import_participants  # noqa: PLC0415
        from dialogue.services.roster_rows import ConsentStatement  # noqa: PLC0415
        from tests.factories import make_term  # noqa: PLC0415

        consent = ConsentStatement(collected_by="ほたび", given_on=date(2026, 11, 1), text_version="take-part-v1")
        term = make_term()
        content = roster(people)
        sys.stdout.write(f"{people} rows, {len(content) // 1024} KiB\n\n| step | wall s | CPU s |\n|---|---|---|\n")
        read = timed("read", lambda: read_participants(content=content, filename="roster.csv", today=NOW.date()))
        first = timed("import", lambda: import_participants(term=term, rows=read.rows, consent=consent, now=NOW))
        again = timed("again", lambda: import_participants(term=term, rows=read.rows, consent=consent, now=NOW))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        sys.stdout.write(f"\n{first}, then {again}; peak {peak} MiB\n")
        if (first.added, again.unchanged) != (people, people):
            raise SystemExit("The import lost or changed somebody.")


if __name__ == "__main__":
    main()

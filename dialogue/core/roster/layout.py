"""Where a sheet's header stands: below title rows, over two lines of merged cells, or down the first column."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count, pairwise
from typing import Final

from dialogue.core.roster.headers import MAX_HEAD, header_key
from dialogue.core.roster.rows import HEADER_WITHIN, Row
from dialogue.core.text import visible

Score = Callable[[Sequence[str]], int]

# One known word can stand in a title by chance (参加者名); two in one row make a header.
ENOUGH: Final = 2


def find_header(rows: Sequence[Row], score: Score) -> tuple[Row, int] | None:
    """Return the header and the index of the first row below it, None where no row looks like one.

    Of the first ten filled rows the one that scores best counts. Two adjacent lines are one header where the upper
    names groups of the lower, as merged cells do: 参加できる時間 over 月, 火, 水 gives 参加できる時間 [月].
    """
    best: tuple[int, Row, int] | None = None
    for header, below in _candidates(rows[:HEADER_WITHIN]):
        points = score(header.cells)
        if points >= ENOUGH and (best is None or points > best[0]):
            best = (points, header, below)
    return best and best[1:]


def turned(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return columns as rows. `line` is then the number of the column, A = 1."""
    width = max((len(row.cells) for row in rows), default=0)
    return tuple(
        Row(
            column + 1,
            tuple(row.cell(column) for row in rows),
            frozenset(position for position, row in enumerate(rows) if column in row.formulas),
        )
        for column in range(width)
    )


def unique_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Return a name for each head of a column, the same for the same file: a repeated one gets a number."""
    taken: set[str] = set()
    names: list[str] = []
    for cell in cells:
        name = visible(cell)[:MAX_HEAD]
        if not header_key(name):
            names.append("")
            continue
        numbered = (name if number == 1 else f"{name} ({number})" for number in count(1))
        chosen = next(candidate for candidate in numbered if header_key(candidate) not in taken)
        taken.add(header_key(chosen))
        names.append(chosen)
    return tuple(names)


def _candidates(rows: Sequence[Row]) -> Iterator[tuple[Row, int]]:
    for index, row in enumerate(rows):
        yield row, index + 1
    for index, (upper, lower) in enumerate(pairwise(rows)):
        if upper.line + 1 == lower.line and _groups(upper, lower):
            yield Row(lower.line, _joined(upper, lower), lower.formulas), index + 2


def _groups(upper: Row, lower: Row) -> bool:
    """Return whether the upper line names groups of the lower: more than a title above its first cell.

    Of merged cells only the first is filled, so that below a group some cell has nothing above it. A line with an
    address is somebody's, not a header.
    """
    filled = [position for position, cell in enumerate(upper.cells) if cell.strip()]
    first = next((position for position, cell in enumerate(lower.cells) if cell.strip()), 0)
    if not filled or filled == [first] or any("@" in cell for cell in lower.cells):
        return False
    return any(
        lower.cell(position).strip() and not upper.cell(position).strip() and lower.cell(position - 1).strip()
        for position in range(filled[0] + 1, len(lower.cells))
    )


def _joined(upper: Row, lower: Row) -> tuple[str, ...]:
    cells: list[str] = []
    group = ""
    for position in range(max(len(upper.cells), len(lower.cells))):
        above, below = upper.cell(position).strip(), lower.cell(position).strip()
        # A cell merged downwards is a head of its own and ends the group before it.
        group = above or (group if below else "")
        cells.append(f"{group} [{below}]" if group and below else above or below)
        if not below:
            group = ""
    return tuple(cells)

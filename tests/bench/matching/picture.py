"""A picture of who places how many, how well and in what time: an SVG without a dependency."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, TOP, GAP = 250, 150, 62, 58, 46
INK = {"madoi": "#0017c1", "cp-sat": "#c74700", "timefold": "#197a4b", "greedy": "#666666"}
NAMES = {
    "madoi": "Madoi",
    "cp-sat": "CP-SAT, the count alone",
    "timefold": "Timefold, the count alone",
    "greedy": "greedy, scarcest first",
}
FASTEST, SLOWEST = 0.1, 100.0


@dataclass(frozen=True, slots=True)
class Point:
    """One run: wall seconds, the share of the bound that it placed, the mean quality."""

    people: int
    who: str
    seconds: float
    placed: float
    quality: float


def drawn(points: Sequence[Point]) -> str:
    """Return the picture: a column for each size, placed above and quality below, seconds on a scale of tens."""
    sizes = sorted({one.people for one in points})
    width, height = LEFT + len(sizes) * (WIDTH + GAP), TOP + 2 * (HEIGHT + GAP) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="Placed people and quality against seconds" font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        *_legend(sorted({one.who for one in points}, key=list(INK).index)),
    ]
    best = max((one.quality for one in points), default=1.0)
    ceiling = math.ceil(best * 10 + 0.2) / 10
    for column, people in enumerate(sizes):
        mine = [one for one in points if one.people == people]
        left = LEFT + column * (WIDTH + GAP)
        placed = [(one.who, one.seconds, one.placed) for one in mine]
        quality = [(one.who, one.seconds, one.quality) for one in mine if one.placed]
        parts += _panel(left, TOP, f"{people} people: placed of those who can be", placed, ceiling=1.0, percent=True)
        parts += _panel(left, TOP + HEIGHT + GAP, f"{people} people: mean quality", quality, ceiling=ceiling)
    return "\n".join([*parts, "</svg>", ""])


def _legend(names: Sequence[str]) -> list[str]:
    return [
        f'<g transform="translate({LEFT + 190 * place} 18)">{_mark(name, 0, 0)}'
        f'<text x="10" y="4" fill="#1a1a1c">{NAMES[name]}</text></g>'
        for place, name in enumerate(names)
    ]


def _mark(who: str, x: float, y: float) -> str:
    """Draw a mark that differs in shape, too, for those who see no colours."""
    ink = INK[who]
    if who == "madoi":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{ink}"/>'
    if who == "cp-sat":
        return f'<rect x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7" fill="{ink}"/>'
    if who == "timefold":
        return f'<path d="M{x - 5:.1f} {y:.1f} l5 -5 l5 5 l-5 5 z" fill="{ink}"/>'
    return f'<path d="M{x:.1f} {y - 4.5:.1f} l4.5 8 h-9 z" fill="{ink}"/>'


def _panel(
    left: float,
    top: float,
    title: str,
    values: Sequence[tuple[str, float, float]],
    *,
    ceiling: float,
    percent: bool = False,
) -> list[str]:
    span = math.log10(SLOWEST / FASTEST)

    def across(seconds: float) -> float:
        return left + WIDTH * math.log10(min(max(seconds, FASTEST), SLOWEST) / FASTEST) / span

    def down(value: float) -> float:
        return top + HEIGHT * (1 - min(value, ceiling) / ceiling)

    parts = [f'<text x="{left}" y="{top - 8}" fill="#1a1a1c" font-weight="bold">{title}</text>']
    for step in range(5):
        value = ceiling * step / 4
        said = f"{value:.0%}" if percent else f"{value:.2f}"
        parts.append(f'<path d="M{left} {down(value):.1f} h{WIDTH}" stroke="#e6e6e6"/>')
        parts.append(f'<text x="{left - 6}" y="{down(value) + 4:.1f}" text-anchor="end" fill="#626264">{said}</text>')
    for seconds in (0.1, 1, 10, 100):
        x = across(seconds)
        parts.append(f'<path d="M{x:.1f} {top + HEIGHT} v4" stroke="#767676"/>')
        parts.append(
            f'<text x="{x:.1f}" y="{top + HEIGHT + 16}" text-anchor="middle" fill="#626264">{seconds:g} s</text>'
        )
    for who in INK:
        mine = sorted((seconds, value) for name, seconds, value in values if name == who)
        if len(mine) > 1:
            way = " L".join(f"{across(seconds):.1f} {down(value):.1f}" for seconds, value in mine)
            parts.append(f'<path d="M{way}" fill="none" stroke="{INK[who]}" stroke-width="1.5"/>')
        parts += [_mark(who, across(seconds), down(value)) for seconds, value in mine]
    return parts

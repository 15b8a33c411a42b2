"""Parts of a quality in points add up to the quality in points, however they are rounded."""

from itertools import product

import pytest

from matching.engine.company import Part
from matching.part_points import points_of


@pytest.mark.parametrize("each", list(product((0.0, 0.03335, 0.05, 0.13749), repeat=4)))
def test_points_add_up(each: tuple[float, ...]):
    parts = {part: round(value, 4) for part, value in zip(Part, each, strict=True)}

    points = points_of(parts, quality=sum(each))

    assert round(sum(one.points for one in points), 1) == round(100 * sum(each), 1)
    assert all(abs(one.points - 100 * parts[one.part]) < 0.11 for one in points)

"""Who may do what: every route, asked by every role with every method. The rows stand in authz.yaml."""

import pytest

from tests.authz import matrix
from tests.authz.world import ROLES
from tests.thoroughness import EVERYTHING

ROWS = matrix.rows()
READERS = ROLES if EVERYTHING else ("anonymous", "aoi", "former", "fumi", "chika", "yuki")
"""A plain run leaves out a second of a kind: another cohort's people, contacts, and whoever has no part in anything."""
SELDOM = [method for method in matrix.METHODS if method not in matrix.USUAL]


def test_every_route_has_a_row_and_every_row_a_route():
    assert matrix.unmatched() == (set(), set())


@pytest.mark.parametrize("route", ROWS)
def test_route_opens_to_those_whom_its_row_names(route, world):
    assert matrix.troubles(world, ROWS[route], methods=matrix.USUAL, roles=READERS) == []


@pytest.mark.slow
@pytest.mark.parametrize("route", ROWS)
def test_route_answers_other_methods_as_its_row_says(route, world):
    assert matrix.troubles(world, ROWS[route], methods=SELDOM, roles=("chika",)) == []


@pytest.mark.slow
@pytest.mark.parametrize("route", ROWS)
def test_route_answers_other_methods_so_to_every_role(route, world):
    assert matrix.troubles(world, ROWS[route], methods=SELDOM) == []

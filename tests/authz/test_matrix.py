"""Who may do what: every route, asked by every role with every method. The rows stand in authz.yaml."""

import pytest
from django.urls import reverse

from sessions.list_files import LISTS
from tests.authz import matrix
from tests.authz.canaries import found
from tests.authz.world import ROLES
from tests.thoroughness import EVERYTHING

ROWS = matrix.rows()
READERS = ROLES if EVERYTHING else ("anonymous", "aoi", "chika", "yuki")
"""A plain run leaves out a second of a kind: another cohort's people, contacts, and whoever has no part in anything."""
SELDOM = [method for method in matrix.METHODS if method not in matrix.USUAL]


def test_every_route_has_a_row_and_every_row_a_route():
    assert matrix.unmatched() == (set(), set())


@pytest.mark.parametrize("route", ROWS)
def test_route_opens_to_those_whom_its_row_names(route, world):
    assert matrix.troubles(world, ROWS[route], methods=matrix.USUAL, roles=READERS) == []


PAGE_OF_LIST = {
    "reception": "reception", "people": "term_people", "facilitators": "term_people", "cohorts": "term_cohorts",
    "sessions": "term_sessions", "attendance": "term_attendance", "waiting": "term_waiting", "unplaced": "run",
    "funnel": "term_funnel", "gatherings": "term_gatherings", "voices": "term_voices", "after": "term_after",
    "joining": "term_join", "runs": "term_runs", "messages": "term_messages", "mails": "term_mails", "log": "term_log",
    "taken": "term_lists_taken",
}  # fmt: skip


@pytest.mark.parametrize("what", LISTS)
def test_list_as_a_file_tells_nothing_that_its_page_does_not(what, world):
    coordinator, term = world.browsers["chika"], world.values["term"]["pk"]
    page = world.address(PAGE_OF_LIST[what], "run" if what == "unplaced" else "term")
    asked = {"who": "facilitators"} if what == "facilitators" else {"show": "all"} if what == "sessions" else {}

    answer = coordinator.get(reverse("term_list_file", args=[term, what, "csv"]), asked)

    assert answer.status_code == 200
    on_the_page = set(found(world, matrix.text_of(coordinator.get(page, asked))))
    assert set(found(world, matrix.text_of(answer))) <= on_the_page


@pytest.mark.slow
@pytest.mark.parametrize("route", ROWS)
def test_route_answers_other_methods_as_its_row_says(route, world):
    assert matrix.troubles(world, ROWS[route], methods=SELDOM, roles=("chika",)) == []


@pytest.mark.slow
@pytest.mark.parametrize("route", ROWS)
def test_route_answers_other_methods_so_to_every_role(route, world):
    assert matrix.troubles(world, ROWS[route], methods=SELDOM) == []

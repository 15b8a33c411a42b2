"""A term as its services make it: while all is well in its cohorts, the morning page is quiet."""

import pytest

from sessions.today.morning import desk_of, morning_of
from tests.factories import NOW
from tests.sessions.today.story import Story

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(1800)]


def due(person, *, now=NOW) -> dict[str, list[str]]:
    return {
        one.kind.name: [f"{item.what}: {item.evidence}" for item in one.items]
        for one in morning_of(desk_of(person, now=now)).sections
    }


@pytest.mark.parametrize(("number", "seed"), [(14, 1), (200, 2)])
def test_nothing_is_due_in_cohorts_in_which_all_is_well(chika, number, seed):
    story = Story.begin(chika, seed=seed)
    story.live(story.cohorts(number))

    story.tell()

    assert due(chika) == {}

"""A term whose people can form one cohort."""

import pytest

from dialogue.models import Person, Term
from tests import stopped_clock
from tests.factories import NOW, make_facilitation, make_participation


@pytest.fixture
def clock_stands(settings) -> None:
    settings.CLOCK = "tests.stopped_clock.now"
    stopped_clock.stop_at(NOW)


@pytest.fixture
def full_term(term: Term, aoi: Person, takeshi: Person, fumi: Person, clock_stands: None) -> Term:
    """Aoi and Takeshi with two others, all free on Tuesday evenings, Fumi too; and one who is never free."""
    make_participation(term, aoi, interests={"旅": 5})
    make_participation(term, takeshi, "alumni", interests={"旅": 4})
    make_participation(term, interests={"旅": 5})
    make_participation(term, generation="alumni")
    make_participation(term, generation="alumni").windows.all().delete()
    make_facilitation(term, fumi)
    return term

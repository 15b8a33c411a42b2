"""The cast: Aoi (student), Takeshi (second career), Fumi (facilitator), Chika (coordinator), Sam (stranger)."""

import pytest

from dialogue.models import Cohort, Person, Term
from tests.factories import make_cohort, make_person, make_term


@pytest.fixture
def aoi(db: None) -> Person:
    return make_person("あおい", email="aoi@example.org", family_name="青井", given_name="葵", family_kana="あおい")


@pytest.fixture
def takeshi(db: None) -> Person:
    return make_person("たけし", email="takeshi@example.org", family_name="竹田", given_name="武", family_kana="たけだ")


@pytest.fixture
def fumi(db: None) -> Person:
    return make_person("ふみ", email="fumi@example.org", family_name="文野", given_name="ふみ", family_kana="ふみの")


@pytest.fixture
def chika(db: None) -> Person:
    return make_person("ちか", email="chika@example.org", family_name="千賀", given_name="千歌", family_kana="ちが")


@pytest.fixture
def sam(db: None) -> Person:
    """Somebody with an account and nothing to do with the others."""
    return make_person("Sam", email="sam@example.org", language="en")


@pytest.fixture
def term(chika: Person) -> Term:
    """Chika's term."""
    return make_term(coordinator=chika)


@pytest.fixture
def cohort(term: Term, aoi: Person, takeshi: Person, fumi: Person) -> Cohort:
    """Aoi, Takeshi and two others, led by Fumi, in Chika's term."""
    return make_cohort(term, students=(aoi,), alumni=(takeshi,), facilitator=fumi)

"""Words that rosters brought before there were topics become topics; own words of sign-ups stay for their writers."""

from importlib import import_module

import pytest
from django.apps import apps

from dialogue.models import Term
from tests.factories import make_participation

pytestmark = pytest.mark.django_db

words_become_topics = import_module("dialogue.migrations.0007_interests_as_topics").words_become_topics


def test_words_of_a_roster_become_topics_and_nothing_is_lost(term: Term) -> None:
    one = make_participation(term, interests={"料理": 4, "育児": 2, "子育て": 5, "ピアノ": 3, "町の織物": 1, "家族": 2})

    words_become_topics(apps, None)
    words_become_topics(apps, None)

    one.refresh_from_db()
    assert one.interests == {
        "料理・食べること": 4, "子育て": 5, "音楽": 3, "ピアノ": 3, "町の織物": 1, "家族": 2
    }  # fmt: skip


def test_own_words_of_a_sign_up_stay_as_they_are(term: Term) -> None:
    one = make_participation(term, interests={"育児": 3, "家族": 3})
    one.consents.update(method="site")

    words_become_topics(apps, None)

    one.refresh_from_db()
    assert one.interests == {"育児": 3, "家族": 3}


def test_somebody_without_consent_yet_came_by_a_roster(term: Term) -> None:
    one = make_participation(term, consent=False, interests={"育児": 3})

    words_become_topics(apps, None)

    one.refresh_from_db()
    assert one.interests == {"子育て": 3}

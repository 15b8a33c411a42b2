"""Programs that read the API, each with the token of one of the cast, a week before the first session."""

from collections.abc import Callable

import pytest
from django.test import Client

from dialogue.models import Person
from dialogue.services.tokens import make_token
from tests import stopped_clock
from tests.factories import NOW


@pytest.fixture(autouse=True)
def stopped(settings) -> None:
    settings.CLOCK = "tests.stopped_clock.now"
    stopped_clock.stop_at(NOW)


@pytest.fixture
def program(db: None) -> Callable[..., Client]:
    """`program(aoi)` asks with a token of hers."""

    def of(person: Person, token: str = "", **headers: str) -> Client:
        token = token or make_token(person=person, now=NOW)
        return Client(headers={"Authorization": f"Bearer {token}", **headers})

    return of

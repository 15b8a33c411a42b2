"""The world of the matrix, built once for a module and undone after it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests import stopped_clock
from tests.authz.world import DURING, World, build
from tests.factories import NOW


class Undo(Exception):
    """Ends a module's transaction."""


@pytest.fixture(scope="module")
def module_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    stopped_clock.stop_at(NOW)
    try:
        with django_db_blocker.unblock(), transaction.atomic():
            yield build()
            raise Undo
    except Undo:
        pass


@pytest.fixture
def db(module_world: World) -> Iterator[None]:
    """In this folder the database holds the module's world; what a test changes in it is undone."""
    mark = transaction.savepoint()
    yield
    transaction.savepoint_rollback(mark)


@pytest.fixture
def world(module_world: World, db: None, settings: Any) -> World:
    """The world as it was built, asked half an hour into the first sessions, by programs that nobody slows down."""
    settings.CLOCK = "tests.stopped_clock.now"
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"token": None}}
    stopped_clock.stop_at(DURING)
    return module_world

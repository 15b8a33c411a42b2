"""The same matrix on PostgreSQL, where scopes become other SQL: plain statements and booleans among them."""

from typing import Any

import pytest
from django.db import connection, transaction

from tests import stopped_clock
from tests.authz import matrix
from tests.authz.conftest import Undo
from tests.authz.world import DURING, build
from tests.factories import NOW


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.postgres
def test_every_route_opens_to_the_same_people_on_postgresql(postgres_is_default: None, settings: Any) -> None:
    settings.CLOCK = "tests.stopped_clock.now"
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"token": None}}
    stopped_clock.stop_at(NOW)
    found: dict[str, list[str]] = {}
    try:
        with transaction.atomic():
            world = build()
            stopped_clock.stop_at(DURING)
            for route, row in matrix.rows().items():
                mark = transaction.savepoint()
                found[route] = matrix.troubles(world, row, methods=("GET", "POST"))
                transaction.savepoint_rollback(mark)
            raise Undo
    except Undo:
        pass

    assert connection.vendor == "postgresql"
    assert {route: troubles for route, troubles in found.items() if troubles} == {}

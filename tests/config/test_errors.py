"""A database that is away, full or locked is a 503 that says when to come again; a slip of ours stays a 500."""

import pytest
from django.db import OperationalError
from django.test import Client

from config import health


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status"), [(OperationalError("database or disk is full"), 503), (ZeroDivisionError(), 500)]
)
def test_a_database_in_trouble_is_told_apart_from_our_own_errors(monkeypatch, error, status):
    class Failing:
        def cursor(self):
            raise error

    monkeypatch.setattr(health, "connection", Failing())

    answer = Client(raise_request_exception=False).get("/health")

    assert answer.status_code == status
    assert (answer.headers.get("Retry-After") == "30") == (status == 503)
    assert "<h1" in answer.content.decode()

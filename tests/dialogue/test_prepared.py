from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dialogue.models import Organisation, Person
from dialogue.prepared import Prepared

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)


def sessions_of(key: str, after: datetime) -> QuerySet[Session, Any]:
    rows = Session.objects.filter(session_key=key, expire_date__gt=after)
    return rows.values_list("session_key", "expire_date")


def named(pk: int) -> QuerySet[Organisation, Any]:
    return Organisation.objects.filter(pk=pk).values_list("pk", "name")


def keep_session(key: str) -> None:
    Session.objects.create(session_key=key, session_data="", expire_date=NOW)


def judge_words_and_moments() -> None:
    prepared = Prepared(sessions_of, key=str, after=datetime)
    keep_session("one")
    keep_session("two")

    for key in ("one", "two", "three"):
        for after in (NOW - timedelta(seconds=1), NOW):
            assert list(prepared.rows(key=key, after=after)) == list(sessions_of(key, after))


def test_rows_are_those_of_the_queryset_for_every_value():
    judge_words_and_moments()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_rows_are_those_of_the_queryset_on_postgresql_too():
    judge_words_and_moments()


def test_statement_is_put_together_once_and_asked_each_time():
    built: list[int] = []

    def counted(pk: int) -> QuerySet[Organisation, Any]:
        built.append(pk)
        return named(pk)

    prepared = Prepared(counted, pk=int)
    first, second = Organisation.objects.create(name="First"), Organisation.objects.create(name="Second")

    with CaptureQueriesContext(connection) as queries:
        assert list(prepared.rows(pk=first.pk)) == [(first.pk, "First")]
        assert list(prepared.rows(pk=second.pk)) == [(second.pk, "Second")]

    assert (len(built), len(queries)) == (1, 2)


@pytest.mark.parametrize("values", [{}, {"pk": 1, "name": "First"}, {"pk": "1"}, {"pk": None}, {"pk": True}])
def test_a_value_that_was_not_said_is_refused(values):
    with pytest.raises(TypeError):
        Prepared(named, pk=int).rows(**values)


def test_a_value_that_the_statement_does_not_hold_is_refused():
    with pytest.raises(TypeError, match="does not hold"):
        Prepared(lambda pk: Organisation.objects.values_list("pk"), pk=int).rows(pk=1)


# Who is reading


def test_a_browser_session_ends_when_it_runs_out(client: Client, aoi: Person):
    client.force_login(aoi)
    assert client.get("/").context["reader"].pk == aoi.pk

    Session.objects.update(expire_date=datetime.now(UTC) - timedelta(seconds=1))

    assert not client.get("/").context["reader"].is_authenticated


@pytest.mark.parametrize("change", ["deactivate", "erase"])
def test_somebody_whose_account_is_closed_reads_as_a_stranger(client: Client, aoi: Person, change: str):
    client.force_login(aoi)
    assert client.get("/").context["reader"].is_authenticated

    Person.objects.filter(pk=aoi.pk).update(is_active=False) if change == "deactivate" else aoi.delete()

    assert not client.get("/").context["reader"].is_authenticated


def test_the_person_found_is_the_one_that_the_database_holds(client: Client, aoi: Person):
    client.force_login(aoi)

    reader = client.get("/").context["reader"]

    stored = {name: value for name, value in vars(Person.objects.get(pk=aoi.pk)).items() if name != "_state"}
    assert {name: getattr(reader, name) for name in stored} == stored

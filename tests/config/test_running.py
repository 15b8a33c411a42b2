"""The ground under the other tests: a real broker, worker, web server and PostgreSQL."""

import http.client
import json
import threading
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from config.celery import app as current_app
from dialogue.models import Organisation
from tests.processes import wait_until


@pytest.mark.redis
def test_worker_takes_what_this_process_publishes(broker, celery_worker_process, tmp_path):
    with celery_worker_process(broker=broker):
        task = current_app.send_task("dialogue.deliver_due_messages", ignore_result=True)
        log = tmp_path / "worker.log"
        wait_until(lambda: f"[{task.id}] succeeded" in log.read_text(), seconds=20, log=log)


def test_site_answers_from_the_test_database(live_site):
    site = http.client.HTTPConnection(urlsplit(live_site).netloc, timeout=5)
    site.request("GET", "/health")

    answer = site.getresponse()

    assert (answer.status, answer.read()) == (200, b"ok\n")
    site.close()


@pytest.mark.postgres
def test_postgres_is_the_default_database_of_every_thread(postgres_url):
    vendors = []

    def look() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT version()")
            vendors.append((connection.vendor, cursor.fetchone()[0].split()[0], Organisation.objects.count()))
        connection.close()

    Organisation.objects.create(name="Northgate")
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()

    assert vendors == [("postgresql", "PostgreSQL", 1)]
    assert postgres_url.startswith("postgres://")


@pytest.mark.postgres
def test_postgres_is_empty_again_for_the_next_test():
    assert not Organisation.objects.exists()


@pytest.mark.django_db
def test_sqlite_is_the_default_database_again_afterwards():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone()[0] == "wal"
        cursor.execute("PRAGMA foreign_keys")
        assert cursor.fetchone()[0] == 1


@pytest.mark.django_db(transaction=True)
def test_a_write_transaction_is_seen_by_the_next_writer_at_once():
    """IMMEDIATE: the second writer waits for the first instead of failing half-way."""
    started, done = threading.Event(), []

    def write_second() -> None:
        started.wait()
        with transaction.atomic():
            done.append(Organisation.objects.count())
            Organisation.objects.create(name="Second")
        connection.close()

    second = threading.Thread(target=write_second)
    second.start()
    with transaction.atomic():
        started.set()
        second.join(0.3)
        Organisation.objects.create(name="First")
    second.join()

    assert done == [1]


@pytest.mark.django_db
def test_cache_lies_in_the_database_so_that_signing_in_needs_no_broker():
    cache.set("place", json.dumps({"one": 1}))

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_cache WHERE cache_key LIKE '%:place'")
        assert cursor.fetchone()[0] == 1

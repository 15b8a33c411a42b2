"""What is deleted leaves SQLite's file and the log it writes ahead, and nobody waits for that."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from dialogue.models import Person
from dialogue.services.wiping import empty_write_ahead_log
from tests.factories import make_person

pytestmark = pytest.mark.django_db(transaction=True)

WORD = "むらさきいろのカナリア"


def is_on_disk(word: str) -> bool:
    path = Path(connection.settings_dict["NAME"])
    files = [path, path.with_name(f"{path.name}-wal")]
    return any(word.encode() in file.read_bytes() for file in files if file.exists())


def test_what_is_deleted_leaves_the_disk():
    people = [make_person(f"{WORD}{number}" + "る" * 20) for number in range(40)]
    empty_write_ahead_log()
    assert is_on_disk(WORD)

    Person.objects.filter(pk__in=[one.pk for one in people]).delete()
    empty_write_ahead_log()

    assert not is_on_disk(WORD)


def test_a_reader_makes_nobody_wait_and_the_next_call_does_it():
    person = make_person(WORD)
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM django_migrations").fetchall()
        person.delete()
        began = time.monotonic()
        empty_write_ahead_log()
        assert time.monotonic() - began < 2
        assert is_on_disk(WORD)
        reader.execute("COMMIT")

    empty_write_ahead_log()

    assert not is_on_disk(WORD)


@pytest.mark.django_db(transaction=False)
def test_inside_a_transaction_nothing_happens():
    make_person(WORD)

    empty_write_ahead_log()

    assert Person.objects.filter(preferred_name=WORD).exists()

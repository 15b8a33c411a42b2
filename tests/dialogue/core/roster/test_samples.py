"""The sample rosters are what their script writes, and read alike in every format; large ones take seconds."""

import csv
import io
import time
from collections import Counter
from pathlib import Path

import pytest

from dialogue.core.generation import Generation
from dialogue.core.roster import print_windows, read_facilitators, read_windows
from tests.data.rosters import make
from tests.dialogue.core.roster.files import csv_bytes, read, xlsx_bytes

SAMPLES = Path(make.__file__).parent
ROSTER = (SAMPLES / "roster.csv").read_bytes()
ROWS = list(csv.reader(io.StringIO(ROSTER.decode("utf-8-sig"), newline="")))


def test_the_sample_files_are_what_their_script_writes():
    assert {name: (SAMPLES / name).read_bytes() for name in make.files()} == make.files()


def test_the_sample_has_twenty_six_students_and_thirty_four_alumni():
    roster = read(ROSTER)

    assert Counter(person.generation for person in roster.rows) == {Generation.STUDENT: 26, Generation.ALUMNI: 34}
    assert roster.ignored_columns == ("備考",)
    assert sum(person.under_18_or_high_school for person in roster.rows) == 1
    assert [person.email for person in roster.rows if ".." in person.email] != []


def test_sample_people_are_plainly_fictional():
    facilitators = read_facilitators(content=(SAMPLES / "facilitators.csv").read_bytes(), filename="facilitators.csv")
    addresses = [person.email for person in (*read(ROSTER).rows, *facilitators.rows)]

    assert len(facilitators.rows) == 6
    real = [address for address in addresses if not address.endswith(("@example.org", "@example.com", "@example.net"))]
    assert real == ["madoi..sample..that.cannot.exist.anywhere@docomo.ne.jp"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "utf-16"])
def test_the_sample_reads_the_same_in_every_encoding(encoding):
    assert read(csv_bytes(*ROWS, encoding=encoding)) == read(ROSTER)


def test_the_sample_reads_the_same_from_excel():
    assert read(xlsx_bytes(*ROWS), "名簿.xlsx") == read(ROSTER)


def test_printed_availability_of_the_sample_reads_back():
    for person in read(ROSTER).rows:
        assert read_windows(print_windows(person.windows, "ja")) == person.windows
        assert read_windows(print_windows(person.windows, "en")) == person.windows


@pytest.mark.slow
def test_ten_thousand_people_are_read(record_property):
    place = {
        name: ROWS[0].index(name)
        for name in ("メールアドレス", "参加できる時間", "一緒にしたくない人", "一緒にしたい人")
    }
    many = []
    for number in range(10_000):
        row = list(ROWS[1 + number % 60])
        row[place["メールアドレス"]] = f"p{number}@example.org"
        row[place["参加できる時間"]] = f"火 19:{number % 60:02}-21:{number // 60 % 60:02}; 土 10:00-12:{number % 59:02}"
        row[place["一緒にしたくない人"]] = f"p{number - 1}@example.org" if number % 10 == 1 else ""
        row[place["一緒にしたい人"]] = ""
        many.append(row)
    content = csv_bytes(ROWS[0], *many)

    began = time.process_time()
    roster = read(content)
    record_property("cpu_seconds", f"{time.process_time() - began:.1f}")

    assert len(roster.rows) == 10_000

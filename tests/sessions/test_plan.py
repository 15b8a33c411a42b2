"""`madoi plan`: from two files to cohorts, dates, invitations and feeds, and nothing sent."""

import csv
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from email import message_from_bytes
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from icalendar import Calendar

from dialogue.models import ConsentRecord
from tests.processes import ROOT

HEADER = "メールアドレス,氏名,呼ばれたい名前,世代,所属,参加できる時間\n"
PEOPLE = [
    ("aoi@example.org", "青井 葵", "あおい", "学生"),
    ("ren@example.org", "有村 蓮", "-れん", "学生"),
    ("takeshi@example.org", "竹田 武", "たけし", "セカンドキャリア"),
    ("naomi@example.org", "岡野 直美", "なおみ", "セカンドキャリア"),
]
EVENING = "火 19:00-21:00"
FACILITATORS = "メールアドレス,氏名,参加できる時間,担当できるグループ数\nfumi@example.org,文野 ふみ,火 18:00-22:00,2\n"
WHOLE = {"cohorts.csv", "sessions.csv", "unplaced.csv", "mail", "calendar"}


class Undone(Exception):
    """Thrown to leave no trace of a plan in the database, so that another can start from nothing."""


@pytest.fixture
def files(tmp_path):
    roster, facilitators = tmp_path / "roster.csv", tmp_path / "facilitators.csv"
    rows = [f"{email},{name},{called},{side},みなと野大学,{EVENING}\n" for email, name, called, side in PEOPLE]
    rows.append("alone@example.org,早川 朝雄,あさお,セカンドキャリア,,月 05:30-07:00\n")
    roster.write_text(HEADER + "".join(rows), encoding="utf-8")
    facilitators.write_text(FACILITATORS, encoding="utf-8")
    return roster, facilitators


def plan(files, out, *options):
    """Run the command and return its exit status; the database is as before."""
    roster, facilitators = files
    try:
        with transaction.atomic():
            call_command("plan", str(roster), f"--facilitators={facilitators}", f"--out={out}", *options)
            assert not ConsentRecord.objects.exists()
            raise Undone
    except Undone:
        return 0
    except SystemExit as stop:
        return stop.code


def bytes_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*")}


def rows_of(path: Path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.django_db
def test_every_row_is_in_a_cohort_or_unplaced_and_nothing_is_sent(files, tmp_path):
    out = tmp_path / "out"

    assert plan(files, out, "--starts=2026-12-01", "--sessions=3") == 0

    placed, unplaced = rows_of(out / "cohorts.csv"), rows_of(out / "unplaced.csv")
    assert {row["row"] for row in placed} == {"2", "3", "4", "5"}
    assert [(row["row"], row["reason_code"]) for row in unplaced] == [("6", "no_facilitator_in_windows")]
    assert {(row["window"], row["zone"], row["facilitator_email"]) for row in placed} == {
        (placed[0]["window"], "Asia/Tokyo", "fumi@example.org")
    }
    assert next(row for row in placed if row["row"] == "3")["preferred_name"] == "'-れん"
    assert not mail.outbox


@pytest.mark.django_db
def test_dates_pass_over_the_years_end_and_stand_in_every_file_alike(files, tmp_path):
    out = tmp_path / "out"

    plan(files, out, "--starts=2026-12-15", "--sessions=3")

    sessions = rows_of(out / "sessions.csv")
    assert [row["starts_local"][:10] for row in sessions] == ["2026-12-15", "2026-12-22", "2027-01-05"]
    starts = {row["uid"]: datetime.fromisoformat(row["starts_at_utc"]) for row in sessions}
    feed = Calendar.from_ical((out / "calendar" / "2.ics").read_bytes())
    assert {str(one["UID"]): one.decoded("DTSTART") for one in feed.walk("VEVENT")} == starts
    assert {path.stem for path in (out / "calendar").iterdir()} == {"2", "3", "4", "5", "f2"}
    invitation = message_from_bytes((out / "mail" / "2-01.eml").read_bytes())
    parts = [part for part in invitation.walk() if part.get_content_type() == "text/calendar"]
    (event,) = Calendar.from_ical(parts[0].get_payload(decode=True)).walk("VEVENT")
    assert (str(event["UID"]), event["ATTENDEE"]) == (sessions[0]["uid"], "mailto:aoi@example.org")
    assert len(list((out / "mail").iterdir())) == 5 * 3
    assert starts[sessions[0]["uid"]].astimezone(UTC).date() == date(2026, 12, 15)


@pytest.mark.django_db
def test_the_same_files_and_seed_give_the_same_bytes(files, tmp_path):
    """Of several cohorts too: what is numbered is numbered in one order."""
    roster, facilitators = files
    days = "火水木金"
    with roster.open("a", encoding="utf-8") as file:
        for number, day in enumerate(days[1:]):
            for email, name, called, side in PEOPLE:
                file.write(f"{number}{email},{name},{called}{day},{side},,{day} 19:00-21:00\n")
    times = "; ".join(f"{day} 18:00-22:00" for day in days)
    facilitators.write_text(FACILITATORS.replace("火 18:00-22:00,2", f"{times},4"), encoding="utf-8")
    for name in ("one", "other"):
        plan(files, tmp_path / name, "--starts=2026-12-01", "--sessions=2", "--seed=7")

    written = bytes_in(tmp_path / "one")
    people = 4 * 4 + 4  # and their facilitator, once a cohort
    assert len(written) == 3 + people * 2 + 4 * 4 + 1
    assert written == bytes_in(tmp_path / "other")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_command_writes_the_same_bytes_twice(files, tmp_path):
    """Each time with a state folder of its own, whose secrets are new."""
    roster, facilitators = files
    ours = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    for name in ("one", "other"):
        command = ["bin/madoi", "plan", roster, "--facilitators", facilitators, "--out", tmp_path / name]
        subprocess.run(
            [sys.executable, *command, "--starts", "2026-12-01", "--sessions", "2"], check=True, cwd=ROOT, env=ours
        )

    written = bytes_in(tmp_path / "one")
    assert len(written) > 10
    assert written == bytes_in(tmp_path / "other")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda roster, _: roster.write_text(HEADER + "x@example.org,名 前,な,,所,火 19:00-21:00\n"), "世代"),
        (lambda roster, _: roster.unlink(), "roster.csv"),
        (lambda _, facilitators: facilitators.write_text("メールアドレス,氏名\n"), "facilitators.csv"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(files, tmp_path, capsys, change, named):
    change(*files)

    assert plan(files, tmp_path / "out", "--language=ja") == 2
    assert named in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("option", ["--sessions=0", "--minutes=5", "--zone=Asia/Atlantis", "--sessions=99"])
def test_an_option_that_no_term_can_have_is_named(files, tmp_path, capsys, option):
    assert plan(files, tmp_path / "out", option) == 2
    assert option.split("=")[0] in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.django_db
def test_a_mapping_says_what_unknown_headers_mean(files, tmp_path):
    roster, _ = files
    roster.write_text(roster.read_text(encoding="utf-8").replace("世代", "どちら側"), encoding="utf-8")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('[columns]\n"どちら側" = "generation"\n', encoding="utf-8")

    assert plan(files, tmp_path / "bare") == 2
    assert plan(files, tmp_path / "out", f"--mapping={mapping}") == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == WHOLE


@pytest.mark.django_db
def test_a_whole_mapping_reads_another_forms_export(files, tmp_path):
    roster, _ = files
    heads = "連絡先,なまえ,火曜の予定（仕事など）\n"
    rows = [f"{email},{name},8:00-19:00、21:00-22:00\n" for email, name, _, _ in PEOPLE]
    roster.write_text(heads + "".join(rows), encoding="utf-8")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[columns]\n"連絡先" = "email"\n"なまえ" = "full_name"\n[constants]\ngeneration = "student"\n'
        '[times]\nsays = "busy"\n[times.columns]\n"火曜の予定（仕事など）" = "火"\n',
        encoding="utf-8",
    )

    assert plan(files, tmp_path / "out", f"--mapping={mapping}", "--starts=2026-12-01", "--sessions=2") == 0
    assert len(rows_of(tmp_path / "out" / "unplaced.csv")) == len(PEOPLE)  # students alone make no cohort


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[columns]\n"x" = "emial"\n', "columns.x"),
        ('[columns]\n"電話" = "email"\n', "電話"),
        ("[columns]\nx = =", "mapping.toml"),
    ],
)
def test_a_mapping_that_does_not_fit_is_named_and_nothing_is_written(files, tmp_path, capsys, text, named):
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(text, encoding="utf-8")

    assert plan(files, tmp_path / "out", f"--mapping={mapping}", "--language=ja") == 2
    assert named in capsys.readouterr().err
    assert not (tmp_path / "out").exists()

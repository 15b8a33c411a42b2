"""Lists as files: what stands on the page, narrowed as the page is, and never worked out."""

import csv
import io
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse

from dialogue import downloads
from dialogue.core.sheet import written
from dialogue.models import AuditEntry, BulkMail, OutboundMessage, Participation
from dialogue.services import audit
from dialogue.services.bulk_mail import Words, send_bulk_mail
from dialogue.services.join_links import open_link
from dialogue.services.partners import Contact, add_contact, add_partner
from matching.models import MatchRun, Unplaced
from sessions.list_files import LISTS
from sessions.models import AfterTally, Attendance, Gathering, GatheringAnswer, SessionSeries, VoiceFigure
from sessions.services.taking_lists import ACTION, note_list_taken
from tests.factories import NOW, make_cohort, make_participation, make_person, make_session, make_term

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken(reading, chika):
    """Take a list along as its coordinator; the rows as a spreadsheet programme shows them."""

    browser = reading(chika)

    def rows(term, what, form="csv", **query):
        answer = browser.get(reverse("term_list_file", args=[term.pk, what, form]), query)
        return shown(answer.content, form)

    return rows


def shown(content: bytes, form: str) -> list[list[str]]:
    if form == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert {cell.data_type for row in page.rows for cell in row} <= {"s", "inlineStr", "n", "d"}, (
        "a formula, or an error"
    )
    cells = ([getattr(cell, "date", lambda cell=cell: cell)() for cell in row] for row in page.values)
    return [[written(cell).removeprefix("'") for cell in row] for row in cells]


def test_people_are_those_of_the_page_narrowed_as_it_is(taken, term, aoi, takeshi):
    make_participation(term, aoi)
    make_participation(term, takeshi, "alumni", consent=False, waiting_reason="consent")

    rows = taken(term, "people")
    assert [row[0] for row in rows[1:]] == ["青井 葵", "竹田 武"]
    assert taken(term, "people", generation="alumni")[1:] == [rows[2]]
    assert taken(term, "people", q="あおい")[1:] == [rows[1]]
    assert taken(term, "people", q="だれも")[1:] == []


def test_files_hold_no_address(taken, cohort, chika):
    make_session(cohort)
    fill_the_office(cohort.term, chika)

    for what in LISTS:
        assert not any("@" in cell for row in taken(cohort.term, what) for cell in row), what


def test_cohorts_name_their_people_and_time(taken, cohort):
    [_headings, row] = taken(cohort.term, "cohorts")

    assert row[0] == str(cohort.number)
    assert row[2] == "毎週火曜 19:30〜21:00"
    assert "あおい" in row[4]
    assert "たけし" in row[5]


def test_cohort_that_meets_no_more_has_ended_as_its_page_says(taken, cohort):
    SessionSeries.objects.create(cohort=cohort, status="booked", booked_at=NOW, created_at=NOW)
    make_session(cohort, starts_at=NOW - timedelta(days=1))

    assert taken(cohort.term, "cohorts")[1][1] == "終了"

    make_session(cohort, starts_at=NOW + timedelta(days=1))
    assert taken(cohort.term, "cohorts")[1][1] == "活動中"


def test_sessions_are_by_the_clock_of_the_term(taken, cohort):
    session = make_session(cohort)
    Attendance.objects.filter(session=session).update(answer="yes", answered_at=NOW)

    [_headings, row] = taken(cohort.term, "sessions")

    assert row[:3] == ["2026-12-01", "19:30", "21:00"]
    assert row[7:] == ["4", "0", "0", "0"]


def test_sessions_that_are_over_are_there_when_the_page_shows_them(taken, cohort):
    make_session(cohort, starts_at=NOW - timedelta(days=7))

    assert len(taken(cohort.term, "sessions")) == 1
    assert len(taken(cohort.term, "sessions", show="all")) == 2


def test_attendance_says_no_date(taken, cohort):
    """4/5 would be read as the fifth of April."""
    session = make_session(cohort, starts_at=NOW - timedelta(days=7), status="held")
    Attendance.objects.filter(session=session).update(came=True)

    assert taken(cohort.term, "attendance")[1] == [str(cohort.number), "4人中4人"]


# The lists of what the office does


def test_sign_ups_are_those_of_the_page_with_what_is_there_and_missing(taken, reading, chika, term, aoi, takeshi):
    make_participation(term, aoi, status="applied", waiting_reason="acceptance", note="ひとりごと")
    make_participation(term, takeshi, "alumni")

    [headings, row] = taken(term, "reception")

    assert (row[0], row[2], row[3]) == ("青井 葵", "2026-11-24", "12:00")
    assert row[-1].startswith("同意、時間")
    assert "ひとりごと" not in "".join(row)
    assert [one[0] for one in taken(term, "reception", show="accepted")[1:]] == ["竹田 武"]
    assert taken(term, "reception", q="だれも") == [headings]
    assert taken(term, "reception", show="not a narrowing") == [headings, row]


def test_gatherings_say_how_many_come_or_have_chosen(taken, term, aoi, takeshi):
    gathering = gather(term, starts_at=NOW + timedelta(days=3), status="confirmed")
    for person, answer in ((aoi, "yes"), (takeshi, "no")):
        GatheringAnswer.objects.create(gathering=gathering, person=person, answer=answer, answered_at=NOW)
    asking = gather(term, kind="reunion", closes_at=NOW + timedelta(days=1))
    GatheringAnswer.objects.create(gathering=asking, person=aoi, chose_at=NOW)

    rows = {row[0]: row[3:] for row in taken(term, "gatherings")[1:]}

    assert rows[str(gathering.get_kind_display())][3:] == ["2", "1", "1", ""]
    assert rows[str(asking.get_kind_display())] == ["", "", "", "1", "", "", "1"]


def test_messages_are_those_of_the_tab_and_never_what_they_say(taken, cohort, aoi):
    session = make_session(cohort)
    message(aoi, f"session:{session.pk}", status="sent", sent_at=NOW - timedelta(hours=1), context={"note": "secret"})
    message(aoi, f"cohort:{cohort.pk}", kind="reminder_24h", due_at=NOW + timedelta(days=1))
    message(aoi, f"session:{session.pk}", kind="session_moved", status="dead", trouble="550 <aoi@example.org>")

    about = f"グループ{cohort.number} 第{session.number}回"
    assert [row[:3] for row in taken(cohort.term, "messages")[1:]] == [
        ["青井 葵", "日時変更のお知らせ", about], ["青井 葵", "招待", about],
    ]  # fmt: skip
    assert [row[2] for row in taken(cohort.term, "messages", show="coming")[1:]] == [f"グループ{cohort.number}"]
    [_headings, dead] = taken(cohort.term, "messages", show="trouble")
    assert dead[-1] == "何度か試しましたが、送れませんでした。"
    every = str([taken(cohort.term, "messages", show=show) for show in ("", "coming", "trouble")])
    assert "secret" not in every
    assert "@" not in every


def test_mails_to_several_say_what_became_of_their_copies(taken, term, aoi, takeshi, chika):
    mail = write(term, [make_participation(term, aoi), make_participation(term, takeshi, "alumni")], chika)
    OutboundMessage.objects.filter(recipient=aoi, kind="bulk_mail").update(status="sent", sent_at=NOW)

    [_headings, row] = taken(term, "mails")

    assert row[0] == mail.subject
    assert row[3:] == [chika.full_name, "2", "1", "1", "0", "0"]
    assert mail.text not in "".join(row)


def test_ways_in_count_contacts_and_name_none(taken, term, chika):
    partner = add_partner(term=term, name="ほたる会", now=NOW)
    add_contact(
        programme=term.programme, partner=partner, contact=Contact(email="pat@example.org", name="ぱっと"), now=NOW
    )
    open_link(term=term, partner=None, now=NOW)

    rows = taken(term, "joining")[1:]

    assert [(row[1], row[3]) for row in rows] == [("受付中", ""), ("受付中", "1")]
    assert "ぱっと" not in str(rows)
    assert "@" not in str(rows)


def test_what_was_done_is_narrowed_as_its_page_is(taken, term, aoi, chika):
    one = make_participation(term, aoi)
    for key, action in ((f"participation:{one.pk}", "identity_checked"), (f"term:{term.pk}", "term_changed")):
        audit.record(actor=chika, action=action, subject_key=key, now=NOW, detail={"said": "secret"})
    audit.record(
        actor=None, action="term_changed", subject_key=f"term:{term.pk}", now=NOW - timedelta(days=1), detail={}
    )

    rows = taken(term, "log")[1:]

    assert [(row[1], row[4]) for row in rows] == [
        ("", chika.full_name), ("青井 葵", chika.full_name), ("", "Madoi が自動で"),
    ]  # fmt: skip
    assert "secret" not in str(rows)
    assert [row[1] for row in taken(term, "log", q="あおい")[1:]] == ["青井 葵"]


def test_figures_of_shared_time_are_of_circles(taken, cohort):
    session = figure(cohort)

    [_headings, row] = taken(cohort.term, "voices")

    assert row[:2] == [str(cohort.number), str(session.number)]
    assert row[4] == "0.12"
    assert "あおい" not in "".join(row)


def test_answers_after_sessions_are_in_the_file_from_five_on(taken, cohort):
    session = make_session(cohort, starts_at=NOW - timedelta(days=21), status="held")
    for question, people in (("heard", 5), ("equal", 4)):
        AfterTally.objects.create(session=session, question=question, step=1, count=people)

    [_headings, row] = taken(cohort.term, "after")

    assert row[3:] == ["5", "5", "0", "0"]


def test_runs_say_how_many_they_placed(taken, term, chika):
    MatchRun.objects.create(
        term=term, status="ready", engine_version="v1", created_at=NOW, finished_at=NOW, people=12, placed=10, seed=7,
        asked_by=chika, note="between coordinators",
    )  # fmt: skip

    [_headings, row] = taken(term, "runs")

    assert row[3:] == ["10", "12", chika.full_name, "7"]


def test_lists_taken_along_are_a_list_themselves(taken, term, chika):
    taken(term, "people", "xlsx", generation="alumni")

    [_headings, row] = taken(term, "taken")

    assert row[:4] == ["参加者", "Excel", "0", "はい"]
    assert row[-1] == chika.full_name


def gather(term, starts_at=None, **fields) -> Gathering:
    uid = f"gathering-{term.pk}-{term.gatherings.count()}@madoi.example.org"
    ends_at = starts_at and starts_at + timedelta(hours=1)
    stamps = {"created_at": NOW, "changed_at": NOW}
    return Gathering.objects.create(term=term, uid=uid, starts_at=starts_at, ends_at=ends_at, **stamps, **fields)


def message(recipient, subject_key: str, **fields) -> OutboundMessage:
    said = {"kind": "invitation", "due_at": NOW - timedelta(days=1), **fields}
    key = f"{recipient.pk} {subject_key} {said['kind']}"
    return OutboundMessage.objects.create(
        recipient=recipient, subject_key=subject_key, dedupe_key=key, created_at=NOW, message_id="<x@madoi>", **said
    )


def write(term, people, actor, key: str = "0" * 16, subject: str = "お知らせ") -> BulkMail:
    words, ids = Words(subject=subject, text="場所が変わります。"), [one.pk for one in people]
    mail, _number = send_bulk_mail(term=term, chosen=ids, purpose="own", words=words, now=NOW, actor=actor, key=key)
    return mail


def figure(cohort):
    session = make_session(cohort, starts_at=NOW - timedelta(days=7), status="held")
    AfterTally.objects.create(
        session=make_session(cohort, starts_at=NOW - timedelta(days=21), status="held"),
        question="heard",
        step=1,
        count=5,
    )
    VoiceFigure.objects.create(session=session, students=2, alumni=2, gini="0.12", balance="1.25", kept_at=NOW)
    return session


def fill_the_office(term, actor, number: str = "1") -> None:
    """Leave a row in each of the lists of what the office does, by names that would be worked out if anything were."""
    cohort, one = make_cohort(term), make_participation(term, status="applied", waiting_reason="acceptance")
    gather(term, starts_at=NOW + timedelta(days=3), status="confirmed")
    message(one.person, f"cohort:{cohort.pk}")
    write(term, [one], actor, key=number * 16, subject="=1+1")
    add_partner(term=term, name=f"+{number}", now=NOW)
    open_link(term=term, partner=None, now=NOW)
    MatchRun.objects.create(term=term, status="ready", engine_version="v1", created_at=NOW, finished_at=NOW)
    audit.record(actor=one.person, action="identity_checked", subject_key=f"participation:{one.pk}", now=NOW, detail={})
    figure(cohort)


def as_if_one_was_taken(term, actor) -> None:
    """Leave one list that was taken along, whichever were before: each is written down, and so part of two lists."""
    AuditEntry.objects.filter(action=ACTION).delete()
    note_list_taken(term=term, what="people", form="csv", rows=1, narrowed=False, actor=actor, now=NOW)


def test_unplaced_are_those_of_the_run(taken, term, aoi):
    one = make_participation(term, aoi)
    run = MatchRun.objects.create(term=term, status="ready", engine_version="v1", created_at=NOW, finished_at=NOW)
    Unplaced.objects.create(run=run, participation=one, reason="no_valid_cohort")
    MatchRun.objects.create(term=term, status="ready", engine_version="v1", created_at=NOW, finished_at=NOW)

    assert taken(term, "unplaced")[1:] == []
    assert [row[0] for row in taken(term, "unplaced", run=run.pk)[1:]] == ["青井 葵"]


def test_run_of_another_term_is_not_found(reading, term, chika):
    run = MatchRun.objects.create(term=make_term(), engine_version="v1", created_at=NOW)
    address = reverse("term_list_file", args=[term.pk, "unplaced", "csv"])

    assert reading(chika).get(address, {"run": run.pk}).status_code == 404
    assert reading(chika).get(address, {"run": "1" * 40}).status_code == 404


def test_others_do_not_find_the_files(reading, term, sam, aoi):
    make_participation(term, aoi)

    for what in LISTS:
        assert reading(sam).get(reverse("term_list_file", args=[term.pk, what, "csv"])).status_code == 404
        assert reading(aoi).get(reverse("term_list_file", args=[term.pk, what, "xlsx"])).status_code == 404


def test_list_or_form_that_does_not_exist_is_not_found(reading, term, chika):
    for what, form in [("secrets", "csv"), ("people", "exe")]:
        assert reading(chika).get(reverse("term_list_file", args=[term.pk, what, form])).status_code == 404


# Who took it along


def test_who_took_which_list_is_told_to_coordinators_the_latest_first(taken, reading, term, chika, aoi):
    make_participation(term, aoi)
    page = reverse("term_lists_taken", args=[term.pk])
    assert "保存した一覧は、まだありません" in reading(chika).get(page).content.decode()
    taken(term, "people", "xlsx", generation="alumni")
    taken(term, "people")

    shown = reading(chika).get(page)

    assert [(str(one.name), one.form, one.rows, one.is_narrowed, one.by) for one in shown.context["lines"]] == [
        ("参加者", "CSV", 1, False, chika.full_name),
        ("参加者", "Excel", 0, True, chika.full_name),
    ]


def test_looking_for_a_file_takes_nothing_along(reading, term, chika):
    assert reading(chika).head(reverse("term_list_file", args=[term.pk, "people", "csv"])).status_code == 200
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_page_of_who_took_lists_costs_as_much_for_three_as_for_one(
    taken, reading, term, chika, number, django_assert_num_queries
):
    for _ in range(number):
        taken(term, "people")
    browser, page = reading(chika), reverse("term_lists_taken", args=[term.pk])
    browser.get(page)

    with django_assert_num_queries(6):
        browser.get(page)


def test_others_do_not_find_who_took_lists(reading, term, sam, aoi):
    make_participation(term, aoi)

    for person in (sam, aoi):
        assert reading(person).get(reverse("term_lists_taken", args=[term.pk])).status_code == 404


def test_list_that_is_too_long_is_not_cut_but_refused(reading, cohort, chika, monkeypatch):
    make_session(cohort)
    fill_the_office(cohort.term, chika)
    as_if_one_was_taken(cohort.term, chika)
    make_participation(cohort.term, waiting_reason="consent", consent=False)
    monkeypatch.setattr("sessions.list_files.rows.MOST_ROWS", 0)
    browser = reading(chika)

    for what in LISTS.keys() - BOUNDED_OTHERWISE:
        answer = browser.get(reverse("term_list_file", args=[cohort.term_id, what, "csv"]))
        assert answer.headers.get("Location") == reverse("term", args=[cohort.term_id]), what


BOUNDED_OTHERWISE = {"unplaced", "funnel", "after"}
"""By the run that was looked at, by the stages and by the weeks of a term."""


@pytest.mark.slow
def test_every_list_has_the_same_rows_in_both_forms(taken, reading, chika, cohort):
    bad = make_person("=1+1", family_name="@SUM(A1)", given_name="#N/A", family_kana="+cmd")
    make_participation(cohort.term, bad)
    make_session(cohort)
    fill_the_office(cohort.term, chika)
    run = cohort.term.match_runs.get()
    Unplaced.objects.create(run=run, participation=bad.participations.get(), reason="no_valid_cohort")

    for what in LISTS:
        page = reading(chika).get(reverse("term_list_file", args=[cohort.term_id, what, "csv"]))
        assert page.headers["Content-Disposition"].startswith("attachment")
        as_if_one_was_taken(cohort.term, chika)
        as_csv = [[cell.removeprefix("'") for cell in row] for row in taken(cohort.term, what)]
        as_if_one_was_taken(cohort.term, chika)
        assert as_csv == taken(cohort.term, what, "xlsx"), what
        assert len(as_csv) > 1, what


@pytest.mark.parametrize("number", [1, 3])
def test_files_cost_as_much_for_three_as_for_one(taken, term, chika, number, django_assert_num_queries):
    for each in range(number):
        make_session(make_cohort(term))
        fill_the_office(term, chika, str(each))
        make_participation(term)
    run = MatchRun.objects.create(term=term, status="ready", engine_version="v1", created_at=NOW, finished_at=NOW)
    for one in term.participations.waiting():
        Unplaced.objects.create(run=run, participation=one, reason="no_valid_cohort")
    taken(term, "people")

    with django_assert_num_queries(107 + len(LISTS)):  # each is written down
        for what in LISTS:
            taken(term, what)


def office() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


@pytest.fixture
def written_lists(reading, chika, cohort) -> dict[str, dict[str, bytes]]:
    """Every list as each kind of file, with people whose names would be worked out if anything were."""
    make_participation(cohort.term, make_person("=1+1", family_name="=2+3", given_name="-4", family_kana="@SUM(A1)"))
    make_session(cohort)
    fill_the_office(cohort.term, chika)
    browser = reading(chika)

    def content(what: str, form: str) -> bytes:
        as_if_one_was_taken(cohort.term, chika)
        return browser.get(reverse("term_list_file", args=[cohort.term_id, what, form])).content

    return {form: {what: content(what, form) for what in LISTS} for form in downloads.FORMS}


def test_no_cell_of_any_file_is_a_formula(written_lists):
    """Whatever opens them: a workbook's cells are text, and no field of a CSV file begins as formulas do."""
    for what in LISTS:
        as_csv, as_workbook = (shown(written_lists[form][what], form) for form in ("csv", "xlsx"))
        assert not [cell for row in as_csv for cell in row if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}], what
        assert bare(as_workbook) == bare(as_csv), what
    for what, name in (("people", "'=2+3 -4"), ("mails", "'=1+1"), ("joining", "'+1")):
        assert name in {cell for row in shown(written_lists["csv"][what], "csv") for cell in row}


@pytest.mark.slow
@pytest.mark.parametrize("form", downloads.FORMS)
def test_spreadsheet_programme_shows_the_same_rows(written_lists, form, tmp_path):
    """In LibreOffice where there is one. Elsewhere the files are read by openpyxl and csv, which work nothing out."""
    some = written_lists[form]
    opened = opened_by_office(some, form, tmp_path) if office() else {what: shown(some[what], form) for what in LISTS}

    for what in LISTS:
        assert bare(opened[what]) == bare(shown(written_lists["csv"][what], "csv")), what


def bare(rows: list[list[str]]) -> list[list[str]]:
    """Return rows without the mark that keeps a cell from being worked out."""
    return [[cell.removeprefix("'") for cell in row] for row in rows]


def opened_by_office(files: dict[str, bytes], form: str, folder: Path) -> dict[str, list[list[str]]]:
    """Return what LibreOffice shows of each file, as it writes it out again."""
    sources, target = {what: folder / f"{what}.{form}" for what in files}, folder / "opened"
    for what, source in sources.items():
        source.write_bytes(files[what])
    reads = ["--infilter=CSV:44,34,76,1"] if form == "csv" else []
    home = f"-env:UserInstallation=file://{folder}/office"
    command = [office(), home, "--headless", *reads, "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76"]
    subprocess.run([*command, "--outdir", str(target), *sources.values()], check=True, capture_output=True, timeout=300)
    return {
        what: [
            [_CLOCK.sub(_as_written, cell) for cell in row]
            for row in csv.reader(io.StringIO((target / f"{what}.csv").read_text(encoding="utf-8"), newline=""))
        ]
        for what in files
    }


_CLOCK = re.compile(r"^(\d\d):(\d\d):00(?: (AM|PM))?$")


def _as_written(shown: re.Match[str]) -> str:
    """Return an hour of a CSV file as we wrote it; LibreOffice shows it as is usual where it runs: 07:30:00 PM."""
    hour = int(shown[1]) % 12 + 12 * (shown[3] == "PM") if shown[3] else int(shown[1])
    return f"{hour:02}:{shown[2]}"


def test_participation_that_ended_is_in_the_file_too(taken, term, aoi):
    make_participation(term, aoi, status="ended", ended_at=NOW)

    assert Participation.objects.filter(term=term).count() == len(taken(term, "people")) - 1

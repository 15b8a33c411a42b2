"""The roster's third door: the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from dialogue.models import ConsentRecord, Participation, StaffRole

GOOD = "メールアドレス,氏名,世代,参加できる時間\naoi@example.org,青井 葵,学生,月 19:00-21:00\n"
CONSENT = {"consent_collected_by": "ほたび", "consent_given_on": "2026-11-01", "consent_text": "take-part-v1"}


def run(term, tmp_path, text, **options):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    out, err = StringIO(), StringIO()
    given = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    try:
        call_command("import_roster", str(term.pk), str(path), *given, stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, err.getvalue()
    return 0, out.getvalue()


def test_a_roster_comes_in_with_its_consent_and_again_changes_nothing(term, tmp_path):
    first = run(term, tmp_path, GOOD, **CONSENT)
    second = run(term, tmp_path, GOOD, **CONSENT)

    assert (first, second) == ((0, "added 1, updated 0, unchanged 0\n"), (0, "added 0, updated 0, unchanged 1\n"))
    assert ConsentRecord.objects.get().collected_by == "ほたび"
    assert Participation.objects.get().waiting_reason == "matching"


def test_a_bad_row_is_named_and_nothing_is_written(term, tmp_path):
    code, said = run(term, tmp_path, GOOD + "takeshi@example.org,竹田 武,,火 19:00-21:00\n")

    assert code == 2
    assert "3" in said
    assert "世代" in said
    assert not Participation.objects.exists()


def test_a_mapping_says_how_the_file_is_to_be_read(term, tmp_path):
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[constants]\ngeneration = "student"\n[times.columns]\n"月曜" = "月"\n[times]\nsays = "busy"\n',
        encoding="utf-8",
    )

    code, _ = run(term, tmp_path, "メール,氏名,月曜\naoi@example.org,青井 葵,9:00-18:00\n", mapping=mapping)

    assert code == 0
    one = Participation.objects.get()
    assert one.generation == "student"
    assert set(one.windows.values_list("starts", "ends")) == {(480, 540), (1080, 1320)}


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b'[columns]\n"x" = "emial"\n', "emial"),
        (b'[columns]\n"x" = \n', "mapping.toml"),
        (b"\xff\xfe\x00", "UTF-8"),
        ('[columns]\n"電話" = "email"\n'.encode(), "電話"),
    ],
)
def test_a_mapping_that_does_not_fit_is_named_and_nothing_is_written(term, tmp_path, content, named):
    mapping = tmp_path / "mapping.toml"
    mapping.write_bytes(content)

    code, said = run(term, tmp_path, GOOD, mapping=mapping)

    assert code == 2
    assert named in said
    assert not Participation.objects.exists()


def test_a_mapping_that_is_not_there_is_named(term, tmp_path):
    with pytest.raises(CommandError, match=r"none\.toml"):
        run(term, tmp_path, GOOD, mapping=tmp_path / "none.toml")


def test_half_a_consent_statement_is_refused(term, tmp_path):
    with pytest.raises(CommandError, match="all three"):
        run(term, tmp_path, GOOD, consent_text="take-part-v1")


def test_a_new_site_gets_its_first_programme_and_coordinator_once(db):
    for _ in range(2):
        call_command("create_programme", "ほたび", "灯を囲む対話", "Chika@Example.org", stdout=StringIO())

    role = StaffRole.objects.get()
    assert (role.person.email, role.programme.name, role.role) == ("chika@example.org", "灯を囲む対話", "coordinator")

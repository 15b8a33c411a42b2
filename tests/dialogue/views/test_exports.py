"""Twelve exports of different shape come in by the page and by TOML, each with three corrections at most."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from dialogue.models import FormMapping, Person, Term, UploadedRoster
from tests.data.exports import make
from tests.factories import make_term

EXPORTS = Path(make.__file__).parent
RECORD = json.loads((EXPORTS / "record.json").read_text(encoding="utf-8"))
MOST_CORRECTIONS = 3
# What a coordinator changes on the page: the name of a field and its value, or a label and what is typed there.
CORRECTIONS: dict[str, dict[str, str]] = {
    "04_attendance_download.csv": {"same_generation": "student"},
    "05_busy_by_weekday.xlsx": {"empty": "free"},
    "08_spoken_words.csv": {"“第2・4土曜 10時～12時” means": "土 10:00-12:00"},
    "10_partner_students.csv": {"same_generation": "student", "same_partner": "みなも大学 学生支援課"},
    "11_partner_alumni.xlsx": {"same_generation": "alumni", "same_partner": "ことのは校友会"},
}


@pytest.fixture
def importing(term: Term, client: Client, chika: Person) -> str:
    """The page of a coordinator who reads English, as the corrections below name its questions."""
    Person.objects.filter(pk=chika.pk).update(language="en")
    client.force_login(chika)
    return reverse("term_import", args=[term.pk])


def choose(client: Client, importing: str, name: str) -> str:
    """Choose a file on the page and return where that leads."""
    file = SimpleUploadedFile(name, (EXPORTS / name).read_bytes())
    return client.post(importing, {"kind": "participants", "roster": file}).headers["Location"]


def answers(form) -> dict[str, str]:
    """Return what a browser would send of a form that nobody has touched."""
    found = {}
    for field in form:
        value = field.value()
        if value not in (None, False, ""):
            found[field.html_name] = "on" if value is True else str(value)
    return found


def correct(client: Client, page: str, corrections: dict[str, str], **buttons: str) -> str:
    """Change the fields on the mapping page, press a button and return where that leads."""
    form = client.get(page).context["form"]
    by_label = {str(field.label): field.html_name for field in form}
    changed = {by_label.get(asked, asked): value for asked, value in corrections.items()}
    assert set(changed) <= {field.html_name for field in form}
    upload = page.partition("upload=")[2]
    return client.post(page, {**answers(form), **changed, "upload": upload, **buttons}).headers["Location"]


def people_of(term: Term) -> dict[str, dict[str, object]]:
    return {
        one.person.email: {
            "family_name": one.person.family_name,
            "given_name": one.person.given_name,
            "generation": one.generation,
            "windows": sorted([each.weekday, each.starts, each.ends] for each in one.windows.all()),
            "interests": one.interests,
            "partner": one.partner.name if one.partner else "",
        }
        for one in term.participations.select_related("person", "partner").prefetch_related("windows")
    }


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=[pytest.mark.slow] * (at % 4 > 0)) for at, one in enumerate(RECORD)]
)
def test_export_comes_in_by_page_and_by_toml_as_its_people_meant(
    name: str, importing: str, client: Client, term: Term, tmp_path: Path
) -> None:
    corrections = CORRECTIONS.get(name, {})
    assert len(corrections) <= MOST_CORRECTIONS
    page = choose(client, importing, name)
    assert page.startswith(reverse("term_import_mapping", args=[term.pk]))
    corrected = correct(client, page, corrections, look="1")
    toml = client.get(reverse("term_import_toml", args=[term.pk]) + f"?upload={UploadedRoster.objects.get().pk}")

    preview = correct(client, corrected, {}, go="1")
    assert preview.startswith(f"{importing}?upload=")
    assert client.get(preview).context["total"] == len(RECORD[name])
    client.post(importing, {"upload": preview.partition("upload=")[2]})

    assert people_of(term) == RECORD[name]
    mapping = tmp_path / "mapping.toml"
    mapping.write_bytes(toml.content)
    other = make_term()
    call_command("import_roster", other.pk, str(EXPORTS / name), f"--mapping={mapping}")
    assert people_of(other) == RECORD[name]


@pytest.mark.parametrize("name", ["01_google_grid.csv", "04_attendance_download.csv"])
def test_the_next_file_of_a_form_is_read_as_the_last_one(name: str, importing: str, client: Client, term: Term) -> None:
    page = choose(client, importing, name)
    correct(client, page, CORRECTIONS.get(name, {}), go="1", remember="on")

    again = choose(client, importing, name)

    assert again.startswith(f"{importing}?upload=")
    kept = FormMapping.objects.get()
    assert (kept.programme, kept.kind) == (term.programme, "participants")
    assert not any(email in kept.toml for email in RECORD[name])


def test_what_somebody_meant_is_not_kept_for_the_next_file_nor_readable_in_the_database(
    importing: str, client: Client
) -> None:
    name = "08_spoken_words.csv"
    page = choose(client, importing, name)
    correct(client, page, CORRECTIONS[name], go="1", remember="on")

    assert "第2・4土曜" not in FormMapping.objects.get().toml
    assert "第2" not in UploadedRoster.objects.get().mapping
    assert "/mapping/" in choose(client, importing, name)


def test_exports_are_as_their_script_makes_them() -> None:
    files, record = make.make()

    assert record == RECORD
    for name, content in files.items():
        if not name.endswith(".xlsx"):  # a workbook holds the hour at which it was made
            assert (EXPORTS / name).read_bytes() == content


def test_script_of_the_exports_shares_no_code_with_the_importer() -> None:
    text = Path(make.__file__).read_text(encoding="utf-8")

    assert not {"dialogue", "matching", "sessions"} & {
        line.split()[1].partition(".")[0] for line in text.splitlines() if line.startswith(("from ", "import "))
    }

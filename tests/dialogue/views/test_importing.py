"""Bring people in from a file: look first, all or nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from dialogue.core.roster.rows import MAX_BYTES
from dialogue.models import ConsentRecord, Participation, Person, Term, UploadedRoster
from dialogue.services.uploads import drop_old_uploads
from tests.factories import NOW, make_coordinator, make_participation

ROSTERS = Path(__file__).parents[2] / "data" / "rosters"
TWO = "氏名,ふりがな,メールアドレス,世代,参加できる時間,靴のサイズ\n青井 葵,あおい あおい,aoi@example.org,学生,火 19:00-21:00,24\n竹田 武,たけだ たけし,takeshi@example.com,セカンドキャリア,,27\n"  # noqa: E501
WITH_CONSENT = {"consent": "take-part-v1", "collected_by": "学生支援課", "given_on": "2026-11-20"}


@pytest.fixture
def importing(term: Term, client: Client, chika: Person) -> str:
    client.force_login(chika)
    return reverse("term_import", args=[term.pk])


def send(client: Client, address: str, content: bytes | str, name: str = "people.csv", **answers: str) -> HttpResponse:
    content = content if isinstance(content, bytes) else content.encode()
    return client.post(address, {"kind": "participants", "roster": SimpleUploadedFile(name, content), **answers})


def test_preview_says_what_would_change_and_changes_nothing(importing: str, client: Client, term: Term) -> None:
    preview = client.get(send(client, importing, TWO).headers["Location"])

    assert [preview.context[name] for name in ("total", "new", "known", "without_times")] == [2, 2, 0, 1]
    assert preview.context["ignored_columns"] == ("靴のサイズ",)
    assert not term.participations.exists()


def test_preview_tells_whose_times_do_not_count_as_they_stand(importing: str, client: Client) -> None:
    roster = TWO.replace("火 19:00-21:00", "火 19:10-20:40")
    page = send(client, importing, roster).headers["Location"]
    preview = client.get(page)

    assert preview.context["narrowed"].count == 1
    assert "青井 葵" in preview.content.decode()
    assert "19:10〜20:40は、19:30〜20:30として読みます" in preview.content.decode()


def test_preview_says_nothing_of_times_where_all_count(importing: str, client: Client) -> None:
    assert client.get(send(client, importing, TWO).headers["Location"]).context["narrowed"].count == 0


def test_people_come_in_with_their_consent_when_confirmed(importing: str, client: Client, term: Term) -> None:
    sent = send(client, importing, TWO, **WITH_CONSENT)
    upload = UploadedRoster.objects.get()
    assert sent.headers["Location"].endswith(f"?upload={upload.pk}")

    done = client.post(importing, {"upload": upload.pk})

    assert done.headers["Location"] == reverse("term_people", args=[term.pk])
    assert term.participations.to_be_matched().count() == 2
    assert set(ConsentRecord.objects.values_list("collected_by", "text_version")) == {("学生支援課", "take-part-v1")}
    assert not UploadedRoster.objects.exists()


def test_people_without_collected_consent_wait_for_it(importing: str, client: Client, term: Term) -> None:
    send(client, importing, TWO)

    client.post(importing, {"upload": UploadedRoster.objects.get().pk})

    assert set(term.participations.values_list("waiting_reason", flat=True)) == {"consent"}
    assert not term.participations.to_be_matched().exists()


def test_facilitators_come_in_by_their_own_file(importing: str, client: Client, term: Term) -> None:
    content = (ROSTERS / "facilitators.csv").read_bytes()
    preview = client.get(send(client, importing, content, kind="facilitators").headers["Location"])
    assert preview.status_code == 200

    client.post(importing, {"upload": UploadedRoster.objects.get().pk})

    assert term.facilitations.count() == preview.context["total"]
    assert not term.participations.exists()


def test_person_who_is_in_the_term_counts_as_known(importing: str, client: Client, term: Term, aoi: Person) -> None:
    make_participation(term, aoi)

    preview = client.get(send(client, importing, TWO).headers["Location"])

    assert (preview.context["new"], preview.context["known"]) == (1, 1)


def test_confirming_twice_brings_people_in_once(importing: str, client: Client, term: Term) -> None:
    send(client, importing, TWO)
    pk = UploadedRoster.objects.get().pk
    client.post(importing, {"upload": pk})

    again = client.post(importing, {"upload": pk})

    assert again.headers["Location"] == importing
    assert term.participations.count() == 2


def test_slip_is_shown_by_row_and_column_and_nothing_is_taken_in(importing: str, client: Client, term: Term) -> None:
    sent = send(client, importing, TWO.replace("takeshi@example.com", "takeshi at home"), **WITH_CONSENT)

    page = client.get(sent.headers["Location"])

    [problem] = page.context["problems"]
    assert (problem["error"].line, problem["error"].column) == (3, "メールアドレス")
    assert problem["words"]
    assert problem["field"] is not None
    assert not Person.objects.filter(family_name="竹田").exists()


def test_file_with_a_slip_is_not_taken_in_by_its_number_either(importing: str, client: Client, term: Term) -> None:
    send(client, importing, TWO.replace("takeshi@example.com", "takeshi at home"), **WITH_CONSENT)
    upload = UploadedRoster.objects.get()

    for answer in (client.get(importing, {"upload": upload.pk}), client.post(importing, {"upload": upload.pk})):
        assert answer.headers["Location"].startswith(reverse("term_import_mapping", args=[term.pk]))
    assert not term.participations.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 500),
        ("people.xlsx", b"PK\x03\x04" + b"\x00" * 500),
        ("people.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500),
        ("people.csv", b"\x00\xff" * 500),
        ("people.csv", b"a,b,c\n1,2,3\n"),
        ("../../people.csv", "氏名\n".encode()),
        ("people.csv", b"=cmd|' /C calc'!A0,Email\n1,2\n"),
    ],
)
def test_file_that_is_no_roster_is_refused_in_words(name: str, content: bytes, importing: str, client: Client) -> None:
    response = send(client, importing, content, name)

    assert response.status_code == 200
    assert response.context.get("errors")
    assert not UploadedRoster.objects.exists()


@pytest.mark.parametrize(
    ("size", "field"), [(0, "roster"), (MAX_BYTES + 1, "roster")], ids=["empty", "larger than the limit"]
)
def test_empty_and_huge_files_are_refused_before_they_are_read(
    size: int, field: str, importing: str, client: Client
) -> None:
    response = send(client, importing, b"x" * size)

    assert list(response.context["form"].errors) == [field]


@pytest.mark.parametrize(
    ("missing", "wrong"),
    [("collected_by", " "), ("given_on", ""), ("given_on", "yesterday"), ("given_on", "2999-01-01"), ("consent", "v9")],
)
def test_statement_of_consent_says_who_when_and_which_text(
    missing: str, wrong: str, importing: str, client: Client
) -> None:
    response = send(client, importing, TWO, **{**WITH_CONSENT, missing: wrong})

    assert missing in response.context["form"].errors
    assert not UploadedRoster.objects.exists()


@pytest.mark.parametrize("upload", ["0", "-1", "abc", "9" * 40, ""])
def test_upload_that_does_not_exist_leads_back_to_the_form(upload: str, importing: str, client: Client) -> None:
    assert client.get(importing, {"upload": upload}).headers["Location"] == importing
    assert client.post(importing, {"upload": upload}).headers["Location"] == importing


def test_upload_is_seen_by_its_uploader_alone(importing: str, client: Client, term: Term, sam: Person) -> None:
    send(client, importing, TWO)
    pk = UploadedRoster.objects.get().pk
    make_coordinator(term.programme, sam)
    client.force_login(sam)

    assert client.get(importing, {"upload": pk}).headers["Location"] == importing
    assert client.post(importing, {"upload": pk}).headers["Location"] == importing
    assert not Participation.objects.exists()


def test_upload_is_not_readable_in_the_database(importing: str, client: Client) -> None:
    send(client, importing, TWO)

    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM dialogue_uploadedroster")
        [(stored,)] = cursor.fetchall()
    assert stored.startswith("gAAAA")


def test_upload_is_gone_after_an_hour(importing: str, client: Client, chika: Person) -> None:
    send(client, importing, TWO)
    upload = UploadedRoster.objects.get()
    UploadedRoster.objects.update(created_at=NOW)

    assert not UploadedRoster.objects.of(chika, NOW + timedelta(hours=1)).exists()
    assert UploadedRoster.objects.of(chika, NOW + timedelta(minutes=59)).exists()
    assert drop_old_uploads(now=NOW + timedelta(hours=1)) == 1
    assert client.post(importing, {"upload": upload.pk}).headers["Location"] == importing

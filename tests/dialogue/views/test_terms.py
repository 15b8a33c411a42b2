"""Set up a term."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.models import Person, Programme, Term
from tests.factories import make_programme, make_term

ANSWERS = {
    "name": "2027年 第1期",
    "starts_on": "2027-04-05",
    "cadence": "weekly",
    "session_count": "8",
    "session_minutes": "90",
    "zone": "Asia/Tokyo",
    "closed_sets": ["public_holidays", "obon"],
    "closed_days": "2027-05-20 試験\n\n６月１日",
    "size_min": "4",
    "size_max": "6",
    "student_affiliation": "off",
    "alumni_affiliation": "soft",
    "room_urls": "https://meet.example.com/a\nhttps://meet.example.com/a\nhttps://meet.example.com/b",
    "contact": "03-0000-0000",
}


@pytest.fixture
def programme(chika: Person, client: Client) -> Programme:
    client.force_login(chika)
    return make_programme(coordinator=chika)


def test_term_is_made_as_it_was_filled_in(programme: Programme, client: Client) -> None:
    response = client.post(reverse("term_new"), {**ANSWERS, "programme": programme.pk})

    term = Term.objects.get()
    assert response.headers["Location"] == reverse("term", args=[term.pk])
    assert (term.programme, term.name, term.starts_on) == (programme, "2027年 第1期", date(2027, 4, 5))
    assert term.room_urls == ["https://meet.example.com/a", "https://meet.example.com/b"]
    assert {day.date.month: day.reason for day in term.closed_days.all()} == {5: "試験", 6: ""}


def test_form_opens_with_the_usual_answers(programme: Programme, client: Client) -> None:
    form = client.get(reverse("term_new")).context["form"]

    shown = {name: form[name].value() for name in ("size_min", "size_max", "session_minutes", "zone", "closed_sets")}
    assert shown == {
        "size_min": 4, "size_max": 6, "session_minutes": 90, "zone": "Asia/Tokyo",
        "closed_sets": ["public_holidays", "year_end", "obon"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("starts_on", "next spring"),
        ("starts_on", "2027-02-30"),
        ("zone", "Tokyo/Asia"),
        ("zone", "../../etc/passwd"),
        ("session_count", "25"),
        ("session_minutes", "29"),
        ("session_minutes", "9" * 30),
        ("size_min", "3"),
        ("size_max", "3"),
        ("size_max", "13"),
        ("cadence", "daily"),
        ("closed_sets", "full_moon"),
        ("closed_days", "soon"),
        ("closed_days", "2027-05-20 " + "長" * 81),
        ("closed_days", "2027-05-20\n" * 201),
        ("room_urls", "meet.example.com/a"),
        ("room_urls", "javascript:alert(1)"),
        ("room_urls", "https://["),
        ("alumni_affiliation", "never"),
        ("contact", "あ" * 201),
        ("programme", "-1"),
    ],
)
def test_mistake_is_named_at_its_field_and_nothing_typed_is_lost(
    field: str, value: str, programme: Programme, client: Client
) -> None:
    response = client.post(reverse("term_new"), {**ANSWERS, "programme": programme.pk, field: value})

    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["contact"].value() == (value if field == "contact" else ANSWERS["contact"])
    assert not Term.objects.exists()


def test_name_is_used_once_in_a_programme(programme: Programme, client: Client) -> None:
    make_term(programme=programme, name=ANSWERS["name"])

    response = client.post(reverse("term_new"), {**ANSWERS, "programme": programme.pk})

    assert list(response.context["form"].errors) == ["name"]


def test_programme_of_somebody_else_cannot_be_chosen(programme: Programme, client: Client, sam: Person) -> None:
    other = make_programme(coordinator=sam)

    response = client.post(reverse("term_new"), {**ANSWERS, "programme": other.pk})

    assert list(response.context["form"].errors) == ["programme"]

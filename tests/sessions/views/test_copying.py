"""Make the next term from an earlier one: what the page says and proposes, and what comes of it."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dialogue.models import ClosedDay, NamedSlot, Partner, Person, Programme, Term
from dialogue.services.join_links import open_link
from matching.services.wishing import keep_wishes
from matching.wishes import Wishes
from tests.factories import NOW, make_facilitation, make_participation, make_person, make_programme, make_term


@pytest.fixture
def programme(chika: Person, client: Client) -> Programme:
    client.force_login(chika)
    return make_programme(coordinator=chika)


def address(source: Term) -> str:
    return reverse("term_copy", args=[source.pk])


def make_partner(term: Term, name: str = "青海大学") -> Partner:
    partner = Partner.objects.create(organisation=term.programme.organisation, name=name)
    open_link(term=term, partner=partner, now=NOW)
    return partner


def sent(page: HttpResponse, **changed: Any) -> dict[str, Any]:
    """What a browser sends of a page that was opened and not changed, but for `changed`."""
    form, slots = page.context["form"], page.context["slots"]
    given = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    given |= {"slots-TOTAL_FORMS": str(len(slots.forms)), "slots-INITIAL_FORMS": "0", "seen": page.context["seen"]}
    for place, row in enumerate(slots.forms):
        given |= {f"slots-{place}-{name}": row[name].value() for name in ("weekday", "starts", "ends", "name")}
    return {**given, **changed}


def test_rules_times_and_texts_are_filled_in_and_the_name_and_dates_move_on(programme: Programme, client: Client):
    source = make_term(
        programme=programme, name="2026年度 後期", starts_on=date(2026, 12, 1), session_count=12, cadence="monthly",
        session_minutes=120, size_max=5, room_urls=["https://meet.example.com/a"],
        room_notes={"https://meet.example.com/a": {"minutes": 150, "name": "会議室A"}}, introduction="ことば",
        introduction_en="Words", closed_sets=["obon"], min_per_generation=1, size_min=3, student_affiliation="hard",
        sign_up_until=date(2026, 11, 17),
    )  # fmt: skip
    NamedSlot.objects.create(term=source, weekday=2, starts=1140, ends=1260, name="水曜の夜")

    page = client.get(address(source))

    form = page.context["form"]
    assert (form["name"].value(), form["starts_on"].value()) == ("2027年度 前期", date(2027, 11, 22))
    assert form["sign_up_until"].value() == date(2027, 11, 8)
    slot = page.context["slots"].forms[0].initial
    assert slot == {"weekday": 2, "starts": "19:00", "ends": "21:00", "name": "水曜の夜"}
    same = ("size_max", "introduction", "introduction_en", "closed_sets", "student_affiliation", "contact")
    assert [form[name].value() for name in same] == [5, "ことば", "Words", ["obon"], "hard", "03-0000-0000"]
    assert form["room_urls"].value() == "https://meet.example.com/a 150分 会議室A"


def test_page_as_it_opens_can_be_sent_and_makes_the_whole_term(programme: Programme, client: Client):
    source = make_term(
        programme=programme, closed_sets=["public_holidays"], room_urls=["https://meet.example.com/a"],
        room_notes={"https://meet.example.com/a": {"minutes": 100}}, min_per_generation=1, size_min=3,
    )  # fmt: skip
    NamedSlot.objects.create(term=source, weekday=2, starts=1140, ends=1260)
    facilitator = make_facilitation(source, max_cohorts=3).person
    partner = make_partner(source)
    make_participation(source)

    response = client.post(address(source), sent(client.get(address(source))))

    term = Term.objects.exclude(pk=source.pk).get()
    assert response.headers["Location"] == reverse("term", args=[term.pk])
    assert (term.programme, term.min_per_generation, term.size_min) == (programme, 1, 3)
    assert (term.room_notes, term.closed_sets) == (source.room_notes, ["public_holidays"])
    assert list(term.facilitations.values_list("person", "max_cohorts")) == [(facilitator.pk, 3)]
    assert list(term.join_links.values_list("partner", flat=True)) == [partner.pk]
    assert (term.slots.get().weekday, term.participations.count()) == (2, 0)


def test_who_is_taken_out_stays_behind(programme: Programme, client: Client):
    source = make_term(programme=programme)
    stays, comes = make_facilitation(source), make_facilitation(source)
    make_partner(source)

    client.post(address(source), sent(client.get(address(source)), facilitators=[comes.pk], partners=[]))

    term = Term.objects.exclude(pk=source.pk).get()
    assert list(term.facilitations.values_list("person", flat=True)) == [comes.person_id]
    assert stays.person_id not in term.facilitations.values_list("person", flat=True)
    assert not term.join_links.exists()


def test_single_days_off_come_along_only_where_they_fall_in_the_new_dates(programme: Programme, client: Client):
    source = make_term(programme=programme, name="2026年度 後期", starts_on=date(2026, 12, 1))
    days = [(date(2027, 1, 20), "試験"), (date(2027, 4, 20), "開学記念日"), (date(2027, 12, 24), "")]
    ClosedDay.objects.bulk_create(ClosedDay(term=source, date=day, reason=reason) for day, reason in days)

    page = client.get(address(source))  # four Mondays to Sundays from 12 April on

    assert page.context["form"]["closed_days"].value() == "2027-04-20 開学記念日"
    assert [day.date for day in page.context["left_days"]] == [date(2027, 1, 20), date(2027, 12, 24)]
    assert "試験" in page.content.decode()


def test_page_says_before_what_comes_along_and_what_does_not(programme: Programme, client: Client):
    source = make_term(programme=programme)
    make_facilitation(source, make_person(family_name="文野", given_name="ふみ"), max_cohorts=2)
    make_partner(source, "潮工業")
    keep_wishes(term=source, wishes=Wishes(form_size=4), now=NOW)

    page = client.get(address(source)).content.decode()

    for said in (
        "引き継ぐもの", "引き継がないもの", "文野 ふみさん：2グループまで、毎週火曜 18:00〜22:00", "潮工業",
        "1グループの人数（めやす）：4", "あらためて申し込んで", "問いのライブラリ",
    ):  # fmt: skip
        assert said in page
    assert not Term.objects.exclude(pk=source.pk).exists()


def test_page_of_a_bare_term_asks_for_nobody(programme: Programme, client: Client):
    form = client.get(address(make_term(programme=programme))).context["form"]

    assert not {"facilitators", "partners", "programme"} & set(form.fields)


def test_programme_cannot_be_slipped_in(programme: Programme, client: Client, sam: Person):
    source, other = make_term(programme=programme), make_programme(coordinator=sam)

    client.post(address(source), sent(client.get(address(source)), programme=other.pk))

    assert Term.objects.exclude(pk=source.pk).get().programme == programme


def test_facilitator_of_another_term_cannot_be_slipped_in(programme: Programme, client: Client, sam: Person):
    source = make_term(programme=programme)
    make_facilitation(source)
    strange = make_facilitation(make_term(coordinator=sam))

    response = client.post(address(source), sent(client.get(address(source)), facilitators=[strange.pk]))

    assert list(response.context["form"].errors) == ["facilitators"]
    assert Term.objects.filter(programme=programme).count() == 1


def test_copying_twice_is_two_terms_and_pressing_twice_is_one(programme: Programme, client: Client):
    source = make_term(programme=programme, name="第3期")
    first = sent(client.get(address(source)))

    client.post(address(source), first)
    again = client.post(address(source), first)
    client.post(address(source), sent(client.get(address(source))))

    assert list(again.context["form"].errors) == ["name"]
    assert sorted(programme.terms.values_list("name", flat=True)) == ["第3期", "第4期", "第5期"]


def test_what_was_chosen_stays_chosen_when_a_time_is_added(programme: Programme, client: Client):
    source = make_term(programme=programme)
    make_facilitation(source)
    comes = make_facilitation(source)
    page = client.get(address(source))

    response = client.post(address(source), sent(page, facilitators=[comes.pk], do="add"))

    assert [int(pk) for pk in response.context["form"]["facilitators"].value()] == [comes.pk]
    assert len(response.context["slots"].forms) == len(page.context["slots"].forms) + 1
    assert Term.objects.count() == 1


def test_link_that_ends_too_soon_is_warned_of_before_anything_is_pressed(programme: Programme, client: Client):
    source = make_term(
        programme=programme, room_urls=["https://meet.example.com/a"],
        room_notes={"https://meet.example.com/a": {"minutes": 40}},
    )  # fmt: skip

    assert "room-40-90-0" in client.get(address(source)).context["seen"].split()


def test_new_term_forms_its_cohorts_by_the_wishes_that_came_along(programme: Programme, client: Client):
    source = make_term(programme=programme)
    keep_wishes(term=source, wishes=Wishes(form_size=4, fair=False), now=NOW)
    client.post(address(source), sent(client.get(address(source))))
    term = Term.objects.exclude(pk=source.pk).get()
    make_facilitation(term)
    make_participation(term)

    page = client.get(reverse("term_runs", args=[term.pk]))

    form = page.context["form"]
    assert (form["form_size"].value(), form["uneven"].value()) == ("4", True)
    assert "もとにした期でグループを作ったときと同じ希望" in page.content.decode()


@pytest.mark.parametrize("reader", ["aoi", "fumi", "sam"])
def test_only_who_coordinates_the_programme_may(reader: str, cohort: Any, client: Client, request: Any):
    client.force_login(request.getfixturevalue(reader))
    if reader == "sam":
        make_programme(coordinator=request.getfixturevalue("sam"))

    assert client.get(address(cohort.term)).status_code == 404
    assert client.post(address(cohort.term), {"name": "つぎ"}).status_code == 404
    assert Term.objects.count() == 1


def test_number_of_queries_does_not_grow_with_who_comes_along(programme: Programme, client: Client):
    counts = []
    source = make_term(programme=programme)
    for more in (1, 2):
        for number in range(more):
            make_facilitation(source)
            make_partner(source, f"団体{more}{number}")
        with CaptureQueriesContext(connection) as queries:
            client.get(address(source))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_term_page_leads_here(programme: Programme, client: Client):
    source = make_term(programme=programme)

    assert address(source) in client.get(reverse("term", args=[source.pk])).content.decode()

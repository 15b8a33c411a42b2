"""Consent in hand is written down from wherever a coordinator meets that it is missing."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from dialogue.models import ConsentRecord, Participation
from tests import stopped_clock
from tests.factories import NOW, make_participation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(reading, chika, settings):
    settings.CLOCK = "tests.stopped_clock.now"
    stopped_clock.stop_at(NOW)
    chika.language = "en"
    chika.save()
    return reading(chika)


@pytest.fixture
def lacking(term) -> list[Participation]:
    people = [
        make_participation(term, make_person(name, given_name=name), consent=False, waiting_reason="consent")
        for name in ("Ichi", "Ni")
    ]
    Participation.objects.filter(term=term).update(created_at=NOW - timedelta(days=4))
    return people


def link_to_writing(page: str, *people: Participation) -> str:
    """Return the address that stands on a page for writing down the consent of exactly these people."""
    found = {address.replace("&amp;", "&") for address in re.findall(r'href="([^"]*do=consent&[^"]*)"', page)}
    chosen = {address for address in found if re.findall(r"who=(\d+)-", address) == [f"{one.pk}" for one in people]}
    assert len(chosen) == 1, found
    return chosen.pop()


def pressed(desk, address: str, page: str):
    """Send the form of a page as it is filled in beforehand."""
    hidden = re.findall(r'<input type="hidden" name="(do|from|who)" value="([^"]*)"', page)
    said = {name: [value for key, value in hidden if key == name] for name in ("do", "from", "who")}
    filled = {"text_version": "take-part-v1", "collected_by": "学生支援課", "given_on": "2026-11-02"}
    return desk.post(address.partition("?")[0], {**said, **filled}, follow=True)


@pytest.mark.parametrize("place", ["today", "term_waiting", "term_people", "reception_person"])
def test_it_is_two_presses_from_where_consent_is_missing(desk, term, lacking, place):
    ichi = lacking[0]
    about = {"today": [], "reception_person": [ichi.pk]}.get(place, [term.pk])
    whom = lacking if place == "today" else [ichi]
    where = reverse(place, args=about)

    address = link_to_writing(desk.get(where).content.decode(), *whom)
    page = desk.get(address).content.decode()
    answer = pressed(desk, address, page)

    assert "take-part-v1" in page
    assert "Read the whole text" in page
    assert answer.redirect_chain == [(where, 302)]
    assert "Write down their consent: 例田 Ichi" in answer.content.decode()
    assert set(ConsentRecord.objects.values_list("participation", flat=True)) == {one.pk for one in whom}


def test_several_who_were_chosen_are_written_down_at_once(desk, term, lacking):
    page = desk.get(reverse("term_people", args=[term.pk])).content.decode()
    assert 'name="do" value="consent"' in page
    assert 'name="do" value="consent_back"' in page

    address = reverse("term_for_several", args=[term.pk])
    marks = [f"{one.pk}-0" for one in lacking]
    pressed(desk, address, desk.get(address, {"do": "consent", "who": marks}).content.decode())
    assert ConsentRecord.objects.filter(withdrawn_at__isnull=True).count() == 2

    desk.post(address, {"do": "consent_back", "who": marks})
    assert not ConsentRecord.objects.filter(withdrawn_at__isnull=True).exists()


def test_slip_is_taken_back_on_the_persons_page(desk, term, lacking):
    one = lacking[0]
    address = reverse("term_for_several", args=[term.pk])
    pressed(desk, address, desk.get(address, {"do": "consent", "who": f"{one.pk}-0"}).content.decode())

    page = desk.get(reverse("reception_person", args=[one.pk])).content.decode()

    assert "Came by mail or on paper, written down by the coordinators" in page
    assert "Consent written down" in page
    assert f"do=consent_back&amp;from=person&amp;who={one.pk}-0" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"given_on": "2027-03-01"}, "This day has not come yet."),
        ({"given_on": ""}, "Write the day, for example 2026-11-20."),
        ({"collected_by": " "}, "Write who asked the people for their consent."),
        ({"text_version": "made-up"}, "made-up"),
    ],
)
def test_what_cannot_be_is_refused_and_loses_nothing(desk, term, lacking, wrong, said):
    filled = {"text_version": "take-part-v1", "collected_by": "学生支援課", "given_on": "2026-11-02", **wrong}
    about = {"do": "consent", "from": "waiting", "who": f"{lacking[0].pk}-0"}

    page = desk.post(reverse("term_for_several", args=[term.pk]), {**about, **filled}).content.decode()

    assert said in page
    assert 'name="from" value="waiting"' in page
    assert "学生支援課" in page or not wrong.get("collected_by", "x").strip()
    assert not ConsentRecord.objects.exists()


def test_who_answers_an_invitation_has_no_such_link(desk, term, lacking):
    Participation.objects.update(status="applied")

    for place, about in (("today", []), ("term_waiting", [term.pk]), ("reception_person", [lacking[0].pk])):
        assert "do=consent&amp;" not in desk.get(reverse(place, args=about)).content.decode(), place


def test_somebody_who_has_left_has_no_link_in_the_roster(desk, term):
    make_participation(term, consent=False, status="ended", ended_at=NOW)

    assert "do=consent&amp;" not in desk.get(reverse("term_people", args=[term.pk])).content.decode()

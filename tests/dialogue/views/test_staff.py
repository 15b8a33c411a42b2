"""Who does what in a programme: coordinators are named and taken off by coordinators, and one always stays."""

import pytest
from django.core import mail as post
from django.urls import reverse

from dialogue.delivery import deliver_due
from dialogue.models import Person, StaffRole
from dialogue.services.coordinators import LastOne, add_coordinator, remove_coordinator
from dialogue.services.partners import Contact
from tests.factories import NOW, make_coordinator, make_person, make_programme

pytestmark = pytest.mark.django_db
SAID = {"name": "のぞみ", "email": "nozomi@example.org", "language": "ja"}


@pytest.fixture
def desk(client, chika):
    client.force_login(chika)
    return client


def staff(desk, term, **said):
    address = reverse("term_staff", args=[term.pk])
    return (desk.post(address, said, follow=True) if said else desk.get(address)).content.decode()


def roles(term):
    return StaffRole.objects.filter(programme=term.programme, role="coordinator")


def test_named_coordinator_sees_the_term_and_is_told_once(desk, client, term):
    for _ in range(2):
        staff(desk, term, **SAID)
    deliver_due(now=NOW)

    assert [letter.to for letter in post.outbox] == [["nozomi@example.org"]]
    client.force_login(Person.objects.get(email="nozomi@example.org"))
    assert client.get(reverse("term", args=[term.pk])).status_code == 200


def test_known_person_keeps_their_name(desk, term, aoi):
    staff(desk, term, **{**SAID, "email": aoi.email})

    aoi.refresh_from_db()
    assert aoi.preferred_name == "あおい"
    assert roles(term).filter(person=aoi).exists()


def test_removed_coordinator_finds_nothing_any_more(desk, client, term, sam):
    role = make_coordinator(term.programme, sam)

    asked = desk.get(reverse("coordinator_remove", args=[term.pk, role.pk]))
    assert "sam@example.org" in asked.content.decode()
    assert roles(term).count() == 2

    desk.post(reverse("coordinator_remove", args=[term.pk, role.pk]))
    client.force_login(sam)
    assert client.get(reverse("term", args=[term.pk])).status_code == 404


def test_mail_to_somebody_who_was_removed_is_not_sent(term):
    contact = Contact(email="nozomi@example.org", name="のぞみ")
    role, _new = add_coordinator(programme=term.programme, contact=contact, now=NOW)

    remove_coordinator(role=role, now=NOW)
    remove_coordinator(role=role, now=NOW)
    deliver_due(now=NOW)

    assert post.outbox == []


def test_last_coordinator_stays(desk, term):
    [role] = roles(term)

    with pytest.raises(LastOne):
        remove_coordinator(role=role, now=NOW)
    page = desk.post(reverse("coordinator_remove", args=[term.pk, role.pk]), follow=True).content.decode()

    assert "ほかに事務局の担当がいません" in page
    assert roles(term).count() == 1


def test_who_takes_themselves_off_is_led_home(desk, term, sam, chika):
    make_coordinator(term.programme, sam)
    [own] = roles(term).filter(person=chika)

    answer = desk.post(reverse("coordinator_remove", args=[term.pk, own.pk]))

    assert answer.headers["Location"] == reverse("home")


def test_role_of_another_programme_is_not_found(desk, term, sam):
    other = make_coordinator(make_programme(), sam)

    assert desk.post(reverse("coordinator_remove", args=[term.pk, other.pk])).status_code == 404


def test_only_a_coordinator_is_taken_off_here(term, sam):
    role = StaffRole.objects.create(programme=term.programme, person=sam, role="safety_contact")

    with pytest.raises(ValueError, match="safety_contact"):
        remove_coordinator(role=role, now=NOW)


def test_address_that_is_none_loses_nothing_typed(desk, term):
    page = staff(desk, term, **{**SAID, "email": "nobody"})

    assert 'value="のぞみ"' in page
    assert roles(term).count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_as_much_for_three_as_for_one(desk, term, number, django_assert_num_queries):
    for _ in range(number):
        make_coordinator(term.programme, make_person())
    staff(desk, term)

    with django_assert_num_queries(6):
        staff(desk, term)

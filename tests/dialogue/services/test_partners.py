"""Partners and the people who speak for them."""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from dialogue.message_kinds import kinds
from dialogue.models import JoinLink, Organisation, OutboundMessage, Partner, Person, Programme, StaffRole, Term
from dialogue.services.partners import Contact, ContactRefused, add_contact, add_partner, remove_contact
from tests.factories import NOW, make_term

MIO = Contact(email="mio@example.org", name="みお")


@pytest.fixture
def umibe(term: Term) -> Partner:
    return add_partner(term=term, name="うみべ大学", now=NOW)


def test_partner_comes_with_a_link_and_is_there_once(term, umibe):
    again = add_partner(term=term, name="うみべ大学", now=NOW)

    assert again == umibe
    assert [link.partner for link in JoinLink.objects.all()] == [umibe]


def test_contact_is_told_once_where_their_page_is(term, umibe, chika):
    roles = [add_contact(programme=term.programme, partner=umibe, contact=MIO, now=NOW, actor=chika) for _ in range(2)]

    assert roles[0] == roles[1]
    assert roles[0].person.email == "mio@example.org"
    assert not roles[0].person.has_usable_password()
    message = OutboundMessage.objects.get(kind="partner_invited")
    assert (message.recipient, message.due_at) == (roles[0].person, NOW)


def test_somebody_with_an_account_keeps_their_name_and_language(term, umibe, sam):
    role = add_contact(
        programme=term.programme, partner=umibe, contact=Contact(email=sam.email, name="別の名前"), now=NOW
    )

    sam.refresh_from_db()
    assert (role.person, sam.preferred_name, sam.language) == (sam, "Sam", "en")


def test_contact_speaks_for_one_partner_in_a_programme_and_a_refusal_changes_nothing(term, umibe):
    add_contact(programme=term.programme, partner=umibe, contact=MIO, now=NOW)

    with pytest.raises(ContactRefused):
        add_partner(term=term, name="やまべ株式会社", contact=MIO, now=NOW)

    assert not Partner.objects.filter(name="やまべ株式会社").exists()
    assert StaffRole.objects.filter(role="partner_contact").count() == 1


def test_partner_of_another_host_gets_no_contact(umibe, sam):
    elsewhere = Programme.objects.create(organisation=Organisation.objects.create(name="別の団体"), name="別の対話")

    with pytest.raises(ValueError, match="no partner"):
        add_contact(programme=make_term(programme=elsewhere).programme, partner=umibe, contact=MIO, now=NOW)
    assert not Person.objects.filter(email=MIO.email).exists()


def test_removed_contact_gets_no_invitation_any_more(term, umibe):
    role = add_contact(programme=term.programme, partner=umibe, contact=MIO, now=NOW)

    remove_contact(role=StaffRole.objects.get(pk=role.pk), now=NOW)

    assert not StaffRole.objects.filter(role="partner_contact").exists()
    assert OutboundMessage.objects.get(kind="partner_invited").status == OutboundMessage.Status.VOID


@pytest.mark.parametrize("language", ["ja", "en"])
def test_invitation_says_where_the_page_is_and_how_to_get_in(term, umibe, language):
    contact = Contact(email="mio@example.org", name="みお", language=language)
    add_contact(programme=term.programme, partner=umibe, contact=contact, now=NOW)
    row = OutboundMessage.objects.get(kind="partner_invited")

    with translation.override(language):
        text = kinds()["partner_invited"].render(row, NOW).text

    assert f"{settings.BASE_URL}{reverse('partner')}" in text
    assert "mio@example.org" in text
    assert umibe.name in text
    assert JoinLink.objects.get().code not in text

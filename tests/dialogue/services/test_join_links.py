"""Open, close and renew join links."""

import pytest

from dialogue.models import AuditEntry, JoinLink, Organisation, Partner, Term
from dialogue.services.join_links import close_link, open_link, renew_link
from tests.factories import NOW
from tests.races import all_at_once


@pytest.fixture
def partner(term: Term) -> Partner:
    return Partner.objects.create(organisation=term.programme.organisation, name="うみべ大学")


def test_open_link_gives_one_address_for_the_term_and_one_for_each_partner(term, partner, chika):
    links = [open_link(term=term, partner=whose, now=NOW, actor=chika) for whose in (None, partner, None, partner)]

    assert links[:2] == links[2:]
    assert links[0].code != links[1].code
    assert AuditEntry.objects.filter(action="join_link_opened", subject_key=f"term:{term.pk}").count() == 2


def test_closed_link_opens_again_under_the_same_address(term, partner):
    link = open_link(term=term, partner=partner, now=NOW)
    closed = close_link(link=link, now=NOW)
    close_link(link=link, now=NOW)

    assert closed.closed_at == NOW
    assert list(JoinLink.objects.open_on(NOW.date())) == []
    assert open_link(term=term, partner=partner, now=NOW).code == link.code
    assert list(JoinLink.objects.open_on(NOW.date())) == [link]
    assert AuditEntry.objects.filter(action="join_link_closed").count() == 1


def test_renewed_link_has_another_address_and_the_old_one_stays_closed(term):
    old = open_link(term=term, now=NOW)

    fresh = renew_link(link=old, now=NOW)
    again = renew_link(link=old, now=NOW)

    assert again == fresh
    assert fresh.code != old.code
    assert list(JoinLink.objects.open_on(NOW.date())) == [fresh]
    close_link(link=fresh, now=NOW)
    assert open_link(term=term, now=NOW) == fresh


def test_partner_of_another_host_gets_no_link(term):
    elsewhere = Partner.objects.create(organisation=Organisation.objects.create(name="別の団体"), name="うみべ大学")

    with pytest.raises(ValueError, match="no partner of the host"):
        open_link(term=term, partner=elsewhere, now=NOW)
    assert not JoinLink.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_who_open_at_once_get_the_same_link(term, partner):
    for whose in (None, partner):
        found = all_at_once([lambda whose=whose: open_link(term=term, partner=whose, now=NOW) for _ in range(4)])

        assert len({link.code for link in found}) == 1
    assert JoinLink.objects.count() == 2

"""The ways into a term, as its coordinator sees them."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dialogue.handouts import address_of_link
from dialogue.models import (
    ConsentRecord,
    JoinLink,
    Organisation,
    OutboundMessage,
    Partner,
    Person,
    Programme,
    StaffRole,
    Term,
)
from dialogue.services.join_links import close_link, open_link
from dialogue.services.partners import Contact, add_contact, add_partner
from tests.factories import NOW, make_consent, make_participation, make_term


@pytest.fixture
def page(term: Term, chika: Person, client: Client) -> str:
    client.force_login(chika)
    return reverse("term_join", args=[term.pk])


def test_host_opens_its_link_and_gets_address_qr_and_texts(page, term, client):
    term.introduction = "火を囲むように、語り合います。"
    term.introduction_en = "As round a fire."
    term.sign_up_until = date(2026, 11, 30)
    term.save()

    shown = client.post(page, {"partner": ""}, follow=True).content.decode()

    link = JoinLink.objects.get()
    assert shown.count(address_of_link(link)) >= 5  # the field and four texts
    assert "<svg" in shown
    assert "style=" not in shown
    for words in ("火を囲むように、語り合います。", "As round a fire.", "11月30日(月)", "Mon 30 November"):
        assert words in shown


def test_partner_is_added_with_its_contact_and_a_mail(page, term, client):
    sent = {"partner": "うみべ大学", "name": "みお", "email": "ＭＩＯ@example.org", "language": "ja"}

    shown = client.post(reverse("partner_new", args=[term.pk]), sent, follow=True).content.decode()

    assert all(words in shown for words in ("うみべ大学", "mio@example.org", "みお"))
    assert OutboundMessage.objects.filter(kind="partner_invited", recipient__email="mio@example.org").count() == 1
    assert JoinLink.objects.get().partner.name == "うみべ大学"


@pytest.mark.parametrize(
    ("field", "value"),
    [("partner", ""), ("partner", "\u200b"), ("partner", "長" * 121), ("email", "mio"), ("email", ""), ("name", ""),
     ("name", "さ" * 81), ("language", "fr")],
)  # fmt: skip
def test_mistake_about_a_partner_is_named_and_changes_nothing(page, term, client, field, value):
    sent = {"partner": "うみべ大学", "name": "みお", "email": "mio@example.org", "language": "ja", field: value}

    response = client.post(reverse("partner_new", args=[term.pk]), sent)

    assert list(response.context["form"].errors) == [field]
    assert not Partner.objects.exists()


def test_contact_of_another_partner_is_refused_at_the_form(page, term, client):
    umibe = add_partner(term=term, name="うみべ大学", contact=Contact(email="mio@example.org", name="みお"), now=NOW)
    yamabe = add_partner(term=term, name="やまべ", now=NOW)
    address = reverse("contact_new", args=[term.pk, yamabe.pk])

    response = client.post(address, {"name": "みお", "email": "mio@example.org", "language": "ja"})

    assert list(response.context["form"].errors) == ["email"]
    assert StaffRole.objects.get(role="partner_contact").partner == umibe


def test_name_of_somebody_who_stands_in_another_hosts_rows_is_not_told(page, term, client, sam):
    other_host = Organisation.objects.create(name="別の団体")
    make_participation(make_term(programme=Programme.objects.create(organisation=other_host, name="別")), sam)
    partner = add_partner(term=term, name="うみべ大学", now=NOW)
    add_contact(programme=term.programme, partner=partner, contact=Contact(email=sam.email, name="X"), now=NOW)

    shown = client.get(page).content.decode()

    assert sam.email in shown
    assert "Sam " not in shown


def test_people_are_counted_by_the_partner_they_came_by(page, term, client):
    umibe = add_partner(term=term, name="うみべ大学", now=NOW)
    for partner in (umibe, umibe, None):
        one = make_participation(term, partner=partner, consent=False)
        make_consent(one)
        ConsentRecord.objects.filter(participation=one).update(method="site")
    make_participation(term, partner=umibe)  # came with a file

    ways = client.get(page).context["ways"]

    assert [(way.partner, way.number) for way in ways] == [(None, 1), (umibe, 2)]


@pytest.mark.parametrize("partner", ["x", "-1", "９", "1e3", "9" * 30, "0", "' OR 1=1"])
def test_made_up_partner_is_not_found(page, client, partner):
    assert client.post(page, {"partner": partner}).status_code == 404
    assert not JoinLink.objects.exists()


def test_closing_and_replacing_ask_first(page, term, client):
    link = open_link(term=term, now=NOW)
    for route in ("join_link_close", "join_link_renew"):
        client.get(reverse(route, args=[link.pk]))
    assert JoinLink.objects.get().closed_at is None

    client.post(reverse("join_link_renew", args=[link.pk]))
    fresh = JoinLink.objects.get(closed_at=None)
    assert fresh.code != link.code
    assert link.code not in client.get(reverse("join_link", args=[link.pk])).content.decode()

    client.post(reverse("join_link_close", args=[fresh.pk]))
    assert not JoinLink.objects.open_on(NOW.date()).exists()
    client.post(page, {"partner": ""})
    assert JoinLink.objects.open_on(NOW.date()).get().code == fresh.code


def test_qr_files_are_kept_under_a_name_of_their_own(page, term, client):
    link = open_link(term=term, now=NOW)

    for route, start in (("join_link_svg", b"<?xml"), ("join_link_png", b"\x89PNG")):
        answer = client.get(reverse(route, args=[link.pk]))
        assert answer.content.startswith(start)
        assert link.code in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(("language", "status"), [("ja", 200), ("en", 200), ("fr", 404), ("../ja", 404)])
def test_flyer_comes_in_two_languages(page, term, client, language, status):
    link = open_link(term=term, now=NOW)

    answer = client.get(reverse("join_link_flyer", args=[link.pk]), {"in": language})

    assert answer.status_code == status
    if status == 200:
        assert f'<article class="flyer" lang="{language}">' in answer.content.decode()
        assert term.contact not in answer.content.decode()


def test_number_of_queries_does_not_grow_with_partners(page, term, client):
    counts = []
    for names in (["あ"], ["い", "う"]):
        for name in names:
            contact = Contact(email=f"{name.encode().hex()}@example.org", name=name)
            add_partner(term=term, name=name, contact=contact, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_closed_link_still_shows_its_page(page, term, client):
    link = close_link(link=open_link(term=term, now=NOW), now=NOW)

    shown = client.get(reverse("join_link", args=[link.pk]))

    assert shown.status_code == 200
    assert 'name="partner" value=""' in shown.content.decode()


def test_link_is_not_open_once_the_last_day_has_passed(page, term, client):
    link = open_link(term=term, now=NOW)
    Term.objects.filter(pk=term.pk).update(sign_up_until=date(2026, 11, 23))

    assert [way.is_open for way in client.get(page).context["ways"]] == [False]
    assert client.get(reverse("join_link", args=[link.pk])).context["is_open"] is False

"""What the contact of a partner sees: own people who agreed, and nobody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext, override

from dialogue.models import ConsentRecord, Participation, Partner, Person, Programme, Term
from dialogue.services.cohorts import end_participation
from dialogue.services.join_links import close_link, open_link
from dialogue.services.partners import Contact, add_partner, remove_contact
from sessions.models import Attendance, DialogueSession
from tests.factories import NOW, make_consent, make_participation, make_person, make_session, make_term

SHARE = ConsentRecord.Purpose.SHARE_WITH_PARTNER


@pytest.fixture
def umibe(term: Term) -> Partner:
    return add_partner(term=term, name="うみべ大学", contact=Contact(email="mio@example.org", name="みお"), now=NOW)


@pytest.fixture
def mio(umibe: Partner, client: Client) -> Person:
    mio = Person.objects.get(email="mio@example.org")
    client.force_login(mio)
    return mio


def sent_by(partner: Partner, person: Person, *, agreed: bool = True) -> Participation:
    one = Participation.objects.get(person=person)
    one.partner = partner
    one.save()
    if agreed:
        make_consent(one, SHARE)
    return one


def page(term: Term) -> str:
    return reverse("partner_term", args=[term.pk])


def test_contact_sees_own_people_who_agreed_with_their_attendance(term, umibe, mio, client, cohort, takeshi, aoi):
    sent_by(umibe, takeshi)
    for number, came in enumerate((True, True, False, None)):
        session = make_session(cohort, starts_at=NOW + timedelta(weeks=number))
        Attendance.objects.filter(session=session).update(came=came)
    cancelled = make_session(cohort, starts_at=NOW + timedelta(weeks=9), status=DialogueSession.Status.CANCELLED)
    Attendance.objects.filter(session=cancelled).update(came=False)

    response = client.get(page(term))

    [line] = response.context["lines"]
    assert (line.name, line.came, line.missed) == ("竹田 武", 2, 1)
    assert aoi.family_name not in response.content.decode()


def test_who_did_not_agree_is_only_a_number(term, umibe, mio, client, cohort, takeshi, aoi):
    sent_by(umibe, takeshi)
    sent_by(umibe, aoi, agreed=False)
    for _ in range(2):
        make_participation(term, partner=umibe)

    response = client.get(page(term))

    assert response.context["unseen"] == 3
    assert len(response.context["lines"]) == 1
    assert aoi.family_name not in response.content.decode()


def test_consent_that_is_taken_back_closes_the_line_at_the_next_request(term, umibe, mio, client, cohort, takeshi):
    one = sent_by(umibe, takeshi)
    assert takeshi.family_name in client.get(page(term)).content.decode()

    one.consents.filter(purpose=SHARE).update(withdrawn_at=NOW)

    response = client.get(page(term))
    assert takeshi.family_name not in response.content.decode()
    assert response.context["lines"] == []
    assert response.context["unseen"] == 1


def test_words_tell_no_reason_and_no_cohort(term, umibe, mio, client, cohort, takeshi):
    waits = make_participation(term, make_person("ひろ", family_name="広田", family_kana="ひろた"), partner=umibe)
    held = make_participation(
        term, make_person("さと", family_name="佐野", family_kana="さの"), partner=umibe, status="applied",
        waiting_reason="held",
    )  # fmt: skip
    gone = make_participation(term, make_person("ゆう", family_name="湯川", family_kana="ゆかわ"), partner=umibe)
    placed = sent_by(umibe, takeshi)
    for one in (waits, held, gone):
        make_consent(one, SHARE)
    end_participation(participation_id=gone.pk, now=NOW)

    response = client.get(page(term))

    assert [(line.name.split()[0], str(line.sign_up)) for line in response.context["lines"]] == [
        ("佐野", str(_said("Applied"))),
        ("竹田", str(_said("Accepted"))),
        ("広田", str(_said("Waiting for a place"))),
        ("湯川", str(_said("Ended"))),
    ]
    shown = response.content.decode()
    for reason in Participation.WaitingReason.labels + Participation.EndReason.labels:
        assert str(reason) not in shown
    assert placed.person.email not in shown
    assert "あおい" not in shown


def _said(words: str) -> str:
    with override("ja"):
        return gettext(words)


def test_contact_of_one_partner_finds_nothing_of_another(term, umibe, mio, client, cohort, aoi):
    yamabe = add_partner(term=term, name="やまべ", now=NOW)
    sent_by(yamabe, aoi)
    other = make_term(programme=term.programme)
    link = open_link(term=other, partner=yamabe, now=NOW)
    make_consent(make_participation(other, partner=yamabe), SHARE)

    assert client.get(page(other)).status_code == 404
    for route in ("join_link_flyer", "join_link_svg", "join_link_png", "join_link", "join_link_renew"):
        assert client.get(reverse(route, args=[link.pk])).status_code == 404
    shown = client.get(page(term)).content.decode()
    assert aoi.family_name not in shown
    assert "やまべ" not in shown
    assert client.get(page(term)).context["unseen"] == 0


def test_role_in_one_programme_opens_nothing_of_the_same_partner_in_another(term, umibe, mio, client):
    programme = Programme.objects.create(organisation=term.programme.organisation, name="もうひとつ")
    other = make_term(programme=programme)
    link = open_link(term=other, partner=umibe, now=NOW)
    make_consent(make_participation(other, partner=umibe), SHARE)

    assert client.get(page(other)).status_code == 404
    assert client.get(reverse("join_link_flyer", args=[link.pk])).status_code == 404
    assert [line[0] for line in client.get(reverse("partner")).context["lines"]] == [term]


def test_removed_contact_sees_nothing_from_the_next_request_on(term, umibe, mio, client):
    assert client.get(reverse("partner")).status_code == 200

    remove_contact(role=mio.staff_roles.get(), now=NOW)

    assert client.get(reverse("partner")).status_code == 404
    assert client.get(page(term)).status_code == 404


def test_closed_link_gives_no_handout(term, umibe, mio, client):
    link = open_link(term=term, partner=umibe, now=NOW)
    assert link.code in client.get(page(term)).content.decode()

    close_link(link=link, now=NOW)

    assert link.code not in client.get(page(term)).content.decode()


def test_link_gives_no_handout_once_its_last_day_has_passed(term, umibe, mio, client):
    for until, shown in ((NOW.date(), True), (NOW.date() - timedelta(days=1), False)):
        Term.objects.filter(pk=term.pk).update(sign_up_until=until)

        assert (client.get(page(term)).context["handout"] is not None) is shown
        assert [line[3] for line in client.get(reverse("partner")).context["lines"]] == [shown]


def test_person_of_two_terms_counts_the_sessions_of_each_apart(term, umibe, mio, client, cohort, takeshi):
    sent_by(umibe, takeshi)
    Attendance.objects.filter(session=make_session(cohort)).update(came=True)
    later = make_term(programme=term.programme)
    again = make_participation(later, takeshi, partner=umibe)
    make_consent(again, SHARE)
    open_link(term=later, partner=umibe, now=NOW)

    assert [line.came for line in client.get(page(term)).context["lines"]] == [1]
    assert [line.came for line in client.get(page(later)).context["lines"]] == [0]


@pytest.mark.parametrize("route", ["partner", "partner_term"])
def test_number_of_queries_does_not_grow(term, umibe, mio, client, route):
    counts = []
    for more in (1, 4):
        for _ in range(more):
            make_consent(make_participation(term, partner=umibe), SHARE)
            open_link(term=make_term(programme=term.programme), partner=umibe, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(route, args=[term.pk] if route == "partner_term" else []))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_long_list_comes_in_pages(term, umibe, mio, client):
    for _ in range(51):
        make_consent(make_participation(term, partner=umibe), SHARE)

    assert len(client.get(page(term)).context["lines"]) == 50
    assert len(client.get(page(term), {"page": "2"}).context["lines"]) == 1
    assert len(client.get(page(term), {"page": "' OR 1"}).context["lines"]) == 50

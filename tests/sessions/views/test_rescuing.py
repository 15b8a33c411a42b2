"""Pages of sessions in danger and of other dates: who decides, one click, and that a look decides nothing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from sessions.models import DialogueSession, LoneAsk, QuorumDanger, QuorumSetting, Reschedule, StandInAsk
from sessions.services.link_signing import signed
from sessions.services.quorum import check_quorum
from sessions.services.rescheduling import open_choice
from sessions.services.rescuing import decide
from sessions.services.standing_in import say_away
from tests.factories import NOW, make_cohort, make_facilitation, make_person, make_session
from tests.sessions.views.conftest import ROOM


@pytest.fixture
def danger(session, takeshi, at) -> QuorumDanger:
    """Three of four come; the clock stands 70 hours ahead."""
    session.attendances.update(answer="yes", answered_at=NOW)
    session.attendances.filter(person=takeshi).update(answer="no")
    moment = session.starts_at - timedelta(hours=70)
    at(moment)
    check_quorum(now=moment)
    return QuorumDanger.objects.get()


def rescue(session) -> str:
    return reverse("session_rescue", args=[session.pk])


def click(client, danger, way: str, number=None):
    return client.post(
        rescue(danger.session), {"way": way, "danger": danger.pk if number is None else number}, follow=True
    )


@pytest.mark.parametrize("who", ["fumi", "chika"])
def test_facilitator_and_coordinator_see_what_is_missing_and_every_way(danger, reading, request, who):
    page = reading(request.getfixturevalue(who)).get(rescue(danger.session))

    assert [way.key.partition(":")[0] for way in page.context["ways"]] == ["window", "window", "mini"]
    assert page.context["wrong"]


@pytest.mark.parametrize("who", ["aoi", "takeshi", "sam"])
def test_for_everybody_else_the_page_is_not_there_and_no_click_counts(danger, reading, request, who):
    client = reading(request.getfixturevalue(who))

    assert client.get(rescue(danger.session)).status_code == 404
    assert client.post(rescue(danger.session), {"way": "mini", "danger": danger.pk}).status_code == 404
    danger.refresh_from_db()
    assert danger.status == "open"


def test_a_look_decides_nothing(danger, reading, fumi):
    reading(fumi).get(rescue(danger.session) + "?way=mini")

    danger.refresh_from_db()
    assert danger.status == "open"


def test_one_click_decides(danger, reading, fumi):
    page = click(reading(fumi), danger, "mini")

    danger.refresh_from_db()
    assert (danger.rescue, danger.decided_by) == ("mini", fumi)
    assert page.context["ways"] == []


def test_who_clicks_second_is_told_what_was_decided(danger, reading, fumi, chika):
    decide(session_id=danger.session_id, key="mini", actor=fumi, now=danger.found_at)
    page = click(reading(chika), danger, "window:20261208T1030")

    assert "先に決まっていました" in page.content.decode()
    danger.refresh_from_db()
    assert (danger.rescue, danger.decided_by) == ("mini", fumi)


@pytest.mark.parametrize("way", ["", "window", "joint:1", "<script>", "window:99999999T9999"])
def test_a_way_that_is_none_changes_nothing_and_says_so(danger, reading, fumi, way):
    page = click(reading(fumi), danger, way)

    assert page.status_code == 200
    danger.refresh_from_db()
    assert danger.status == "open"


@pytest.mark.parametrize("number", ["", "x", "0", "99999", "9" * 40])
def test_a_click_about_a_danger_that_is_none_changes_nothing(danger, reading, fumi, number):
    page = click(reading(fumi), danger, "mini", number)

    assert page.status_code == 200
    danger.refresh_from_db()
    assert danger.status == "open"


def test_nobodys_reason_stands_on_the_page(danger, session, takeshi, reading, fumi):
    mine = session.attendances.get(person=takeshi)
    mine.reason, mine.reason_shared = "zq-reason", True
    mine.save()

    assert "zq-reason" not in reading(fumi).get(rescue(session)).content.decode()


def test_the_session_page_leads_those_who_decide_to_it_and_nobody_else(danger, session, reading, fumi, aoi):
    address = reverse("session", args=[session.pk])

    assert rescue(session) in reading(fumi).get(address).content.decode()
    assert rescue(session) not in reading(aoi).get(address).content.decode()


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_of_dangers_takes_the_same_queries_for_one_and_three(
    danger, session, term, reading, chika, item_count, django_assert_max_num_queries
):
    for _ in range(1, item_count):
        other = make_session(make_cohort(term), starts_at=session.starts_at)
        QuorumDanger.objects.create(session=other, starts_at=other.starts_at, found_at=NOW)
    client = reading(chika)

    with django_assert_max_num_queries(9) as queries:
        page = client.get(reverse("term_quorum", args=[term.pk]))
    assert len(page.context["sessions"]) == item_count
    assert len(queries) == 7


def test_a_coordinator_sets_how_many_are_needed_and_who_decides(term, reading, chika):
    reading(chika).post(reverse("term_quorum", args=[term.pk]), {"least": "5", "decides": "24h"})

    setting = QuorumSetting.objects.get(term=term)
    assert (setting.least, setting.decides) == (5, "24h")


def test_a_joint_session_leads_into_the_room_of_its_host(session, cohort, term, reading, aoi, at, during):
    host = make_session(make_cohort(term), starts_at=session.starts_at, room_url="https://rooms.example.com/host")
    session.joint_with = host
    session.save()
    at(during)

    answer = reading(aoi).get(reverse("session_enter", args=[session.pk]))
    assert (answer.headers["Location"], ROOM) == ("https://rooms.example.com/host", session.room_url)


# Links that one person was sent


@pytest.fixture
def lone(session, aoi) -> str:
    ask = LoneAsk.objects.create(session=session, starts_at=session.starts_at, person=aoi, asked_at=NOW)
    return reverse("alone", args=[signed("alone", ask.pk)])


def test_a_look_at_the_private_question_answers_nothing_and_sending_does(lone):
    client = Client()
    client.get(lone + "?choice=rest")
    assert LoneAsk.objects.get().choice == "asked"

    client.post(lone, {"choice": "join"})
    assert LoneAsk.objects.get().choice == "join"


def test_the_private_question_stands_on_the_page_of_who_is_asked_and_of_nobody_else(
    lone, session, reading, aoi, takeshi, fumi, chika
):
    address = reverse("session", args=[session.pk])

    pages = {one.email: reading(one).get(address).content.decode() for one in (aoi, takeshi, fumi, chika)}
    assert [name for name, text in pages.items() if lone in text] == [aoi.email]


def test_a_link_of_one_purpose_opens_no_other(session, aoi, lone):
    token = signed("alone", LoneAsk.objects.get().pk)

    assert Client().get(reverse("stand_in", args=[token])).status_code == 404
    assert Client().get(reverse("dates_link", args=[token])).status_code == 404
    assert Client().get(reverse("answer_link", args=[token])).status_code == 404


@pytest.mark.parametrize("route", ["alone", "stand_in", "dates_link"])
@pytest.mark.parametrize("token", ["1", "1.x", "x", "1:aaaa"])
def test_an_invented_link_opens_nothing(db, route, token):
    assert Client().get(reverse(route, args=[token])).status_code == 404


def test_the_private_question_ends_with_the_start(lone, session, at):
    at(session.starts_at)

    assert Client().post(lone, {"choice": "rest"}).status_code == 410
    assert LoneAsk.objects.get().choice == "asked"


def test_the_question_to_lead_is_answered_by_a_button_only(session, term, fumi):
    make_facilitation(term, make_person(email="akira@example.org"))
    session.attendances.update(answer="yes", answered_at=NOW)
    say_away(session_id=session.pk, person=fumi, away=True, now=NOW)
    decide(session_id=session.pk, key="facilitator", actor=fumi, now=NOW)
    address = reverse("stand_in", args=[signed("stand_in", StandInAsk.objects.get().pk)])
    client = Client()
    client.get(address + "?leads=yes")
    assert StandInAsk.objects.get().status == "asked"

    client.post(address, {"leads": "yes"})
    session.refresh_from_db()
    assert session.facilitator.email == "akira@example.org"


def test_a_facilitator_says_that_they_cannot_come_and_that_they_can(session, reading, fumi):
    client, address = reading(fumi), reverse("session_away", args=[session.pk])
    assert 'name="do" value="away"' in client.get(address).text  # mails lead here
    session.refresh_from_db()
    assert session.facilitator_away_at is None

    client.post(address, {"do": "away"})
    session.refresh_from_db()
    assert session.facilitator_away_at == NOW
    assert 'name="do" value="back"' in client.get(address).text

    client.post(address, {"do": "back"})
    session.refresh_from_db()
    assert session.facilitator_away_at is None


def test_a_session_that_is_over_offers_no_button(session, reading, fumi):
    DialogueSession.objects.update(starts_at=NOW - timedelta(hours=2), ends_at=NOW - timedelta(hours=1))

    page = reading(fumi).get(reverse("session_away", args=[session.pk])).text

    assert 'name="do"' not in page


# Other dates


@pytest.fixture
def choice(session, fumi) -> Reschedule:
    return open_choice(session_id=session.pk, actor=fumi, now=NOW)


def test_a_tapped_date_is_chosen_beforehand_and_kept_only_when_sent(choice, aoi):
    ballot = choice.ballots.get(person=aoi)
    option = choice.options.order_by("starts_at").first()
    address = reverse("dates_link", args=[signed("dates", ballot.pk)])
    page = Client().get(f"{address}?date={option.pk}")
    assert page.context["form"]["dates"].value() == [str(option.pk)]
    ballot.refresh_from_db()
    assert ballot.answered_at is None

    Client().post(address, {"dates": [option.pk]})
    assert list(ballot.options.all()) == [option]


def test_ticking_nothing_is_an_answer(choice, aoi):
    ballot = choice.ballots.get(person=aoi)
    Client().post(reverse("dates_link", args=[signed("dates", ballot.pk)]), {})

    ballot.refresh_from_db()
    assert ballot.answered_at == NOW


def test_a_choice_that_has_closed_takes_no_answer(choice, aoi, at):
    at(choice.closes_at)
    ballot = choice.ballots.get(person=aoi)

    assert Client().post(reverse("dates_link", args=[signed("dates", ballot.pk)]), {}).status_code == 410
    ballot.refresh_from_db()
    assert ballot.answered_at is None


def test_a_wish_is_read_without_a_name(session, reading, aoi, fumi):
    reading(aoi).post(reverse("session_wish", args=[session.pk]))

    text = reading(fumi).get(reverse("session_reschedule", args=[session.pk])).content.decode()
    assert Reschedule.objects.get().status == "wished"
    assert "あおい" not in text


def test_the_facilitator_asks_the_cohort_with_one_click(session, reading, fumi):
    address = reverse("session_reschedule", args=[session.pk])
    reading(fumi).get(address)
    assert not Reschedule.objects.exists()

    reading(fumi).post(address, {"do": "ask"})
    assert Reschedule.objects.get().status == "open"

"""Put off a day from the coordinator's page; choose the new date as coordinator or facilitator."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from sessions.models import DialogueSession, Postponement
from sessions.services.gatherings import GatheringOrder, open_gathering
from tests.factories import NOW, make_cohort, make_session, make_term

TOKYO = ZoneInfo("Asia/Tokyo")
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=TOKYO)
EVENING = datetime(2026, 12, 1, 19, 30, tzinfo=TOKYO)


@pytest.fixture(autouse=True)
def on_the_day(at, client, chika) -> None:
    at(NOON)
    client.force_login(chika)


@pytest.fixture
def sessions(cohort) -> list[DialogueSession]:
    tomorrow = make_session(cohort, starts_at=EVENING + timedelta(days=1))
    begun = make_session(cohort, starts_at=NOON - timedelta(minutes=30))
    return [make_session(cohort, starts_at=EVENING, place="東京・本郷"), tomorrow, begun]


def statuses() -> list[str]:
    return list(DialogueSession.objects.order_by("pk").values_list("status", flat=True))


def test_what_is_still_to_begin_today_is_listed_and_then_put_off_in_one_go(client, sessions, cohort):
    address = reverse("term_postpone", args=[cohort.term_id])

    page = client.get(address)
    assert [one.pk for one in page.context["sessions"]] == [sessions[0].pk]
    assert set(statuses()) == {"confirmed"}
    done = client.post(address, {"seen": page.context["seen"]}, follow=True)

    assert statuses() == ["confirmed", "confirmed", "proposed"]
    assert "12月8日(火) 19:30" in done.content.decode()
    assert (
        "1回が、新しい日を待っています。"
        in client.get(reverse("term_sessions", args=[cohort.term_id])).content.decode()
    )


def test_a_day_a_place_and_the_whole_programme_can_be_chosen(client, sessions, cohort):
    other = make_session(make_cohort(make_term(programme=cohort.term.programme)), starts_at=EVENING)
    elsewhere = make_session(make_cohort(make_term()), starts_at=EVENING)
    address = reverse("term_postpone", args=[cohort.term_id])

    def listed(**asked) -> set[int]:
        return {one.pk for one in client.get(address, asked).context["sessions"]}

    assert listed(whole="1") == {sessions[0].pk, other.pk}
    assert listed(whole="1", place="東京・本郷") == {sessions[0].pk}
    assert listed(whole="1", place="東京") == {sessions[0].pk}  # a region, as far as the names of places tell it
    DialogueSession.objects.filter(pk=sessions[0].pk).update(place="東京都文京区")
    assert listed(whole="1", place="京都") == set()
    assert listed(day="2026-12-02") == {sessions[1].pk}
    assert listed(day="someday") == set()
    assert listed(whole="2") == set()
    assert elsewhere.status == "confirmed"


def test_a_day_without_sessions_leads_to_the_next_that_has_some(client, sessions, cohort, at):
    address = reverse("term_postpone", args=[cohort.term_id])
    assert "次に回のある日を見る" not in client.get(address).content.decode()

    at(EVENING + timedelta(minutes=1))
    assert f'href="{address}?day=2026-12-02"' in client.get(address).content.decode()
    at(EVENING + timedelta(days=1))
    assert "次に回のある日を見る" not in client.get(address).content.decode()


def test_sessions_of_others_cannot_be_slipped_in(client, sessions, cohort):
    elsewhere = make_session(make_cohort(make_term()), starts_at=EVENING)

    client.post(reverse("term_postpone", args=[cohort.term_id]), {"seen": f"{sessions[0].pk}.0-{elsewhere.pk}.0"})

    assert set(statuses()) == {"confirmed"}


def test_what_changed_since_it_was_listed_is_listed_anew(client, sessions, cohort):
    address = reverse("term_postpone", args=[cohort.term_id])
    seen = client.get(address).context["seen"]
    DialogueSession.objects.filter(pk=sessions[0].pk).update(sequence=1)

    page = client.post(address, {"seen": seen})

    assert page.status_code == 200
    assert set(statuses()) == {"confirmed"}


@pytest.mark.parametrize("who", ["chika", "fumi"])
def test_coordinator_and_facilitator_settle_the_date_with_one_press(client, sessions, cohort, who, request):
    address = reverse("term_postpone", args=[cohort.term_id])
    client.post(address, {"seen": client.get(address).context["seen"]})
    client.force_login(request.getfixturevalue(who))
    choosing = reverse("session_new_date", args=[sessions[0].pk])

    [first, *_] = client.get(choosing).context["proposals"]
    page = client.post(choosing, {"starts_at": first[0].isoformat()}, follow=True)

    session = DialogueSession.objects.get(pk=sessions[0].pk)
    assert (session.status, session.starts_at) == ("confirmed", EVENING + timedelta(days=7))
    assert page.status_code == 200
    assert not Postponement.objects.filter(settled_at__isnull=True).exists()


@pytest.mark.parametrize("sent", ["", "soon", "2026-12-08T19:30:00", "2027-12-08T19:30:00+09:00", "9" * 40])
def test_a_date_that_was_not_offered_is_refused_in_words(client, sessions, cohort, sent):
    address = reverse("term_postpone", args=[cohort.term_id])
    client.post(address, {"seen": client.get(address).context["seen"]})

    page = client.post(reverse("session_new_date", args=[sessions[0].pk]), {"starts_at": sent})

    assert page.status_code == 200
    assert [str(message) for message in page.context["messages"]]
    assert "proposed" in statuses()


def test_members_read_that_it_was_put_off_and_cannot_choose(client, sessions, cohort, aoi):
    address = reverse("term_postpone", args=[cohort.term_id])
    client.post(address, {"seen": client.get(address).context["seen"]})
    client.force_login(aoi)

    page = client.get(reverse("session", args=[sessions[0].pk])).content.decode()
    assert "延期" in page
    assert reverse("session_new_date", args=[sessions[0].pk]) not in page
    assert client.get(reverse("session_new_date", args=[sessions[0].pk])).status_code == 404
    assert "延期" in client.get(reverse("home")).content.decode()
    assert "延期" in client.get(reverse("session_enter", args=[sessions[0].pk])).content.decode()


@pytest.mark.parametrize("cohorts", [1, 3])
@pytest.mark.parametrize("route", ["term_postpone", "term_postponed"])
def test_lists_cost_the_same_for_more_cohorts(client, term, route, cohorts, django_assert_max_num_queries):
    for _ in range(cohorts):
        session = make_session(make_cohort(term), starts_at=EVENING)
        if route == "term_postponed":
            DialogueSession.objects.filter(pk=session.pk).update(status="proposed")
            Postponement.objects.create(session=session, proposals=[EVENING.isoformat()], made_at=NOW)

    with django_assert_max_num_queries(10):
        client.get(reverse(route, args=[term.pk]))


def test_a_term_whose_last_session_waits_for_a_date_is_not_over(client, cohort, at):
    session = make_session(cohort, starts_at=EVENING)
    DialogueSession.objects.filter(pk=session.pk).update(status="proposed")
    at(EVENING + timedelta(days=3))

    overview = client.get(reverse("term", args=[cohort.term_id])).context["card"].overview
    assert (overview.state, overview.figures.sessions_ahead) == ("running", 1)


# Afterwards


def put_off(client, cohort) -> None:
    address = reverse("term_postpone", args=[cohort.term_id])
    client.post(address, {"seen": client.get(address).context["seen"]})


@pytest.mark.parametrize("who", ["chika", "fumi"])
def test_a_wrong_press_has_one_press_back(client, sessions, cohort, who, request):
    put_off(client, cohort)
    if who == "chika":
        assert "もとの日時にもどす" in client.get(reverse("term_postponed", args=[cohort.term_id])).content.decode()
    client.force_login(request.getfixturevalue(who))
    choosing = reverse("session_new_date", args=[sessions[0].pk])

    assert "もとの日時にもどす" in client.get(choosing).content.decode()
    client.post(choosing, {"starts_at": EVENING.isoformat()})

    session = DialogueSession.objects.get(pk=sessions[0].pk)
    assert (session.status, session.starts_at) == ("confirmed", EVENING)


def test_the_former_date_is_not_offered_nor_taken_when_it_is_too_near(client, sessions, cohort, at):
    put_off(client, cohort)
    at(EVENING - timedelta(minutes=30))
    choosing = reverse("session_new_date", args=[sessions[0].pk])

    assert "もとの日時にもどす" not in client.get(choosing).content.decode()
    client.post(choosing, {"starts_at": EVENING.isoformat()})

    assert "proposed" in statuses()


@pytest.mark.parametrize("route", ["room", "session_enter", "session_away", "session_reschedule", "session_rescue"])
def test_the_links_of_older_mails_say_that_it_was_put_off_and_not_that_it_is_cancelled_or_held(
    client, sessions, cohort, fumi, route
):
    put_off(client, cohort)
    client.force_login(fumi)

    page = client.get(reverse(route, args=[sessions[0].pk])).content.decode()

    assert "新しい日を調整しています" in page
    assert "取りやめ" not in page
    assert "この対話は開けます" not in page


@pytest.mark.parametrize("days_later", [0, 3])
def test_lists_lead_from_a_session_that_was_put_off_to_its_new_date(client, sessions, cohort, at, days_later):
    put_off(client, cohort)
    at(NOON + timedelta(days=days_later))
    pages = [reverse("cohort", args=[cohort.pk]), reverse("term_sessions", args=[cohort.term_id])]

    for page in pages:
        shown = client.get(page).content.decode()
        assert reverse("session_new_date", args=[sessions[0].pk]) in shown
        assert reverse("session_cancel", args=[sessions[0].pk]) in shown
        assert "から延期" in shown
        assert "日程を調整中" in shown


def test_the_month_shows_no_session_at_the_hour_it_no_longer_has(client, sessions, cohort):
    put_off(client, cohort)

    page = client.get(reverse("term_month", args=[cohort.term_id]), {"month": "2026-12"})

    entries = [one.clock for week in page.context["weeks"] for day in week for one in day.entries]
    assert entries == ["11:30", "19:30"]  # begun today, and tomorrow's
    assert reverse("term_postponed", args=[cohort.term_id]) in page.content.decode()


def test_members_see_one_that_waits_after_its_old_date_has_passed_too(client, sessions, cohort, aoi, at):
    put_off(client, cohort)
    at(EVENING + timedelta(days=3))
    client.force_login(aoi)

    page = client.get(reverse("home")).content.decode()

    assert "から延期" in page
    assert "この期の回は、すべて終わりました" not in page


def test_gatherings_of_the_day_are_listed_with_the_way_to_change_each(client, sessions, cohort):
    order = GatheringOrder(kind="kickoff", audience="everybody", starts=[NOON + timedelta(hours=3)], minutes=60)
    gathering = open_gathering(term=cohort.term, order=order, now=NOW)

    address = reverse("term_postpone", args=[cohort.term_id])
    assert reverse("gathering_change", args=[gathering.pk]) in client.get(address).content.decode()
    assert not client.get(address, {"day": "2026-12-02"}).context["gatherings"]

"""A coordinator moves, cancels and adds to what remains of a series, and sees every date first."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from dialogue.models import Cohort, OutboundMessage
from sessions.models import DialogueSession, SessionSeries
from sessions.services.postponing import postpone_sessions
from tests.factories import NOW, make_cohort, make_participation, make_session, make_term

TOKYO = ZoneInfo("Asia/Tokyo")
FIRST = datetime(2026, 12, 1, 19, 30, tzinfo=TOKYO)


@pytest.fixture(autouse=True)
def signed_in(client, chika) -> None:
    client.force_login(chika)


@pytest.fixture
def sessions(cohort) -> list[DialogueSession]:
    SessionSeries.objects.create(cohort=cohort, status="booked", booked_at=NOW, created_at=NOW)
    return [make_session(cohort, starts_at=FIRST + timedelta(weeks=week)) for week in range(3)]


def days() -> list[str]:
    return [f"{one.starts_at.astimezone(TOKYO):%m-%d %H:%M}" for one in DialogueSession.objects.order_by("number")]


def confirm(client, address, page, **typed):
    return client.post(address, {**typed, "confirm": "1", "seen": page.context["seen"]}, follow=True)


def test_every_new_date_is_shown_before_anything_moves(client, sessions):
    address = reverse("series_move", args=[sessions[1].pk])
    typed = {"day": "2026-12-10", "clock": "20時", "way": "rhythm"}

    page = client.post(address, typed)

    assert days() == ["12-01 19:30", "12-08 19:30", "12-15 19:30"]
    text = page.content.decode()
    assert all(day in text for day in ("12月10日(木) 20:00", "12月17日(木) 20:00"))
    done = confirm(client, address, page, **typed)
    assert days() == ["12-01 19:30", "12-10 20:00", "12-17 20:00"]
    assert "元に戻す" in done.content.decode()


def test_what_the_rhythm_passes_over_is_named_with_its_reason(client, sessions, cohort):
    cohort.term.closed_days.create(date=date(2026, 12, 10), reason="学園祭")

    page = client.post(
        reverse("series_move", args=[sessions[0].pk]), {"day": "2026-12-03", "clock": "19:30", "way": "rhythm"}
    )

    assert page.context["left_out"] == [(date(2026, 12, 10), "学園祭")]
    assert "学園祭" in page.content.decode()


def test_a_clash_is_named_and_the_move_cannot_be_confirmed(client, sessions, cohort, takeshi):
    other = make_session(make_cohort(make_term(programme=cohort.term.programme)), starts_at=FIRST + timedelta(days=9))
    other.busy_times.filter(person=other.facilitator).update(person=takeshi)
    typed = {"day": "2026-12-03", "clock": "19:30", "way": "shift"}
    address = reverse("series_move", args=[sessions[0].pk])

    page = client.post(address, typed)

    text = page.content.decode()
    assert page.context["refused"]
    assert f"たけしさんに予定があります （グループ{other.cohort.number}・第1回）" in text
    assert 'name="confirm"' not in text
    confirm(client, address, page, **typed)
    assert days()[0] == "12-01 19:30"


def test_what_somebody_does_in_another_programme_is_not_told(client, sessions, takeshi):
    other = make_session(make_cohort(make_term()), starts_at=FIRST + timedelta(days=2))
    other.busy_times.filter(person=other.facilitator).update(person=takeshi)

    page = client.post(
        reverse("series_move", args=[sessions[0].pk]), {"day": "2026-12-03", "clock": "19:30", "way": "shift"}
    )

    [clash] = page.context["dates"][0][0].clashes
    assert (clash.name, clash.cohort, clash.number) == ("たけし", None, None)


def test_the_age_rule_and_closed_days_are_said_beside_each_date(client, sessions, cohort):
    cohort.memberships.first().participation.__class__.objects.filter(memberships__cohort=cohort).update(under_18=True)
    cohort.term.closed_days.create(date=date(2026, 12, 9), reason="")

    page = client.post(
        reverse("series_move", args=[sessions[0].pk]), {"day": "2026-12-02", "clock": "20:00", "way": "shift"}
    )

    assert [one.is_late for one, _ in page.context["dates"]] == [True] * 3
    assert [bool(closed) for _, closed in page.context["dates"]] == [False, True, False]
    assert 'name="confirm"' not in page.content.decode()
    done = confirm(
        client, reverse("series_move", args=[sessions[0].pk]), page, day="2026-12-02", clock="20:00", way="shift"
    )
    assert "21時までに終わる決まりです" in done.content.decode()
    assert days()[0] == "12-01 19:30"


def test_a_further_session_that_would_end_too_late_for_somebody_under_18_is_refused(client, sessions, cohort, aoi):
    aoi.participations.update(under_18=True)
    address = reverse("session_add", args=[cohort.pk])
    typed = {"day": "2026-12-23", "clock": "21:00"}

    page = client.post(address, typed)
    done = client.post(address, {**typed, "confirm": "1"})

    assert page.context["refused"]
    assert "21時までに終わる決まりです" in done.content.decode()
    assert len(days()) == 3


def test_what_changed_since_the_preview_is_shown_anew_and_nothing_moves(client, sessions):
    address = reverse("series_move", args=[sessions[0].pk])
    typed = {"day": "2026-12-03", "clock": "19:30", "way": "shift"}
    page = client.post(address, typed)
    DialogueSession.objects.filter(pk=sessions[2].pk).update(sequence=5)

    again = confirm(client, address, page, **typed)

    assert again.status_code == 200
    assert days()[0] == "12-01 19:30"
    assert "もう一度" in again.content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"day": "", "clock": "19:30", "way": "shift"}, "day"),
        ({"day": "2026-12-03", "clock": "7", "way": "shift"}, "clock"),
        ({"day": "2026-12-03", "clock": "19:30", "way": "backwards"}, "way"),
        ({"day": "2029-12-03", "clock": "19:30", "way": "rhythm"}, "day"),
        ({"day": "2026-12-10", "clock": "19:30", "way": "rhythm"}, "day"),
    ],
)
def test_a_move_that_cannot_be_read_is_refused_in_words_and_keeps_what_was_typed(
    client, sessions, cohort, typed, field
):
    cohort.term.closed_days.create(date=date(2026, 12, 10))

    page = client.post(reverse("series_move", args=[sessions[0].pk]), typed)

    assert list(page.context["form"].errors) == [field]
    assert page.context["form"]["clock"].value() == typed["clock"]


def test_the_last_move_is_taken_back_after_it_was_shown(client, sessions, cohort):
    address = reverse("series_move", args=[sessions[0].pk])
    typed = {"day": "2026-12-03", "clock": "19:30", "way": "shift"}
    confirm(client, address, client.post(address, typed), **typed)
    assert days()[0] == "12-03 19:30"
    back = reverse("series_move_back", args=[cohort.pk])

    page = client.get(back)
    done = confirm(client, back, page)

    assert days() == ["12-01 19:30", "12-08 19:30", "12-15 19:30"]
    assert reverse("series_move_back", args=[cohort.pk]) not in done.content.decode()


def test_whoever_leads_one_of_the_sessions_is_counted_among_those_who_are_told(client, sessions):
    stand_in = make_participation(sessions[0].cohort.term).person
    DialogueSession.objects.filter(pk=sessions[2].pk).update(facilitator=stand_in)
    typed = {"day": "2026-12-10", "clock": "20時", "way": "rhythm"}

    moved = client.post(reverse("series_move", args=[sessions[1].pk]), typed)
    cancelled = client.get(reverse("series_cancel", args=[sessions[1].pk]))
    client.post(reverse("series_cancel", args=[sessions[1].pk]))

    told = OutboundMessage.objects.filter(kind="series_cancelled").values("recipient").distinct().count()
    assert moved.context["told"] == cancelled.context["told"] == told == 6


def test_all_from_here_on_are_cancelled_after_they_were_listed(client, sessions):
    address = reverse("series_cancel", args=[sessions[1].pk])

    page = client.get(address)
    assert [one.pk for one in page.context["coming"]] == [sessions[1].pk, sessions[2].pk]
    client.post(address)

    assert list(DialogueSession.objects.order_by("number").values_list("status", flat=True)) == [
        "confirmed", "cancelled", "cancelled",
    ]  # fmt: skip


def test_what_changed_since_it_was_listed_is_not_cancelled_with_the_rest(client, sessions):
    address = reverse("series_cancel", args=[sessions[1].pk])
    seen = client.get(address).context["seen"]
    DialogueSession.objects.filter(pk=sessions[2].pk).update(sequence=1)

    assert client.post(address, {"seen": seen}).url == address

    assert set(DialogueSession.objects.values_list("status", flat=True)) == {"confirmed"}


def test_the_next_turn_is_proposed_for_a_further_session(client, sessions, cohort):
    cohort.term.closed_days.create(date=date(2026, 12, 22), reason="冬休み")
    address = reverse("session_add", args=[cohort.pk])

    form = client.get(address).context["form"]
    assert (form["day"].value(), form["clock"].value()) == (date(2026, 12, 29), "19:30")
    typed = {"day": "2026-12-22", "clock": "19:30"}
    page = client.post(address, typed)

    assert "冬休み" in page.content.decode()
    confirm(client, address, page, **typed)
    assert days()[-1] == "12-22 19:30"


def test_an_addition_onto_a_taken_time_is_refused_in_words(client, sessions, cohort):
    address = reverse("session_add", args=[cohort.pk])
    typed = {"day": "2026-12-08", "clock": "20:00"}

    page = client.post(address, typed)
    assert page.context["refused"]
    again = client.post(address, {**typed, "confirm": "1"})

    assert again.context["form"].non_field_errors()
    assert len(days()) == 3


def test_a_cohort_that_has_ended_takes_no_further_session(client, sessions, cohort):
    Cohort.objects.filter(pk=cohort.pk).update(status="ended")

    page = client.get(reverse("session_add", args=[cohort.pk]))

    assert page.status_code == 302


@pytest.mark.parametrize("route", ["series_move", "series_cancel"])
def test_what_is_over_cannot_be_changed(client, cohort, route):
    past = make_session(cohort, starts_at=NOW - timedelta(days=2))

    page = client.get(reverse(route, args=[past.pk]))

    assert "sessions/coordinator/session_fixed.html" in {template.name for template in page.templates}


@pytest.mark.parametrize("weeks", [1, 3])
def test_looking_at_new_dates_costs_the_same_for_more_sessions(client, cohort, weeks, django_assert_max_num_queries):
    made = [make_session(cohort, starts_at=FIRST + timedelta(weeks=week)) for week in range(weeks)]

    with django_assert_max_num_queries(16):
        client.post(reverse("series_move", args=[made[0].pk]), {"day": "2026-12-03", "clock": "19:30", "way": "rhythm"})


# The order of the numbers


def words(page) -> str:
    return strip_tags(page.content.decode())


def test_a_move_that_turns_the_order_of_the_numbers_is_pointed_out_and_not_refused(client, sessions):
    address = reverse("session_move", args=[sessions[2].pk])

    kept = client.post(address, {"day": "2026-12-09", "clock": "19:30"})
    turned = client.post(address, {"day": "2026-11-30", "clock": "19:30"})
    later = client.post(reverse("session_move", args=[sessions[0].pk]), {"day": "2026-12-09", "clock": "19:30"})

    assert "回の番号" not in words(kept)
    assert "第3回が、第1回、第2回より前の日になります。 回の番号は変わりません。" in words(turned)
    assert "第1回が、第2回よりあとの日になります。" in words(later)
    client.post(address, {"day": "2026-11-30", "clock": "19:30", "confirm": "1"})
    assert days() == ["12-01 19:30", "12-08 19:30", "11-30 19:30"]


def test_all_from_here_on_added_and_put_off_sessions_say_so_too(client, sessions, cohort):
    typed = {"day": "2026-11-30", "clock": "19:30"}
    whole = client.post(reverse("series_move", args=[sessions[1].pk]), {**typed, "way": "rhythm"})
    added = client.post(reverse("session_add", args=[cohort.pk]), typed)
    postpone_sessions(seen={sessions[0].pk: 0}, now=NOW)
    page = client.get(reverse("session_new_date", args=[sessions[0].pk]))

    assert "第2回が、第1回より前の日になります。" in words(whole)
    assert "第3回が、" not in words(whole)
    assert "第4回が、第1回、第2回、第3回より前の日になります。" in words(added)
    said = [order for start, _end, order in page.context["proposals"] if start > sessions[1].starts_at]
    assert said
    assert all("第1回が、第2回" in order for order in said)

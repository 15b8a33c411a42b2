"""Publish a run: what is said beforehand is what happens."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.core.recurrence import MINIMUM_NOTICE
from dialogue.models import AvailabilityException, Cohort, OutboundMessage, Participation, Person, Term
from dialogue.services.cohorts import end_participation
from matching.models import MatchRun
from matching.services.runs import run_queued, start_run
from sessions.models import DialogueSession
from sessions.services.booking import book_queued_series
from tests import stopped_clock
from tests.factories import NOW, make_facilitation, make_participation


@pytest.fixture
def ready(term: Term, client: Client, chika: Person, aoi: Person, takeshi: Person, fumi: Person) -> MatchRun:
    """A run that forms one cohort of four and leaves one person waiting."""
    client.force_login(chika)
    make_participation(term, aoi)
    make_participation(term, takeshi, "alumni")
    make_participation(term)
    make_participation(term, generation="alumni")
    make_participation(term, generation="alumni").windows.all().delete()
    make_facilitation(term, fumi)
    run = start_run(term=term, seed=7, now=NOW)
    run_queued(now=NOW)
    run.refresh_from_db()
    return run


def test_page_says_what_publishing_then_makes_and_sends(client: Client, ready: MatchRun) -> None:
    address = reverse("run_publish", args=[ready.pk])
    preview = client.get(address).context["preview"]
    assert not Cohort.objects.exists()

    response = client.post(address)
    book_queued_series(now=NOW)

    assert response.headers["Location"] == reverse("term_cohorts", args=[ready.term_id])
    assert (preview.cohorts, preview.members, preview.facilitators, preview.waiting) == (1, 4, 1, 1)
    sessions = DialogueSession.objects.order_by("starts_at")
    assert preview.sessions == sessions.count()
    assert preview.first_on == sessions.first().starts_at.date()
    assert not OutboundMessage.objects.filter(due_at__lte=NOW).exists()
    assert preview.mails == OutboundMessage.objects.filter(due_at__lte=NOW + timedelta(minutes=5)).count()


def test_page_shows_the_dates_of_each_cohort_and_what_is_passed_over_and_why(client: Client, ready: MatchRun) -> None:
    ready.term.closed_days.create(date=date(2026, 12, 8), reason="試験期間")

    page = client.get(reverse("run_publish", args=[ready.pk]))

    [(plan, passed_over)] = page.context["plans"]
    assert [start.date().isoformat() for start, _ in plan.sessions] == [
        "2026-12-01", "2026-12-15", "2026-12-22", "2026-12-29",
    ]  # fmt: skip
    assert passed_over == [(date(2026, 12, 8), "試験期間")]
    assert "12月15日(火)" in page.content.decode()
    client.post(reverse("run_publish", args=[ready.pk]))
    book_queued_series(now=NOW)
    booked = DialogueSession.objects.order_by("starts_at").values_list("starts_at", "ends_at")
    assert list(booked) == list(plan.sessions)


def test_late_publishing_passes_over_the_first_turns_says_so_and_books_what_it_showed(
    client: Client, ready: MatchRun
) -> None:
    stopped_clock.stop_at(now := datetime(2026, 12, 8, 9, 45, tzinfo=UTC))  # 45 minutes before the second turn

    page = client.get(reverse("run_publish", args=[ready.pk]))

    [plan] = page.context["preview"].plans
    assert plan.too_soon == [date(2026, 12, 1), date(2026, 12, 8)]
    assert len(plan.sessions) == 4
    assert min(plan.sessions)[0] > now + MINIMUM_NOTICE
    assert "はじめのほうの日は飛ばします" in page.content.decode()
    _before, _heading, days = page.content.decode().partition("過ぎたか、近すぎて飛ばす日")
    assert "12月1日(火)" in days
    assert "12月8日(火)" in days
    client.post(reverse("run_publish", args=[ready.pk]))
    book_queued_series(now=now)
    booked = DialogueSession.objects.order_by("starts_at").values_list("starts_at", "ends_at")
    assert list(booked) == list(plan.sessions)


def test_publishing_in_time_says_nothing_of_turns_passed_over(client: Client, ready: MatchRun) -> None:
    page = client.get(reverse("run_publish", args=[ready.pk]))

    assert not page.context["preview"].begins_later
    assert "はじめのほうの日は飛ばします" not in page.content.decode()


def test_run_is_refused_when_somebody_is_away_on_the_dates_that_came_in_place_of_those_passed(
    client: Client, ready: MatchRun, aoi: Person
) -> None:
    one = Participation.objects.get(person=aoi)
    AvailabilityException.objects.create(participation=one, date=date(2026, 12, 29), starts=0, ends=1440)
    stopped_clock.stop_at(datetime(2026, 12, 2, tzinfo=UTC))

    response = client.post(reverse("run_publish", args=[ready.pk]))

    assert response.status_code == 409
    assert "組み合わせのあとに過ぎた日があり" in response.content.decode()
    assert not Cohort.objects.exists()


def test_page_warns_of_late_ends_for_the_young_and_of_links_that_end_too_soon(client: Client, ready: MatchRun) -> None:
    Participation.objects.filter(term=ready.term).update(under_18=True)
    Term.objects.filter(pk=ready.term_id).update(
        room_urls=["https://meet.example.org/1"], room_notes={"https://meet.example.org/1": {"minutes": 40}}
    )
    ready.proposals.update(starts=20 * 60)

    page = client.get(reverse("run_publish", args=[ready.pk]))

    assert [plan.ends_late for plan in page.context["preview"].plans] == [True]
    assert "40分まで" in page.content.decode()


def test_publishing_twice_makes_cohorts_once(client: Client, ready: MatchRun) -> None:
    address = reverse("run_publish", args=[ready.pk])
    client.post(address)

    again = client.post(address)

    assert again.headers["Location"] == reverse("run", args=[ready.pk])
    assert Cohort.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_run_without_a_cohort_has_nothing_to_publish(method: str, client: Client, ready: MatchRun) -> None:
    ready.proposals.all().delete()

    response = getattr(client, method)(reverse("run_publish", args=[ready.pk]))

    assert response.headers["Location"] == reverse("run", args=[ready.pk])
    assert MatchRun.objects.get().status == MatchRun.Status.READY


def test_run_that_no_longer_holds_is_refused_with_the_rule_and_a_new_run(
    client: Client, ready: MatchRun, aoi: Person
) -> None:
    end_participation(participation_id=Participation.objects.get(person=aoi).pk, now=NOW)

    response = client.post(reverse("run_publish", args=[ready.pk]))

    assert response.status_code == 409
    assert response.context["rules"]
    assert f'action="{reverse("term_runs", args=[ready.term_id])}"' in response.content.decode()
    assert not Cohort.objects.exists()


# The holding time


def test_page_says_who_is_told_and_for_how_long_it_can_be_taken_back(
    client: Client, ready: MatchRun, aoi: Person
) -> None:
    page = client.get(reverse("run_publish", args=[ready.pk])).content.decode()

    assert aoi.full_name in page
    assert "公開してから5分のあいだは、何も送りません" in page


@pytest.mark.parametrize("route", ["run", "term_cohorts", "term"])
def test_pages_show_how_long_is_left_and_the_press_that_takes_it_back(client: Client, ready: MatchRun, route) -> None:
    client.post(reverse("run_publish", args=[ready.pk]))
    address = reverse(route, args=[ready.pk if route == "run" else ready.term_id])
    stopped_clock.stop_at(NOW + timedelta(seconds=70))

    page = client.get(address).content.decode()

    assert 'data-held="230"' in page
    assert "あと<span data-left>4分</span>" in page
    client.post(reverse("run_unpublish", args=[ready.pk]))
    ready.refresh_from_db()
    assert ready.status == "ready"
    assert not Cohort.objects.exists()


def test_until_the_publication_leaves_people_read_on_their_own_page_what_they_read_before(
    client: Client, ready: MatchRun, aoi: Person
) -> None:
    reader = Client()
    reader.force_login(aoi)
    before = reader.get(reverse("home")).content.decode()
    assert "いま、グループの組み合わせをしています" in before
    client.post(reverse("run_publish", args=[ready.pk]))

    assert "いま、グループの組み合わせをしています" in reader.get(reverse("home")).content.decode()
    stopped_clock.stop_at(NOW + timedelta(minutes=6))
    assert "グループが決まりました" in reader.get(reverse("home")).content.decode()


def test_once_a_mail_has_left_the_pages_offer_a_new_change_instead(client: Client, ready: MatchRun) -> None:
    client.post(reverse("run_publish", args=[ready.pk]))
    book_queued_series(now=NOW)
    address = reverse("run", args=[ready.pk])
    stopped_clock.stop_at(NOW + timedelta(minutes=6))
    assert "まもなく出ます" in client.get(address).content.decode()
    OutboundMessage.objects.filter(kind="cohort_formed").update(attempts=1)

    refused = client.post(reverse("run_unpublish", args=[ready.pk]), follow=True)

    assert "取り消せませんでした" in refused.content.decode()
    assert "data-held" not in client.get(address).content.decode()
    assert Cohort.objects.count() == 1


def test_without_a_holding_time_mails_leave_at_once(client: Client, ready: MatchRun, settings) -> None:
    settings.PUBLISH_HOLD_SECONDS = 0

    client.post(reverse("run_publish", args=[ready.pk]))
    book_queued_series(now=NOW)

    assert OutboundMessage.objects.filter(due_at__lte=NOW).exists()
    assert "data-held" not in client.get(reverse("term_cohorts", args=[ready.term_id])).content.decode()

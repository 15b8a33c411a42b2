"""Run a term: where it stands, its cohorts and sessions, and changing them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.models import Cohort, OutboundMessage, Person, Term
from dialogue.outbox import Draft, queue_messages
from dialogue.services.cohorts import end_participation
from sessions.models import Attendance, DialogueSession, SessionSeries
from sessions.services.changing import move_session
from tests.factories import NOW, make_cohort, make_participation, make_session, make_term

Status = DialogueSession.Status


@pytest.fixture(autouse=True)
def signed_in(client: Client, chika: Person) -> None:
    client.force_login(chika)


# Terms


def test_terms_page_says_state_and_next_step_of_each(client: Client, term: Term) -> None:
    make_participation(make_term(programme=term.programme))

    [(programme, cards)] = client.get(reverse("terms")).context["programmes"]

    assert programme == term.programme
    assert {card.overview.next_step for card in cards} == {"bring_people", "bring_facilitators"}


def test_coordinator_without_a_term_is_shown_the_first_step(client: Client, term: Term) -> None:
    Term.objects.all().delete()

    assert reverse("term_new") in client.get(reverse("terms")).content.decode()


@pytest.mark.parametrize("terms", [1, 3])
def test_terms_page_costs_the_same_for_more_terms(
    terms: int, client: Client, chika: Person, django_assert_max_num_queries: Callable
) -> None:
    for _ in range(terms):
        make_session(make_cohort(make_term(coordinator=chika)))

    with django_assert_max_num_queries(12):
        client.get(reverse("terms"))


def test_overview_counts_what_there_is(client: Client, cohort: Cohort) -> None:
    make_session(cohort, starts_at=NOW + timedelta(days=6))
    make_session(cohort, starts_at=NOW + timedelta(days=8))
    make_participation(cohort.term, consent=False, waiting_reason="consent")

    context = client.get(reverse("term", args=[cohort.term_id])).context

    assert [number for _value, _label, number in context["generations"]] == [3, 2]
    assert [(reason, number) for reason, _label, number in context["waiting"]] == [("consent", 1)]
    overview = context["card"].overview
    assert (overview.figures.cohorts_running, overview.sessions_soon, overview.figures.sessions_ahead) == (1, 1, 2)


def test_overview_shows_each_closed_day_with_its_reason(client: Client, chika: Person) -> None:
    term = make_term(coordinator=chika, closed_sets=["year_end"], session_count=8)
    term.closed_days.create(date="2026-12-15", reason="学園祭")

    turns = client.get(reverse("term", args=[term.pk])).context["turns"]

    tuesdays, passed_over = turns[1]
    festival, year_end = ((day.isoformat(), str(reason)) for day, reason in passed_over)
    assert festival == ("2026-12-15", "学園祭")
    assert year_end[0] == "2026-12-29"
    assert len(tuesdays.dates) == 8


# Cohorts


@pytest.mark.parametrize("cohorts", [1, 3])
@pytest.mark.parametrize("route", ["term_cohorts", "term_sessions", "term_messages", "term"])
def test_list_costs_the_same_for_more_rows(
    route: str, cohorts: int, client: Client, term: Term, django_assert_max_num_queries: Callable
) -> None:
    for number in range(cohorts):
        session = make_session(make_cohort(term))
        queue_messages([_draft(session, "reminder_24h", str(number))], now=NOW)

    with django_assert_max_num_queries(15 if route == "term" else 10):
        client.get(reverse(route, args=[term.pk]))


def _draft(session: DialogueSession, kind: str, key: str, due_at: datetime = NOW) -> Draft:
    return Draft(
        kind=kind,
        recipient_id=session.facilitator_id,
        subject_key=f"session:{session.pk}",
        dedupe_key=key,
        due_at=due_at,
    )


def test_cohort_that_fell_below_its_rules_says_which(client: Client, cohort: Cohort, aoi: Person) -> None:
    end_participation(participation_id=cohort.memberships.get(participation__person=aoi).participation_id, now=NOW)

    page = client.get(reverse("cohort", args=[cohort.pk]))

    assert page.context["broken"]
    assert "あおいさん" not in page.content.decode()


def test_refused_booking_is_queued_again_on_request(client: Client, cohort: Cohort) -> None:
    series = SessionSeries.objects.create(cohort=cohort, status="refused", trouble="time_taken", created_at=NOW)
    address = reverse("cohort", args=[cohort.pk])
    assert client.get(address).context["is_refused"]

    client.post(address)
    client.post(address)

    series.refresh_from_db()
    assert (series.status, series.trouble) == ("queued", "")


def test_booked_series_is_not_queued_again(client: Client, cohort: Cohort) -> None:
    SessionSeries.objects.create(cohort=cohort, status="booked", booked_at=NOW, created_at=NOW)

    client.post(reverse("cohort", args=[cohort.pk]))

    assert SessionSeries.objects.get().status == "booked"


# Sessions


def test_sessions_are_listed_by_date_with_their_answers(
    client: Client, cohort: Cohort, aoi: Person, takeshi: Person
) -> None:
    later = make_session(cohort, starts_at=NOW + timedelta(days=14))
    sooner = make_session(cohort, starts_at=NOW + timedelta(days=7))
    make_session(cohort, starts_at=NOW - timedelta(days=7))
    Attendance.objects.filter(session=sooner, person=aoi).update(answer="yes", answered_at=NOW)
    Attendance.objects.filter(session=sooner, person=takeshi).update(answer="no", answered_at=NOW)
    address = reverse("term_sessions", args=[cohort.term_id])

    lines = client.get(address).context["lines"]

    assert [one.pk for one in lines] == [sooner.pk, later.pk]
    assert (lines[0].answers, lines[0].unanswered) == ("参加1、遅れる0、欠席1", "未回答2")
    assert len(client.get(address, {"show": "all"}).context["lines"]) == 3


@pytest.mark.parametrize(
    ("start", "status", "word"),
    [
        (timedelta(days=-1), "confirmed", "終了"),
        (timedelta(days=1), "confirmed", "活動中"),
        (timedelta(days=-1), "proposed", "活動中"),
    ],
)
def test_a_cohort_is_over_with_its_last_session_unless_one_waits_for_its_date(
    start: timedelta, status: str, word: str, client: Client, cohort: Cohort
) -> None:
    SessionSeries.objects.create(cohort=cohort, status="booked", booked_at=NOW, created_at=NOW)
    make_session(cohort, starts_at=NOW + start, status=status)

    for address in (reverse("term_cohorts", args=[cohort.term_id]), reverse("cohort", args=[cohort.pk])):
        page = client.get(address).content.decode()
        assert [one for one in ("終了", "活動中") if f"{one}</" in page] == [word]


def test_a_term_whose_sessions_are_over_leads_to_them_and_not_back_to_forming(client: Client, cohort: Cohort) -> None:
    address = reverse("term_sessions", args=[cohort.term_id])
    before = client.get(address).content.decode()
    make_session(cohort, starts_at=NOW - timedelta(days=1))

    after = client.get(address).content.decode()

    assert "グループを公開すると、日程が決まります。" in before
    assert "グループを公開すると、日程が決まります。" not in after
    assert "すべての対話を見る" in after


def test_a_session_that_is_over_offers_no_change_and_says_when_its_record_is_missing(
    client: Client, cohort: Cohort
) -> None:
    over, coming = make_session(cohort, starts_at=NOW - timedelta(days=1)), make_session(cohort)

    page = client.get(reverse("term_sessions", args=[cohort.term_id]), {"show": "all"}).content.decode()

    assert reverse("session_cancel", args=[coming.pk]) in page
    assert not any(reverse(f"session_{what}", args=[over.pk]) in page for what in ("move", "place", "cancel"))
    assert "記録はまだ" in page


@pytest.mark.parametrize(
    ("day", "clock"), [("2026-12-03", "20:00"), ("2026/12/3", "２０：００"), ("12月3日", "午後8時")]
)
def test_session_moves_after_before_and_after_were_shown(day: str, clock: str, client: Client, cohort: Cohort) -> None:
    session = make_session(cohort)
    address = reverse("session_move", args=[session.pk])

    shown = client.post(address, {"day": day, "clock": clock})
    session.refresh_from_db()
    assert session.sequence == 0
    assert all(text in shown.content.decode() for text in ("12月1日(火) 19:30", "12月3日(木) 20:00"))

    client.post(address, {"day": "2026-12-03", "clock": clock, "confirm": "1"})
    session.refresh_from_db()
    assert session.starts_at == datetime(2026, 12, 3, 11, 0, tzinfo=UTC)
    assert session.ends_at - session.starts_at == timedelta(minutes=90)


def test_choosing_another_time_keeps_what_was_typed(client: Client, cohort: Cohort) -> None:
    session = make_session(cohort)

    page = client.post(reverse("session_move", args=[session.pk]), {"day": "2026-12-03", "clock": "8pm", "change": "1"})

    assert page.context["form"]["clock"].value() == "8pm"
    session.refresh_from_db()
    assert session.sequence == 0


@pytest.mark.parametrize(
    ("day", "clock", "field"),
    [
        ("", "20:00", "day"),
        ("someday", "20:00", "day"),
        ("2026-12-03", "8", "clock"),
        ("2026-12-03", "25:00", "clock"),
        ("9999-12-31", "23:59", "day"),
        ("2028-12-03", "20:00", "day"),
        ("2026-11-24", "12:30", "__all__"),
        ("2020-01-01", "12:30", "__all__"),
    ],
)
def test_move_that_cannot_be_is_refused_in_words(
    day: str, clock: str, field: str, client: Client, cohort: Cohort
) -> None:
    session = make_session(cohort)

    page = client.post(reverse("session_move", args=[session.pk]), {"day": day, "clock": clock, "confirm": "1"})

    assert list(page.context["form"].errors) == [field]
    session.refresh_from_db()
    assert session.sequence == 0


def test_move_onto_a_taken_time_is_refused_in_words(client: Client, cohort: Cohort) -> None:
    session = make_session(cohort)
    make_session(cohort, starts_at=session.starts_at + timedelta(days=7))

    page = client.post(
        reverse("session_move", args=[session.pk]), {"day": "2026-12-08", "clock": "20:00", "confirm": "1"}
    )

    assert page.context["form"].non_field_errors()
    session.refresh_from_db()
    assert session.sequence == 0


@pytest.mark.parametrize(("clock", "warned"), [("19:30", False), ("19:31", True), ("23:00", True)])
def test_end_after_nine_is_pointed_out_for_the_young(
    clock: str, warned: bool, client: Client, cohort: Cohort, aoi: Person
) -> None:
    aoi.participations.update(under_18=True)
    session = make_session(cohort)

    typed = {"day": "2026-12-03", "clock": clock}
    page = client.post(reverse("session_move", args=[session.pk]), typed)

    assert page.context["too_late_for_the_young"] is warned
    assert ('name="confirm"' in page.content.decode()) is not warned
    done = client.post(reverse("session_move", args=[session.pk]), {**typed, "confirm": "1"})
    assert ("21時までに終わる決まりです" in done.content.decode()) is warned
    session.refresh_from_db()
    assert session.sequence == (0 if warned else 1)


def test_closed_day_is_pointed_out_before_a_session_moves_to_it(client: Client, cohort: Cohort) -> None:
    cohort.term.closed_days.create(date=date(2026, 12, 3), reason="学園祭")
    session = make_session(cohort)

    page = client.post(reverse("session_move", args=[session.pk]), {"day": "2026-12-03", "clock": "19:30"})
    other = client.post(reverse("session_move", args=[session.pk]), {"day": "2026-12-04", "clock": "19:30"})

    assert "休みの日：学園祭" in page.content.decode()
    assert 'name="confirm"' in page.content.decode()
    assert "休みの日" not in other.content.decode()


def test_session_is_cancelled_after_it_was_confirmed(client: Client, cohort: Cohort) -> None:
    session = make_session(cohort)
    address = reverse("session_cancel", args=[session.pk])
    client.get(address)
    session.refresh_from_db()
    assert session.status == Status.CONFIRMED

    client.post(address)
    client.post(address)

    session.refresh_from_db()
    assert (session.status, session.sequence) == (Status.CANCELLED, 1)
    assert OutboundMessage.objects.filter(kind="session_cancelled").count() == 5


def test_a_session_that_somebody_moved_meanwhile_is_not_cancelled_by_who_saw_its_former_time(client, cohort) -> None:
    session = make_session(cohort)
    address = reverse("session_cancel", args=[session.pk])
    seen = client.get(address).context["seen"]
    move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=1), now=NOW)

    answer = client.post(address, {"seen": seen})

    assert answer.url == address
    session.refresh_from_db()
    assert session.status == Status.CONFIRMED
    client.post(address, {"seen": client.get(address).context["seen"]})
    session.refresh_from_db()
    assert session.status == Status.CANCELLED


@pytest.mark.parametrize("route", ["session_move", "session_cancel"])
@pytest.mark.parametrize("status", ["held", "missed", "cancelled"])
def test_session_that_is_over_cannot_be_changed(route: str, status: str, client: Client, cohort: Cohort) -> None:
    session = make_session(cohort, status=status)

    response = client.post(reverse(route, args=[session.pk]), {"day": "2026-12-03", "clock": "20:00", "confirm": "1"})

    assert response.status_code == 200
    session.refresh_from_db()
    assert (session.status, session.sequence) == (status, 0)


# Messages


def test_messages_of_the_term_are_listed_without_their_content(client: Client, cohort: Cohort, chika: Person) -> None:
    session = make_session(cohort)
    elsewhere = make_session(make_cohort(make_term(coordinator=chika)))
    queue_messages(
        [
            _draft(session, "session_moved", "a", NOW - timedelta(hours=1)),
            _draft(session, "reminder_24h", "b", NOW + timedelta(days=2)),
            _draft(elsewhere, "invitation", "c"),
        ],
        now=NOW,
    )
    OutboundMessage.objects.filter(dedupe_key="a").update(context={"previous_start": "kept to itself"})
    address = reverse("term_messages", args=[cohort.term_id])

    page = client.get(address)

    assert [line.one.dedupe_key for line in page.context["lines"]] == ["a"]
    assert page.context["lines"][0].subject == (cohort.number, session.number)
    assert "kept to itself" not in page.content.decode()
    assert session.facilitator.email not in page.content.decode()
    assert [line.one.dedupe_key for line in client.get(address, {"show": "coming"}).context["lines"]] == ["b"]


def test_message_that_may_not_have_arrived_is_pointed_out(client: Client, cohort: Cohort) -> None:
    queue_messages([_draft(make_session(cohort), "reminder_24h", "a")], now=NOW)
    OutboundMessage.objects.update(status="uncertain")
    address = reverse("term_messages", args=[cohort.term_id])

    assert client.get(address).context["trouble"] == 1
    assert len(client.get(address, {"show": "trouble"}).context["lines"]) == 1


def test_second_coordinator_is_told_that_the_session_has_changed(client: Client, cohort: Cohort) -> None:
    session = make_session(cohort)
    address = reverse("session_move", args=[session.pk])
    typed = {"day": "2026-12-08", "clock": "19:30"}
    seen = client.post(address, typed).context["session"].sequence
    between = session.starts_at + timedelta(days=1)
    move_session(session_id=session.pk, starts_at=between, now=NOW)

    page = client.post(address, {**typed, "confirm": "1", "seen": seen})

    session.refresh_from_db()
    assert page.status_code == 200
    assert "ほかの人がこの対話を変えました" in page.content.decode()
    assert session.starts_at == between

"""A publication that nobody heard of can be taken back, and afterwards it is as though it had never been."""

from datetime import timedelta
from random import Random

import pytest
from django.apps import apps
from django.urls import reverse

from dialogue import holding
from dialogue.models import Cohort, Membership, OutboundMessage, Participation, Term
from dialogue.services.cohorts import end_participation
from matching.engine.board import Stale
from matching.models import MatchRun
from matching.services.arranging import StepRefused, Wanted, arrange, redo, undo
from matching.services.publish import publish_run
from sessions.models import Attendance, CohortNote, DialogueSession, SessionSeries
from sessions.services.answering import answer
from sessions.services.booking import book_queued_series
from sessions.services.changing import move_session
from sessions.services.feeds import feed_body, feed_of
from sessions.services.quorum import check_quorum
from sessions.services.unpublishing import NotTakenBack, TooLate, take_back
from tests import stopped_clock
from tests.factories import NOW
from tests.matching.boards import ready_board
from tests.races import all_at_once
from tests.thoroughness import EVERYTHING

pytestmark = pytest.mark.django_db

HOLD = timedelta(minutes=5)
LEFT_OUT = {"AuditEntry", "CalendarFeed"}
"""What tells of what was done stays told; a feed is made anew when it is next asked for."""
AGAIN = [0, *(pytest.param(number, marks=pytest.mark.slow) for number in (1, 2))]
MANY = range(40 if EVERYTHING else 2)


@pytest.fixture
def run(term: Term, settings) -> MatchRun:
    settings.CLOCK = "tests.stopped_clock.now"
    stopped_clock.stop_at(NOW)
    return ready_board(term)


def everything() -> dict[str, list[tuple]]:
    """Every row of ours."""
    ours = [
        model
        for name in ("dialogue", "matching", "dialogue_sessions")
        for model in apps.get_app_config(name).get_models()
    ]
    listed = [model for model in ours if model.__name__ not in LEFT_OUT]
    return {model.__name__: sorted(model.objects.values_list(), key=repr) for model in listed}


def publish(run: MatchRun, *, books: bool = True) -> None:
    publish_run(run_id=run.pk, now=NOW, hold=HOLD)
    if books:
        book_queued_series(now=NOW)


def some_steps(run: MatchRun, random: Random, how_many: int) -> None:
    """Move people about, take it back, do it again: whatever comes, refused or not."""
    people = sorted(str(pk) for pk in run.term.participations.values_list("pk", flat=True))
    for _ in range(how_many):
        version = run.board_steps.count()
        kind = random.choice(("move", "wait", "swap", "undo", "redo"))
        person, other = random.sample(people, 2)
        wanted = {
            "move": Wanted(person=person, to=random.choice((1, 2))),
            "wait": Wanted(person=person),
            "swap": Wanted(person=person, other=other),
        }
        try:
            if kind in wanted:
                arrange(run_id=run.pk, wanted=wanted[kind], version=version, now=NOW)
            else:
                (undo if kind == "undo" else redo)(run_id=run.pk, version=version, now=NOW)
        except (Stale, StepRefused):
            pass


@pytest.mark.parametrize("books", [True, False], ids=["booked", "not booked yet"])
@pytest.mark.parametrize("seed", MANY)
def test_whatever_was_done_before_taking_back_returns_the_exact_state(run, seed, books):
    random = Random(seed)
    Participation.objects.filter(pk=random.choice(list(run.term.participations.values_list("pk", flat=True)))).update(
        waiting_reason="no_window"
    )
    for _ in range(2):
        some_steps(run, random, how_many=6)
        before = everything()
        publish(run, books=books)
        assert Cohort.objects.count() == 2

        assert take_back(run_id=run.pk, now=NOW + timedelta(minutes=1))

        assert everything() == before
    assert book_queued_series(now=NOW) == 0


def test_what_was_taken_back_can_be_published_and_told_once_more(run):
    publish(run)
    first = set(OutboundMessage.objects.values_list("kind", "recipient"))
    take_back(run_id=run.pk, now=NOW)

    publish(run)

    assert set(OutboundMessage.objects.values_list("kind", "recipient")) == first
    assert set(SessionSeries.objects.values_list("status", flat=True)) == {"booked"}


def test_taken_back_twice_is_taken_back_once(run):
    publish(run)

    assert [take_back(run_id=run.pk, now=NOW) for _ in range(2)] == [True, False]


def test_no_message_of_it_is_due_before_the_holding_time_is_over(run):
    Term.objects.update(starts_on=NOW.date())
    DialogueSession.objects.all().delete()
    publish(run)
    check_quorum(now=NOW)

    assert OutboundMessage.objects.count() > 20
    assert OutboundMessage.objects.order_by("due_at").first().due_at == NOW + HOLD


def sent(run):
    first = OutboundMessage.objects.order_by("due_at", "pk").first()
    assert holding.claim([first.pk], NOW + HOLD) == [first.pk]


def tried_in_vain(run):
    OutboundMessage.objects.filter(kind="invitation").update(attempts=1)


def somebody_left(run):
    end_participation(participation_id=Membership.objects.first().participation_id, now=NOW)


def somebody_answered(run):
    one = Attendance.objects.first()
    answer(session_id=one.session_id, person=one.person, answer="yes", now=NOW)


def a_session_moved(run):
    session = DialogueSession.objects.first()
    move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=1), now=NOW)


def somebody_wrote(run):
    CohortNote.objects.create(
        cohort=Cohort.objects.first(),
        author=Membership.objects.first().participation.person,
        text="ようこそ",
        written_at=NOW,
    )


def it_was_not_held(run):
    MatchRun.objects.update(held_until=None)


@pytest.mark.parametrize(
    ("since", "why"),
    [
        (sent, TooLate.LEFT),
        (tried_in_vain, TooLate.LEFT),
        (somebody_left, TooLate.CHANGED),
        (somebody_answered, TooLate.CHANGED),
        (a_session_moved, TooLate.CHANGED),
        (somebody_wrote, TooLate.CHANGED),
        (it_was_not_held, TooLate.NOT_HELD),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_once_it_has_left_or_was_changed_it_stays_whole(run, since, why):
    publish(run)
    since(run)
    before = everything()

    with pytest.raises(NotTakenBack) as refused:
        take_back(run_id=run.pk, now=NOW)

    assert refused.value.why == why
    assert everything() == before


def test_who_was_placed_hears_of_it_nowhere_until_the_holding_time_is_over(client, run):
    member = run.proposed_members.first().participation.person
    publish(run)
    feed = feed_of(person=member, now=NOW)
    client.force_login(member)

    assert b"VEVENT" not in bytes(feed_body(feed=feed, now=NOW).body)
    assert client.get(reverse("home")).context["hero"] is None

    later = NOW + HOLD + timedelta(seconds=1)
    stopped_clock.stop_at(later)
    assert bytes(feed_body(feed=feed, now=later).body).count(b"BEGIN:VEVENT") == 4
    assert not feed_of(person=member, now=later).stale
    assert client.get(reverse("home")).context["hero"] is not None


# Races


@pytest.mark.postgres
@pytest.mark.parametrize("_again", AGAIN)
def test_taken_back_while_the_sender_claims_it_is_undone_or_sent_and_never_half(run, _again):
    publish(run)
    total = OutboundMessage.objects.count()
    due = list(OutboundMessage.objects.filter(due_at__lte=NOW + HOLD).order_by("pk").values_list("pk", flat=True))

    undone, *claims = all_at_once(
        [
            lambda: take_back(run_id=run.pk, now=NOW + HOLD),
            *(lambda part=part: holding.claim(due[part::2], NOW + HOLD) for part in (0, 1)),
        ]
    )

    claimed = [pk for some in claims for pk in some]
    if undone is True:
        assert claimed == []
        assert (Cohort.objects.count(), OutboundMessage.objects.count()) == (0, 0)
    else:
        assert isinstance(undone, NotTakenBack)
        assert claimed
        assert (Cohort.objects.count(), OutboundMessage.objects.count()) == (2, total)


@pytest.mark.postgres
@pytest.mark.parametrize("_again", AGAIN)
def test_taken_back_while_the_worker_books_leaves_nothing_of_it(run, _again):
    before = everything()
    publish(run, books=False)

    undone, *booked = all_at_once(
        [lambda: take_back(run_id=run.pk, now=NOW), *[lambda: book_queued_series(now=NOW)] * 2]
    )

    assert undone is True
    assert all(isinstance(one, int) for one in booked)
    assert everything() == before


@pytest.mark.postgres
def test_of_two_who_take_it_back_at_once_one_does(run):
    publish(run)

    assert sorted(all_at_once([lambda: take_back(run_id=run.pk, now=NOW)] * 2)) == [False, True]

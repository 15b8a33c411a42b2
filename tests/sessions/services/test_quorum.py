"""Looks at the quorum: once each, safe late, twice and in parallel; a danger stands only while there is one."""

from datetime import timedelta

import pytest

from dialogue.models import OutboundMessage, Participation
from dialogue.services.cohorts import end_participation
from sessions.core.quorum import LONE_PATIENCE
from sessions.models import DialogueSession, LoneAsk, QuorumCheck, QuorumDanger
from sessions.quorum_reading import verdict_of
from sessions.services.alone import answer_alone, pass_over_the_silent
from sessions.services.answering import AnswerRefused, SessionMoved, answer
from sessions.services.changing import cancel_session, move_session
from sessions.services.quorum import check_quorum
from tests.factories import NOW, make_cohort, make_member, make_person, make_session, make_term
from tests.races import all_at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort) -> DialogueSession:
    """Four are expected, and nobody has answered."""
    return make_session(cohort)


@pytest.fixture
def three_days(session):
    return session.starts_at - timedelta(hours=70)


def everybody_says(session, said: str, *, but: dict | None = None, at=NOW) -> None:
    for one in session.attendances.select_related("person").order_by("pk"):
        answer(session_id=session.pk, person=one.person, answer=(but or {}).get(one.person, said), now=at)


def told(kind: str) -> list[str]:
    return sorted(OutboundMessage.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def open_danger(session) -> QuorumDanger | None:
    return QuorumDanger.objects.filter(session=session, status="open").first()


def test_a_session_to_which_four_come_is_looked_at_and_left_alone(session, three_days):
    everybody_says(session, "yes")

    assert check_quorum(now=three_days) == 1
    assert (open_danger(session), told("quorum_danger")) == (None, [])


def test_each_look_happens_once_however_often_the_sweep_runs(session, three_days):
    for _ in range(3):
        check_quorum(now=three_days)
    check_quorum(now=session.starts_at - timedelta(hours=23))
    check_quorum(now=session.starts_at - timedelta(minutes=90))

    leads = QuorumCheck.objects.filter(session=session).order_by("checked_at").values_list("lead", flat=True)
    assert list(leads) == ["72h", "24h", "2h"]


@pytest.mark.parametrize("hours", [73, 200])
def test_nobody_looks_before_three_days_ahead(session, hours):
    assert check_quorum(now=session.starts_at - timedelta(hours=hours)) == 0


@pytest.mark.parametrize("status", ["cancelled", "held", "proposed"])
def test_only_a_session_that_stands_is_looked_at(session, three_days, status):
    DialogueSession.objects.filter(pk=session.pk).update(status=status)

    assert check_quorum(now=three_days) == 0


def test_a_sweep_that_comes_late_makes_the_look_that_is_due_now_and_no_other(session):
    check_quorum(now=session.starts_at - timedelta(hours=1))

    assert list(QuorumCheck.objects.values_list("lead", flat=True)) == ["2h"]


def test_after_the_start_nobody_looks_any_more(session):
    assert check_quorum(now=session.starts_at) == 0


def test_a_moved_session_is_looked_at_anew(session, three_days):
    check_quorum(now=three_days)
    later = session.starts_at + timedelta(days=7)
    move_session(session_id=session.pk, starts_at=later, now=three_days)

    assert check_quorum(now=later - timedelta(hours=70)) == 1


def test_one_who_cannot_come_to_a_circle_of_four_puts_it_in_danger_and_both_are_told(session, takeshi, three_days):
    everybody_says(session, "yes", but={takeshi: "no"})
    check_quorum(now=three_days)

    assert open_danger(session) is not None
    assert told("quorum_danger") == ["chika@example.org", "fumi@example.org"]


def test_while_it_hangs_on_the_unanswered_nobody_is_written_to_until_a_day_ahead(session, takeshi, three_days):
    everybody_says(session, "yes", but={takeshi: "none"})
    check_quorum(now=three_days)
    assert (open_danger(session) is not None, told("quorum_danger")) == (True, [])

    check_quorum(now=session.starts_at - timedelta(hours=23))
    assert told("quorum_danger") == ["chika@example.org", "fumi@example.org"]


def test_a_danger_passes_by_itself_when_the_answer_comes(session, takeshi, three_days):
    everybody_says(session, "yes", but={takeshi: "none"})
    check_quorum(now=three_days)
    answer(session_id=session.pk, person=takeshi, answer="late", now=three_days)

    assert QuorumDanger.objects.get(session=session).status == "eased"


def test_a_no_within_the_three_days_is_a_danger_at_once(session, takeshi, three_days):
    everybody_says(session, "yes")
    check_quorum(now=three_days)
    answer(session_id=session.pk, person=takeshi, answer="no", now=three_days)

    assert open_danger(session) is not None


def test_a_no_a_week_ahead_is_no_danger_yet(session, takeshi):
    everybody_says(session, "yes", but={takeshi: "no"})

    assert open_danger(session) is None


def test_somebody_who_leaves_within_the_three_days_puts_it_in_danger(session, takeshi, three_days):
    everybody_says(session, "yes")
    check_quorum(now=three_days)
    end_participation(participation_id=Participation.objects.get(person=takeshi).pk, now=three_days)

    assert open_danger(session) is not None


@pytest.mark.parametrize("change", ["move", "cancel"])
def test_a_danger_belongs_to_one_time_and_goes_with_it(session, three_days, change):
    check_quorum(now=three_days)
    if change == "move":
        move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=7), now=three_days)
    else:
        cancel_session(session_id=session.pk, now=three_days)

    assert QuorumDanger.objects.get(session=session).status == "passed"


def test_answers_of_another_term_do_not_count(session, aoi, takeshi):
    """Aoi takes part in two terms, on different sides."""
    make_member(make_cohort(make_term(), fill=False), aoi, "alumni")
    everybody_says(session, "yes")

    verdict = verdict_of(session)
    assert (verdict.coming, len(verdict.generations)) == (4, 2)


@pytest.mark.postgres
def test_sweeps_in_parallel_look_once_and_tell_once(cohort, takeshi):
    session = make_session(cohort)
    everybody_says(session, "yes", but={takeshi: "no"})
    at = session.starts_at - timedelta(hours=70)

    looked = all_at_once([lambda: check_quorum(now=at)] * 4)

    assert sum(looked) == 1
    assert QuorumDanger.objects.filter(session=session).count() == 1
    assert OutboundMessage.objects.filter(kind="quorum_danger").count() == 2


def test_somebody_who_cannot_make_up_their_mind_floods_no_mailbox(session, takeshi, three_days):
    everybody_says(session, "yes")
    check_quorum(now=three_days)
    for said in ("no", "yes") * 6:
        answer(session_id=session.pk, person=takeshi, answer=said, now=three_days)

    assert OutboundMessage.objects.filter(kind="quorum_danger").count() == 2


# Who would be alone


@pytest.fixture
def lone(cohort, aoi, takeshi, three_days, session) -> DialogueSession:
    """Aoi would be the only student among four."""
    more = [make_person(), make_person()]
    for one in more:
        make_member(cohort, one, "alumni")
        session.attendances.create(person=one)
    students = [
        one.person for one in session.attendances.select_related("person") if one.person not in (aoi, takeshi, *more)
    ]
    mate = next(one for one in students if one.participations.get().generation == "student")
    everybody_says(session, "yes", but={mate: "no"})
    check_quorum(now=three_days)
    return session


def test_who_would_be_alone_is_asked_and_nobody_else_hears_of_it(lone):
    assert told("alone_asked") == ["aoi@example.org"]
    assert (told("quorum_danger"), open_danger(lone)) == ([], None)


def test_they_are_asked_once(lone, three_days):
    check_quorum(now=lone.starts_at - timedelta(hours=23))

    assert told("alone_asked") == ["aoi@example.org"]


def test_when_they_come_all_the_same_nothing_is_in_danger(lone, three_days):
    answer_alone(ask_id=LoneAsk.objects.get().pk, choice="join", now=three_days)

    assert open_danger(lone) is None


@pytest.mark.parametrize(("choice", "kept"), [("another_day", "yes"), ("rest", "no")])
def test_when_they_would_rather_not_help_is_looked_for(lone, aoi, three_days, choice, kept):
    answer_alone(ask_id=LoneAsk.objects.get().pk, choice=choice, now=three_days)

    assert open_danger(lone) is not None
    assert lone.attendances.get(person=aoi).answer == kept


def test_an_answer_can_be_changed_until_the_start(lone, three_days):
    ask = LoneAsk.objects.get()
    answer_alone(ask_id=ask.pk, choice="rest", now=three_days)
    answer_alone(ask_id=ask.pk, choice="join", now=three_days)
    assert open_danger(lone) is None

    with pytest.raises(AnswerRefused):
        answer_alone(ask_id=ask.pk, choice="rest", now=lone.starts_at)


def test_a_private_answer_of_before_a_move_does_not_count(lone, three_days):
    move_session(session_id=lone.pk, starts_at=lone.starts_at + timedelta(days=7), now=three_days)

    with pytest.raises(SessionMoved):
        answer_alone(ask_id=LoneAsk.objects.get().pk, choice="rest", now=three_days)


def test_after_twelve_silent_hours_help_is_looked_for_once(lone, three_days):
    assert pass_over_the_silent(now=three_days + LONE_PATIENCE - timedelta(minutes=1)) == 0
    assert pass_over_the_silent(now=three_days + LONE_PATIENCE) == 1
    assert pass_over_the_silent(now=three_days + LONE_PATIENCE) == 0
    assert open_danger(lone) is not None

"""Who said that they can step in is asked, one after the other; a yes is one session, whole, and that one alone."""

from datetime import timedelta

import pytest

from dialogue.delivery import deliver_due
from dialogue.models import ConsentRecord, OutboundMessage, PairWish, Participation
from dialogue.services.cohorts import end_participation
from sessions.announcing import announce_booked_series
from sessions.models import Attendance, BusyTime, DialogueSession, QuorumDanger, Standby, StandbyAsk
from sessions.quorum_reading import rescues_for, verdict_of
from sessions.rescuers import standbys_for
from sessions.services.answering import answer
from sessions.services.booking import TimeTaken
from sessions.services.changing import cancel_session, move_session
from sessions.services.postponing import postpone_sessions
from sessions.services.quorum import check_quorum
from sessions.services.quorum_settings import set_quorum
from sessions.services.rescheduling import open_choice, wish_for_another_day
from sessions.services.rescuing import NoLongerPossible, decide, decide_where_madoi_may
from sessions.services.standing_by import answer_standby, choose_standby, pass_on_standby_asks
from sessions.services.standing_in import NotNeeded
from tests.factories import NOW, make_cohort, make_session
from tests.races import all_at_once
from tests.sessions.seats import let_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort, takeshi) -> DialogueSession:
    """A session of four to which three come, looked at 70 hours ahead."""
    session = make_session(cohort)
    session.attendances.update(answer="yes", answered_at=NOW)
    answer(session_id=session.pk, person=takeshi, answer="no", now=NOW)
    check_quorum(now=at(session))
    return session


@pytest.fixture
def elsewhere(term):
    """Another cohort of the term, of which nobody is asked anything until they say so."""
    return make_cohort(term)


@pytest.fixture
def mio(elsewhere) -> Participation:
    """A student of the other cohort who said that she can step in."""
    return offers(elsewhere, "student")


def offers(cohort, generation: str) -> Participation:
    members = Participation.objects.filter(memberships__cohort=cohort, generation=generation, standby__isnull=True)
    place = members.order_by("pk").first()
    choose_standby(person=place.person, terms=[place.pk], now=NOW)
    return place


def at(session):
    return session.starts_at - timedelta(hours=70)


def ways(session) -> list[str]:
    session = DialogueSession.objects.select_related("cohort__term", "joint_with").get(pk=session.pk)
    return [one.key for one in rescues_for(session, verdict_of(session), now=at(session))]


def asked(session) -> StandbyAsk:
    """Ask, and return what the first in line was asked."""
    decide(session_id=session.pk, key="standby", now=at(session))
    return StandbyAsk.objects.get(status="asked")


def told(kind: str) -> set[str]:
    return set(OutboundMessage.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def open_dangers() -> int:
    return QuorumDanger.objects.filter(status="open").count()


# Who may be asked


def test_nobody_who_did_not_say_so_is_asked(session, elsewhere):
    assert "standby" not in ways(session)
    assert standbys_for(session) == []


def test_the_offer_stands_behind_another_time_and_before_a_small_session(session, mio):
    assert [one.partition(":")[0] for one in ways(session)] == ["window", "window", "standby", "mini"]


def test_taking_the_offer_back_is_enough(session, mio):
    choose_standby(person=mio.person, terms=[], now=NOW)

    assert "standby" not in ways(session)


def test_nobody_offers_a_place_that_is_somebody_elses(mio, aoi):
    choose_standby(person=aoi, terms=[mio.pk, 999_999], now=NOW)

    assert not Standby.objects.filter(participation__person=aoi).exists()


@pytest.mark.parametrize("kind", [PairWish.Kind.BLOCKED, PairWish.Kind.APART])
def test_whoever_must_not_meet_somebody_there_is_never_asked(session, mio, aoi, kind):
    first, second = sorted([aoi.participations.get().pk, mio.pk])
    PairWish.objects.create(term=mio.term, first_id=first, second_id=second, kind=kind)

    assert standbys_for(session) == []


def test_only_times_that_they_gave_count(session, mio):
    mio.windows.update(weekday=3)

    assert standbys_for(session) == []


def test_a_late_end_is_nothing_for_somebody_under_18(session, mio):
    mio.windows.update(ends=23 * 60)
    move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(hours=1), now=at(session))
    session.refresh_from_db()
    assert standbys_for(session) == [mio]

    Participation.objects.filter(pk=mio.pk).update(under_18=True)
    assert standbys_for(session) == []


def test_whoever_is_booked_then_is_not_asked(session, mio, elsewhere):
    make_session(elsewhere, starts_at=session.starts_at + timedelta(minutes=45))

    assert standbys_for(session) == []


def test_without_a_shared_language_nobody_is_asked(session, mio):
    Participation.objects.filter(pk=mio.pk).update(languages=["en"])

    assert standbys_for(session) == []


def test_without_consent_nobody_is_asked(session, mio):
    ConsentRecord.objects.filter(participation=mio).update(withdrawn_at=NOW)

    assert standbys_for(session) == []


def test_who_has_ended_is_asked_no_longer(session, mio):
    end_participation(participation_id=mio.pk, now=NOW)

    assert standbys_for(session) == []
    assert not Standby.objects.exists()


def test_who_stepped_in_least_often_is_asked_first(session, mio, elsewhere, term):
    other = offers(elsewhere, "student")
    held = make_session(make_cohort(term), starts_at=session.starts_at - timedelta(days=7))
    held.attendances.create(person=mio.person, guest=mio)

    assert standbys_for(session) == [other, mio]


def test_a_missing_generation_is_filled_by_that_generation_alone(cohort, takeshi, mio):
    session = make_session(cohort)
    session.attendances.update(answer="yes", answered_at=NOW)
    for one in session.attendances.filter(person__participations__generation="alumni"):
        answer(session_id=session.pk, person=one.person, answer="no", now=NOW)
    check_quorum(now=at(session))
    assert "standby" not in ways(session)  # two are missing, one is there, and she is a student

    older = offers(mio.memberships.get().cohort, "alumni")
    assert "standby" in ways(session)
    assert asked(session).participation == older


# Asking, one after the other


def test_only_the_first_is_asked_and_only_by_mail(session, mio, elsewhere):
    offers(elsewhere, "alumni")
    ask = asked(session)

    assert told("standby_asked") == {mio.person.email}
    assert ask.answer_by < session.starts_at
    assert open_dangers() == 0
    assert not Attendance.objects.filter(guest__isnull=False).exists()


def test_a_no_asks_the_next_and_after_the_last_the_danger_is_there_again(session, mio, elsewhere):
    other = offers(elsewhere, "alumni")
    answer_standby(ask_id=asked(session).pk, comes=False, now=at(session))
    assert told("standby_asked") == {mio.person.email, other.person.email}
    assert open_dangers() == 0

    answer_standby(ask_id=StandbyAsk.objects.get(status="asked").pk, comes=False, now=at(session))
    assert open_dangers() == 1
    assert "standby" not in ways(session)  # everybody was asked about this time


def test_silence_asks_the_next_once_and_a_late_yes_still_counts(session, mio, elsewhere):
    offers(elsewhere, "alumni")
    ask = asked(session)
    assert pass_on_standby_asks(now=ask.answer_by) == 1
    assert pass_on_standby_asks(now=ask.answer_by) == 0

    answer_standby(ask_id=ask.pk, comes=True, now=ask.answer_by)
    assert session.attendances.filter(guest=mio).exists()
    assert set(StandbyAsk.objects.values_list("status", flat=True)) == {"yes", "closed"}


def test_whoever_takes_the_offer_back_while_asked_makes_way_for_the_next(session, mio, elsewhere):
    other = offers(elsewhere, "alumni")
    ask = asked(session)
    choose_standby(person=mio.person, terms=[], now=at(session))

    assert StandbyAsk.objects.get(status="asked").participation == other
    deliver_due(now=at(session))
    sent = dict(OutboundMessage.objects.filter(kind="standby_asked").values_list("recipient", "status"))
    assert sent == {mio.person_id: "void", other.person_id: "sent"}
    with pytest.raises(NotNeeded):
        answer_standby(ask_id=ask.pk, comes=True, now=at(session))


def test_when_enough_come_after_all_nobody_need_step_in(session, mio, takeshi):
    ask = asked(session)
    answer(session_id=session.pk, person=takeshi, answer="yes", now=at(session))

    with pytest.raises(NotNeeded):
        answer_standby(ask_id=ask.pk, comes=True, now=at(session))
    deliver_due(now=at(session))
    assert OutboundMessage.objects.get(kind="standby_asked").status == "void"


def test_madoi_asks_by_itself_where_it_may_and_nothing_goes_before(session, mio, term, chika):
    set_quorum(term=term, least=4, decides="24h", actor=chika, now=NOW)
    term.closed_days.create(date="2026-12-08")  # no other time is left
    a_day_ahead = session.starts_at - timedelta(hours=23)
    QuorumDanger.objects.update(starts_at=session.starts_at)

    assert decide_where_madoi_may(now=a_day_ahead) == 1
    assert QuorumDanger.objects.get().rescue == "standby"
    assert told("standby_asked") == {mio.person.email}


# Stepping in


@pytest.fixture
def guest(session, mio) -> Participation:
    """Mio, who said yes."""
    answer_standby(ask_id=asked(session).pk, comes=True, now=at(session))
    return mio


def test_a_yes_is_one_attendance_her_hours_an_invitation_reminders_and_one_sentence(session, guest, fumi):
    mine = Attendance.objects.get(person=guest.person)
    assert (mine.session, mine.answer, mine.guest) == (session, "yes", guest)
    assert BusyTime.objects.filter(person=guest.person, session=session).count() == 6
    kinds = OutboundMessage.objects.filter(recipient=guest.person).exclude(kind="standby_asked")
    assert sorted(kinds.values_list("kind", flat=True)) == ["invitation", "reminder_1h", "reminder_24h"]
    assert len(told("guest_joins")) == 5
    assert fumi.email in told("guest_joins")
    assert guest.person.email not in told("guest_joins")
    assert open_dangers() == 0
    assert verdict_of(session).state == "safe"


def test_a_second_yes_of_hers_changes_nothing(session, guest):
    before = OutboundMessage.objects.count()
    answer_standby(ask_id=StandbyAsk.objects.get(status="yes").pk, comes=True, now=at(session))

    assert OutboundMessage.objects.count() == before
    assert session.attendances.filter(guest=guest).count() == 1


def test_she_sees_this_session_of_that_cohort_and_no_other(session, guest):
    later = make_session(session.cohort, starts_at=session.starts_at + timedelta(days=7))
    mine = DialogueSession.objects.visible_to(guest.person)

    assert session in mine
    assert later not in mine
    assert session in DialogueSession.objects.of(guest.person)
    assert session in DialogueSession.objects.attended_by(guest.person)
    assert not session.cohort.memberships.filter(participation=guest).exists()


def test_once_she_has_left_the_term_she_sees_nothing_of_it(session, guest):
    deliver_due(now=at(session))
    end_participation(participation_id=guest.pk, now=at(session))

    assert session not in DialogueSession.objects.visible_to(guest.person)
    assert not session.attendances.filter(person=guest.person).exists()
    assert not BusyTime.objects.filter(person=guest.person, session=session).exists()
    assert told("session_cancelled") == {guest.person.email}
    assert open_dangers() == 1


def test_a_session_that_is_over_is_hers_to_see_only_while_she_belongs_to_the_term(session, guest):
    end_participation(participation_id=guest.pk, now=session.ends_at + timedelta(days=1))

    assert session.attendances.filter(person=guest.person).exists()
    assert session not in DialogueSession.objects.visible_to(guest.person)


def test_booked_elsewhere_meanwhile_she_takes_nothing_on(session, mio, elsewhere):
    ask = asked(session)
    make_session(elsewhere, starts_at=session.starts_at)

    with pytest.raises(TimeTaken):
        answer_standby(ask_id=ask.pk, comes=True, now=at(session))
    assert not Attendance.objects.filter(guest__isnull=False).exists()
    assert StandbyAsk.objects.get().status == "asked"


@pytest.mark.parametrize("what", ["blocked", "ended", "consent", "moved", "cancelled", "begun"])
def test_all_that_may_have_changed_since_she_was_asked_is_looked_at_again(session, mio, aoi, what):
    ask, now = asked(session), at(session)
    if what == "blocked":
        first, second = sorted([aoi.participations.get().pk, mio.pk])
        PairWish.objects.create(term=mio.term, first_id=first, second_id=second, kind="blocked")
    elif what == "ended":
        Participation.objects.filter(pk=mio.pk).update(status="accepted", waiting_reason="cohort_ended")
    elif what == "consent":
        ConsentRecord.objects.filter(participation=mio).update(withdrawn_at=NOW)
    elif what == "moved":
        move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=7), now=now)
    elif what == "cancelled":
        cancel_session(session_id=session.pk, now=now)
    else:
        now = session.starts_at

    with pytest.raises(NotNeeded):
        answer_standby(ask_id=ask.pk, comes=True, now=now)
    assert not Attendance.objects.filter(guest__isnull=False).exists()


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("number", range(2))
def test_two_who_say_yes_at_once_where_one_is_missing_are_one(session, mio, elsewhere, number):
    offers(elsewhere, "alumni")
    first = asked(session)
    pass_on_standby_asks(now=first.answer_by)
    asks = list(StandbyAsk.objects.order_by("position"))

    def says_yes(ask):
        return lambda: answer_standby(ask_id=ask.pk, comes=True, now=first.answer_by)

    found = all_at_once([says_yes(ask) for ask in asks])
    assert sorted(type(one).__name__ for one in found) == ["NotNeeded", "StandbyAsk"]
    assert session.attendances.filter(guest__isnull=False).count() == 1


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("number", range(2))
def test_one_who_says_yes_to_two_at_once_is_at_one(session, mio, takeshi, term, number):
    other = make_session(make_cohort(term), starts_at=session.starts_at)
    other.attendances.update(answer="yes", answered_at=NOW)
    answer(session_id=other.pk, person=other.attendances.first().person, answer="no", now=NOW)
    check_quorum(now=at(other))
    for one in (session, other):
        decide(session_id=one.pk, key="standby", now=at(one))
    asks = list(StandbyAsk.objects.filter(status="asked", participation=mio))
    assert len(asks) == 2

    def says_yes(ask):
        return lambda: answer_standby(ask_id=ask.pk, comes=True, now=at(session))

    found = all_at_once([says_yes(ask) for ask in asks])
    assert sorted(type(one).__name__ for one in found) == ["StandbyAsk", "TimeTaken"]
    assert Attendance.objects.filter(guest=mio).count() == 1


def test_a_way_that_is_gone_asks_nobody(session, mio):
    choose_standby(person=mio.person, terms=[], now=NOW)

    with pytest.raises(NoLongerPossible):
        decide(session_id=session.pk, key="standby", now=at(session))
    assert not StandbyAsk.objects.exists()


# What becomes of it


@pytest.mark.parametrize("how", ["moved", "cancelled", "put off"])
def test_her_word_was_for_that_time_alone(session, guest, how):
    now = at(session) + timedelta(hours=1)
    if how == "moved":
        move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=7), now=now)
    elif how == "cancelled":
        cancel_session(session_id=session.pk, now=now)
    else:
        postpone_sessions(seen={session.pk: session.sequence}, now=now)

    assert not session.attendances.filter(person=guest.person).exists()
    assert not BusyTime.objects.filter(person=guest.person).exists()
    hers = OutboundMessage.objects.filter(recipient=guest.person, status="queued")
    assert set(hers.values_list("kind", flat=True)) <= {"session_cancelled", "standby_asked"}
    assert OutboundMessage.objects.filter(recipient=guest.person, kind="session_cancelled").count() == 1
    assert not told("session_moved") & {guest.person.email}


def test_she_hears_that_it_is_put_off_though_her_invitation_had_not_left(session, guest):
    invitation = OutboundMessage.objects.get(recipient=guest.person, kind="invitation")
    assert (invitation.status, invitation.attempts) == ("queued", 0)

    postpone_sessions(seen={session.pk: session.sequence}, now=at(session))
    deliver_due(now=at(session))

    sent = OutboundMessage.objects.filter(recipient=guest.person, status="sent")
    assert list(sent.values_list("kind", "subject_key")) == [("session_cancelled", f"session:{session.pk}")]
    assert not OutboundMessage.objects.filter(recipient=guest.person, status="queued").exists()


def test_a_move_is_not_held_up_by_what_she_does_then(session, guest, elsewhere):
    make_session(elsewhere, starts_at=session.starts_at + timedelta(days=7))

    moved = move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=7), now=at(session))
    assert moved.sequence == 1


def test_she_may_change_her_mind_and_then_the_session_is_in_danger_again(session, guest):
    answer(session_id=session.pk, person=guest.person, answer="no", now=at(session))

    assert open_dangers() == 1


def test_dates_of_the_cohort_are_not_hers_to_choose(session, guest, fumi):
    with pytest.raises(Attendance.DoesNotExist):
        wish_for_another_day(session_id=session.pk, person=guest.person, now=at(session))
    choice = open_choice(session_id=session.pk, actor=fumi, now=at(session))
    assert not choice.ballots.filter(person=guest.person).exists()


def test_a_change_among_the_members_leaves_her_where_she_is(session, guest, aoi):
    announce_booked_series(cohort=session.cohort, sessions=[session], now=NOW)
    deliver_due(now=at(session))
    end_participation(participation_id=aoi.participations.get().pk, now=at(session))

    assert session.attendances.filter(guest=guest).exists()
    assert told("session_cancelled") == {aoi.email}


def test_who_joins_the_cohort_for_good_has_the_session_already(session, guest, cohort):
    mate = cohort.memberships.filter(participation__generation="student").last()
    end_participation(participation_id=mate.participation_id, now=at(session))
    former = guest.memberships.get()
    former.left_at = NOW
    former.save()
    Participation.objects.filter(pk=guest.pk).update(status="accepted", waiting_reason="cohort_ended")
    let_in(cohort, places=[Participation.objects.get(pk=guest.pk)], now=at(session))

    mine = session.attendances.get(person=guest.person)
    assert mine.guest is None
    assert BusyTime.objects.filter(person=guest.person, session=session).count() == 6
    assert OutboundMessage.objects.filter(recipient=guest.person, kind="invitation").count() == 1


def test_two_who_are_missing_are_asked_for_until_both_are_there(cohort, aoi, takeshi, mio, elsewhere):
    session = make_session(cohort)
    session.attendances.update(answer="yes", answered_at=NOW)
    for person in (aoi, takeshi):
        answer(session_id=session.pk, person=person, answer="no", now=NOW)
    check_quorum(now=at(session))
    other = offers(elsewhere, "alumni")
    answer_standby(ask_id=asked(session).pk, comes=True, now=at(session))
    assert open_dangers() == 0 or verdict_of(session).missing == 1

    answer_standby(ask_id=StandbyAsk.objects.get(status="asked").pk, comes=True, now=at(session))
    assert {one.guest for one in session.attendances.filter(guest__isnull=False)} == {mio, other}
    assert open_dangers() == 0

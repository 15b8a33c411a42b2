"""Ways out: what cures nothing is not offered, and what needs no judgement comes first."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.generation import Generation
from sessions.core.choosing import Proposal, fits, ranked
from sessions.core.quorum import MINI, Alone, Seat, State, Trouble, judge
from sessions.core.rescues import MOST_IN_A_JOINT_SESSION, Chances, Host, RescueKind, rescues
from sessions.core.windows import Window
from tests.factories import NOW
from tests.sessions.core.test_quorum import SEATS, circle

BOTH = frozenset(Generation)
SURE = Window(starts_at=NOW + timedelta(days=3), reluctant=0)
NEED_BE = Window(starts_at=NOW + timedelta(days=4), reluctant=2)
HOST = Host(session_id=7, coming=4, generations=BOTH)
STANDBYS = {Generation.STUDENT: 1, Generation.ALUMNI: 1}
EVERY_CHANCE = Chances(windows=[SURE, NEED_BE], hosts=[HOST], facilitators=2, standbys=STANDBYS)


def kinds(ways: list) -> list[str]:
    return [one.key.partition(":")[0] for one in ways]


def test_when_three_come_the_order_is_another_time_a_standby_a_mini_a_joint_one_and_a_time_some_would_rather_avoid():
    verdict = judge(circle(s1="yes", s2="no", a1="yes", a2="yes"))

    assert kinds(rescues(verdict, EVERY_CHANCE, least=4)) == ["window", "standby", "mini", "joint", "window"]


def test_when_only_the_facilitator_is_missing_others_are_asked_first():
    verdict = judge(circle(s1="yes", s2="yes", a1="yes", a2="yes"), facilitator_comes=False)

    assert kinds(rescues(verdict, EVERY_CHANCE, least=4)) == ["facilitator", "window", "joint", "window"]


def test_nobody_is_asked_to_stand_in_for_a_facilitator_who_comes():
    verdict = judge(circle(s1="yes", a1="yes", a2="yes"))

    assert "facilitator" not in kinds(rescues(verdict, EVERY_CHANCE, least=4))


def test_nobody_steps_in_for_a_facilitator_nor_makes_up_for_three_who_are_missing():
    led = judge(circle(s1="yes", a1="yes", a2="yes"), facilitator_comes=False)
    few = judge(circle(s1="yes", s2="no", a1="no", a2="no"))

    for verdict in (led, few):
        assert "standby" not in kinds(rescues(verdict, Chances(standbys=dict.fromkeys(BOTH, 9)), least=4))


def test_a_missing_generation_takes_somebody_of_it():
    verdict = judge(circle(s1="yes", s2="yes", s3="yes", a1="no", a2="no"))
    students, alumni = ({one: 3} for one in Generation)

    assert kinds(rescues(verdict, Chances(standbys=students), least=4)) == []
    assert kinds(rescues(verdict, Chances(standbys=alumni), least=4)) == ["standby"]


def test_who_would_rather_not_be_alone_is_given_company_of_their_own_generation():
    verdict = judge(circle(s1="yes", a1="yes", a2="yes", a3="yes"), alone={1: Alone.ANOTHER_DAY})
    students, alumni = ({one: 1} for one in Generation)

    assert kinds(rescues(verdict, Chances(standbys=students), least=4)) == ["standby"]
    assert "standby" not in kinds(rescues(verdict, Chances(standbys=alumni), least=4))


def test_three_of_one_generation_hold_no_mini_session():
    verdict = judge(circle(s1="yes", s2="yes", s3="yes", a1="no"))

    assert "mini" not in kinds(rescues(verdict, EVERY_CHANCE, least=4))


def test_a_joint_session_never_grows_beyond_eight():
    verdict = judge(circle(s1="yes", a1="yes", a2="yes"))
    crowd = Chances(hosts=[Host(session_id=7, coming=6, generations=BOTH)])

    assert kinds(rescues(verdict, crowd, least=4)) == ["mini"]


def test_where_nothing_is_possible_nothing_is_offered():
    assert rescues(judge(circle(s1="no", a1="no")), Chances(), least=4) == []


@given(seats=SEATS, comes=st.booleans(), host=st.integers(0, 9), least=st.integers(3, 6))
def test_every_offered_way_cures_what_it_claims_to(seats, comes, host, least):
    verdict = judge(seats, facilitator_comes=comes, least=least)
    chances = Chances(
        windows=[SURE], hosts=[Host(session_id=1, coming=host, generations=BOTH)], facilitators=1, standbys=STANDBYS
    )

    for way in rescues(verdict, chances, least=least):
        match way.kind:
            case RescueKind.MINI:
                again = judge(seats, facilitator_comes=comes, least=MINI)
                assert again.state is State.SAFE or again.troubles == {Trouble.ALONE}
            case RescueKind.JOINT:
                assert least <= verdict.coming + host <= MOST_IN_A_JOINT_SESSION
            case RescueKind.STANDBY:
                guests = [Seat(person=90 + n, generation=one, answer="yes") for n, one in enumerate(STANDBYS)]
                again = judge([*seats, *guests], facilitator_comes=comes, least=least)
                assert again.state is State.SAFE
            case RescueKind.FACILITATOR:
                assert judge(seats, least=least).state is State.SAFE


@given(seats=SEATS, comes=st.booleans())
def test_madoi_itself_only_takes_what_needs_no_judgement(seats, comes):
    verdict = judge(seats, facilitator_comes=comes)

    safe = [way for way in rescues(verdict, EVERY_CHANCE, least=4) if way.safe]
    assert {way.kind for way in safe} <= {RescueKind.WINDOW, RescueKind.FACILITATOR, RescueKind.STANDBY}
    assert all(not way.reluctant for way in safe)


PROPOSALS = st.lists(
    st.tuples(st.integers(0, 5), st.lists(st.sampled_from(list(Generation)), max_size=6), st.booleans()), max_size=3
).map(
    lambda rows: [
        Proposal(starts_at=NOW + timedelta(days=day), members=tuple(members), facilitator=leads)
        for day, members, leads in rows
    ]
)


@given(proposals=PROPOSALS, least=st.integers(3, 5))
def test_the_date_that_is_taken_fits_and_suits_as_many_as_any_that_fits(proposals, least):
    taken = ranked(proposals, least=least)

    fitting = [one for one in proposals if fits(one, least=least)]
    assert bool(taken) == bool(fitting)
    if taken:
        most = max(len(one.members) for one in fitting)
        soonest = min(one.starts_at for one in fitting if len(one.members) == most)
        assert (len(taken[0].members), taken[0].starts_at) == (most, soonest)


def test_a_date_without_the_facilitator_or_a_generation_never_fits():
    both = (Generation.STUDENT, Generation.STUDENT, Generation.ALUMNI, Generation.ALUMNI)

    assert fits(Proposal(starts_at=NOW, members=both, facilitator=True), least=4)
    assert not fits(Proposal(starts_at=NOW, members=both, facilitator=False), least=4)
    assert not fits(Proposal(starts_at=NOW, members=(Generation.STUDENT,) * 4, facilitator=True), least=4)


def test_seats_know_who_comes():
    assert Seat(person=1, generation=Generation.STUDENT, answer="late").comes

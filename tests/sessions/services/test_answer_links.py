"""Links in mails: one session or gathering, one person, one time; worth nothing when any of them changes."""

from datetime import timedelta

import pytest
from django.core.signing import Signer

from dialogue.models import Participation
from dialogue.services.cohorts import end_participation
from sessions.models import DialogueSession, Gathering
from sessions.services.answer_links import (
    LinkExpired,
    LinkRefused,
    answer_token,
    attendance_behind,
    gathering_token,
    invitation_behind,
    revoke_answer_links,
)
from sessions.services.changing import cancel_session, move_session
from sessions.services.gathering_answers import answer_gathering, leave_gatherings
from sessions.services.gatherings import (
    GatheringOrder,
    GatheringRefused,
    cancel_gathering,
    change_gathering,
    invite_newcomers,
    open_gathering,
)
from tests.factories import NOW, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort) -> DialogueSession:
    return make_session(cohort)


@pytest.fixture
def token(session, aoi) -> str:
    return answer_token(session.attendances.select_related("session").get(person=aoi))


def test_a_link_opens_the_answer_of_one_person_to_one_session(session, aoi, token):
    found = attendance_behind(token=token, now=NOW)

    assert (found.session, found.person) == (session, aoi)


@pytest.mark.parametrize("place", [0, 3, -1])
def test_a_link_that_was_altered_opens_nothing(token, place):
    altered = list(token)
    altered[place] = "7" if altered[place] != "7" else "8"

    with pytest.raises(LinkRefused):
        attendance_behind(token="".join(altered), now=NOW)


@pytest.mark.parametrize("text", ["", "1", "a-b-c", "1-202612011030-0"])
def test_what_nobody_signed_opens_nothing(text):
    with pytest.raises(LinkRefused):
        attendance_behind(token=text, now=NOW)


def test_a_signature_made_for_another_purpose_opens_nothing(token):
    said, _, _ = token.rpartition(".")

    with pytest.raises(LinkRefused):
        attendance_behind(token=Signer(salt="dialogue.guardian", sep=".").sign(said), now=NOW)


def test_a_link_of_before_a_move_no_longer_counts(session, token):
    move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=1), now=NOW)

    with pytest.raises(LinkExpired) as refused:
        attendance_behind(token=token, now=NOW)
    assert refused.value.why == "moved"


def test_a_link_to_a_cancelled_session_says_so(session, token):
    cancel_session(session_id=session.pk, now=NOW)

    with pytest.raises(LinkExpired) as refused:
        attendance_behind(token=token, now=NOW)
    assert refused.value.why == "cancelled"


def test_a_link_ends_with_its_session(session, token):
    attendance_behind(token=token, now=session.ends_at - timedelta(seconds=1))

    with pytest.raises(LinkExpired) as refused:
        attendance_behind(token=token, now=session.ends_at)
    assert refused.value.why == "over"


def test_a_link_of_somebody_who_left_opens_nothing(aoi, token):
    end_participation(participation_id=Participation.objects.get(person=aoi).pk, now=NOW)

    with pytest.raises(LinkRefused):
        attendance_behind(token=token, now=NOW)


def test_links_that_were_switched_off_open_nothing_and_new_ones_do(session, aoi, token):
    mine = session.attendances.get(person=aoi)
    revoke_answer_links(attendance_id=mine.pk)

    with pytest.raises(LinkRefused):
        attendance_behind(token=token, now=NOW)
    mine = session.attendances.select_related("session").get(person=aoi)
    assert attendance_behind(token=answer_token(mine), now=NOW) == mine


def test_switching_ones_links_off_leaves_everybody_elses(session, aoi, takeshi):
    theirs = session.attendances.select_related("session").get(person=takeshi)
    revoke_answer_links(attendance_id=session.attendances.get(person=aoi).pk)

    assert attendance_behind(token=answer_token(theirs), now=NOW) == theirs


# To a gathering

AT = NOW + timedelta(days=5)


@pytest.fixture
def gathering(cohort) -> Gathering:
    order = GatheringOrder(kind="kickoff", audience="everybody", starts=(AT,), minutes=60)
    return open_gathering(term=cohort.term, order=order, now=NOW)


@pytest.fixture
def invited(gathering, aoi):
    return gathering.answers.select_related("gathering", "person").get(person=aoi)


def changed(gathering, **fields) -> None:
    said = {"starts_at": AT, "minutes": 60, "place": "", "room_url": "", "note": "", "together_minutes": None} | fields
    change_gathering(gathering_id=gathering.pk, seen=gathering.sequence, now=NOW, **said)


def test_a_link_opens_the_invitation_of_one_person_to_one_gathering(invited):
    assert invitation_behind(token=gathering_token(invited), now=NOW) == invited


def test_a_link_to_a_gathering_and_one_to_a_session_open_nothing_of_each_other(invited, token):
    with pytest.raises(LinkRefused):
        invitation_behind(token=token, now=NOW)
    with pytest.raises(LinkRefused):
        attendance_behind(token=gathering_token(invited), now=NOW)
    said, _, _ = gathering_token(invited).rpartition(".")
    with pytest.raises(LinkRefused):
        invitation_behind(token=Signer(salt="sessions.answer", sep=".").sign(said), now=NOW)


@pytest.mark.parametrize("place", [0, 3, -1])
def test_a_link_to_a_gathering_that_was_altered_opens_nothing(invited, place):
    altered = list(gathering_token(invited))
    altered[place] = "7" if altered[place] != "7" else "8"

    with pytest.raises(LinkRefused):
        invitation_behind(token="".join(altered), now=NOW)


def test_a_link_to_a_gathering_of_before_a_move_no_longer_counts_and_another_place_leaves_it(gathering, invited):
    token = gathering_token(invited)
    changed(gathering, place="本郷")
    assert invitation_behind(token=token, now=NOW) == invited

    gathering.refresh_from_db()
    changed(gathering, place="本郷", starts_at=AT + timedelta(days=1))
    with pytest.raises(LinkExpired) as refused:
        invitation_behind(token=token, now=NOW)
    assert refused.value.why == "moved"


def test_a_link_to_a_gathering_ends_with_it_and_when_it_is_called_off(gathering, invited):
    token, end = gathering_token(invited), AT + timedelta(hours=1)
    invitation_behind(token=token, now=end - timedelta(seconds=1))
    with pytest.raises(LinkExpired) as over:
        invitation_behind(token=token, now=end)

    cancel_gathering(gathering_id=gathering.pk, now=NOW)
    with pytest.raises(LinkExpired) as off:
        invitation_behind(token=token, now=NOW)
    assert (over.value.why, off.value.why) == ("over", "cancelled")


def test_a_link_of_who_left_a_gathering_opens_nothing_and_after_a_new_invitation_neither(gathering, invited, aoi):
    token = gathering_token(invited)
    leave_gatherings(participation_id=Participation.objects.get(person=aoi).pk, now=NOW)
    with pytest.raises(LinkRefused):
        invitation_behind(token=token, now=NOW)

    invite_newcomers(gathering_id=gathering.pk, now=NOW)
    with pytest.raises(LinkRefused):
        invitation_behind(token=token, now=NOW)


def test_an_answer_that_was_given_for_another_time_is_not_kept(gathering, aoi):
    with pytest.raises(GatheringRefused):
        answer_gathering(gathering_id=gathering.pk, person=aoi, comes=True, given_for=AT - timedelta(days=1), now=NOW)

    assert gathering.answers.get(person=aoi).answer == "none"

"""Links in mails: one session, one person, one time; worth nothing when any of them changes."""

from datetime import timedelta

import pytest
from django.core.signing import Signer

from dialogue.models import Participation
from dialogue.services.cohorts import end_participation
from sessions.models import DialogueSession
from sessions.services.answer_links import (
    LinkExpired,
    LinkRefused,
    answer_token,
    attendance_behind,
    revoke_answer_links,
)
from sessions.services.changing import cancel_session, move_session
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

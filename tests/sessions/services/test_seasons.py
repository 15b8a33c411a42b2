"""Which letters of the season come while a session that was put off waits for its date, and what they say of dates."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dialogue.delivery import composed
from dialogue.message_kinds import kinds
from dialogue.models import OutboundMessage
from sessions.models import DialogueSession
from sessions.services.changing import cancel_session
from sessions.services.postponing import choose_date, postpone_sessions
from sessions.services.seasons import queue_season_letters
from tests.factories import make_session

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 12, 1, 19, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
LAST_DAY = "12月8日"


@pytest.fixture
def sessions(cohort) -> list[DialogueSession]:
    """Two sessions a week apart, the second of them put off on its day."""
    both = [make_session(cohort, starts_at=FIRST + n * WEEK) for n in range(2)]
    postpone_sessions(seen={both[1].pk: 0}, now=FIRST + WEEK - 6 * HOUR)
    return both


def swept(now) -> dict[str, int]:
    queue_season_letters(now=now)
    kinds_queued = OutboundMessage.objects.filter(status="queued").values_list("kind", flat=True)
    return {kind: list(kinds_queued).count(kind) for kind in ("goodbye", "mid_term")}


def text(kind: str, person, now, *, subject_key: str) -> str:
    row = OutboundMessage(
        kind=kind, recipient=person, subject_key=subject_key, dedupe_key="read", due_at=now, message_id="<r@x>"
    )
    return composed(row, kinds()[kind], now).body


def test_a_cohort_whose_last_session_was_put_off_is_not_over_when_its_old_date_has_passed(sessions):
    assert swept(FIRST + WEEK + 3 * HOUR)["goodbye"] == 0


def test_the_goodbye_comes_after_the_new_date_and_names_no_other(sessions, aoi, cohort):
    swept(FIRST + WEEK + 3 * HOUR)
    choose_date(session_id=sessions[1].pk, starts_at=FIRST + 2 * WEEK, now=FIRST + WEEK + 20 * HOUR)

    over = FIRST + 2 * WEEK + 3 * HOUR
    assert swept(over)["goodbye"] == 5
    said = text("goodbye", aoi, over, subject_key=f"cohort:{cohort.pk}")
    assert "12月15日" in said
    assert LAST_DAY not in said


def test_the_goodbye_comes_when_a_session_is_given_up_long_after_its_old_date(sessions):
    late = FIRST + 4 * WEEK
    assert swept(late)["goodbye"] == 0
    cancel_session(session_id=sessions[1].pk, now=late)

    assert swept(late)["goodbye"] == 5


def test_a_session_that_is_added_after_all_has_an_end_of_its_own(cohort, aoi):
    first = make_session(cohort, starts_at=FIRST)
    assert swept(first.ends_at + HOUR)["goodbye"] == 5
    OutboundMessage.objects.filter(kind="goodbye").update(status="void")  # dropped: one more was added meanwhile
    second = make_session(cohort, starts_at=FIRST + WEEK)

    assert swept(second.ends_at + HOUR)["goodbye"] == 5


def test_the_middle_counts_what_was_held_and_says_how_many_wait_for_a_date(cohort, aoi):
    sessions = [make_session(cohort, starts_at=FIRST + n * WEEK) for n in range(4)]
    postpone_sessions(seen={sessions[1].pk: 0}, now=FIRST + 2 * HOUR)

    assert swept(FIRST + WEEK + 3 * HOUR)["mid_term"] == 0
    now = FIRST + 2 * WEEK + 3 * HOUR
    assert swept(now)["mid_term"] == 5
    said = text("mid_term", aoi, now, subject_key=f"cohort:{cohort.pk}")
    assert "全4回のうち、2回" in said
    assert "1回の日時を、調整しています" in said
    assert LAST_DAY not in said


def test_thanks_the_welcome_and_the_week_name_no_date_that_was_put_off(cohort, aoi, chika, settings):
    settings.BASE_URL = "https://madoi.example.org"
    sessions = [make_session(cohort, starts_at=FIRST + n * WEEK) for n in range(3)]
    now = FIRST + 2 * HOUR
    postpone_sessions(seen={sessions[1].pk: 0}, now=now)

    thanks = text("session_thanks", aoi, now, subject_key=f"session:{sessions[0].pk}")
    assert "12月15日" in thanks
    assert LAST_DAY not in thanks
    welcome = text("cohort_formed", aoi, now, subject_key=f"cohort:{cohort.pk}")
    assert "第2回　日時を調整しています" in welcome
    assert "第3回　12月15日" in welcome
    assert LAST_DAY not in welcome
    assert "第1回" not in welcome  # it is over: who joins now was not asked to it
    week = text("staff_digest", chika, now, subject_key=f"programme:{cohort.term.programme_id}")
    assert "この7日間は、ありません。" in week
    assert "延期して、新しい日が決まっていない回　1回" in week

"""A reminder that was held up, as by a mail server that was away, says how long there really is to go."""

from datetime import timedelta

import pytest
from django.core import mail

from dialogue.delivery import deliver_due
from sessions.announcing import announce_booked_series
from tests.factories import NOW, make_session


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hours_to_go", "subject", "sentence"),
    [
        (24, "の前日のお知らせ", "24時間後に始まります"),
        (18, "に始まります", "18時間後に始まります"),
        (0.5, "30分後に始まります", "30分後に始まります"),
    ],
)
def test_a_reminder_tells_the_time_that_is_left_when_it_leaves(cohort, aoi, hours_to_go, subject, sentence):
    session = make_session(cohort, starts_at=NOW + timedelta(days=5))
    announce_booked_series(cohort=cohort, sessions=[session], now=NOW)
    deliver_due(now=NOW)
    deliver_due(now=session.starts_at - timedelta(hours=72))
    mail.outbox.clear()

    deliver_due(now=session.starts_at - timedelta(hours=hours_to_go))

    [letter] = [one for one in mail.outbox if one.to == [aoi.email] and subject in one.subject]
    assert sentence in letter.body


@pytest.mark.django_db
def test_who_leads_is_not_asked_to_answer_three_days_ahead(cohort, aoi, fumi):
    session = make_session(cohort, starts_at=NOW + timedelta(days=5))
    announce_booked_series(cohort=cohort, sessions=[session], now=NOW)
    deliver_due(now=NOW)
    mail.outbox.clear()

    deliver_due(now=session.starts_at - timedelta(hours=72))

    subjects = {one.to[0]: one.subject for one in mail.outbox}
    assert "出欠をお知らせください" in subjects[aoi.email]
    assert "出欠が見られます" in subjects[fumi.email]

"""A reminder that was held up, as by a mail server that was away, says how long there really is to go."""

from datetime import timedelta

import pytest
from django.core import mail

from dialogue.delivery import deliver_due
from dialogue.models import Person
from sessions.announcing import announce_booked_series
from sessions.services.answer_links import answer_token
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
@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("hours_to_go", [24, 1])
def test_a_reminder_lets_its_reader_in_without_signing_in_before_all_else(cohort, aoi, fumi, hours_to_go, language):
    Person.objects.update(language=language)
    session = make_session(cohort, starts_at=NOW + timedelta(days=5), room_url="https://meet.example.org/one")
    announce_booked_series(cohort=cohort, sessions=[session], now=NOW)
    for due in (NOW, *(session.starts_at - timedelta(hours=hours) for hours in (72, 24, 1) if hours >= hours_to_go)):
        mail.outbox.clear()
        deliver_due(now=due)

    token = answer_token(session.attendances.select_related("session").get(person=aoi))
    [hers] = [one.body for one in mail.outbox if one.to == [aoi.email]]
    of_fumi = [one.body for one in mail.outbox if one.to == [fumi.email]]
    enter, no, page = (
        hers.find(f"{end}\n") for end in (f"/a/{token}/enter/", f"/a/{token}/?answer=no", f"/s/{session.pk}/")
    )
    assert 0 < enter < no
    if hours_to_go == 24:
        assert f"/a/{token}/\n" in hers  # the prompts, too, without signing in
    else:
        assert enter < page
    assert of_fumi
    assert not any("/a/" in one for one in of_fumi)  # who leads signs in


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

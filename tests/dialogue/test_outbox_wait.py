"""How long the oldest message that is due has not left: in the log, to whoever watches, and for coordinators."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from dialogue.models import OutboundMessage
from dialogue.tasks import deliver_due_messages_task
from sessions.announcing import announce_booked_series
from tests import stopped_clock
from tests.factories import NOW, make_session
from tests.mail_sink import running_mail_sink, send_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def late(cohort, settings):
    """Invitations that were due seven minutes ago, with reminders to come."""
    announce_booked_series(cohort=cohort, sessions=[make_session(cohort)], now=NOW)
    settings.CLOCK = "tests.stopped_clock.now"
    stopped_clock.stop_at(NOW + timedelta(minutes=7, seconds=30))


def test_the_command_prints_the_seconds_and_fails_where_they_are_too_many(capsys):
    with pytest.raises(CommandError, match="450 s"):
        call_command("outbox_wait")
    call_command("outbox_wait", most=450)
    OutboundMessage.objects.due(NOW).delete()
    call_command("outbox_wait")

    assert capsys.readouterr().out.split() == ["450", "450", "0"]


def test_the_worker_notes_in_its_log_that_mail_waits(settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    deliver_due_messages_task()
    assert "has not left for 450 s" in caplog.text

    caplog.clear()
    with running_mail_sink() as sink:
        send_to(settings, sink)
        deliver_due_messages_task()
    assert "has not left" not in caplog.text


def test_coordinators_read_on_the_page_of_messages_that_mail_waits_and_for_how_long(client, cohort, chika):
    client.force_login(chika)
    page = reverse("term_messages", args=[cohort.term_id])

    assert client.get(page).context["waits"] == 7
    assert "7分待っています" in client.get(page).content.decode()
    stopped_clock.stop_at(NOW + timedelta(minutes=5))
    assert client.get(page).context["waits"] == 0
    assert "待っています" not in client.get(page).content.decode()


def test_what_could_not_go_out_in_time_is_listed_with_its_reason(client, cohort, chika, aoi):
    OutboundMessage.objects.filter(kind="reminder_1h", recipient=aoi).update(
        status="void", trouble="too late", due_at=NOW
    )
    OutboundMessage.objects.filter(kind="reminder_24h", recipient=aoi).update(status="void", due_at=NOW)
    client.force_login(chika)

    page = client.get(reverse("term_messages", args=[cohort.term_id]), {"show": "trouble"})

    assert [(line.one.kind, line.tone) for line in page.context["lines"]] == [("reminder_1h", "attention")]
    assert "間に合わなかったため、送りませんでした" in page.content.decode()

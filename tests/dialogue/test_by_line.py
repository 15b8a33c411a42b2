"""Reminders by LINE: over HTTP to a stand-in on loopback, and by mail whenever LINE does not reach somebody."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from dialogue.channels.by_line import retry_key
from dialogue.delivery import BACKOFF, deliver_due
from dialogue.models import ContactChoice, LineLink, OutboundMessage
from dialogue.services.reaching import forget_line, link_line, make_line_code
from sessions.announcing import announce_booked_series
from sessions.models import Attendance
from sessions.services.answer_links import answer_token, gathering_token
from sessions.services.gathering_answers import answer_gathering
from sessions.services.gatherings import GatheringOrder, open_gathering
from tests.factories import NOW, make_session
from tests.line_server import running_line
from tests.mail_sink import running_mail_sink, send_to

pytestmark = pytest.mark.django_db
SECRET = "channel-secret"
ACCOUNT = "U4af4980629"
URL = "https://meet.example.org"


@pytest.fixture
def line(settings, tmp_path):
    settings.LINE_CHANNEL_TOKEN, settings.LINE_CHANNEL_SECRET = "token", SECRET
    settings.LINE_ACCOUNT = "@madoi"
    with running_line(tmp_path) as server:
        settings.LINE_API_URL = server.url
        yield server


@pytest.fixture
def sink(settings):
    with running_mail_sink() as running:
        send_to(settings, running)
        yield running


@pytest.fixture
def reminder(cohort, aoi):
    """Aoi's reminder of the day before, alone in the outbox."""
    announce_booked_series(cohort=cohort, sessions=[make_session(cohort)], now=NOW)
    row = OutboundMessage.objects.get(kind="reminder_24h", recipient=aoi)
    OutboundMessage.objects.exclude(pk=row.pk).delete()
    return row


def linked(person) -> None:
    assert link_line(code=make_line_code(person=person, now=NOW), account=ACCOUNT, now=NOW)


def state(row) -> tuple[str, str]:
    row.refresh_from_db()
    return row.status, row.channel


def test_a_reminder_goes_to_line_and_not_by_mail(line, sink, reminder, aoi):
    linked(aoi)

    assert deliver_due(now=reminder.due_at) == 1

    (push,) = line.pushes
    assert (push["path"], push["authorization"], push["to"]) == ("/v2/bot/message/push", "Bearer token", ACCOUNT)
    assert push["key"] == retry_key(reminder)
    assert state(reminder) == ("sent", "line")
    assert sink.addresses == []


def test_what_goes_to_line_says_when_and_where_and_names_nobody(line, sink, reminder, aoi, fumi, takeshi):
    linked(aoi)
    deliver_due(now=reminder.due_at)

    (text,) = [message["text"] for message in line.pushes[0]["messages"]]
    assert "12月1日(火) 19:30〜21:00" in text
    mine = Attendance.objects.select_related("session").get(person=aoi)
    assert reverse("answer_link", args=[answer_token(mine)]) in text  # LINE's own browser has signed in nowhere
    assert not any(name in text for person in (aoi, fumi, takeshi) for name in (person.preferred_name, person.email))


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", ["gathering_reminder_72h", "gathering_reminder", "gathering_reminder_1h"])
def test_a_reminder_of_a_gathering_goes_to_line_too(line, sink, cohort, aoi, fumi, takeshi, kind, language):
    aoi.language = language
    aoi.save()
    linked(aoi)
    starts = NOW + timedelta(days=5)
    order = GatheringOrder(kind="kickoff", audience="everybody", starts=(starts,), minutes=60, room_url=f"{URL}/all")
    gathering = open_gathering(term=cohort.term, order=order, now=NOW)
    answer_gathering(gathering_id=gathering.pk, person=aoi, comes=True, now=NOW)
    row = OutboundMessage.objects.get(kind=kind, recipient=aoi)
    OutboundMessage.objects.exclude(pk=row.pk).delete()

    deliver_due(now=row.due_at)

    assert (state(row), sink.addresses) == (("sent", "line"), [])
    (text,) = [message["text"] for message in line.pushes[0]["messages"]]
    mine = gathering.answers.select_related("gathering").get(person=aoi)
    assert reverse("gathering_link", args=[gathering_token(mine)]) in text
    assert reverse("gathering", args=[gathering.pk]) in text
    assert {"ja": "キックオフ：11月", "en": "Kick-off: "}[language] in text
    assert URL not in text
    assert not any(name in text for person in (aoi, fumi, takeshi) for name in (person.preferred_name, person.email))


def test_what_a_calendar_reads_goes_by_mail_all_the_same(line, sink, cohort, aoi):
    linked(aoi)
    announce_booked_series(cohort=cohort, sessions=[make_session(cohort)], now=NOW)
    OutboundMessage.objects.exclude(kind="invitation", recipient=aoi).delete()

    deliver_due(now=NOW)

    assert (sink.addresses, line.pushes) == ([aoi.email], [])


@pytest.mark.parametrize("orders", [{"push": 429}, {"push": 400}, {"push": 403}, {"profile": 500}])
def test_when_line_refuses_mail_goes_instead_at_once(line, sink, reminder, aoi, orders):
    linked(aoi)
    line.order(**orders)

    deliver_due(now=reminder.due_at)

    assert sink.addresses == [aoi.email]
    assert state(reminder) == ("sent", "mail")


def test_when_line_cannot_be_reached_mail_goes_instead(line, sink, settings, reminder, aoi):
    linked(aoi)
    settings.LINE_API_URL = "http://127.0.0.1:9"

    deliver_due(now=reminder.due_at)

    assert (sink.addresses, state(reminder)) == ([aoi.email], ("sent", "mail"))


def test_who_blocked_us_gets_mail_and_is_unlinked(line, sink, reminder, aoi):
    linked(aoi)
    line.order(profile=404)

    deliver_due(now=reminder.due_at)

    assert (sink.addresses, line.pushes) == ([aoi.email], [])
    assert not LineLink.objects.exists()


def test_an_uncertain_push_is_repeated_under_its_key_and_409_means_sent(line, sink, reminder, aoi):
    linked(aoi)
    line.order(push=500, took_it=True)
    deliver_due(now=reminder.due_at)
    assert state(reminder) == ("queued", "line")
    line.order()

    assert deliver_due(now=reminder.due_at + BACKOFF[0]) == 1

    assert len(line.pushes) == 2
    assert {push["key"] for push in line.pushes} == {retry_key(reminder)}
    assert (sink.addresses, state(reminder)) == ([], ("sent", "line"))


def test_after_an_uncertain_push_no_mail_follows_even_when_line_is_unlinked(line, sink, reminder, aoi):
    linked(aoi)
    line.order(push=500)
    deliver_due(now=reminder.due_at)
    forget_line(person_id=aoi.pk)

    deliver_due(now=reminder.due_at + BACKOFF[0])

    assert (sink.addresses, state(reminder)[0]) == ([], "uncertain")


def test_a_killed_senders_push_is_repeated_because_line_knows_the_key(line, sink, reminder, aoi):
    linked(aoi)
    later = reminder.due_at + timedelta(minutes=6)
    OutboundMessage.objects.update(status="sending", channel="line", attempts=1, leased_until=reminder.due_at)

    deliver_due(now=later)

    assert (len(line.pushes), sink.addresses, state(reminder)[0]) == (1, [], "sent")


def test_without_an_account_at_line_everything_goes_by_mail(sink, reminder, aoi, settings):
    linked(aoi)

    deliver_due(now=reminder.due_at)

    assert sink.addresses == [aoi.email]


def test_unlinking_holds_for_what_is_already_queued(line, sink, reminder, aoi):
    linked(aoi)
    forget_line(person_id=aoi.pk)

    deliver_due(now=reminder.due_at)

    assert (line.pushes, sink.addresses) == ([], [aoi.email])


# ---- linking --------------------------------------------------------------------------------------------------------


def told(client, *events, secret=SECRET):
    body = json.dumps({"events": events}).encode()
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    return client.post(
        reverse("line_webhook"), body, content_type="application/json", headers={"X-Line-Signature": signature}
    )


def says(text, account=ACCOUNT):
    return {"type": "message", "source": {"userId": account}, "message": {"type": "text", "text": text}}


def test_a_person_links_line_with_the_code_that_their_page_shows(client, line, aoi):
    client.force_login(aoi)
    page = client.post(reverse("contact_choices"), {"link": "1"})
    code = page.context["code"]
    assert code in page.content.decode()

    assert told(client, says(f" {code.lower()} ")).status_code == 200

    assert aoi.line_link.account == ACCOUNT
    assert ContactChoice.objects.get(person=aoi).channel == "line"
    assert ACCOUNT not in str(list(LineLink.objects.values_list("account_hash")))


def test_a_code_is_good_once_and_for_fifteen_minutes(aoi):
    code = make_line_code(person=aoi, now=NOW)

    assert not link_line(code=code, account="late", now=NOW + timedelta(minutes=15))
    assert link_line(code=code, account="in time", now=NOW)
    assert not link_line(code=code, account="again", now=NOW)


def test_what_line_did_not_sign_links_nobody(client, line, aoi):
    code = make_line_code(person=aoi, now=NOW)

    assert told(client, says(code), secret="another").status_code == 400
    assert client.post(reverse("line_webhook"), b"{}", content_type="application/json").status_code == 400
    assert not LineLink.objects.exists()


@pytest.mark.parametrize("body", [{}, [], {"events": "x"}, {"events": [1, {"type": "follow"}, {"source": []}]}])
def test_whatever_else_line_tells_is_passed_over(client, line, body):
    raw = json.dumps(body).encode()
    signature = base64.b64encode(hmac.new(SECRET.encode(), raw, hashlib.sha256).digest()).decode()

    answer = client.post(
        reverse("line_webhook"), raw, content_type="application/json", headers={"X-Line-Signature": signature}
    )

    assert answer.status_code == 200


def test_who_blocks_us_at_line_is_unlinked(client, line, aoi):
    linked(aoi)

    told(client, {"type": "unfollow", "source": {"userId": ACCOUNT}})

    assert not LineLink.objects.exists()
    assert ContactChoice.objects.get(person=aoi).channel == "mail"


def test_a_phone_that_changes_hands_is_linked_to_its_last_holder_alone(aoi, takeshi):
    linked(aoi)
    linked(takeshi)

    assert list(LineLink.objects.values_list("person", flat=True)) == [takeshi.pk]


def test_without_an_account_at_line_the_page_offers_none_and_the_webhook_does_not_exist(client, aoi):
    client.force_login(aoi)

    assert "LINE" not in client.get(reverse("contact_choices")).content.decode()
    assert told(client, says("x")).status_code == 404
    assert urlsplit(reverse("line_webhook")).path == "/line/webhook/"

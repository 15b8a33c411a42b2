"""What people choose, how fast a domain is written to, who stands back for whom, and sending again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from dialogue.core.pace import rates_from
from dialogue.delivery import deliver_due
from dialogue.models import AuditEntry, ContactChoice, OutboundMessage
from dialogue.services.reaching import choose_contact
from dialogue.services.resending import send_again, settle_restored
from sessions.announcing import announce_booked_series
from sessions.services.changing import cancel_session
from tests.dialogue.test_returned_mail import tell
from tests.factories import NOW, make_cohort, make_participation, make_person, make_session, make_term
from tests.mail_sink import running_mail_sink, send_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings):
    with running_mail_sink() as running:
        send_to(settings, running)
        yield running


@pytest.fixture
def booked(cohort):
    session = make_session(cohort)
    announce_booked_series(cohort=cohort, sessions=[session], now=NOW)
    return session


# ---- choices --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "come"),
    [("all", ["reminder_72h", "reminder_24h", "reminder_1h"]), ("day", ["reminder_24h"]), ("none", [])],
)
def test_people_get_the_reminders_that_they_chose_and_every_invitation(booked, aoi, sink, chosen, come):
    choose_contact(person=aoi, channel="mail", reminders=chosen, next_terms=False, now=NOW)
    for hours in range(0, 24 * 8, 1):
        deliver_due(now=NOW + timedelta(hours=hours))

    sent = OutboundMessage.objects.filter(recipient=aoi, status="sent").order_by("due_at")
    assert [row.kind for row in sent] == ["cohort_formed", "invitation", *come]


def test_a_reminder_says_where_reminders_are_turned_off_and_an_invitation_does_not(booked, aoi, sink, settings):
    deliver_due(now=NOW)
    deliver_due(now=booked.starts_at - timedelta(hours=24))
    by_kind = {
        row.kind: next(mail for mail in sink.mails if mail["Message-ID"] == row.message_id)
        for row in OutboundMessage.objects.filter(recipient=aoi, status="sent")
    }

    assert by_kind["reminder_24h"]["List-Unsubscribe"] == f"<{settings.BASE_URL}{reverse('contact_choices')}>"
    assert by_kind["invitation"]["List-Unsubscribe"] is None


def test_a_person_keeps_their_choice_on_their_own_page(client, aoi):
    client.force_login(aoi)

    client.post(reverse("contact_choices"), {"reminders": "none"})
    refused = client.post(reverse("contact_choices"), {"reminders": "hourly"})

    assert refused.status_code == 200
    assert ContactChoice.objects.get(person=aoi).reminders == "none"
    assert client.get(reverse("contact_choices")).context["form"].initial["reminders"] == "none"


# ---- pace -----------------------------------------------------------------------------------------------------------


def test_a_domain_gets_its_share_of_a_minute_and_holds_nobody_else_up(term, sink, settings):
    settings.OUTBOX_DOMAIN_RATES = "docomo.ne.jp=3"
    slow = [make_participation(term, make_person(email=f"d{n}@docomo.ne.jp")) for n in range(8)]
    quick = [make_participation(term) for _ in range(4)]
    for number, one in enumerate([*slow, *quick]):
        tell(one, key=str(number))

    deliver_due(now=NOW, limit=5)
    assert sorted(sink.addresses) == sorted(
        [*(one.person.email for one in slow[:3]), *(one.person.email for one in quick)]
    )
    deliver_due(now=NOW + timedelta(seconds=30))
    assert len(sink.addresses) == 7
    deliver_due(now=NOW + timedelta(minutes=1))
    deliver_due(now=NOW + timedelta(minutes=2))

    assert [address for address in sink.addresses if "docomo" in address] == [one.person.email for one in slow]
    assert set(OutboundMessage.objects.values_list("status", "attempts")) == {("sent", 1)}


@pytest.mark.parametrize("text", ["docomo.ne.jp", "docomo.ne.jp=0", "=3", "docomo.ne.jp=fast"])
def test_a_rate_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match=r"docomo\.ne\.jp=60"):
        rates_from(text)


def test_rates_are_read_in_any_spelling():
    assert rates_from(" Docomo.ne.jp = 60 , au.com=5,") == {"docomo.ne.jp": 60, "au.com": 5}


# ---- order ----------------------------------------------------------------------------------------------------------


def test_a_cancel_does_not_overtake_what_is_under_way_to_the_same_person(booked, aoi, sink):
    under_way = OutboundMessage.objects.get(kind="invitation", recipient=aoi)
    OutboundMessage.objects.filter(pk=under_way.pk).update(
        status="sending", attempts=1, leased_until=NOW + timedelta(minutes=5)
    )
    cancel_session(session_id=booked.pk, now=NOW)

    deliver_due(now=NOW)
    assert aoi.email not in [mail["To"].rpartition("<")[2].strip(">") for mail in sink.mails if "CANCEL" in str(mail)]
    waiting = OutboundMessage.objects.get(kind="session_cancelled", recipient=aoi)
    assert (waiting.status, waiting.attempts) == ("queued", 0)
    OutboundMessage.objects.filter(pk=under_way.pk).update(status="sent", sent_at=NOW, leased_until=None)

    deliver_due(now=NOW)

    waiting.refresh_from_db()
    assert waiting.status == "sent"


# ---- again ----------------------------------------------------------------------------------------------------------


def page(client, term, show="trouble"):
    return client.get(reverse("term_messages", args=[term.pk]), {"show": show})


def test_what_was_given_up_is_listed_with_its_reason_and_sent_again_once(client, term, aoi, chika, sink):
    row = tell(make_participation(term, aoi))
    OutboundMessage.objects.update(status="dead", attempts=12, trouble="SMTPRecipientsRefused")
    client.force_login(chika)
    again = reverse("message_again", args=[term.pk, row.pk])
    listed = page(client, term).content.decode()
    assert again in listed
    assert "このアドレスを受け付けません" in listed

    for _ in range(2):
        assert client.post(again).status_code == 302

    row.refresh_from_db()
    assert (row.status, row.attempts) == ("queued", 0)
    assert AuditEntry.objects.filter(action="message_sent_again").count() == 1


@pytest.mark.parametrize(("status", "expires"), [("uncertain", None), ("dead", NOW), ("sent", None), ("void", None)])
def test_what_may_have_arrived_or_is_of_no_use_is_not_sent_again(term, aoi, chika, status, expires):
    row = tell(make_participation(term, aoi))
    OutboundMessage.objects.update(status=status, expires_at=expires, sent_at=NOW if status == "sent" else None)

    assert not send_again(message_id=row.pk, actor=chika, now=NOW)

    row.refresh_from_db()
    assert row.status == status


def test_nobody_sends_again_what_is_of_another_programme(client, term, aoi, chika):
    row = tell(make_participation(make_term(), aoi))
    OutboundMessage.objects.update(status="dead")
    client.force_login(chika)

    assert client.post(reverse("message_again", args=[term.pk, row.pk])).status_code == 404
    assert client.post(reverse("message_again", args=[make_term().pk, row.pk])).status_code == 404


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_list_of_troubles_asks_as_often_for_one_as_for_three(
    client, chika, term, how_many, django_assert_num_queries
):
    session = make_session(make_cohort(term))
    for number in range(how_many):
        one = make_participation(term)
        tell(one, key=str(number), subject_key=f"session:{session.pk}")
        tell(one, key=f"held{number}")
    OutboundMessage.objects.filter(dedupe_key__startswith="held").update(status="held", trouble="address fails")
    OutboundMessage.objects.exclude(dedupe_key__startswith="held").update(status="dead", trouble="SMTPDataError")
    client.force_login(chika)
    page(client, term)

    with django_assert_num_queries(10):
        assert len(page(client, term).context["lines"]) == 2 * how_many


def test_after_a_restore_reminders_are_listed_and_invitations_go_again(booked, sink):
    now = booked.starts_at - timedelta(hours=23)
    assert settle_restored(now=now)[0] == 5 * 2, "the reminders of three days and of one day"
    assert settle_restored(now=now)[0] == 0

    deliver_due(now=now)

    assert set(OutboundMessage.objects.filter(status="sent").values_list("kind", flat=True)) == {
        "cohort_formed",
        "invitation",
    }
    assert OutboundMessage.objects.filter(kind="reminder_1h", status="queued").count() == 5

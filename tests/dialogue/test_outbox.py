"""What is written into the outbox, and what is taken back from it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from dialogue.message_kinds import MessageKind, kinds, register
from dialogue.models import OutboundMessage
from dialogue.outbox import Draft, message_id_for, queue_messages, void_messages
from tests.factories import NOW, make_participation

pytestmark = pytest.mark.django_db


def draft_about(participation, **changes) -> Draft:
    plain = Draft(
        kind="not_placed",
        recipient_id=participation.person_id,
        subject_key=f"participation:{participation.pk}",
        dedupe_key=f"not-placed:1:{participation.pk}",
        due_at=NOW,
    )
    return replace(plain, **changes)


def test_the_same_draft_twice_gives_one_row(term):
    one = make_participation(term)

    queue_messages([draft_about(one)], now=NOW)
    queue_messages([draft_about(one, due_at=NOW + timedelta(hours=1))], now=NOW)

    row = OutboundMessage.objects.get()
    assert (row.due_at, row.status, row.attempts) == (NOW, "queued", 0)


def test_a_repeat_does_not_hold_up_the_new_drafts_beside_it(term):
    first, second = make_participation(term), make_participation(term)
    queue_messages([draft_about(first)], now=NOW)

    queue_messages([draft_about(first), draft_about(second)], now=NOW)

    assert OutboundMessage.objects.count() == 2


def test_a_row_goes_with_the_change_that_it_tells_of(term):
    one = make_participation(term)

    with transaction.atomic():
        queue_messages([draft_about(one)], now=NOW)
        transaction.set_rollback(True)

    assert not OutboundMessage.objects.exists()


def test_a_kind_that_nobody_registered_is_refused(term):
    one = make_participation(term)

    with pytest.raises(KeyError):
        queue_messages([draft_about(one, kind="birthday")], now=NOW)

    assert not OutboundMessage.objects.exists()


def test_two_kinds_cannot_share_a_name():
    known = kinds()["not_placed"]

    with pytest.raises(ValueError, match="not_placed"):
        register(MessageKind("not_placed", repeatable=False, still_wanted=known.still_wanted, render=known.render))

    assert kinds()["not_placed"] is known
    assert register(known) is known


def test_a_message_keeps_its_name_and_another_gets_another(settings):
    settings.BASE_URL = "https://madoi.example.org"

    assert message_id_for("invitation:1:2:0") == message_id_for("invitation:1:2:0")
    assert message_id_for("invitation:1:2:0") != message_id_for("invitation:1:2:1")
    assert message_id_for("invitation:1:2:0").endswith("@madoi.example.org>")


def test_taking_back_leaves_what_is_sent_and_what_is_of_another_subject_or_version(term):
    one, other = make_participation(term), make_participation(term)
    queue_messages(
        [
            draft_about(one, dedupe_key="old"),
            draft_about(one, dedupe_key="new", subject_version=1),
            draft_about(one, dedupe_key="gone"),
            draft_about(other, dedupe_key="other"),
        ],
        now=NOW,
    )
    OutboundMessage.objects.filter(dedupe_key="gone").update(status="sent", sent_at=NOW)

    taken_back = void_messages(subject_key=f"participation:{one.pk}", kinds_to_void=["not_placed"], before_version=1)

    assert taken_back == 1
    assert dict(OutboundMessage.objects.values_list("dedupe_key", "status")) == {
        "old": "void",
        "new": "queued",
        "gone": "sent",
        "other": "queued",
    }

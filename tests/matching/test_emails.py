"""Whoever waits is told which time would have placed them, by the term's clock; nobody else is named."""

import pytest

from dialogue.delivery import composed
from dialogue.message_kinds import kinds
from dialogue.models import OutboundMessage, Participation, Person, Term
from matching.services.publish import publish_run
from matching.services.runs import run_queued, start_run
from tests.factories import NOW, make_facilitation, make_participation

pytestmark = pytest.mark.django_db


def letter(term: Term) -> str:
    run = start_run(term=term, seed=1, now=NOW)
    run_queued(now=NOW)
    publish_run(run_id=run.pk, now=NOW)
    row = OutboundMessage.objects.select_related("recipient").get(kind="not_placed")
    return composed(row, kinds()[row.kind], NOW).body


@pytest.fixture
def four(term: Term, fumi: Person) -> Term:
    for generation in ("student", "student", "alumni", "alumni"):
        make_participation(term, generation=generation)
    make_facilitation(term, fumi)
    return term


def test_time_that_would_have_placed_somebody_is_named_with_its_zone(four: Term) -> None:
    late = make_participation(four)
    late.windows.all().delete()

    text = letter(four)

    assert "毎週火曜 19:00〜20:30 日本時間 にも来ていただけると" in text
    assert f"/answers/{late.pk}/times/" in text
    assert not any(person.preferred_name in text for person in Person.objects.exclude(pk=late.person_id))


def test_somebody_whom_more_time_would_not_place_is_not_told_to_find_some(four: Term) -> None:
    make_participation(four, languages=["en"])

    assert "この時間なら" not in letter(four)
    assert Participation.objects.waiting().count() == 1

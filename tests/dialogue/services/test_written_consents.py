"""Consent that came by mail or on paper: kept once, as it was collected, and taken back where it was a slip."""

from datetime import date

import pytest
from django.core import mail

from dialogue.models import AuditEntry, ConsentRecord, OutboundMessage, Participation
from dialogue.services.roster_rows import ConsentStatement
from dialogue.services.written_consents import DayAhead, take_written_consents_back, write_consents_down
from tests.factories import NOW, make_consent, make_participation, make_term

pytestmark = pytest.mark.django_db

ON_PAPER = ConsentStatement(collected_by="学生支援課", given_on=date(2026, 11, 2), text_version="take-part-v1")


@pytest.fixture
def write(term, chika):
    def of(*people, statement=ON_PAPER):
        chosen = [one.pk for one in people]
        came = write_consents_down(term=term, chosen=chosen, statement=statement, actor=chika, now=NOW)
        return [(each.result.value, each.why and each.why.value) for each in came]

    return of


@pytest.fixture
def take_back(term, chika):
    def of(*people):
        came = take_written_consents_back(term=term, chosen=[one.pk for one in people], actor=chika, now=NOW)
        return [(each.result.value, each.why and each.why.value) for each in came]

    return of


def lacking(term, **fields) -> Participation:
    return make_participation(term, consent=False, **{"waiting_reason": "consent", **fields})


def reasons(*people) -> list[str]:
    return [Participation.objects.get(pk=one.pk).waiting_reason for one in people]


def test_who_waited_for_it_is_in_the_next_forming(write, term, chika):
    one, other = lacking(term), lacking(term)

    assert write(one, other) == [("done", None)] * 2

    assert set(term.participations.to_be_matched()) == {one, other}
    kept = set(ConsentRecord.objects.values_list("method", "collected_by", "given_on", "text_version", "recorded_at"))
    assert kept == {("host", "学生支援課", date(2026, 11, 2), "take-part-v1", NOW)}
    told = AuditEntry.objects.filter(action="consent_written_down", actor=chika)
    assert list(told.order_by("pk").values_list("subject_key", flat=True)) == [
        f"participation:{each.pk}" for each in (one, other)
    ]


def test_nobody_is_mailed(write, take_back, term):
    one = lacking(term)
    write(one)
    take_back(one)

    assert not OutboundMessage.objects.exists()
    assert mail.outbox == []


def test_somebody_young_waits_for_their_guardian_then(write, term):
    young, agreed = lacking(term, under_18=True), lacking(term, under_18=True)
    make_consent(agreed, "guardian")

    write(young, agreed)

    assert reasons(young, agreed) == ["guardian", "matching"]


def test_written_twice_it_is_kept_once_as_it_was_first(write, term):
    one = lacking(term)
    write(one)

    later = ConsentStatement(collected_by="ほか", given_on=date(2026, 11, 3), text_version="take-part-v1")
    assert write(one, statement=later) == [("already", None)]

    assert ConsentRecord.objects.get().collected_by == "学生支援課"


def test_what_somebody_waits_for_beside_consent_stays(write, term):
    one = lacking(term, waiting_reason="no_availability")

    write(one)

    assert reasons(one) == ["no_availability"]


def test_who_has_left_or_answers_an_invitation_is_left_alone(write, term):
    gone = lacking(term, status="ended", ended_at=NOW, waiting_reason="")
    invited = lacking(term, status="applied")

    assert write(gone, invited) == [("not_possible", "gone"), ("not_possible", "invited")]
    assert not ConsentRecord.objects.exists()


def test_people_of_another_term_are_left_out(write):
    assert write(lacking(make_term())) == []


def test_day_that_has_not_come_writes_nothing(write, term):
    ahead = ConsentStatement(collected_by="学生支援課", given_on=date(2027, 3, 1), text_version="take-part-v1")

    with pytest.raises(DayAhead):
        write(lacking(term), statement=ahead)
    assert not ConsentRecord.objects.exists()


def test_slip_is_taken_back_and_the_ledger_keeps_that_it_was(write, take_back, term):
    one = lacking(term)
    write(one)

    assert take_back(one) == [("done", None)]
    assert take_back(one) == [("already", None)]

    assert reasons(one) == ["consent"]
    assert ConsentRecord.objects.get().withdrawn_at == NOW
    assert not term.participations.to_be_matched().exists()
    assert write(one) == [("done", None)]


def test_what_somebody_gave_themselves_is_not_taken_back(take_back, term):
    one = make_participation(term)

    assert take_back(one) == [("already", None)]
    assert ConsentRecord.objects.get().withdrawn_at is None


def test_nobody_sits_in_a_cohort_without_consent_through_it(write, take_back, term):
    one = lacking(term)
    write(one)
    Participation.objects.filter(pk=one.pk).update(status="placed", waiting_reason="")

    assert take_back(one) == [("not_possible", "has_cohort")]
    assert ConsentRecord.objects.get().withdrawn_at is None

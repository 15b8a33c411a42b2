"""A guardian is asked at an address of their own, reminded once, and answers by a link that opens nothing else."""

from datetime import timedelta

import pytest

from dialogue.announcing import tell_received
from dialogue.models import ConsentRecord, Guardianship, OutboundMessage, Participation, Person
from dialogue.services.guardians import (
    AlreadyAnswered,
    GuardianRefused,
    LinkExpired,
    LinkRefused,
    answer_for_guardian,
    ask_again,
    ask_guardian,
    guardian_token,
    guardianship_of,
    nudge_guardians,
)
from tests.factories import NOW, make_participation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def young(term, aoi) -> Participation:
    """Aoi, who is under 18 and was accepted."""
    return make_participation(term, aoi, under_18=True)


@pytest.fixture
def asked(young) -> Guardianship:
    return ask_guardian(participation=young, name="青井 蓮", email="ren@example.org", now=NOW)


def mails(kind: str) -> list[str]:
    return list(OutboundMessage.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def test_receipt_is_told_once(young):
    tell_received(participation=young, now=NOW)
    tell_received(participation=young, now=NOW)

    assert mails("application_received") == ["aoi@example.org"]


def test_asking_writes_to_the_guardian_and_lets_the_participant_wait_for_them(young, asked):
    young.refresh_from_db()

    assert young.waiting_reason == "guardian"
    assert mails("guardian_asked") == ["ren@example.org"]
    assert asked.guardian.preferred_name == "青井 蓮"


def test_asking_the_same_guardian_again_sends_nothing(young, asked):
    ask_guardian(participation=young, name="蓮", email="REN@example.org", now=NOW + timedelta(hours=1))

    assert mails("guardian_asked") == ["ren@example.org"]


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        ("aoi@example.org", "own_address"),
        ("AOI@Example.ORG", "own_address"),
        ("ａｏｉ＠ｅｘａｍｐｌｅ．ｏｒｇ", "own_address"),
        (" aoi @example.org", "own_address"),
        ("aoi+mother@example.org", "own_address"),
        ("takeshi@example.org", "takes_part"),
        ("ＴＡＫＥＳＨＩ@example.org", "takes_part"),
        ("nobody", "address"),
        ("", "address"),
    ],
)
def test_guardian_needs_an_address_of_their_own(young, takeshi, email, reason):
    make_participation(young.term, takeshi, "alumni")

    with pytest.raises(GuardianRefused) as refused:
        ask_guardian(participation=young, name="保護者", email=email, now=NOW)

    assert refused.value.reason == reason
    assert not Guardianship.objects.exists()
    assert not OutboundMessage.objects.exists()


def test_guardian_needs_a_name(young):
    with pytest.raises(GuardianRefused):
        ask_guardian(participation=young, name=" \u200b\u3000", email="ren@example.org", now=NOW)


def test_somebody_known_keeps_their_own_name(young, sam):
    ask_guardian(participation=young, name="だれか", email="sam@example.org", now=NOW)

    sam.refresh_from_db()
    assert sam.preferred_name == "Sam"


def test_another_address_takes_the_place_of_the_first_and_voids_its_link(young, asked):
    first = guardian_token(asked)

    later = ask_guardian(participation=young, name="青井 桜", email="sakura@example.org", now=NOW + timedelta(days=1))

    assert later.guardian.email == "sakura@example.org"
    with pytest.raises(LinkExpired):
        guardianship_of(token=first, now=NOW + timedelta(days=1))
    assert OutboundMessage.objects.get(recipient__email="ren@example.org").status == "void"


def test_agreement_is_a_consent_record_and_ends_the_waiting(young, asked):
    answer_for_guardian(guardianship_id=asked.pk, agreed=True, now=NOW)
    answer_for_guardian(guardianship_id=asked.pk, agreed=True, now=NOW)

    young.refresh_from_db()
    consent = ConsentRecord.objects.get(purpose="guardian")
    assert (consent.method, consent.collected_by, consent.text_version) == ("guardian", "青井 蓮", "guardian-v1")
    assert young.waiting_reason == "matching"


def test_agreement_does_not_stand_for_the_participants_own_consent(term, aoi):
    young = make_participation(term, aoi, under_18=True, consent=False)
    asked = ask_guardian(participation=young, name="青井 蓮", email="ren@example.org", now=NOW)

    answer_for_guardian(guardianship_id=asked.pk, agreed=True, now=NOW)

    young.refresh_from_db()
    assert young.waiting_reason == "consent"


def test_refusal_ends_the_participation_kindly(young, asked):
    answer_for_guardian(guardianship_id=asked.pk, agreed=False, now=NOW)

    young.refresh_from_db()
    assert (young.status, young.end_reason) == ("ended", "guardian_refused")
    assert not ConsentRecord.objects.filter(purpose="guardian").exists()


def test_second_answer_that_differs_is_refused(young, asked):
    answer_for_guardian(guardianship_id=asked.pk, agreed=True, now=NOW)

    with pytest.raises(AlreadyAnswered):
        answer_for_guardian(guardianship_id=asked.pk, agreed=False, now=NOW)

    young.refresh_from_db()
    assert young.status == "accepted"


def test_coordinators_can_have_the_guardian_answer_anew(young, asked, chika):
    answer_for_guardian(guardianship_id=asked.pk, agreed=True, now=NOW)

    again = ask_again(participation=young, actor=chika, now=NOW + timedelta(hours=1))

    young.refresh_from_db()
    assert (again.agreed, young.waiting_reason) == (None, "guardian")
    assert not ConsentRecord.objects.filter(purpose="guardian", withdrawn_at__isnull=True).exists()
    assert len(mails("guardian_asked")) == 2


def test_guardian_is_reminded_once_after_three_days(asked):
    assert nudge_guardians(now=NOW + timedelta(days=3) - timedelta(seconds=1)) == 0
    assert nudge_guardians(now=NOW + timedelta(days=3)) == 1
    assert nudge_guardians(now=NOW + timedelta(days=3)) == 0
    assert nudge_guardians(now=NOW + timedelta(days=30)) == 0
    assert mails("guardian_nudged") == ["ren@example.org"]


@pytest.mark.parametrize("agreed", [True, False])
def test_guardian_who_has_answered_is_not_reminded(asked, agreed):
    answer_for_guardian(guardianship_id=asked.pk, agreed=agreed, now=NOW)

    assert nudge_guardians(now=NOW + timedelta(days=3)) == 0


def test_link_opens_for_sixty_days(asked):
    token = guardian_token(asked)

    assert guardianship_of(token=token, now=NOW + timedelta(days=60) - timedelta(seconds=1)) == asked
    with pytest.raises(LinkExpired):
        guardianship_of(token=token, now=NOW + timedelta(days=60))


def test_forged_links_open_nothing(asked, term, takeshi):
    token = guardian_token(asked)
    number, _dot, signature = token.partition(".")
    other = make_participation(term, make_person(email="kai@example.org"), under_18=True)
    theirs = ask_guardian(participation=other, name="他の保護者", email="other@example.org", now=NOW)

    for forged in (
        number,
        f"{number}.",
        f"{number}.{signature[:-1]}A" if signature[-1] != "A" else f"{number}.{signature[:-1]}B",
        f"{theirs.pk}-{number.partition('-')[2]}.{signature}",
        "",
        ".",
        "0",
    ):
        with pytest.raises(LinkRefused):
            guardianship_of(token=forged, now=NOW)


def test_guardian_has_no_other_rights(asked):
    guardian = Person.objects.get(email="ren@example.org")

    assert not guardian.has_usable_password()
    assert not Participation.objects.of(guardian).exists()
    assert not guardian.staff_roles.exists()

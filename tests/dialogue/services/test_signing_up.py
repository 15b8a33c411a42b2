"""What the service of a sign-up keeps when people press twice, at once, or from two browsers."""

import json
from functools import partial

import pytest

from dialogue.models import JoinLink, OutboundMessage, Participation, Person, SignUpDraft, Term
from dialogue.services.signing_up import (
    AlreadyHere,
    DraftGone,
    NotComplete,
    NotProven,
    Typed,
    check_number,
    draft_behind,
    keep_answers,
    number_for,
    start_draft,
    take_place,
)
from tests.dialogue.sign_up import make_link
from tests.factories import NOW, make_coordinator, make_person, make_term
from tests.races import all_at_once

ANSWERS = {
    "name": {
        "family_name": "例田", "given_name": "みなと", "family_kana": "れいだ", "given_kana": "みなと",
        "preferred_name": "みなと", "email": "minato@example.org", "phone": "",
    },
    "generation": {"generation": "student", "adult": "yes", "languages": ["ja"]},
    "interests": {"topics": [], "own": ["星"], "not_yet": False, "crossroads": ""},
    "times": {"ticked": [[1, 1140], [1, 1170], [1, 1200]], "away": [], "zone": "Asia/Tokyo", "later": False},
    "agreements": {
        "rules": True, "take_part": True, "share_with_partner": False,
        "texts": {"rules": "agreements-v1", "take_part": "sign-up-take-part-v1"},
    },
}  # fmt: skip


def whole_draft(link: JoinLink, **other: dict[str, object]) -> SignUpDraft:
    draft = draft_behind(key=start_draft(link=link, now=NOW), link=link)
    assert draft is not None
    for name, given in (ANSWERS | other).items():
        keep_answers(draft_id=draft.pk, name=name, given=given, now=NOW)
    return draft


def proven_draft(link: JoinLink) -> SignUpDraft:
    draft = whole_draft(link)
    _address, number = number_for(draft_id=draft.pk, digits=6, now=NOW)
    assert check_number(draft_id=draft.pk, typed=number, now=NOW) is Typed.RIGHT
    return draft


def take(draft: SignUpDraft) -> Participation:
    return take_place(draft_id=draft.pk, language="ja", now=NOW)


@pytest.fixture
def link(term: Term) -> JoinLink:
    return make_link(term)


def test_draft_without_proof_takes_no_place(link: JoinLink) -> None:
    with pytest.raises(NotProven):
        take(whole_draft(link))
    assert not Person.objects.filter(email="minato@example.org").exists()


def test_whoever_is_signed_in_needs_proof_for_any_other_address(link: JoinLink, aoi: Person) -> None:
    with pytest.raises(NotProven):
        take_place(draft_id=whole_draft(link).pk, language="ja", now=NOW, actor=aoi)


def test_proof_of_one_address_is_none_of_another(link: JoinLink) -> None:
    draft = proven_draft(link)
    keep_answers(
        draft_id=draft.pk, name="name", given=ANSWERS["name"] | {"email": "somebody-else@example.org"}, now=NOW
    )

    with pytest.raises(NotProven):
        take(draft)


def test_draft_that_misses_a_page_takes_no_place_and_gets_no_number(link: JoinLink) -> None:
    draft = draft_behind(key=start_draft(link=link, now=NOW), link=link)
    assert draft is not None

    with pytest.raises(NotComplete):
        number_for(draft_id=draft.pk, digits=6, now=NOW)
    with pytest.raises(NotComplete):
        take(draft)


def test_number_of_one_draft_is_none_of_another(link: JoinLink) -> None:
    one, other = whole_draft(link), whole_draft(link)
    _address, number = number_for(draft_id=one.pk, digits=10, now=NOW)
    number_for(draft_id=other.pk, digits=10, now=NOW)

    assert check_number(draft_id=other.pk, typed=number, now=NOW) is Typed.WRONG


def test_sixth_try_is_void_even_with_the_right_number(link: JoinLink) -> None:
    draft = whole_draft(link)
    _address, number = number_for(draft_id=draft.pk, digits=6, now=NOW)

    tries = [check_number(draft_id=draft.pk, typed="x", now=NOW) for _ in range(5)]

    assert tries == [Typed.WRONG] * 4 + [Typed.VOID]
    assert check_number(draft_id=draft.pk, typed=number, now=NOW) is Typed.VOID


@pytest.mark.django_db(transaction=True)
def test_tries_sent_at_once_are_five_all_the_same(transactional_db: None) -> None:
    link = make_link(make_term(coordinator=make_person("Chika")))
    draft = whole_draft(link)
    number_for(draft_id=draft.pk, digits=6, now=NOW)

    all_at_once([partial(check_number, draft_id=draft.pk, typed="x", now=NOW)] * 12)

    draft.refresh_from_db()
    assert json.loads(draft.answers)["number"]["tries"] == 5


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one_participation(transactional_db: None) -> None:
    draft = proven_draft(make_link(make_term(coordinator=make_person("Chika"))))

    found = all_at_once([partial(take, draft)] * 4)

    assert sorted(type(one).__name__ for one in found) == ["DraftGone"] * 3 + ["Participation"]
    assert Participation.objects.count() == OutboundMessage.objects.count() == 1


@pytest.mark.postgres
def test_presses_and_tries_at_once_count_once_on_a_server_too() -> None:
    link = make_link(make_term(coordinator=make_person("Chika")))
    guessed, sent = whole_draft(link), proven_draft(link)
    number_for(draft_id=guessed.pk, digits=6, now=NOW)

    tries = all_at_once([partial(check_number, draft_id=guessed.pk, typed="x", now=NOW)] * 8)
    found = all_at_once([partial(take, sent)] * 4)

    assert tries.count(Typed.WRONG) == 4
    assert sum(isinstance(one, Participation) for one in found) == 1
    assert Participation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_browsers_at_once_make_one_participation(transactional_db: None) -> None:
    link = make_link(make_term(coordinator=make_person("Chika")))
    drafts = [proven_draft(link) for _ in range(3)]

    found = all_at_once([partial(take, draft) for draft in drafts])

    assert sum(isinstance(one, Participation) for one in found) == 1
    assert sum(isinstance(one, AlreadyHere) for one in found) == 2
    assert Participation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_pages_kept_at_once_all_stay(transactional_db: None) -> None:
    link = make_link(make_term(coordinator=make_person("Chika")))
    draft = draft_behind(key=start_draft(link=link, now=NOW), link=link)
    assert draft is not None

    all_at_once(
        [partial(keep_answers, draft_id=draft.pk, name=name, given=given, now=NOW) for name, given in ANSWERS.items()]
    )

    draft.refresh_from_db()
    assert json.loads(draft.answers) == ANSWERS


def test_coordinator_signs_up_as_anybody_does(link: JoinLink, chika: Person) -> None:
    make_coordinator(make_term().programme, chika)
    draft = whole_draft(link, name=ANSWERS["name"] | {"email": chika.email})

    one = take_place(draft_id=draft.pk, language="ja", now=NOW, actor=chika)

    assert (one.person, one.status) == (chika, "applied")
    with pytest.raises(DraftGone):
        take_place(draft_id=draft.pk, language="ja", now=NOW, actor=chika)

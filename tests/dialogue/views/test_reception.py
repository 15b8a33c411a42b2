"""The reception: one look tells what is there, no letter goes out unseen, and no slip is final for five minutes."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.core.reception import Move
from dialogue.decisions import Decision
from dialogue.models import Guardianship, IdentityCheck, NamedSlot, OutboundMessage, Participation, SlotAnswer
from dialogue.services.guardians import ask_guardian, guardian_token, nudge_guardians
from dialogue.services.reception import decide, reply
from tests import stopped_clock
from tests.factories import NOW, make_participation, make_person, make_programme, make_term

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, chika) -> Client:
    client.force_login(chika)
    chika.language = "en"
    chika.save()
    return client


@pytest.fixture
def new(term, aoi) -> Participation:
    return make_participation(term, aoi, status="applied", waiting_reason="acceptance")


def page(client, term, **query) -> str:
    return client.get(reverse("reception", args=[term.pk]), query).content.decode()


def deciding(client, term, move, *marks, **said):
    """Press the last button of a decision."""
    return client.post(
        reverse("reception_decide", args=[term.pk]), {"move": move, "who": list(marks), **said}, follow=True
    )


def person_page(client, one) -> str:
    return client.get(reverse("reception_person", args=[one.pk])).content.decode()


# The list


def test_list_says_what_is_there_and_what_is_missing(desk, term, new):
    text = page(desk, term)

    assert "青井 葵" in text
    assert "Times: 1 a week" in text
    assert "Consent missing" not in text.partition("<tbody")[2]


def test_list_says_what_is_missing_of_somebody_young(desk, term):
    one = make_participation(term, under_18=True, consent=False, status="applied", waiting_reason="guardian")
    one.windows.all().delete()

    row = page(desk, term).partition("<tbody")[2]

    for words in ("Consent missing", "No time that fits", "Guardian not asked"):
        assert words in row


def test_list_counts_the_named_slots_that_fit(desk, term, new):
    for weekday, answer in enumerate(("yes", "yes", "maybe", "no")):
        slot = NamedSlot.objects.create(term=term, weekday=weekday, starts=1140, ends=1260)
        SlotAnswer.objects.create(slot=slot, participation=new, answer=answer)

    assert "Times: 2 of 4, and 1 if need be" in page(desk, term)


def test_list_shows_that_a_guardian_was_reminded(desk, term, new):
    Participation.objects.filter(pk=new.pk).update(under_18=True)
    ask_guardian(participation=new, name="青井 蓮", email="ren@example.org", now=NOW)
    assert "Guardian asked on Tue 24 November" in page(desk, term)

    nudge_guardians(now=NOW + timedelta(days=3))

    assert "Guardian reminded on Fri 27 November" in page(desk, term)


def test_identity_is_asked_for_where_the_term_says_so(desk, term, new):
    assert "Identity" not in page(desk, term)

    term.checks_identity = True
    term.save()

    assert "Identity not checked" in page(desk, term)


def test_newest_sign_up_stands_first(desk, term, new):
    later = make_participation(term, make_person("のちこ"), status="applied", waiting_reason="acceptance")
    Participation.objects.filter(pk=later.pk).update(created_at=NOW + timedelta(hours=1))

    text = page(desk, term)

    assert text.index("のちこ") < text.index("青井")


@pytest.mark.parametrize(
    ("show", "who"),
    [
        ("", {"new", "replied", "asked", "held", "young", "without"}),
        ("new", {"new", "young", "without"}),
        ("replied", {"replied"}),
        ("asked", {"asked"}),
        ("held", {"held"}),
        ("guardian", {"young"}),
        ("consent", {"without"}),
        ("accepted", {"accepted"}),
        ("closed", {"declined"}),
        ("nonsense", {"new", "replied", "asked", "held", "young", "without"}),
    ],
)
def test_list_is_narrowed_to_what_is_asked(desk, term, show, who):
    def signed_up(name, *moves, **fields):
        fields = {"status": "applied", "waiting_reason": "acceptance"} | fields
        one = make_participation(term, make_person(f"who-{name}"), **fields)
        for move in moves:
            decide(term=term, chosen={one.pk: None}, decision=move, now=NOW)
        return one

    signed_up("new")
    signed_up("young", under_18=True, waiting_reason="guardian")
    signed_up("without", consent=False)
    signed_up("asked", Decision(move=Move.ASK_BACK, words="?"))
    reply(participation_id=signed_up("replied", Decision(move=Move.ASK_BACK, words="?")).pk, words="!", now=NOW)
    signed_up("held", Decision(move=Move.HOLD))
    signed_up("accepted", Decision(move=Move.ACCEPT))
    signed_up("declined", Decision(move=Move.DECLINE))
    make_participation(term, make_person("who-placed"), status="placed")

    text = page(desk, term, show=show).partition("<tbody")[2]

    names = ("new", "young", "without", "asked", "replied", "held", "accepted", "declined", "placed")
    assert {name for name in names if f"who-{name}<" in text} == who


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_query_count_does_not_grow(desk, term, item_count, django_assert_num_queries):
    for number in range(item_count):
        one = make_participation(term, under_18=True, status="applied", waiting_reason="guardian")
        ask_guardian(participation=one, name="保護者", email=f"guardian-{number}@example.org", now=NOW)
    page(desk, term)

    with django_assert_num_queries(9):
        page(desk, term)


def test_list_is_found_by_name_and_shows_pages(desk, term, new):
    for _ in range(51):
        make_participation(term, status="applied", waiting_reason="acceptance")

    assert "青井" not in page(desk, term)
    assert "青井" in page(desk, term, page=2)
    assert "青井" in page(desk, term, q="葵")


def test_everybody_on_the_page_is_chosen_without_a_script(desk, term, new):
    assert " checked" not in page(desk, term)
    assert " checked" in page(desk, term, all="1")


# Looking before sending


@pytest.mark.parametrize("move", ["accept", "ask_back", "hold", "decline", "hand_on"])
def test_letter_is_shown_with_the_persons_name_before_anything_is_sent(desk, term, new, move):
    mark = f"{new.pk}-0"

    text = desk.get(reverse("reception_decide", args=[term.pk]), {"move": move, "who": mark}).content.decode()

    assert "あおい 様" in text
    assert "aoi@example.org" in text
    assert not OutboundMessage.objects.exists()


def test_words_of_ones_own_are_looked_at_before_they_are_sent(desk, term, new):
    answer = deciding(desk, term, "decline", f"{new.pk}-0", words="またお会いしましょう", look="1")

    assert answer.content.decode().count("またお会いしましょう") == 2
    assert not OutboundMessage.objects.exists()


def test_question_without_words_is_refused_and_nothing_is_sent(desk, term, new):
    text = deciding(desk, term, "ask_back", f"{new.pk}-0", words=" \u3000").content.decode()

    assert "Write what you would like to know." in text
    assert not OutboundMessage.objects.exists()


def test_after_deciding_it_says_to_whom(desk, term, new):
    text = deciding(desk, term, "accept", f"{new.pk}-0").content.decode()

    assert "Accepted: 青井 葵." in text
    assert "leaves in five minutes" in text


def test_double_click_sends_one_letter(desk, term, new):
    deciding(desk, term, "accept", f"{new.pk}-0")
    text = deciding(desk, term, "accept", f"{new.pk}-0").content.decode()

    assert "It was so before" in text
    assert OutboundMessage.objects.count() == 1


def test_second_coordinator_is_told_who_was_quicker(desk, term, new, chika):
    deciding(desk, term, "accept", f"{new.pk}-0")

    text = deciding(desk, term, "decline", f"{new.pk}-0").content.decode()

    assert "千賀 千歌 was quicker" in text
    assert "“Accepted”" in text
    new.refresh_from_db()
    assert new.status == "accepted"


def test_many_are_decided_in_one_go(desk, term, new):
    other = make_participation(term, make_person("次郎"), status="applied", waiting_reason="acceptance")

    text = deciding(desk, term, "hold", f"{new.pk}-0", f"{other.pk}-0").content.decode()

    assert "On hold: " in text
    assert Participation.objects.filter(waiting_reason="held").count() == 2


def test_stranger_among_those_chosen_is_left_out(desk, term, new):
    stranger = make_participation(make_term(), make_person("よそびと"), status="applied", waiting_reason="acceptance")

    looked = desk.get(
        reverse("reception_decide", args=[term.pk]), {"move": "accept", "who": [f"{new.pk}-0", f"{stranger.pk}-0"]}
    ).content.decode()
    text = deciding(desk, term, "accept", f"{new.pk}-0", f"{stranger.pk}-0").content.decode()

    assert "よそびと" not in looked + text
    stranger.refresh_from_db()
    assert stranger.status == "applied"


@pytest.mark.parametrize("marks", [[], ["x"], ["0-0"], ["1-"], ["9" * 40 + "-0"], ["-1-0"], ["１-０"]])
def test_made_up_choices_lead_back_to_the_list(desk, term, new, marks):
    text = deciding(desk, term, "accept", *marks).content.decode()

    assert "Choose somebody first" in text
    assert not OutboundMessage.objects.exists()


def test_made_up_decision_leads_back_to_the_list(desk, term, new):
    for move in ("point_on", "delete", ""):
        assert "Choose somebody first" in deciding(desk, term, move, f"{new.pk}-0").content.decode()


def test_somebody_with_a_cohort_stays_as_they_are(desk, term, cohort, aoi):
    placed = Participation.objects.get(person=aoi)

    looked = desk.get(
        reverse("reception_decide", args=[term.pk]), {"move": "decline", "who": f"{placed.pk}-0"}
    ).content.decode()
    text = deciding(desk, term, "decline", f"{placed.pk}-0").content.decode()

    assert "These stay as they are" in looked
    assert "not possible, it says “Has a cohort”" in text


def test_handing_on_offers_the_hosts_other_terms_alone(desk, term, new):
    later = NOW.date() + timedelta(days=30)
    make_term(programme=make_programme(), name="よその期", starts_on=later)
    make_term(programme=term.programme, name="次の期", starts_on=later)
    foreign = make_term(name="他団体の期", starts_on=later)
    foreign.programme.organisation = type(foreign.programme.organisation).objects.create(name="別の団体")
    foreign.programme.save()

    text = desk.get(
        reverse("reception_decide", args=[term.pk]), {"move": "hand_on", "who": f"{new.pk}-0"}
    ).content.decode()

    assert "次の期" in text
    assert "よその期" in text
    assert "他団体の期" not in text
    forced = deciding(desk, term, "hand_on", f"{new.pk}-0", to=str(foreign.pk)).content.decode()
    assert "not one of the available choices" in forced
    assert not Participation.objects.filter(term=foreign).exists()


def test_another_programme_needs_its_name(desk, term, new):
    text = deciding(desk, term, "hand_on", f"{new.pk}-0", to="elsewhere", elsewhere=" ").content.decode()

    assert "Write which programme" in text
    assert not OutboundMessage.objects.exists()


def test_taking_back_says_that_nobody_was_told(desk, term, new):
    deciding(desk, term, "decline", f"{new.pk}-0")

    looked = desk.get(
        reverse("reception_decide", args=[term.pk]), {"move": "reopen", "who": f"{new.pk}-1"}
    ).content.decode()
    text = deciding(desk, term, "reopen", f"{new.pk}-1").content.decode()

    assert "the last letter has not left yet" in looked
    assert "Taken back, and nobody was told: 青井 葵." in text


# One person


def test_page_of_a_person_never_shows_their_crossroads(desk, term, new, aoi):
    aoi.phone = "090-0000-0000"
    aoi.save()
    Participation.objects.filter(pk=new.pk).update(
        crossroads="わたしの分かれ道",
        note="事務局のメモ",
        asked="お尋ね",
        replied="お答え",
        interests={"旅": 3, "川釣り": 2},
    )

    text = person_page(desk, new)

    assert "わたしの分かれ道" not in text
    for words in ("090-0000-0000", "事務局のメモ", "お尋ね", "お答え", "Travel", "川釣り", "aoi@example.org"):
        assert words in text


def test_note_is_kept(desk, new):
    desk.post(reverse("reception_note", args=[new.pk]), {"note": "電話で話した"})

    assert "電話で話した" in person_page(desk, new)


def test_identity_is_checked_in_the_name_of_who_is_signed_in(desk, new, chika):
    desk.post(reverse("reception_identity", args=[new.pk]), {"method": "met", "checked_on": "2026-11-20"})

    check = IdentityCheck.objects.get()
    assert (check.checked_by, check.method, str(check.checked_on)) == (chika, "met", "2026-11-20")
    assert "千賀 千歌" in person_page(desk, new)

    desk.post(reverse("reception_identity", args=[new.pk]), {"withdraw": "1"})

    assert not IdentityCheck.objects.exists()


@pytest.mark.parametrize("sent", [{"method": "met", "checked_on": "2026-11-25"}, {"checked_on": "2026-11-20"}, {}])
def test_check_that_cannot_be_is_refused_with_what_was_typed(desk, new, sent):
    text = desk.post(reverse("reception_identity", args=[new.pk]), sent).content.decode()

    assert "error-summary" in text
    assert not IdentityCheck.objects.exists()


def test_guardian_is_asked_from_the_persons_page(desk, new):
    Participation.objects.filter(pk=new.pk).update(under_18=True)
    address = reverse("reception_guardian", args=[new.pk])

    refused = desk.post(address, {"name": "青井 蓮", "email": "ＡＯＩ@example.org"}).content.decode()
    assert "the participant&#x27;s own address" in refused
    assert "青井 蓮" in refused
    desk.post(address, {"name": "青井 蓮", "email": "ren@example.org"})
    desk.post(address, {"again": "1"})

    assert Guardianship.objects.get().guardian.email == "ren@example.org"
    assert "ren@example.org" in person_page(desk, new)


# The participant's side


def test_question_stands_on_home_with_a_place_to_answer(client, aoi, new, term):
    decide(term=term, chosen={new.pk: None}, decision=Decision(move=Move.ASK_BACK, words="何時からですか"), now=NOW)
    client.force_login(aoi)

    assert "何時からですか" in client.get(reverse("home")).content.decode()
    client.post(reverse("reception_reply", args=[new.pk]), {"words": "19時からです"})

    new.refresh_from_db()
    assert new.replied == "19時からです"
    assert "何時からですか" not in client.get(reverse("home")).content.decode()


def test_empty_answer_is_asked_for_again(client, aoi, new, term):
    decide(term=term, chosen={new.pk: None}, decision=Decision(move=Move.ASK_BACK, words="何時からですか"), now=NOW)
    client.force_login(aoi)

    text = client.post(reverse("reception_reply", args=[new.pk]), {"words": " \u200b"}).content.decode()

    assert "何時からですか" in text
    assert "error-summary" in text


def test_nobody_answers_for_somebody_else(client, sam, new, term):
    decide(term=term, chosen={new.pk: None}, decision=Decision(move=Move.ASK_BACK, words="?"), now=NOW)
    client.force_login(sam)

    assert client.post(reverse("reception_reply", args=[new.pk]), {"words": "x"}).status_code == 404


def test_invitation_is_answered_on_a_page_of_its_own(client, aoi, new, term):
    there = make_term(programme=make_programme(), name="次の期", starts_on=NOW.date() + timedelta(days=30))
    decide(term=term, chosen={new.pk: None}, decision=Decision(move=Move.HAND_ON, to_term=there), now=NOW)
    place = Participation.objects.get(term=there)
    client.force_login(aoi)
    address = reverse("invitation", args=[place.pk])

    assert address in client.get(reverse("home")).content.decode()
    assert "次の期" in client.get(address).content.decode()
    client.post(address, {"answer": "yes"})

    place.refresh_from_db()
    assert place.waiting_reason == "acceptance"
    assert client.get(address).status_code == 302


# The guardian's page


@pytest.fixture
def asked(new) -> Guardianship:
    Participation.objects.filter(pk=new.pk).update(under_18=True)
    return ask_guardian(participation=new, name="青井 蓮", email="ren@example.org", now=NOW)


def test_guardian_reads_what_is_asked_and_answers_without_an_account(client, asked, term, new):
    address = reverse("guardian", args=[guardian_token(asked)])

    text = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert "青井 葵" in text
    assert "end by 21:00" in text
    assert "03-0000-0000" in text
    client.post(address, {"answer": "yes"})

    asked.refresh_from_db()
    assert asked.agreed is True
    again = client.get(address)
    assert 'name="answer"' not in again.content.decode()
    assert again.status_code == 200


def test_guardian_who_changes_their_mind_is_led_to_the_coordinators(client, asked, new):
    address = reverse("guardian", args=[guardian_token(asked)])
    client.post(address, {"answer": "yes"})

    text = client.post(address, {"answer": "no"}, follow=True, headers={"accept-language": "en"}).content.decode()

    assert "The coordinators can change it for you." in text
    asked.refresh_from_db()
    assert asked.agreed is True


def test_answer_must_be_one_of_two(client, asked):
    address = reverse("guardian", args=[guardian_token(asked)])

    for sent in ({}, {"answer": "maybe"}):
        client.post(address, sent)

    asked.refresh_from_db()
    assert asked.answered_at is None


def test_forged_link_is_not_found_and_an_old_one_says_so(client, asked):
    token = guardian_token(asked)

    assert client.get(reverse("guardian", args=[token[:-2] + "xx"])).status_code == 404
    stopped_clock.stop_at(NOW + timedelta(days=60))
    assert client.get(reverse("guardian", args=[token])).status_code == 410
    assert client.post(reverse("guardian", args=[token]), {"answer": "yes"}).status_code == 410


@pytest.mark.parametrize("route", ["reception_person", "reception_note", "reception_identity", "reception_guardian"])
def test_sam_finds_none_of_it(client, sam, new, term, route):
    client.force_login(sam)

    for name, pk in ((route, new.pk), ("reception", term.pk), ("reception_decide", term.pk)):
        address = reverse(name, args=[pk])
        assert client.post(address, {"note": "x"}).status_code in {404, 405}
        assert client.get(address).status_code in {404, 405}

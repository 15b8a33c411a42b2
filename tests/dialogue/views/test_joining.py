"""Signing up by a link: the road, what is kept, and whoever tries to spoil it."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from dialogue.consent_texts import SHARE_WITH_PARTNER, TAKE_PART, agreements, consent_text
from dialogue.models import AuditEntry, JoinLink, OutboundMessage, Participation, Person, SignUpDraft, Term
from dialogue.services.cohorts import end_participation
from dialogue.services.join_links import close_link
from dialogue.services.signing_up import drop_stale_drafts
from tests import stopped_clock
from tests.dialogue.sign_up import Applicant, mails_are_there, make_link, newest_number
from tests.factories import NOW, make_participation, make_person, make_term

Reason = Participation.WaitingReason


@pytest.fixture(autouse=True)
def _fresh_limits(db: None, settings) -> Iterator[None]:
    settings.NUMBER_MAIL_PAUSE = 0.0
    cache.clear()
    yield
    cache.clear()
    mails_are_there()


@pytest.fixture
def link(term: Term) -> JoinLink:
    return make_link(term)


@pytest.fixture
def minato(link: JoinLink) -> Applicant:
    return Applicant(link)


# The road


def test_sign_up_ends_as_a_participation_that_waits_to_be_accepted(minato: Applicant, term: Term) -> None:
    one = minato.signs_up()

    person = one.person
    assert (one.term, one.status, one.waiting_reason) == (term, "applied", Reason.ACCEPTANCE)
    assert (person.email, person.phone) == ("minato@example.org", "090-0000-0000")
    assert (person.full_name, person.family_kana, person.given_kana) == ("例田 みなと", "れいだ", "みなと")
    assert person.preferred_name == "みなと"
    assert (one.interests, one.not_yet_in_words) == ({"働くこと": 3, "星": 3, "古い地図": 3}, True)
    assert one.crossroads == "進学か、就職か"
    assert list(one.windows.values_list("weekday", "starts", "ends")) == [(1, 1140, 1320)]
    assert list(one.exceptions.values_list("date", flat=True)) == [date(2026, 12, 8)]
    (consent,) = one.consents.all()
    assert (consent.purpose, consent.method, consent.text_version) == ("take_part", "site", "sign-up-take-part-v1")
    assert minato.client.session["_auth_user_id"] == str(person.pk)
    assert OutboundMessage.objects.filter(recipient=person, kind="application_received").count() == 1
    assert AuditEntry.objects.filter(action="signed_up", actor=person).count() == 1
    assert not SignUpDraft.objects.exists()


def test_page_after_sending_says_what_happens_next(minato: Applicant) -> None:
    one = minato.signs_up()

    page = minato.client.get(f"{minato.base}done/")

    assert page.status_code == 200
    assert [step["name"] for step in page.context["steps"]]
    assert reverse("my_answers", args=[one.pk]) in page.content.decode()


def test_partner_is_told_only_of_those_who_agree(term: Term) -> None:
    link = make_link(term, partner="みどり野大学")
    agrees = Applicant(link).signs_up(agreements={"share_with_partner": "on"})
    silent = Applicant(link).signs_up(name={"email": "other@example.org"})

    purposes = [sorted(one.consents.values_list("purpose", flat=True)) for one in (agrees, silent)]
    assert purposes == [["share_with_partner", "take_part"], ["take_part"]]
    assert agrees.partner == silent.partner == link.partner


def test_nothing_is_ticked_beforehand_among_the_agreements(term: Term) -> None:
    applicant = Applicant(make_link(term, partner="みどり野大学"))
    applicant.begins()

    page = applicant.client.get(f"{applicant.base}agreements/").content.decode()

    assert len(re.findall(r'type="checkbox"', page)) == 3
    assert "checked" not in page


def test_first_page_names_host_partner_and_who_gets_to_know_what(client: Client, term: Term) -> None:
    link = make_link(term, partner="みどり野大学")

    page = client.get(reverse("join", args=[link.code])).content.decode()

    assert term.programme.organisation.name in page
    assert "みどり野大学" in page
    assert term.contact not in page


def test_introduction_is_shown_in_the_readers_language_and_never_as_markup(client: Client, term: Term) -> None:
    term.introduction, term.introduction_en = "はじめまして<script>x</script>", "Hello"
    term.save()
    address = reverse("join", args=[make_link(term).code])

    assert "はじめまして&lt;script&gt;" in client.get(address).content.decode()
    client.cookies["language"] = "en"
    assert "Hello" in client.get(address).content.decode()


# Kept at each step


def test_answers_are_kept_when_the_browser_is_closed_in_the_middle(minato: Applicant) -> None:
    minato.begins()
    minato.answers("name")
    minato.answers("generation")
    key = minato.client.cookies["sign-up"].value
    later = Client()
    later.cookies["sign-up"] = key

    went_on = later.post(minato.base, {"do": "start"})

    assert went_on.url == f"{minato.base}interests/"
    assert 'value="みなと"' in later.get(f"{minato.base}name/").content.decode()


def test_cookie_is_for_this_link_alone_and_hidden_from_scripts(minato: Applicant) -> None:
    cookie = minato.begins().cookies["sign-up"]

    assert cookie["httponly"]
    assert (cookie["path"], cookie["samesite"]) == (minato.base, "Lax")
    assert cookie["max-age"] == 30 * 24 * 60 * 60
    assert cookie.value not in str(list(SignUpDraft.objects.values()))


def test_draft_is_stored_unreadable(minato: Applicant, link: JoinLink) -> None:
    minato.begins()
    minato.answers("name")

    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM dialogue_signupdraft")
        stored = cursor.fetchone()[0]
    assert "minato" not in stored


@pytest.mark.parametrize("place", ["interests", "times", "agreements", "check", "number", "fit"])
def test_pages_without_a_draft_lead_to_the_beginning(client: Client, link: JoinLink, place: str) -> None:
    base = reverse("join", args=[link.code])
    assert client.get(f"{base}{place}/").url == base
    assert client.post(f"{base}{place}/", {"code": "123456"}).url == base


@pytest.mark.parametrize("key", ["", "x", "a" * 5000, "' OR 1=1 --"])
def test_tampered_key_opens_nothing(minato: Applicant, key: str) -> None:
    minato.fills_in()
    stranger = Client()
    stranger.cookies["sign-up"] = key

    assert stranger.get(f"{minato.base}check/").url == minato.base


def test_key_of_one_link_opens_no_draft_of_another(minato: Applicant, term: Term) -> None:
    minato.fills_in()
    other = Applicant(make_link(term, partner="みどり野大学"), minato.client)
    minato.client.cookies["sign-up"]["path"] = "/"

    assert minato.client.get(f"{other.base}check/").url == other.base


def test_two_tabs_keep_each_others_pages(minato: Applicant) -> None:
    minato.begins()
    minato.answers("name")
    second_tab = Applicant.__new__(Applicant)
    second_tab.client, second_tab.base = minato.client, minato.base
    minato.answers("generation")
    second_tab.answers("interests")

    assert minato.client.get(f"{minato.base}check/").url == f"{minato.base}times/"


def test_wrong_page_loses_nothing_that_was_typed(minato: Applicant) -> None:
    minato.begins()

    page = minato.answers("name", email="not an address", family_kana="漢字", phone="12")

    assert set(page.context["form"].errors) == {"email", "family_kana", "phone"}
    html = page.content.decode()
    assert 'value="not an address"' in html
    assert 'value="漢字"' in html


def test_drafts_go_after_thirty_days(minato: Applicant) -> None:
    minato.begins()

    assert drop_stale_drafts(now=NOW + timedelta(days=29)) == 0
    assert drop_stale_drafts(now=NOW + timedelta(days=30)) == 1
    assert drop_stale_drafts(now=NOW + timedelta(days=30)) == 0


def test_shared_computer_forgets_when_told_to(minato: Applicant) -> None:
    minato.fills_in()

    answer = minato.client.post(minato.base, {"do": "forget"})

    assert answer.cookies["sign-up"].value == ""
    assert not SignUpDraft.objects.exists()


# Links


def test_unknown_code_is_answered_kindly(client: Client, db: None) -> None:
    answer = client.get("/join/nosuchcode/")

    assert answer.status_code == 404
    assert "dialogue/join/unknown.html" in [one.name for one in answer.templates]


def test_code_typed_from_a_flyer_finds_its_link(client: Client, link: JoinLink) -> None:
    typed = f"{link.code[:5].upper()}-{link.code[5:]}"

    assert client.get(f"/join/{typed}/").url == f"/join/{link.code}/"


def test_closed_link_takes_nobody_even_in_the_middle(minato: Applicant, link: JoinLink) -> None:
    minato.fills_in()
    close_link(link=link, now=NOW)

    assert minato.client.get(minato.base).status_code == 410
    assert minato.client.post(f"{minato.base}check/").status_code == 410
    assert minato.answers("name").status_code == 410
    assert not Person.objects.filter(email="minato@example.org").exists()


def test_last_day_lasts_until_its_midnight_and_an_hour_for_who_has_begun(minato: Applicant, term: Term) -> None:
    term.sign_up_until = date(2026, 11, 24)
    term.save()
    minato.begins()
    midnight = NOW.replace(hour=15)  # in Tokyo

    stopped_clock.stop_at(midnight - timedelta(seconds=1))
    assert Client().get(minato.base).status_code == 200
    stopped_clock.stop_at(midnight + timedelta(minutes=59))
    assert Client().get(minato.base).status_code == 410
    assert minato.answers("name").status_code == 302
    stopped_clock.stop_at(midnight + timedelta(minutes=61))
    assert minato.answers("name").status_code == 410


# The number


def test_nobody_signs_up_with_an_address_that_they_do_not_read(minato: Applicant, aoi: Person) -> None:
    minato.fills_in(name={"email": "aoi@example.org"})
    number = minato.asks_for_the_number()
    wrong = str((int(number) + 1) % 1_000_000).zfill(6)

    answers = [minato.types(wrong).status_code for _ in range(5)]
    after = minato.types(number)

    assert answers == [200] * 5
    assert after.status_code == 200
    assert not Participation.objects.exists()
    assert "_auth_user_id" not in minato.client.session


def test_number_of_another_draft_does_not_count(minato: Applicant, link: JoinLink) -> None:
    minato.fills_in()
    mine = minato.asks_for_the_number()
    other = Applicant(link)
    other.fills_in(name={"email": "other@example.org"})
    theirs = other.asks_for_the_number()

    if mine != theirs:
        minato.types(theirs)
    assert not Participation.objects.exists()


def test_number_for_an_address_that_was_changed_since_does_not_count(minato: Applicant, aoi: Person) -> None:
    minato.fills_in()
    number = minato.asks_for_the_number()
    minato.answers("name", email="aoi@example.org")

    minato.types(number)

    assert not Participation.objects.exists()


def test_proof_of_one_address_is_no_proof_of_another(minato: Applicant, link: JoinLink, aoi: Person) -> None:
    """Whoever proved their own address, is stopped by something else and then writes another, proves again."""
    make_participation(link.term, make_person("Known", email="minato@example.org"))
    minato.fills_in()
    minato.types(minato.asks_for_the_number())
    del minato.client.cookies["session"]
    minato.answers("name", email="aoi@example.org")

    answer = minato.client.post(f"{minato.base}check/")

    assert answer.url == f"{minato.base}number/"
    assert not Participation.objects.filter(person=aoi).exists()


def test_number_is_read_in_full_width_with_spaces(minato: Applicant) -> None:
    minato.fills_in()
    number = minato.asks_for_the_number()
    typed = "　".join(chr(ord(digit) + 0xFEE0) for digit in number)

    assert minato.types(typed).url == f"{minato.base}done/"


def test_number_runs_out_and_a_new_one_is_sent_on_the_same_page(minato: Applicant) -> None:
    minato.fills_in()
    first = minato.asks_for_the_number()
    stopped_clock.stop_at(NOW + timedelta(minutes=11))

    assert minato.types(first).status_code == 200
    minato.client.post(f"{minato.base}number/", {"action": "resend"})
    second = newest_number(2)
    if first != second:
        assert minato.types(first).status_code == 200
    assert minato.types(second).url == f"{minato.base}done/"


def test_known_and_unknown_addresses_meet_the_same_pages(link: JoinLink, aoi: Person) -> None:
    def seen(address: str) -> list[str]:
        applicant = Applicant(link)
        applicant.fills_in(name={"email": address})
        pages = [applicant.client.post(f"{applicant.base}check/"), applicant.client.get(f"{applicant.base}number/")]
        pages.append(applicant.types("000"))
        html = "\n".join(f"{page.status_code} {page.content.decode()}" for page in pages)
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html.replace(address, "…"))

    assert seen("aoi@example.org") == seen("nobody@example.org")


def test_limits_are_those_of_signing_in(minato: Applicant) -> None:
    minato.fills_in()

    answers = [minato.client.post(f"{minato.base}check/").url for _ in range(4)]

    assert answers == [f"{minato.base}number/"] * 3 + [f"{minato.base}check/"]


def test_coordinator_with_a_second_factor_is_asked_for_it_here_too(minato: Applicant, chika: Person) -> None:
    TOTP.activate(chika, generate_totp_secret())
    minato.fills_in(name={"email": "chika@example.org"})

    answer = minato.types(minato.asks_for_the_number())

    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in minato.client.session


def test_closed_account_stays_closed(minato: Applicant, aoi: Person) -> None:
    aoi.is_active = False
    aoi.save()
    minato.fills_in(name={"email": "aoi@example.org"})

    answer = minato.types(minato.asks_for_the_number())

    assert answer.url == reverse("account_inactive")
    assert not Participation.objects.exists()


# Twice, and again


def test_number_sent_twice_makes_one_participation(minato: Applicant) -> None:
    minato.fills_in()
    number = minato.asks_for_the_number()

    first, second = minato.types(number), minato.types(number)

    assert first.url == second.url == f"{minato.base}done/"
    assert Participation.objects.count() == 1
    assert OutboundMessage.objects.count() == 1


def test_somebody_in_the_term_is_told_so_and_may_take_the_new_answers(link: JoinLink, aoi: Person) -> None:
    known = make_participation(link.term, aoi, interests={"水泳": 5})
    applicant = Applicant(link)
    applicant.fills_in(name={"email": "aoi@example.org", "family_name": "別人", "family_kana": "べつじん"})

    answer = applicant.types(applicant.asks_for_the_number())
    assert answer.url == f"{applicant.base}again/"
    aoi.refresh_from_db()
    known.refresh_from_db()
    assert (aoi.family_name, known.interests, known.status) == ("青井", {"水泳": 5}, "accepted")

    taken = applicant.client.post(answer.url)
    known.refresh_from_db()
    assert taken.url == reverse("my_answers", args=[known.pk])
    assert known.interests == {"働くこと": 3, "星": 3, "古い地図": 3}
    assert list(known.windows.values_list("starts", "ends")) == [(1140, 1320)]
    assert known.status == "accepted"


def test_draft_of_another_address_takes_nobodys_place(link: JoinLink, aoi: Person) -> None:
    known = make_participation(link.term, aoi, interests={"水泳": 5})
    applicant = Applicant(link)
    applicant.fills_in()
    applicant.client.force_login(aoi)

    applicant.client.post(f"{applicant.base}again/")

    known.refresh_from_db()
    assert known.interests == {"水泳": 5}


def test_known_person_who_is_signed_in_starts_with_earlier_answers_and_needs_no_number(
    link: JoinLink, aoi: Person, chika: Person
) -> None:
    make_participation(make_term(coordinator=chika), aoi, "student", interests={"働くこと": 4, "星": 2})
    client = Client()
    client.force_login(aoi)
    applicant = Applicant(link, client)
    applicant.begins()

    assert 'value="青井"' in client.get(f"{applicant.base}name/").content.decode()
    applicant.answers("name", email="")
    assert "checked" in client.get(f"{applicant.base}interests/").content.decode()
    for page in ("generation", "interests", "times", "agreements"):
        applicant.answers(page)
    answer = client.post(f"{applicant.base}check/")

    assert answer.url == f"{applicant.base}done/"
    assert Participation.objects.get(person=aoi, term=link.term).status == "applied"


def test_whoever_took_it_back_may_come_again_and_who_was_declined_may_not(link: JoinLink, term: Term) -> None:
    one = Applicant(link).signs_up()
    client = Client()
    client.force_login(one.person)
    client.post(reverse("answers_take_back", args=[one.pk]))
    one.refresh_from_db()
    assert (one.status, one.end_reason) == ("ended", "withdrew")
    assert not one.consents.filter(withdrawn_at__isnull=True).exists()

    again = Applicant(link).signs_up()
    assert again.pk == one.pk
    assert (again.status, again.ended_at, again.end_reason) == ("applied", None, "")
    assert again.consents.filter(withdrawn_at__isnull=True).count() == 1

    end_participation(participation_id=one.pk, now=NOW)
    third = Applicant(link)
    third.fills_in()
    answer = third.types(third.asks_for_the_number())
    assert answer.url == f"{third.base}again/"
    one.refresh_from_db()
    assert one.status == "ended"


# Guardians


@pytest.mark.parametrize("adult", ["no", "unsure"])
def test_somebody_under_18_waits_for_a_guardian_who_is_asked(minato: Applicant, adult: str) -> None:
    guardian = {"name": "例田 母", "email": "mother@example.org"}

    one = minato.signs_up(generation={"adult": adult}, guardian=guardian)

    assert (one.under_18, one.waiting_reason) == (True, Reason.GUARDIAN)
    assert one.guardianship.guardian.email == "mother@example.org"
    kinds = set(OutboundMessage.objects.values_list("kind", flat=True))
    assert kinds == {"application_received", "guardian_asked"}


@pytest.mark.parametrize("email", ["minato@example.org", "MINATO@example.org", "minato+mother@example.org"])
def test_nobody_is_their_own_guardian(minato: Applicant, email: str) -> None:
    minato.begins()
    minato.answers("name")
    minato.answers("generation", adult="no")

    page = minato.answers("guardian", name="例田 母", email=email)

    assert "email" in page.context["form"].errors


def test_guardian_does_not_become_oneself_by_a_later_change(minato: Applicant) -> None:
    minato.fills_in(generation={"adult": "no"}, guardian={"name": "母", "email": "mother@example.org"})
    minato.answers("name", email="mother@example.org")

    assert minato.client.get(f"{minato.base}check/").url == f"{minato.base}guardian/"


def test_guardian_who_takes_part_is_refused_and_nothing_is_kept(link: JoinLink, minato: Applicant, aoi: Person) -> None:
    make_participation(link.term, aoi)
    minato.fills_in(generation={"adult": "no"}, guardian={"name": "葵", "email": "aoi@example.org"})

    answer = minato.types(minato.asks_for_the_number())

    assert answer.url == f"{minato.base}guardian/"
    assert not Person.objects.filter(email="minato@example.org").exists()
    assert SignUpDraft.objects.count() == 1


# What people type


@pytest.mark.parametrize(
    ("family", "given", "kana"),
    [("髙橋", "𠮷彦", ("たかはし", "よしひこ")), ("Nguyễn", "Minh", ("", "")), ("Sukarno", "", ("", "")),
     ("﨑山", "一二三", ("サキヤマ", "ﾋﾌﾐ")), ("O'Brien", "D'Arcy", ("", "")), ("はなこ", "", ("", ""))],
)  # fmt: skip
def test_names_of_every_kind_are_welcome(minato: Applicant, family: str, given: str, kana: tuple[str, str]) -> None:
    names = {"family_name": family, "given_name": given, "family_kana": kana[0], "given_kana": kana[1]}

    one = minato.signs_up(name=names)

    assert one.person.full_name == " ".join(part for part in (family, given) if part)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7|add:7 }}{% debug %}",
        "'; DROP TABLE--",
        "\u202eabc",
        "=1+1",
        "%s%(x)s",
        "\r\nBcc: x@example.org",
    ],
)
def test_hostile_texts_are_shown_as_they_are_and_do_nothing(minato: Applicant, text: str) -> None:
    minato.begins()
    minato.answers("name", preferred_name=text[:30], family_name=text[:80], family_kana="あ", given_kana="あ")
    minato.answers("generation")
    minato.answers("interests", own=text[:40], crossroads=text, topics=["not-yet"])
    minato.answers("times")
    minato.answers("agreements")

    for page in ("name", "interests", "check"):
        html = minato.client.get(f"{minato.base}{page}/").content.decode()
        assert "<script>alert" not in html
        assert "<img" not in html
        assert "\u202e" not in html


@pytest.mark.parametrize(
    ("place", "given"),
    [
        ("name", {"preferred_name": "あ" * 31}),
        ("name", {"family_name": "あ" * 81}),
        ("name", {"email": "a" * 400 + "@example.org"}),
        ("generation", {"generation": "both"}),
        ("generation", {"languages": ["xx"]}),
        ("interests", {"topics": ["made up"]}),
        ("interests", {"own": "、".join(f"語{number}" for number in range(9))}),
        ("interests", {"crossroads": "あ" * 2001}),
        ("times", {"ticked": ["9-0"]}),
        ("times", {"ticked": [], "do": "next"}),
        ("times", {"away": ["never"]}),
        ("times", {"zone": "Mars/Olympus"}),
        ("agreements", {"rules": ""}),
        ("agreements", {"take_part": ""}),
    ],
)
def test_refusal_names_the_field(minato: Applicant, place: str, given: dict[str, object]) -> None:
    minato.begins()
    minato.answers("name")
    minato.answers("generation")

    answer = minato.answers(place, **given)

    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == set(given) - {"do"}


def test_page_that_does_not_exist_is_not_found(minato: Applicant) -> None:
    minato.begins()

    assert minato.client.get(f"{minato.base}nothing/").status_code == 404


def test_sixty_scattered_half_hours_are_kept_as_sixty_windows(minato: Applicant) -> None:
    scattered = [f"{number % 7}-{number // 7 * 60}" for number in range(60)]

    one = minato.signs_up(times={"ticked": scattered})

    assert one.windows.count() == 60


def test_agreement_under_a_text_that_has_changed_is_asked_for_anew(minato: Applicant, monkeypatch) -> None:
    minato.fills_in()
    monkeypatch.setattr("dialogue.consent_texts.TAKE_PART", "sign-up-take-part-v2")

    assert minato.client.get(f"{minato.base}check/").url == f"{minato.base}agreements/"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_consent_texts_are_written_in_both_languages(language: str) -> None:
    for version in (TAKE_PART, SHARE_WITH_PARTNER):
        text = consent_text(version, language)
        assert version in text.title
        assert len(text.sections) >= 4
    assert len(agreements(language)) == 6

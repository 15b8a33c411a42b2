"""Signing in: one field, a number by mail, and nothing told about whose address is known."""

import re
import smtplib
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse

from dialogue.models import Person
from tests.factories import make_person

LOGIN = "/account/login/"
CONFIRM = "/account/login/code/confirm/"


class Down(EmailBackend):
    """A mail server that is not there."""

    def send_messages(self, messages: object) -> int:
        raise smtplib.SMTPServerDisconnected


class Slow(EmailBackend):
    """A mail server that takes its time."""

    def send_messages(self, messages: list) -> int:
        time.sleep(0.5)
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def _no_limits_left_over(db, settings) -> None:
    settings.NUMBER_MAIL_PAUSE = 0
    cache.clear()


@pytest.fixture
def letters() -> Callable[[int], list]:
    """Wait until so many mails have left."""

    def left(count: int) -> list:
        patience = time.monotonic() + 10
        while len(mail.outbox) < count and time.monotonic() < patience:
            time.sleep(0.01)
        return mail.outbox

    return left


def number_in(letter) -> str:
    return re.match(r"\d{6}", letter.subject).group()


def ask(client: Client, address: str, **more: str):
    return client.post(LOGIN, {"email": address, **more})


def test_number_opens_the_house_to_somebody_a_service_made(client, aoi, letters):
    ask(client, "aoi@example.org")
    number = number_in(letters(1)[0])

    answer = client.post(CONFIRM, {"code": number})

    assert answer.url == "/"
    assert client.session["_auth_user_id"] == str(aoi.pk)


def test_mail_begins_with_the_number_and_holds_no_link(client, aoi, letters):
    ask(client, "aoi@example.org")
    letter = letters(1)[0]

    assert letter.to == ["aoi@example.org"]
    assert number_in(letter) in letter.body
    assert "http" not in letter.body
    assert "href" not in letter.alternatives[0][0]


def test_mail_is_in_the_readers_language_whatever_the_page_speaks(client, sam, letters):
    client.cookies["language"] = "ja"
    ask(client, "sam@example.org")

    assert "Madoi" in letters(1)[0].subject
    assert letters(1)[0].subject.isascii()


@pytest.mark.parametrize("address", ["a..b@docomo.ne.jp", "aoi.@ezweb.ne.jp", "-.aoi@softbank.ne.jp"])
def test_carriers_addresses_that_django_refuses_sign_in(client, db, letters, address):
    person = make_person("けいたい", email=address)
    ask(client, address)
    letter = letters(1)[0]
    assert f"To: {address}" in letter.message().as_bytes().decode()

    client.post(CONFIRM, {"code": number_in(letter)})

    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize(
    "typed", ["AOI@Example.org", " aoi@example.org　", "ａｏｉ＠ｅｘａｍｐｌｅ．ｏｒｇ", "mailto:aoi@example.org"]
)
def test_address_is_understood_however_it_is_typed(client, aoi, letters, typed):
    assert ask(client, typed).status_code == 302
    assert letters(1)[0].to == ["aoi@example.org"]


@pytest.mark.parametrize("way", ["１２３４５６", " 123 456 ", "123-456", "１２３　４５６", "123ー456", "「123456」"])
def test_number_is_understood_however_it_is_typed(client, aoi, letters, way):
    ask(client, "aoi@example.org")
    number = number_in(letters(1)[0])
    typed = way
    for place, digit in enumerate("123456"):
        wide = chr(ord(digit) + 0xFEE0)
        typed = typed.replace(digit, f"<{place}>").replace(wide, f"<{place}w>")
    for place, digit in enumerate(number):
        typed = typed.replace(f"<{place}>", digit).replace(f"<{place}w>", chr(ord(digit) + 0xFEE0))

    client.post(CONFIRM, {"code": typed})

    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("typed", ["", "aoi", "aoi@", "@example.org", "a b@c", "aoi@example.org\nBcc: x@example.org"])
def test_text_that_is_no_address_is_answered_in_words_and_kept(client, aoi, typed):
    answer = ask(client, typed)

    assert answer.status_code == 200
    assert answer.context["form"].errors["email"]
    assert not mail.outbox


# Nothing is told about whose address is known


def same(known, unknown) -> bool:
    """Compare what both browsers were shown, but for the address they typed themselves and their tokens."""

    def shown(answer, address: str) -> str:
        page = answer.content.decode().replace(address, "…")
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)

    return (known[0].status_code, known[0].headers.get("Location"), shown(*known)) == (
        unknown[0].status_code,
        unknown[0].headers.get("Location"),
        shown(*unknown),
    )


@pytest.mark.parametrize("server", [None, Down, Slow])
def test_unknown_address_gets_the_same_answer_and_no_mail(aoi, settings, server, letters):
    if server:
        settings.EMAIL_BACKEND = f"{__name__}.{server.__name__}"
    one, other = Client(), Client()

    asked = [
        (client, ask(client, address), address)
        for client, address in ((one, "aoi@example.org"), (other, "nobody@example.org"))
    ]
    assert same(*((answer, address) for _, answer, address in asked))
    assert same(*((client.get(CONFIRM), address) for client, _, address in asked))
    wrong = [(client.post(CONFIRM, {"code": "xxxxxx"}), address) for client, _, address in asked]
    assert same(*wrong)

    assert [letter.to for letter in letters(0 if server is Down else 1)] == (
        [] if server is Down else [["aoi@example.org"]]
    )


def test_log_says_that_a_number_could_not_be_mailed_but_not_to_whom(aoi, settings, caplog):
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    ask(Client(), "aoi@example.org")

    patience = time.monotonic() + 10
    while "could not be mailed" not in caplog.text and time.monotonic() < patience:
        time.sleep(0.01)
    assert "SMTPServerDisconnected" in caplog.text
    assert "aoi@example.org" not in caplog.text


def test_slow_mail_server_keeps_nobody_waiting(aoi, settings, letters):
    settings.EMAIL_BACKEND = f"{__name__}.Slow"
    began = time.monotonic()

    ask(Client(), "aoi@example.org")

    assert time.monotonic() - began < 0.4
    assert letters(1)


def test_closed_account_gets_the_same_answer_and_no_mail(client, aoi):
    aoi.is_active = False
    aoi.save()

    assert ask(client, "aoi@example.org").url == CONFIRM
    time.sleep(0.05)
    assert not mail.outbox


# Limits


@pytest.mark.slow
def test_sixty_people_behind_one_address_all_get_a_number(db, letters):
    people = [make_person(f"Person {number}", email=f"p{number}@example.org") for number in range(60)]

    for person in people:
        assert ask(Client(), person.email).status_code == 302

    assert {letter.to[0] for letter in letters(60)} == {person.email for person in people}


def test_one_address_gets_three_numbers_a_minute(aoi, letters):
    answers = [ask(Client(), "aoi@example.org").status_code for _ in range(4)]

    assert answers == [302, 302, 302, 200]


def test_fifth_wrong_number_starts_over_with_the_address_kept(client, aoi, letters):
    ask(client, "aoi@example.org")
    number = number_in(letters(1)[0])

    tries = [client.post(CONFIRM, {"code": "000000" if number != "000000" else "111111"}) for _ in range(5)]

    assert [answer.status_code for answer in tries] == [200, 200, 200, 200, 302]
    assert client.post(CONFIRM, {"code": number}).status_code == 302
    assert "_auth_user_id" not in client.session
    assert 'value="aoi@example.org"' in client.get(LOGIN).content.decode()


def test_number_runs_out_after_ten_minutes_and_says_so(client, aoi, letters, monkeypatch):
    ask(client, "aoi@example.org")
    number = number_in(letters(1)[0])
    later = time.time() + 601
    monkeypatch.setattr("allauth.account.internal.flows.code_verification.time.time", lambda: later)

    page = client.post(CONFIRM, {"code": number}, follow=True)

    assert "_auth_user_id" not in client.session
    assert 'class="notice notice--info"' in page.content.decode()
    assert 'value="aoi@example.org"' in page.content.decode()


def passes(monkeypatch, seconds: float) -> None:
    """Let so much time pass for the limits and the numbers."""
    later = time.time() + seconds
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: later)


def test_only_the_latest_number_counts(client, aoi, letters, monkeypatch):
    ask(client, "aoi@example.org")
    first = number_in(letters(1)[0])
    passes(monkeypatch, 31)
    client.post(CONFIRM, {"action": "resend"})
    second = number_in(letters(2)[1])

    if first != second:
        client.post(CONFIRM, {"code": first})
        assert "_auth_user_id" not in client.session
    client.post(CONFIRM, {"code": second})
    assert "_auth_user_id" in client.session


def test_new_number_has_ten_minutes_and_five_tries_of_its_own(client, aoi, letters, monkeypatch):
    ask(client, "aoi@example.org")
    for _ in range(4):
        client.post(CONFIRM, {"code": "1"})
    passes(monkeypatch, 590)
    client.post(CONFIRM, {"action": "resend"})
    second = number_in(letters(2)[1])
    for _ in range(4):
        client.post(CONFIRM, {"code": "1"})
    passes(monkeypatch, 590)
    client.post(CONFIRM, {"code": second})

    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("address", ["aoi@example.org", pytest.param("nobody@example.org", marks=pytest.mark.slow)])
def test_another_number_too_early_is_answered_politely_and_not_sent(client, aoi, letters, address):
    ask(client, address)
    page = client.post(CONFIRM, {"action": "resend"}, follow=True)

    assert re.search(r"(2\d|30)", "".join(str(one) for one in page.context["messages"]))
    assert len(letters(1)) <= 1


def test_text_without_a_digit_costs_no_try(client, aoi, letters):
    ask(client, "aoi@example.org")
    number = number_in(letters(1)[0])

    slips = [client.post(CONFIRM, {"code": typed}).status_code for typed in ("", " ", "わからない") * 3]
    client.post(CONFIRM, {"code": number})

    assert set(slips) == {200}
    assert "_auth_user_id" in client.session


def test_number_works_only_in_the_browser_that_asked(client, aoi, letters):
    ask(client, "aoi@example.org")

    Client().post(CONFIRM, {"code": number_in(letters(1)[0])})

    assert "_auth_user_id" not in Client().session


# Where one lands, and how one leaves


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [
        ("/calendar/", "/calendar/"),
        ("//evil.example.com/", "/"),
        ("https://evil.example.com/", "/"),
        ("https:evil.example.com", "/"),
        ("/\\evil.example.com", "/"),
        ("\\\\evil.example.com", "/"),
        ("javascript:alert(1)", "/"),
        ("http://testserver@evil.example.com/", "/"),
    ],
)
def test_signing_in_never_leads_away_from_the_site(client, aoi, letters, wanted, lands):
    client.get(LOGIN, {"next": wanted})
    asked = ask(client, "aoi@example.org", next=wanted)
    assert urlsplit(asked.url).path == CONFIRM

    answer = client.post(asked.url, {"code": number_in(letters(1)[0]), "next": wanted})

    assert answer.url == lands


def test_signing_out_needs_a_post(client, aoi):
    client.force_login(aoi)
    client.get(reverse("account_logout"))
    assert "_auth_user_id" in client.session

    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/account/signup/", "/account/password/reset/", "/account/email/"])
def test_there_is_no_sign_up_and_no_password(client, db, path):
    assert client.get(path).status_code == 404


def test_signing_in_makes_nobody_new(client, db):
    ask(client, "nobody@example.org")

    assert not Person.objects.exists()


def test_sign_in_page_takes_at_most_three_queries(client, db, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        client.get(LOGIN)

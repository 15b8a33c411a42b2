"""What bounds a guesser and a mail bomber, and that neither locks anybody out."""

import re
import threading
import time
from collections.abc import Callable

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.dialogue.callers import CONFIRM, LOGIN, START_OVER
from tests.factories import make_person

AOI = "aoi@example.org"


@pytest.fixture(autouse=True)
def _no_limits_left_over(db: None, settings) -> None:
    settings.NUMBER_MAIL_PAUSE = 0
    cache.clear()


@pytest.fixture
def hours_pass(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Put the clock of the limits forward, from where it stands."""
    ahead = [0.0]
    clock = time.time

    def forward(hours: float) -> None:
        ahead[0] += hours * 3600

    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: clock() + ahead[0])
    return forward


def at(network: str = "192.0.2.1") -> Client:
    return Client(REMOTE_ADDR=network, headers={"accept-language": "en"})


def ask(client: Client, address: str = AOI) -> int:
    return client.post(LOGIN, {"email": address}).status_code


def newest_number(to: str = AOI, *, before: int) -> str:
    patience = time.monotonic() + 10
    while len(letters := [one for one in mail.outbox if one.to == [to]]) <= before and time.monotonic() < patience:
        time.sleep(0.01)
    return re.match(r"[\d ]+", letters[-1].subject)[0].strip()


def digits(client: Client) -> int:
    """Return how many digits the page speaks of."""
    return int(re.search(r"number of (\d+) digits", client.get(CONFIRM).content.decode())[1])


def guess_wrong(times: int, address: str = AOI, *, from_where: int = 0) -> None:
    """Type so many wrong numbers, four for each number and each from another network, as a careful guesser would."""
    for begun in range(0, times, 4):
        client = at(f"198.51.{from_where}.{begun // 4}")
        assert ask(client, address) == 302
        for _ in range(min(4, times - begun)):
            client.post(CONFIRM, {"code": "1"})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("address", [AOI, "nobody@example.org"])
def test_tenth_wrong_number_makes_the_next_ones_long_whoever_is_asked_for(aoi, address):
    guess_wrong(9, address)
    before, after = at(), at()
    ask(before, address)
    assert digits(before) == 6

    before.post(CONFIRM, {"code": "1"})
    ask(after, address)

    assert digits(after) == 10


def test_long_number_is_read_in_two_halves_and_typed_as_one_likes(aoi):
    guess_wrong(10)
    client = at()
    ask(client)
    number = newest_number(before=len(mail.outbox) - 1)
    time.sleep(0.05)
    number = newest_number(before=0)

    assert re.fullmatch(r"\d{5} \d{5}", number)
    client.post(CONFIRM, {"code": number})
    assert is_in(client)


@pytest.mark.parametrize("address", [AOI, "nobody@example.org"])
def test_short_number_under_way_is_void_once_guessing_shows_and_its_owner_gets_in_with_the_next(aoi, address):
    owner = at()
    ask(owner, address)
    short = newest_number(before=0) if address == AOI else "123456"
    guess_wrong(10, address)

    told = owner.post(CONFIRM, {"code": short})
    page = owner.get(told.url).content.decode()

    assert told.url == START_OVER
    assert not is_in(owner)
    assert f'value="{address}"' in page
    assert "no longer counts" in page
    assert ask(owner, address) == 302
    assert digits(owner) == 10


@pytest.mark.slow
def test_guesses_elsewhere_make_numbers_long_on_the_whole_site_after_a_hundred(aoi):
    for number in range(10):
        guess_wrong(9, f"p{number}@example.org", from_where=number)
    before, after = at(), at()
    ask(before)
    assert digits(before) == 6

    guess_wrong(9, "p10@example.org", from_where=10)
    guess_wrong(1, "p11@example.org", from_where=11)
    ask(after)

    assert digits(after) == 10


def test_wrong_numbers_are_forgotten_after_a_day_and_not_before(aoi, hours_pass):
    guess_wrong(10)
    hours_pass(23.9)
    client = at()
    ask(client)
    assert digits(client) == 10

    hours_pass(0.2)
    client = at()
    ask(client)
    assert digits(client) == 6


@pytest.mark.slow
def test_a_guesser_who_is_patient_for_days_gets_ten_short_guesses_a_day(aoi, hours_pass):
    """Three days, as much as is let through every four hours, always from new networks."""
    short = 0
    for hour in range(0, 72, 4):
        for number in range(3):
            client = at(f"203.0.{hour}.{number}")
            if ask(client) != 302 or digits(client) == 10:
                continue
            for _ in range(5):
                short += 1
                if client.post(CONFIRM, {"code": "1"}).status_code == 302:
                    break
        hours_pass(4)

    assert short <= 3 * (10 + 3)  # and at most one void number for each that was under way


def test_five_tries_of_a_number_are_five_even_when_its_session_is_put_back(aoi):
    """Requests sent at once all read the session as it was; so does whoever could put it back."""
    client = at()
    ask(client)
    number = newest_number(before=0)
    stored = client.session
    kept = dict(stored.items())
    for _ in range(5):
        client.post(CONFIRM, {"code": "1"})
        again = client.session
        again.clear()
        again.update(kept)
        again.save()

    client.post(CONFIRM, {"code": number})

    assert not is_in(client)


def test_success_does_not_clear_what_was_guessed(aoi):
    guess_wrong(9)
    owner = at()
    ask(owner)
    time.sleep(0.05)
    owner.post(CONFIRM, {"code": newest_number(before=0)})
    assert is_in(owner)

    guess_wrong(1, from_where=9)
    after = at()
    ask(after)

    assert digits(after) == 10


def test_limits_do_not_care_about_case_and_width(aoi):
    typed = ["aoi@example.org", "AOI@example.org", "ａｏｉ@example.org", " Aoi@Example.org "]
    assert [ask(at(), address) for address in typed] == [302, 302, 302, 200]


# Mail


def test_a_stranger_uses_up_the_numbers_of_their_own_network_only(aoi, hours_pass):
    for _ in range(20):
        ask(at("198.51.100.1"))
        hours_pass(1 / 50)
    assert ask(at("198.51.100.1")) == 200

    assert ask(at("192.0.2.1")) == 302


def test_an_address_is_mailed_thirty_numbers_an_hour_from_wherever_they_are_asked_for(aoi, hours_pass):
    asked = [ask(at(f"198.51.100.{number}")) for number in range(40)]
    assert asked.count(302) == 30

    hours_pass(1.01)
    assert ask(at("198.51.100.99")) == 302


def test_browser_that_has_signed_in_before_is_not_kept_out_by_strangers(aoi):
    home = at()
    ask(home)
    home.post(CONFIRM, {"code": newest_number(before=0)})
    assert is_in(home)
    home.post("/account/logout/")
    for number in range(40):
        ask(at(f"198.51.100.{number}"))

    assert ask(at()) == 200
    assert ask(home) == 302


def test_browser_of_one_person_is_no_known_browser_for_another(aoi):
    make_person(email="takeshi@example.org")
    home = at()
    ask(home)
    home.post(CONFIRM, {"code": newest_number(before=0)})
    home.post("/account/logout/")
    for number in range(40):
        ask(at(f"198.51.100.{number}"), "takeshi@example.org")

    assert ask(home, "takeshi@example.org") == 200


@pytest.mark.parametrize(
    "cookie", ["x", "." * 3000, *(pytest.param(one, marks=pytest.mark.slow) for one in ("", "é", "a" * 64))]
)
def test_made_up_mark_of_a_known_browser_is_worth_nothing(aoi, cookie):
    for number in range(40):
        ask(at(f"198.51.100.{number}"))
    forger = at()
    forger.cookies["known-browser"] = cookie

    assert ask(forger) == 200


def test_full_cache_forgets_other_things_before_wrong_numbers(aoi):
    guess_wrong(10)
    everything = "SELECT cache_key FROM django_cache ORDER BY cache_key"
    with connection.cursor() as cursor:
        cursor.execute(everything)
        keys = [key for (key,) in cursor.fetchall()]

    kept = [":wrong_number" in key for key in keys]
    assert kept == sorted(kept)
    assert sum(kept) == 2


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_are_all_counted(aoi):
    clients = []
    for number in range(8):
        client = at(f"198.51.100.{number}")
        ask(client)
        clients.append(client)

    def guess(client: Client) -> None:
        client.post(CONFIRM, {"code": "1"})
        connection.close()

    threads = [threading.Thread(target=guess, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    guess_wrong(2, from_where=7)
    after = at()
    ask(after)

    assert digits(after) == 10


# LINE


LINE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Safari Line/15.12.1"


def test_page_inside_line_shows_the_way_out_and_keeps_where_one_was_going(db):
    page = Client(headers={"user-agent": LINE}).get(LOGIN, {"next": "/calendar/"}).content.decode()

    assert f'href="{LOGIN}?next=%2Fcalendar%2F&amp;openExternalBrowser=1"' in page


@pytest.mark.parametrize("agent", ["", "Mozilla/5.0 Safari/605.1.15", "Mozilla/5.0 Online/2 Safari", "Airline/1"])
def test_page_in_a_browser_of_its_own_says_nothing_of_line(db, agent):
    assert "openExternalBrowser" not in Client(headers={"user-agent": agent}).get(LOGIN).content.decode()


# What the page says


def test_page_names_whose_mail_to_let_through_and_whom_to_ask(aoi, settings):
    settings.DEFAULT_FROM_EMAIL = "Madoi <hello@mail.example.net>"
    client = at()
    ask(client)
    page = client.get(CONFIRM).content.decode()

    assert "<strong>mail.example.net</strong>" in page
    assert 'href="mailto:hello@mail.example.net"' in page
    for company in ("docomo", "au", "SoftBank", "Rakuten", "Gmail"):
        assert company in page


def test_number_that_ran_out_leads_back_with_the_address_and_where_one_was_going(aoi, monkeypatch):
    client = at()
    asked = client.post(LOGIN, {"email": AOI, "next": "/calendar/"})
    later = time.time() + 601
    monkeypatch.setattr("allauth.account.internal.flows.code_verification.time.time", lambda: later)

    started_over = client.post(asked.url, {"code": "123456", "next": "/calendar/"})
    page = client.get(started_over.url).content.decode()

    assert started_over.url == f"{START_OVER}?next=%2Fcalendar%2F"
    assert f'value="{AOI}"' in page
    assert 'name="next" value="/calendar/"' in page

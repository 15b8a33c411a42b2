"""Signing in at the real web process, with a real mail server, a mail server that is away, and one that hangs."""

import random
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.core.cache import cache

from tests.dialogue.callers import CONFIRM, START_OVER, Answer, Caller, number_for
from tests.factories import make_person
from tests.mail_sink import MailSink, running_mail_sink
from tests.processes import free_port, running_site

THREADS = 8
"""Requests that the web process answers at once (config.asgi)."""


@pytest.fixture(autouse=True)
def _no_limits_left_over(transactional_db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="module")
def front(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, MailSink]]:
    """The site, with nothing before it, and its mail server; once for this file."""
    yield from site_and_sink(tmp_path_factory)


@pytest.fixture(scope="module")
def behind_a_proxy(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, MailSink]]:
    """The site as it stands behind one proxy of its own."""
    yield from site_and_sink(tmp_path_factory, TRUSTED_PROXY_COUNT="1")


def site_and_sink(folders: pytest.TempPathFactory, **environment: str) -> Iterator[tuple[str, MailSink]]:
    with running_mail_sink() as sink:
        mail = {"EMAIL_URL": f"smtp://127.0.0.1:{sink.port}"}
        with running_site(folders.mktemp("site"), **mail, **environment) as url:
            yield url, sink


@contextmanager
def hanging_mail_server() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(500)
        yield silent.getsockname()[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stands", "sends"),
    [("front", {}), pytest.param("behind_a_proxy", {"X-Forwarded-For": "198.51.100.7"}, marks=pytest.mark.slow)],
)
def test_sixty_people_at_one_address_who_come_at_once_all_get_in(request, record_property, stands, sends):
    url, sink = request.getfixturevalue(stands)
    addresses = [make_person(email=f"{stands}{number}@example.org").email for number in range(60)]
    sink.arrived.clear()

    def comes_in(address: str) -> bool:
        caller = Caller(url, sends)
        caller.asks_for_a_number(address)
        caller.types(number_for(sink, address))
        return caller.is_in()

    began = time.monotonic()
    with ThreadPoolExecutor(20) as people:
        came_in = list(people.map(comes_in, addresses))
    took = time.monotonic() - began
    record_property("seconds", f"{took:.1f}")

    assert sorted(sink.addresses) == sorted(addresses)
    assert all(came_in)


@pytest.mark.parametrize("address", ["a..b@docomo.ne.jp", ".abc@docomo.ne.jp", "abc.@ezweb.ne.jp"])
def test_carriers_addresses_reach_the_mail_server_as_they_are(front, address):
    url, sink = front
    make_person(email=address)
    sink.arrived.clear()
    caller = Caller(url)
    caller.asks_for_a_number(address)
    caller.types(number_for(sink, address))

    assert caller.is_in()
    assert sink.addresses == [address]


@pytest.mark.parametrize(
    "forged",
    [
        lambda n: {"X-Forwarded-For": f"203.0.113.{n}, 198.51.100.7"},
        lambda n: {"X-Forwarded-For": "198.51.100.7", "X_Forwarded_For": f"203.0.113.{n}"},
        lambda n: {"X-Forwarded-For": "198.51.100.7", "X-Real-Ip": f"203.0.113.{n}", "Forwarded": f"for=203.0.113.{n}"},
    ],
)
def test_forged_forwarding_does_not_get_around_the_limits(behind_a_proxy, forged: Callable[[int], dict[str, str]]):
    url, _ = behind_a_proxy
    at_one_place = [Caller(url, forged(n)).asks_for_a_number("aoi@example.org").status for n in range(4)]
    at_another = Caller(url, {"X-Forwarded-For": "192.0.2.9"}).asks_for_a_number("aoi@example.org").status

    assert at_one_place == [302, 302, 302, 200]
    assert at_another == 302


@pytest.mark.slow
def test_forged_forwarding_counts_for_nothing_where_no_proxy_is_trusted(front):
    callers = [Caller(front[0], {"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(4)]

    assert [caller.asks_for_a_number("aoi@example.org").status for caller in callers] == [302, 302, 302, 200]


# Guessing


@pytest.mark.parametrize(
    "guesses",
    [
        pytest.param(300, marks=pytest.mark.slow),
        pytest.param(10_000, marks=[pytest.mark.slow, pytest.mark.timeout(1800)]),
    ],
)
def test_guessers_at_many_addresses_from_many_places_let_nobody_in(tmp_path, record_property, guesses):
    """Every guess comes from another network. At most a hundred are at short numbers, whatever is known."""
    chance = random.Random(7)
    known = [make_person(email=f"p{number}@example.org").email for number in range(200)]
    addresses = [*known, *(f"nobody{number}@example.org" for number in range(50))]
    with hanging_mail_server() as port:
        environment = {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "TRUSTED_PROXY_COUNT": "1"}
        with running_site(tmp_path, **environment) as url:

            def guesses_at_one_number(place: int) -> tuple[int, int, int]:
                """Return how many guesses were made, how many of them at a short number, and how many let in."""
                caller = Caller(url, {"X-Forwarded-For": f"2001:db8:{place:x}::1"})
                caller.asks_for_a_number(chance.choice(addresses))
                made = short = 0
                digits = 6
                for _ in range(5):
                    answer = caller.types(f"{chance.randrange(10**digits):0{digits}d}")
                    if answer.location and answer.location != START_OVER:
                        return made + 1, short + 1, 1
                    if made == 0 and answer.location:
                        return 0, 0, 0  # the number was void before the first guess
                    made += 1
                    digits = 10 if "10 digits" in answer.body else digits
                    short += digits == 6
                    if answer.location:
                        break
                return made, short, 0

            made = short = inside = place = 0
            began = time.monotonic()
            with ThreadPoolExecutor(THREADS) as guessers:
                while made < guesses:
                    for more in guessers.map(guesses_at_one_number, range(place, place + 40)):
                        made, short, inside = made + more[0], short + more[1], inside + more[2]
                    place += 40
    record_property("guesses", f"{made} in {time.monotonic() - began:.0f} s, {short} at short numbers")

    assert inside == 0
    assert short <= 100 + 2 * THREADS


# Nothing is told about whose address is known


def what_is_seen(url: str, address: str, seconds: dict[str, list[float]] | None = None) -> list[Answer]:
    caller = Caller(url)
    steps: dict[str, Callable[[], Answer]] = {
        "ask": lambda: caller.asks_for_a_number(address),
        "page": lambda: caller.get(CONFIRM),
        "wrong": lambda: caller.types("12345"),
        "slip": lambda: caller.types("?"),
        "early": lambda: caller.post(CONFIRM, action="resend"),
        "after": lambda: caller.get(CONFIRM),
        **{f"wrong {n}": lambda: caller.types("12345") for n in range(2, 6)},
        "start": lambda: caller.get(START_OVER),
    }
    seen = []
    for name, step in steps.items():
        began = time.perf_counter()
        answer = step()
        if seconds is not None:
            seconds.setdefault(name, []).append(time.perf_counter() - began)
        random_ones = {"set-cookie", "date", "expires"}
        headers = {name: "…" if name in random_ones else value for name, value in answer.headers.items()}
        seen.append(Answer(answer.status, headers, answer.body.replace(address, "…")))
    return seen


@contextmanager
def mail_server(state: str) -> Iterator[int]:
    if state == "up":
        with running_mail_sink() as sink:
            yield sink.port
    elif state == "hanging":
        with hanging_mail_server() as port:
            yield port
    else:
        yield free_port()


@pytest.mark.slow
@pytest.mark.parametrize("state", ["up", *(pytest.param(one, marks=pytest.mark.slow) for one in ("down", "hanging"))])
def test_known_and_unknown_addresses_are_answered_alike(tmp_path, state):
    make_person(email="known@example.org")
    with mail_server(state) as port, running_site(tmp_path, EMAIL_URL=f"smtp://127.0.0.1:{port}") as url:
        known, other = what_is_seen(url, "known@example.org"), what_is_seen(url, "other@example.org")

    assert [answer.status for answer in known] == [302, 200, 200, 200, 302, 200, 200, 200, 200, 302, 200]
    assert known == other

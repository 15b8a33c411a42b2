"""The sign-in page is put together once, and is each visitor's own all the same."""

import re

import pytest
from django.test import Client

from dialogue import kept_page

LOGIN = "/account/login/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    monkeypatch.setattr(kept_page, "_KEPT", {})


def tokens(page: str) -> set[str]:
    return set(re.findall(r'name="csrfmiddlewaretoken" value="(\w{64})"', page))


def test_every_visitor_has_a_token_of_their_own_that_opens_the_form():
    seen = set()
    for _visitor in range(3):
        visitor = Client(enforce_csrf_checks=True)
        mine = tokens(visitor.get(LOGIN).content.decode())
        assert len(mine) == 1
        seen |= mine
        sent = visitor.post(LOGIN, {"email": "who@example.org", "csrfmiddlewaretoken": mine.pop()})
        assert sent.status_code == 302
    assert len(seen) == 3


def test_a_token_of_another_visitor_opens_nothing():
    mine, other = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    token = tokens(mine.get(LOGIN).content.decode()).pop()
    other.get(LOGIN)
    assert other.post(LOGIN, {"email": "who@example.org", "csrfmiddlewaretoken": token}).status_code == 403


def test_the_kept_page_is_the_page_and_each_language_has_its_own():
    first, second = (Client().get(LOGIN, headers={"accept-language": "ja"}) for _time in range(2))
    blank = re.compile(r"value=\"\w{64}\"")
    assert blank.sub("", first.content.decode()) == blank.sub("", second.content.decode())
    assert first.headers["Vary"] == second.headers["Vary"]
    assert first.headers["Cache-Control"] == second.headers["Cache-Control"]
    english = Client().get(LOGIN, headers={"accept-language": "en"}).content.decode()
    assert 'lang="en"' in english
    assert 'lang="ja"' in second.content.decode()


def test_what_belongs_to_one_request_is_never_kept():
    Client().get(LOGIN)
    assert "/s/7/" in Client().get(LOGIN, {"next": "/s/7/"}).content.decode()
    inside = Client().get(LOGIN, headers={"user-agent": "Safari Line/15.12.1"}).content.decode()
    assert "openExternalBrowser=1" in inside
    after = Client().get(LOGIN).content.decode()
    assert "/s/7/" not in after
    assert "openExternalBrowser" not in after

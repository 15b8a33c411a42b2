"""What lets somebody into a video room holds their name and its end, and cannot be made up."""

import base64
import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from sessions.core.video import TOKEN_SECONDS, ice_settings, jitsi_link, jitsi_room, relay_pass

SECRET = "a sample secret, long enough for a signature"
NOW = 1_796_000_000.0


def link(**changed):
    said = {"base": "https://meet.example.org", "app_id": "madoi", "secret": SECRET, "room": "room", "name": "あおい"}
    return jitsi_link(**said | {"now": NOW} | changed)


def claims(address):
    token = parse_qs(urlsplit(address).query)["jwt"][0]
    options = {"verify_exp": False, "verify_nbf": False}
    return jwt.decode(token, SECRET, algorithms=["HS256"], audience="madoi", issuer="madoi", options=options)


def test_token_says_the_name_of_its_person_and_nothing_else_about_them():
    context = claims(link())["context"]

    assert context["user"] == {"name": "あおい"}
    assert not any(context["features"].values())


def test_token_opens_one_room_for_a_short_time():
    said = claims(link())

    assert said["room"] == "room"
    assert 0 < said["exp"] - NOW <= TOKEN_SECONDS <= 900
    assert said["nbf"] <= NOW


def test_token_of_another_secret_is_refused():
    with pytest.raises(jwt.InvalidSignatureError):
        claims(link(secret="another secret that is long enough for it"))


def test_room_has_one_name_for_its_session_that_the_uid_does_not_tell():
    names = {jitsi_room(secret=secret, uid=uid) for secret in (SECRET, "other") for uid in ("a@x", "b@x")}

    assert len(names) == 4
    assert jitsi_room(secret=SECRET, uid="a@x") == jitsi_room(secret=SECRET, uid="a@x")
    assert all(name.isalnum() and name == name.lower() and len(name) == 26 for name in names)


def test_relay_pass_is_what_coturn_works_out_from_its_own_secret():
    made = relay_pass(secret=SECRET, uid="a@x", person=7, until=NOW)
    expected = base64.b64encode(hmac.new(SECRET.encode(), made.username.encode(), hashlib.sha1).digest()).decode()

    assert made.credential == expected
    assert made.username.startswith(f"{int(NOW)}:")


def test_relay_pass_differs_by_person_and_session_and_names_neither():
    passes = {relay_pass(secret=SECRET, uid=uid, person=one, until=NOW) for uid in ("a@x", "b@x") for one in (7, 8)}

    assert len({one.username for one in passes}) == 4
    assert not any("a@x" in one.username or one.username.endswith(":7") for one in passes)


def test_browsers_with_a_relay_use_nothing_else():
    urls = ["turn:relay.example.org:3478", "turns:relay.example.org:5349"]
    made = ice_settings(urls=urls, passed=relay_pass(secret=SECRET, uid="a@x", person=7, until=NOW))

    assert made["iceTransportPolicy"] == "relay"
    assert [one["urls"] for one in made["iceServers"]] == [urls]


def test_browsers_without_a_relay_ask_no_server_of_anybody():
    assert ice_settings(urls=[], passed=None) == {"iceServers": [], "iceTransportPolicy": "all"}

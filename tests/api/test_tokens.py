"""Tokens: shown once, stored as a hash, over after 30 days or at once."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from dialogue.models import ApiToken, AuditEntry
from dialogue.services.tokens import make_token, revoke_token
from tests import stopped_clock
from tests.factories import NOW

TERMS = "/api/v1/terms/"


def test_token_opens_the_api_for_thirty_days(program, aoi):
    client = program(aoi)

    stopped_clock.stop_at(NOW + timedelta(days=30) - timedelta(seconds=1))
    assert client.get(TERMS).status_code == 200
    stopped_clock.stop_at(NOW + timedelta(days=30))
    assert client.get(TERMS).status_code == 401


def test_database_holds_the_hash_alone(aoi):
    token = make_token(person=aoi, now=NOW)

    row = ApiToken.objects.get()
    assert len(token) >= 43  # 256 bits
    assert token not in str(row.__dict__)
    assert token not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize("sent", ["Bearer", "Bearer no-such-token", "Bearer a b", "bearer \xe9", "Basic YTpi", "", "x"])
def test_other_words_are_not_let_in(db, sent):
    answer = Client(headers={"Authorization": sent}).get(TERMS)

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_token_can_end_itself(program, aoi):
    client = program(aoi)
    other = program(aoi)

    assert client.post("/api/v1/token/revoke/").status_code == 204
    assert client.get(TERMS).status_code == 401
    assert other.get(TERMS).status_code == 200


def test_revoking_twice_is_written_down_once(aoi):
    make_token(person=aoi, now=NOW)
    token = ApiToken.objects.get()

    revoke_token(token_id=token.pk, now=NOW)
    revoke_token(token_id=token.pk, now=NOW + timedelta(days=1))

    assert ApiToken.objects.get().revoked_at == NOW
    assert AuditEntry.objects.filter(action="api_token_revoked").count() == 1


def test_closed_account_opens_nothing(program, aoi):
    client = program(aoi)
    aoi.is_active = False
    aoi.save(update_fields=["is_active"])

    assert client.get(TERMS).status_code == 401


def test_browser_cookie_opens_nothing(client, chika, term):
    client.force_login(chika)

    assert client.get(TERMS).status_code == 401
    assert client.post(f"/api/v1/terms/{term.pk}/runs/").status_code == 401


def test_command_prints_a_token_that_works(program, aoi):
    out = StringIO()

    call_command("make_token", " AOI@example.org ", stdout=out)

    assert program(aoi, token=out.getvalue().strip()).get(TERMS).status_code == 200


@pytest.mark.parametrize("words", [["nobody@example.org"], ["aoi@example.org", "--days", "0"]])
def test_command_refuses_what_makes_no_sense(aoi, words):
    with pytest.raises(CommandError):
        call_command("make_token", *words)

    assert not ApiToken.objects.exists()


def test_each_token_has_a_rate_of_its_own(program, aoi, settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"token": "2/min"}}
    client, other = program(aoi), program(aoi)

    assert [client.get(TERMS).status_code for _ in range(3)] == [200, 200, 429]
    assert other.get(TERMS).status_code == 200

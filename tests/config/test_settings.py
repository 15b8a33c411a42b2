"""Production starts only when it is whole and safe, and every refusal names the setting."""

import json
import os
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

from tests.processes import ROOT

WHOLE = {
    "MADOI_MODE": "production",
    "SECRET_KEY": "a text that nobody can guess, because it is long and made of many kinds of signs 0123456789",
    "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "BASE_URL": "https://madoi.example.org",
    "DATABASE_URL": "postgres://madoi:sample@127.0.0.1/madoi",
    "REDIS_URL": "redis://127.0.0.1/0",
    "EMAIL_URL": "smtp+tls://mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "Madoi <madoi@example.org>",
    "SERVICE_MAILBOX": "madoi@example.org",
    "TRUSTED_PROXY_COUNT": "1",
}


def check(**changes: str) -> subprocess.CompletedProcess[str]:
    """Run Django's deployment checks with the whole environment, changed; an empty value takes a setting away."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    environment = {name: value for name, value in (kept | WHOLE | changes).items() if value}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_whole_production_passes_every_deployment_check():
    result = check()

    assert (result.returncode, result.stderr.strip()) == (0, "")


def test_production_without_its_settings_is_refused_by_each_name():
    nothing = dict.fromkeys(WHOLE.keys() - {"MADOI_MODE"}, "")

    result = check(**nothing)

    assert result.returncode == 1
    for name in nothing.keys() - {"TRUSTED_PROXY_COUNT"}:
        assert f"{name} is not set" in result.stderr


@pytest.mark.slow
def test_production_with_unsafe_settings_is_refused_in_plain_words():
    result = check(
        BASE_URL="http://madoi.example.org/site",
        DATABASE_URL="sqlite:////tmp/madoi.sqlite3",
        REDIS_URL="memory://",
        EMAIL_URL="consolemail://",
        ENCRYPTION_KEYS="not-a-key",
    )

    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    for words in (
        "BASE_URL is 'http://madoi.example.org/site'; it must begin with https://",
        "Madoi answers at the root of its host, so leave out the path",
        "DATABASE_URL is SQLite; production needs PostgreSQL",
        "REDIS_URL is memory://, which loses everything",
        "EMAIL_URL does not send",
        "ENCRYPTION_KEYS: key 1 is not a Fernet key",
    ):
        assert words in result.stderr
    assert "not-a-key" not in result.stderr


@pytest.mark.slow
def test_half_made_video_is_refused_by_the_name_of_what_is_missing():
    result = check(JITSI_URL="http://meet.example.org", JITSI_APP_ID="madoi", TURN_URLS="relay.example.org:3478")

    assert result.returncode == 1
    for words in (
        "JITSI_APP_SECRET is not set, but JITSI_URL, JITSI_APP_ID is",
        "TURN_SECRET is not set, but TURN_URLS is",
        "JITSI_URL is 'http://meet.example.org'; it must begin with https://",
        "TURN_URLS holds 'relay.example.org:3478'; each begins with turn: or turns:",
    ):
        assert words in result.stderr


@pytest.mark.slow
def test_whole_video_passes_and_its_secrets_are_never_shown():
    relay = {"TURN_URLS": "turn:relay.example.org:3478, turns:relay.example.org:5349", "TURN_SECRET": "sample-turn"}

    whole = check(JITSI_URL="https://meet.example.org", JITSI_APP_ID="madoi", JITSI_APP_SECRET="sample-jitsi", **relay)
    half = check(JITSI_APP_SECRET="sample-jitsi", TURN_SECRET="sample-turn")

    assert (whole.returncode, whole.stderr.strip()) == (0, "")
    assert "TURN_URLS is not set" in half.stderr
    assert not any(secret in half.stderr for secret in ("sample-jitsi", "sample-turn"))


@pytest.mark.slow
def test_mistyped_mode_is_refused():
    result = check(MADOI_MODE="prodution")

    assert result.returncode == 1
    assert "MADOI_MODE is 'prodution'; it can be production, demo, test, development" in result.stderr


def test_web_server_refuses_too_when_it_is_started_by_hand():
    environment = {"PATH": os.environ["PATH"], "MADOI_MODE": "production"}
    command = [sys.executable, "-m", "config.web", "--port", "0"]

    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)

    assert result.returncode != 0
    assert "SECRET_KEY is not set" in result.stderr
    assert "Traceback" not in result.stderr


def read_settings(environment: dict[str, str], *names: str) -> dict[str, object]:
    lines = (
        "import json, sys; from django.conf import settings;"
        "print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))"
    )
    given = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", **environment}
    command = [sys.executable, "-c", lines, *names]
    return json.loads(subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=True).stdout)


def test_production_cookies_belong_to_this_host_alone():
    settings = read_settings(WHOLE, "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_NAME", "ALLOWED_HOSTS")

    assert settings == {
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "ALLOWED_HOSTS": ["madoi.example.org"],
    }


def test_keys_of_a_run_on_one_machine_are_made_once_and_kept(tmp_path):
    environment = {"MADOI_MODE": "development", "MADOI_STATE": str(tmp_path)}

    first = read_settings(environment, "SECRET_KEY", "ENCRYPTION_KEYS")
    second = read_settings(environment, "SECRET_KEY", "ENCRYPTION_KEYS")

    assert first == second
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert len(first["SECRET_KEY"]) >= 50


def test_unix_socket_of_the_broker_is_spelt_as_celery_wants_it():
    settings = read_settings({"MADOI_MODE": "test", "REDIS_URL": "unix:///tmp/x/broker.sock"}, "CELERY_BROKER_URL")

    assert settings == {"CELERY_BROKER_URL": "redis+socket:///tmp/x/broker.sock"}

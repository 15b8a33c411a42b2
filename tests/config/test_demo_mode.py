"""Nothing of the demo exists in any other mode."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import NoReverseMatch, reverse

ROOT = Path(__file__).parents[2]
ASK = (
    "import json, config.settings as s; "
    "print(json.dumps([s.INSTALLED_APPS, s.CLOCK, s.EMAIL_BACKEND, s.TEMPLATES[0]['OPTIONS']['context_processors']]))"
)
PRODUCTION = {
    "BASE_URL": "https://madoi.example.org",
    "DATABASE_URL": "postgres://madoi@localhost/madoi",
    "REDIS_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "smtp://localhost:25",
}


def settings_of(mode, tmp_path):
    environment = {**PRODUCTION, "PATH": os.environ["PATH"], "MADOI_MODE": mode, "MADOI_STATE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("mode", ["production", "development", "test", "mistyped"])
def test_no_other_mode_has_the_demos_app_clock_mailbox_or_strip(mode, tmp_path):
    assert "demo" not in json.dumps(settings_of(mode, tmp_path))


def test_demo_mode_has_all_four(tmp_path):
    apps, clock, backend, processors = settings_of("demo", tmp_path)

    assert "config.demo" in apps
    assert (clock, backend) == ("config.demo.clock.demo_now", "config.demo.mailbox.KeptMailBackend")
    assert "config.demo.context.demo" in processors


@pytest.mark.parametrize(
    "name", ["doors", "demo_enter", "demo_mails", "demo_clock", "demo_outbox", "demo_kill", "demo_practice"]
)
def test_outside_the_demo_its_pages_have_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    "path",
    [
        "/demo/",
        "/demo/enter/coordinator/",
        "/demo/mails/",
        "/demo/clock/",
        "/demo/outbox/",
        "/demo/outbox/kill/",
        "/demo/practice/participant/",
    ],
)
def test_outside_the_demo_nobody_signs_in_with_one_click(client, path, chika):
    assert client.post(path).status_code == 404
    assert client.get(path).status_code == 404
    assert settings.SESSION_COOKIE_NAME not in client.cookies

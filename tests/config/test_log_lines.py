"""Logs are one line each, and hold no address and no token."""

import json
import logging
import secrets

import pytest

from config.log_lines import JsonLines, redacted


@pytest.mark.parametrize(
    "text",
    ["mail to aoi@example.org failed", "<aoi.k+x@mail.example.co.jp>", "recipient=aoi@example.org&next=/"],
)
def test_address_is_taken_out(text):
    assert "aoi" not in redacted(text)
    assert "[address]" in redacted(text)


def test_token_of_a_feed_is_taken_out():
    token = secrets.token_urlsafe(32)

    assert token not in redacted(f"Not Found: /calendar/{token}.ics")


@pytest.mark.parametrize(
    "text",
    [
        "Task dialogue.deliver_due_messages[5a0f8a3a-52a0-4c8a-9b43-3f0a4a6f2c11] succeeded",
        "test_cancel_session_tells_every_member_once",
        "ModuleNotFoundError: No module named 'dialogue'",
    ],
)
def test_what_helps_to_find_a_fault_stays(text):
    assert redacted(text) == text


def test_record_is_one_line_even_with_a_trace():
    try:
        raise ValueError("for takeshi@example.org\nsecond line")
    except ValueError as error:
        record = logging.LogRecord(
            "madoi", logging.ERROR, __file__, 1, "failed\n%s", ("x",), (type(error), error, error.__traceback__)
        )

    line = JsonLines().format(record)

    assert "\n" not in line
    assert "takeshi" not in line
    assert json.loads(line)["level"] == "error"

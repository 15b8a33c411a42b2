"""Links to a calendar's own form: the moments as stored, the words whole."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from sessions.core.add_links import LINKS, DateToAdd, google

DATE = DateToAdd(
    starts_at=datetime(2026, 12, 1, 19, 30, tzinfo=ZoneInfo("Asia/Tokyo")),
    ends_at=datetime(2026, 12, 1, 12, 0, tzinfo=UTC),
    title="対話 第1回 & more",
    text="12月1日(火)\nhttps://madoi.example.org/s/7/?a=1#b",
    place="https://madoi.example.org/s/7/",
)


def asked(link: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query, strict_parsing=True).items()}


def test_google_is_given_both_moments_in_utc():
    assert asked(google(DATE)) == {
        "action": "TEMPLATE",
        "text": DATE.title,
        "dates": "20261201T103000Z/20261201T120000Z",
        "details": DATE.text,
        "location": DATE.place,
    }


@pytest.mark.parametrize("where", ["outlook", "office"])
def test_outlook_is_given_both_moments_in_utc(where):
    link = LINKS[where](DATE)

    told = asked(link)
    assert (told["startdt"], told["enddt"]) == ("2026-12-01T10:30:00Z", "2026-12-01T12:00:00Z")
    assert (told["subject"], told["body"], told["location"]) == (DATE.title, DATE.text, DATE.place)
    assert "+" not in urlsplit(link).query


@pytest.mark.parametrize(("where", "host"), [("google", "calendar.google.com"), ("outlook", "outlook.live.com")])
def test_a_link_leads_to_the_calendar_it_names(where, host):
    assert urlsplit(LINKS[where](DATE)).netloc == host

"""How people see and hear each other: a Jitsi server, and what our own room needs. Both are optional."""

from typing import Final
from urllib.parse import urlsplit

from config.env import IN_PRODUCTION, read
from config.settings.base import BASE_URL

JITSI_URL = read("JITSI_URL", default="").rstrip("/")
JITSI_APP_ID = read("JITSI_APP_ID", default="")
JITSI_APP_SECRET = read("JITSI_APP_SECRET", default="")

TURN_URLS = [url.strip() for url in read("TURN_URLS", default="").split(",") if url.strip()]
TURN_SECRET = read("TURN_SECRET", default="")

_LOOPBACK: Final = {"127.0.0.1", "::1", "localhost"}
VIDEO_WITHOUT_RELAY = not IN_PRODUCTION and urlsplit(BASE_URL).hostname in _LOOPBACK
"""Whether browsers may find each other directly. They learn each other's address by it: harmless on one machine."""

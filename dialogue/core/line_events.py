"""What LINE tells us: a code that links an account, and that somebody blocked ours.

https://developers.line.biz/en/reference/messaging-api/#webhooks: the body is signed with the channel secret
(HMAC-SHA256, base64, header X-Line-Signature). One delivery may come twice.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

MOST_EVENTS: Final = 100
LARGEST: Final = 512 * 1024


@dataclass(frozen=True, slots=True)
class LineEvent:
    """What an account did: sent a `text`, or went away (`left`)."""

    account: str
    text: str = ""
    left: bool = False


def is_signed(body: bytes, signature: str, *, secret: str) -> bool:
    """Whether LINE wrote this body."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return hmac.compare_digest(base64.b64encode(digest), signature.encode(errors="replace"))


def events_in(body: bytes) -> Iterator[LineEvent]:
    """Yield what matters to us; whatever else LINE tells is passed over.

    Raises:
        ValueError: this is no JSON.
    """
    told = json.loads(body)
    events = told.get("events") if isinstance(told, dict) else None
    for event in (events if isinstance(events, list) else [])[:MOST_EVENTS]:
        if not isinstance(event, dict):
            continue
        account = _at(event, "source", "userId")
        if not account:
            continue
        if event.get("type") == "unfollow":
            yield LineEvent(account, left=True)
        elif event.get("type") == "message" and (text := _at(event, "message", "text")):
            yield LineEvent(account, text=text[:100])


def _at(event: dict[str, Any], *path: str) -> str:
    found: Any = event
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""

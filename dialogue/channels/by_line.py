"""By LINE: the push endpoint of its Messaging API, with a retry key that makes a repeat harmless.

https://developers.line.biz/en/reference/messaging-api/#send-push-message and
https://developers.line.biz/en/docs/messaging-api/retrying-api-request/. The key is good for 24 hours; 409 answers a
repeat. A push to somebody who blocked the account is answered with 200 all the same, so the profile is asked for first.
"""

import http.client
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils import timezone, translation

from dialogue.channels import NotSent
from dialogue.message_kinds import MessageKind
from dialogue.models import OutboundMessage

TIMEOUT = 5
LONGEST_ANSWER = 64 * 1024


class LineChannel:
    """Pushes short texts to people who linked their LINE account. Follows no redirect."""

    repeats_safely = True

    def __init__(self) -> None:
        self._line: http.client.HTTPConnection | None = None

    def open(self) -> None:
        """Nothing to do: the line is opened by the first request, and mail goes instead when it cannot be."""

    def send(self, row: OutboundMessage, kind: MessageKind, now: datetime) -> None:
        if kind.short is None:
            raise NotSent("no text for LINE", by_mail=True)
        account = row.recipient.line_link.account
        with translation.override(row.recipient.language), timezone.override(row.recipient.zone):
            text = kind.short(row, now)
        # Asked for before anything is pushed: whatever goes wrong here, nothing has arrived.
        try:
            answer = self._asked("GET", f"/v2/bot/profile/{quote(account, safe='')}")
        except OSError as error:
            raise NotSent(type(error).__name__, by_mail=True) from error
        if answer != http.client.OK:
            raise NotSent(f"LINE {answer}", by_mail=True, blocked=answer == http.client.NOT_FOUND)
        body = {"to": account, "messages": [{"type": "text", "text": text}]}
        try:
            answer = self._asked("POST", "/v2/bot/message/push", body, {"X-Line-Retry-Key": retry_key(row)})
        except OSError as error:
            raise NotSent(type(error).__name__, may_have_arrived=True) from error
        if answer in {http.client.OK, http.client.CONFLICT}:
            return
        if answer >= http.client.INTERNAL_SERVER_ERROR:
            raise NotSent(f"LINE {answer}", may_have_arrived=True)
        raise NotSent(f"LINE {answer}", by_mail=True)  # 429 is the quota of the month, or too many at once

    def close(self) -> None:
        if self._line is not None:
            with suppress(OSError):
                self._line.close()
            self._line = None

    def _asked(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> int:
        """Return the status of the answer.

        Raises:
            OSError: no answer came.
        """
        try:
            if self._line is None:
                self._line = _line_to(settings.LINE_API_URL)
            self._line.request(
                method,
                path,
                body=json.dumps(body).encode() if body is not None else None,
                headers={
                    "Authorization": f"Bearer {settings.LINE_CHANNEL_TOKEN}",
                    "Content-Type": "application/json",
                    **(headers or {}),
                },
            )
            answer = self._line.getresponse()
            answer.read(LONGEST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise OSError(type(error).__name__) from error
        if not answer.isclosed() or answer.will_close:
            self.close()
        return answer.status


def is_on() -> bool:
    """Whether this site has an account at LINE."""
    return bool(settings.LINE_CHANNEL_TOKEN and settings.LINE_CHANNEL_SECRET)


def retry_key(row: OutboundMessage) -> str:
    """Return the key that a message keeps however often it is tried: the same UUID as in its Message-ID."""
    return str(uuid5(NAMESPACE_URL, row.dedupe_key))


def _line_to(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    made = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return made(parts.netloc, timeout=TIMEOUT)

"""Read a delivery status notification (RFC 3464): whose mail came back, and whether for good."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Final

LARGEST: Final = 512 * 1024
_STATUS: Final = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})")
_NO_FAULT_OF_THE_ADDRESS: Final = frozenset({"5.2.2", "5.2.3", "5.3.4", "5.4.6", "5.4.7", "5.6", "5.7"})
"""A full mailbox, a mail too large, a loop, a try given up, contents or a policy (RFC 3463 section 3): the address may
be well."""


@dataclass(frozen=True, slots=True)
class Returned:
    """One recipient of a mail that came back. `mark` is what the mail that we sent said in its own header."""

    address: str
    status: str
    mark: str

    @property
    def is_final(self) -> bool:
        """Whether there is no such mailbox, as far as the other side knows."""
        cls, _dot, _rest = self.status.partition(".")
        vague = any(self.status == one or self.status.startswith(f"{one}.") for one in _NO_FAULT_OF_THE_ADDRESS)
        return cls == "5" and not vague


def returned_in(content: bytes, *, mark_header: str) -> list[Returned]:
    """Return what a mail says of mail that came back; nothing when it says nothing of the kind. Never raises.

    Only a notification that brings the headers of the returned mail along is believed to be about one.
    """
    if len(content) > LARGEST:
        return []
    whole = email.message_from_bytes(content, policy=email.policy.compat32)
    if whole.get_content_type() != "multipart/report" or not whole.is_multipart():
        return []
    parts = [part for part in whole.get_payload() if isinstance(part, Message)]
    mark = next(filter(None, (_mark_in(part, mark_header) for part in parts)), "")
    groups = [group for part in parts for group in _groups(part)]
    return [one for group in groups if (one := _failed(group, mark))]


def _groups(part: Message) -> Iterator[Message]:
    """Yield the fields about each recipient. Python reads message/delivery-status as one message a group."""
    if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
        return
    yield from (group for group in part.get_payload() if isinstance(group, Message))


def _failed(group: Message, mark: str) -> Returned | None:
    if str(group.get("Action", "")).strip().lower() != "failed":
        return None
    address = str(group.get("Original-Recipient") or group.get("Final-Recipient") or "")
    kind, _semicolon, address = address.partition(";")
    status = _STATUS.search(str(group.get("Status", "")))
    if kind.strip().lower() != "rfc822" or not address.strip() or status is None:
        return None
    return Returned(address.strip().strip("<>").lower(), status[0], mark)


def _mark_in(part: Message, header: str) -> str:
    kind = part.get_content_type()
    if kind == "message/rfc822" and part.is_multipart():
        return str(part.get_payload(0).get(header, "")).strip()  # type: ignore[union-attr]
    if kind == "text/rfc822-headers":
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            return str(email.message_from_bytes(content).get(header, "")).strip()
    return ""

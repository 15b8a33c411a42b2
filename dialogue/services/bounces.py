"""Notice mail that comes back: read a mailbox, believe what bears our mark, and have further mail wait."""

import logging
import mailbox
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import unquote, urlsplit

from django.db import transaction

from dialogue.core.returned_mail import Returned, returned_in
from dialogue.mail import MARK_HEADER, row_of_mark
from dialogue.models import OutboundMessage
from dialogue.services.reaching import note_failing_address

log = logging.getLogger(__name__)


def read_bounces(*, url: str, now: datetime) -> int:
    """Take the notifications out of a mailbox and return how many addresses are known to fail by them.

    Everything else stays in the mailbox as it is: people's answers are not ours to throw away. A notification goes only
    after what it says is written down, so a crash reads it twice, which is harmless.

    Raises:
        ValueError: the URL is neither maildir:///path nor mbox:///path.
        OSError: the mailbox cannot be opened.
    """
    box = opened(url)
    failing = 0
    box.lock()
    try:
        for key in list(box.keys()):
            try:
                found = returned_in(box.get_bytes(key), mark_header=MARK_HEADER)
            except KeyError:
                continue  # somebody else took it away meanwhile
            if found:
                failing += note_returned(found, now=now)
                box.discard(key)
        box.flush()
    finally:
        box.unlock()
        box.close()
    return failing


def opened(url: str) -> mailbox.Mailbox:
    """Return the mailbox at an address.

    Raises:
        ValueError: the URL is neither maildir:///path nor mbox:///path.
        OSError: there is no such mailbox.
    """
    parts = urlsplit(url)
    kinds = {"maildir": mailbox.Maildir, "mbox": mailbox.mbox}
    if parts.scheme not in kinds or not parts.path:
        raise ValueError("BOUNCES_FROM is maildir:///path or mbox:///path")
    try:
        return kinds[parts.scheme](unquote(parts.path), create=False)
    except mailbox.NoSuchMailboxError as error:
        raise FileNotFoundError(f"there is no mailbox at {parts.path}") from error


@transaction.atomic
def note_returned(found: Iterable[Returned], *, now: datetime) -> int:
    """Mark the addresses that failed for good, and return how many there are.

    What does not bear our signature, or speaks of another address than the one we wrote to, changes nothing: anybody
    can send a mail that looks like a notification.
    """
    failing = 0
    for one in found:
        pk = row_of_mark(one.mark)
        row = OutboundMessage.objects.filter(pk=pk).select_related("recipient").first() if pk else None
        if row is None or row.recipient.email != one.address:
            log.info("a notification about mail that is not ours, or to a former address, was passed over")
        elif one.is_final:
            note_failing_address(person_id=row.recipient_id, code=one.status, now=now)
            failing += 1
    return failing

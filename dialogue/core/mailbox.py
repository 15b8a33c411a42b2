"""A name and an address as mail and calendars carry them."""

import re
from dataclasses import dataclass
from typing import Final

from dialogue.core.text import visible

# Looser than RFC 5322 about dots: Japanese carriers issued addresses such as a..b@ and a.@ that people still read.
_ADDRESS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_LONGEST_ADDRESS: Final = 254


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Who a mail goes to or comes from. The name keeps only what is visible, in one line; it may be empty."""

    name: str
    address: str

    def __post_init__(self) -> None:
        """Clean the name and refuse an address that could carry anything else into a header or a calendar line.

        Raises:
            ValueError: the address holds something besides `local@domain` in ASCII.
        """
        object.__setattr__(self, "name", visible(self.name))
        if not _ADDRESS.fullmatch(self.address) or len(self.address) > _LONGEST_ADDRESS:
            raise ValueError("this mailbox has no address that mail can be sent to")

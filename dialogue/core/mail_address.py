"""E-mail addresses as people type them, and the one form that is stored and compared."""

import re
from typing import Final

from dialogue.core.text import narrow

# Phones of these carriers were given addresses such as a..b@ or a.@ before 2009, and people still read mail there.
LOOSE_DOT_DOMAINS: Final = frozenset(
    {
        "au.com", "biz.ezweb.ne.jp", "disney.ne.jp", "docomo.ne.jp", "emnet.ne.jp", "ezweb.ne.jp", "i.softbank.jp",
        "pdx.ne.jp", "softbank.ne.jp", "uqmobile.jp", "vodafone.ne.jp", "wcm.ne.jp", "willcom.com",
        "y-mobile.ne.jp", "ymobile.ne.jp", "ymobile1.ne.jp",
    }
)  # fmt: skip
# For samples: nobody reads mail at a name that RFC 2606 reserves.
SAMPLE_CARRIER: Final = "docomo.example"
_LOOSE_DOT_PARENTS: Final = (".vodafone.ne.jp", ".pdx.ne.jp", ".ezweb.ne.jp", ".jp-t.ne.jp", ".sky.tu-ka.ne.jp")
_LOCAL: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_SPACES: Final = re.compile(r"[ \u00a0\u3000\u200b\ufeff]+")


def mail_address(text: str) -> str:
    """Return the address in lower case and ASCII width, without spaces and `mailto:`.

    Dots may stand anywhere before the @ of a Japanese carrier's address, elsewhere as RFC 5321 has them.

    Raises:
        ValueError: this is no address that mail can be sent to.
    """
    address = _SPACES.sub("", narrow(_SPACES.sub("", text))).lower().removeprefix("mailto:")
    local, at, domain = address.rpartition("@")
    if not at or len(address) > 254 or not _LOCAL.fullmatch(local) or not _is_domain(domain):
        raise ValueError(f"{address[:60]!r} is not an e-mail address")
    loose = domain in {*LOOSE_DOT_DOMAINS, SAMPLE_CARRIER} or domain.endswith(_LOOSE_DOT_PARENTS)
    if not loose and ("" in local.split(".")):
        raise ValueError(f"{address[:60]!r} has a dot in a place that only carriers allow")
    return address


def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    return len(labels) >= 2 and all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()

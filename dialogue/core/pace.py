"""How many mails a minute a domain takes: Japanese carriers turn away whoever sends more at once."""

from collections.abc import Mapping


def rates_from(text: str) -> Mapping[str, int]:
    """Return mails a minute by domain, from `docomo.ne.jp=60,au.com=60`. An empty text bounds nobody.

    Raises:
        ValueError: a part that is no domain with a whole number from 1 up.
    """
    rates: dict[str, int] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        domain, sign, number = part.partition("=")
        if not domain or not sign or not number.strip().isdigit() or int(number) < 1:
            raise ValueError(f"{part!r} is no domain with its mails a minute, as docomo.ne.jp=60")
        rates[domain.strip().lower()] = int(number)
    return rates


def domain_of(address: str) -> str:
    """Return what stands behind the @, in lower case."""
    return address.rpartition("@")[2].lower()

"""Addresses of pages that stand in every row of a list."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, reverse

_STAND_IN = 1_000_000_007


def address_of(name: str, pk: int) -> str:
    """Return `reverse(name, args=[pk])` for a page whose address holds one whole number.

    Django looks through its patterns each time, which is dear a hundred times a page; here it does so once a name.

    Raises:
        NoReverseMatch: there is no such page.
    """
    before, after = _around_the_number(name, settings.ROOT_URLCONF, get_script_prefix())
    return f"{before}{pk:d}{after}"


@lru_cache(maxsize=200)
def _around_the_number(name: str, _urlconf: str, _prefix: str) -> tuple[str, str]:
    before, _number, after = reverse(name, args=[_STAND_IN]).partition(str(_STAND_IN))
    return before, after

"""Addresses of pages that stand in every row of a list, or on every page."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, reverse

_STAND_IN = 1_000_000_007


def address_of(name: str, *numbers: int) -> str:
    """Return `reverse(name, args=numbers)` for a page whose address holds so many whole numbers, or none.

    Django looks through its patterns each time, which is dear a hundred times a page; here it does so once a name.

    Raises:
        NoReverseMatch: there is no such page.
    """
    first, *others = _around_the_numbers(name, len(numbers), settings.ROOT_URLCONF, get_script_prefix())
    for number, part in zip(numbers, others, strict=True):
        first += f"{number:d}{part}"
    return first


@lru_cache(maxsize=400)
def _around_the_numbers(name: str, how_many: int, _urlconf: str, _prefix: str) -> list[str]:
    stand_ins = [_STAND_IN + place for place in range(how_many)]
    rest, parts = reverse(name, args=stand_ins), []
    for stand_in in stand_ins:
        before, _number, rest = rest.partition(str(stand_in))
        parts.append(before)
    return [*parts, rest]

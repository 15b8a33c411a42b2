"""What a guesser and a mail bomber meet: how many numbers are mailed, and how many wrong ones a short number bears.

Nobody is locked out by somebody else's guesses. While few wrong numbers have been typed, for the address and on the
whole site, numbers have six digits. After that they have ten, and those of six that are still under way are void.

The bound. NIST SP 800-63B (section on rate limiting) allows 100 failed tries on one account; six digits then give a
chance of 1 in 10,000. Here an address bears 10 wrong short numbers in 24 hours (1 in 100,000) and the whole site 100
(1 in 10,000), whoever types them, from wherever. Every further guess is one in 10^10. A number bears 5 tries, and an
address is mailed 30 numbers an hour, so 1,000 addresses guessed at all day long add 3,600,000 guesses: 1 in 2,800.
Guesses that are under way at the same moment may all be checked before the first is counted: at most one for each
thread of the web processes is added to the 10 and the 100. docs/decisions/0015-short-numbers-while-it-is-calm.md.

Unknown addresses are counted as known ones are, so that the length of a number tells nothing about whose address it is.
"""

from typing import Final

from allauth.core.internal.ratelimit import get_ip  # the same place by which allauth's own limits count
from allauth.core.ratelimit import consume
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

SHORT: Final = 6
LONG: Final = 10

KNOWN_BROWSER_DAYS: Final = 400
"""As long as browsers keep a cookie."""

KNOWN_ADDRESSES: Final = 5
"""Addresses that one browser is known for: a couple at one computer, a coordinator who also takes part."""

_SITE: Final = "site"


def may_be_mailed(request: HttpRequest, address: str) -> bool:
    """Count one number for the address, and return whether it may leave.

    Strangers use up what is left for their own network first and for all unknown browsers then. A browser in which
    somebody once signed in with this address has an allowance that nobody else can use up.
    """
    known = is_known_browser(request, address)
    place = "known" if known else get_ip(request)
    if not consume(request, action="request_login_code", key=f"{address} {place}"):
        return False
    return known or consume(request, action="numbers_of_an_address", key=address)


def may_check(request: HttpRequest) -> bool:
    """Count one typed number for the network it comes from."""
    return consume(request, action="check_number")


def has_a_try_left(request: HttpRequest, *, address: str, mailed_at: float) -> bool:
    """Count one try of this one number. The count in the browser's session can be outrun by tries sent at once."""
    return consume(request, action="tries_of_a_number", key=f"{address} {mailed_at}")


def digits_for(request: HttpRequest, address: str) -> int:
    """Return how long the next number for the address has to be."""
    return SHORT if _is_calm(request, address) else LONG


def is_worn_out(request: HttpRequest, *, address: str, digits: int) -> bool:
    """Whether a number of so many digits has become too easy to guess since it was mailed."""
    return digits < LONG and not _is_calm(request, address)


def count_wrong(request: HttpRequest, *, address: str, digits: int) -> None:
    """Remember a wrong guess at a short number. Those at long ones need no memory."""
    if digits < LONG:
        consume(request, action="wrong_number", key=address)
        consume(request, action="wrong_number_anywhere", key=_SITE)


def _is_calm(request: HttpRequest, address: str) -> bool:
    return consume(request, action="wrong_number", key=address, dry_run=True) and consume(
        request, action="wrong_number_anywhere", key=_SITE, dry_run=True
    )


def is_known_browser(request: HttpRequest, address: str) -> bool:
    """Whether somebody once read a number for this address and typed it in this browser."""
    return any(constant_time_compare(mark, _mark(address)) for mark in _marks(request))


def remember_browser(request: HttpRequest, response: HttpResponseBase, address: str) -> None:
    """Mark the browser as one of this person's. The mark opens nothing; it only keeps strangers out of its limits."""
    marks = [_mark(address), *(mark for mark in _marks(request) if mark != _mark(address))]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        ".".join(marks[:KNOWN_ADDRESSES]),
        max_age=KNOWN_BROWSER_DAYS * 24 * 60 * 60,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _marks(request: HttpRequest) -> list[str]:
    return request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "").split(".")[:KNOWN_ADDRESSES]


def _mark(address: str) -> str:
    return salted_hmac("dialogue.known-browser", address, algorithm="sha256").hexdigest()

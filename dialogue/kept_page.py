"""A page that is the same for every stranger, put together once for each language."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.response import SimpleTemplateResponse
from django.utils.translation import get_language

from dialogue.in_app_browser import outside_url

_KEPT: Final[dict[tuple[str, str | None], list[bytes]]] = {}
"""By address and language, what stands before, between and after the places of the token that guards its forms."""


def is_same_for_all(request: HttpRequest) -> bool:
    """Return whether nothing in the request could change the page: no query, no session, no other app around it.

    The demo's pages tell its clock, so they are not the same for long.
    """
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    return not (request.GET or has_session or outside_url(request) or settings.MADOI_MODE == "demo")


def kept_page(request: HttpRequest, make: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the page with this visitor's own token in its forms, as `make` makes it the first time.

    Only for a page that asks for a token, and only where `is_same_for_all`.
    """
    key = (request.path, get_language())
    parts = _KEPT.get(key)
    token = get_token(request)
    if parts is None:
        page = make()
        if isinstance(page, SimpleTemplateResponse):
            page.render()
        # A token is masked anew each time it is asked for: the page's own is the one that it shows.
        shown = page.content.partition(b'name="csrfmiddlewaretoken" value="')[2].partition(b'"')[0]
        parts = _KEPT[key] = page.content.split(shown)
    return HttpResponse(token.encode().join(parts))

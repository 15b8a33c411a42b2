"""Pages that are shown inside another app, whose browser forgets who signed in as soon as it is closed."""

from typing import Final

from django.http import HttpRequest

_LINE: Final = " Line/"
"""In the User-Agent of LINE's own browser: `… Safari Line/15.12.1`."""


def outside_url(request: HttpRequest) -> str:
    """Return this page's address for the phone's own browser, or nothing where it is not shown inside LINE.

    LINE opens a link outside when it carries `openExternalBrowser=1` (LINE Developers, "LINE URL scheme"). For
    `components/in_app_browser.html`.
    """
    if _LINE not in request.headers.get("User-Agent", ""):
        return ""
    query = request.GET.copy()
    query["openExternalBrowser"] = "1"
    return f"{request.path}?{query.urlencode()}"

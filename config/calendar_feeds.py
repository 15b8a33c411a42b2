"""Calendar programs ask again and again, mostly for what has not changed: theirs is the shortest road."""

from collections.abc import Callable
from typing import Final

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve, set_urlconf

from config.page_addresses import PAGE_URLCONF

FEEDS: Final = "/calendar/"
ENDING: Final = ".ics"


class CalendarFeedsMiddleware:
    """Answer a calendar program before all that serves people: session, sign-in, language, forms, messages.

    A feed names its reader by its token and is written in that person's language, whoever asks. Whatever is not
    found goes the long way, and gets the same page as any other address that leads nowhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if request.method == "GET" and path.startswith(FEEDS) and path.endswith(ENDING):
            request.get_host()  # refuses a host that is not ours
            set_urlconf(PAGE_URLCONF)  # as the handler does for pages: what a feed links to loads no API either
            try:
                request.resolver_match = match = resolve(path, PAGE_URLCONF)
                return match.func(request, *match.args, **match.kwargs)  # type: ignore[no-any-return]  # a view
            except (Http404, Resolver404):
                request.resolver_match = None
        return self.get_response(request)

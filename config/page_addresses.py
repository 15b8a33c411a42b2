"""Pages are answered from a table of addresses of their own, which a program's API is not part of."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

PAGE_URLCONF = "config.page_urls"


class PageAddressesMiddleware:
    """Leave the API out of the table for whatever is asked outside it.

    The REST framework, its schema and what they bring weigh 20 MB and a quarter of a web process's start; a process
    that is asked for pages alone never loads them. `reverse` outside a request still knows every address.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith("/api/"):
            request.urlconf = PAGE_URLCONF
        return self.get_response(request)

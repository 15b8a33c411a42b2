"""What every page keeps to: three methods, and the language and zone of its reader."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

PAGE_METHODS = ("GET", "HEAD", "POST")


class PageMethodsMiddleware:
    """Answer 405 where a page is asked with a method that no page knows: one that no view thought of opens nothing.

    The API's views name their own methods.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in PAGE_METHODS or request.path_info.startswith("/api/"):
            return self.get_response(request)
        return HttpResponseNotAllowed(PAGE_METHODS)


class ReaderMiddleware:
    """Activate the person's language and zone for one request; a stranger reads in the home zone.

    A stranger's language is Django's to choose (cookie, then browser). Both are put back after the answer,
    because threads are used again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        reader = request.user
        zone = zoneinfo.ZoneInfo(reader.zone) if reader.is_authenticated else zoneinfo.ZoneInfo(settings.HOME_ZONE)
        language = reader.language if reader.is_authenticated else translation.get_language()
        with timezone.override(zone), translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response

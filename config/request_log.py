"""One log line for each answer: the route, never the path, because a path may hold a feed's token."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

logger = logging.getLogger("madoi.request")


class RequestLogMiddleware:
    """Log method, route, status and milliseconds of every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.monotonic()
        response = self.get_response(request)
        match = request.resolver_match
        fields = {
            "method": request.method,
            "route": match.route if match else None,
            "status": response.status_code,
            "ms": round((time.monotonic() - started) * 1000),
        }
        logger.info("answered", extra={"fields": fields})
        return response

"""One log line for each answer: the route, never the path, because a path may hold a feed's token."""

import logging
import time
from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

logger = logging.getLogger("madoi.request")


def _log(request: HttpRequest, response: HttpResponseBase, started: float) -> None:
    match = request.resolver_match
    fields = {
        "method": request.method,
        "route": match.route if match else None,
        "status": response.status_code,
        "ms": round((time.monotonic() - started) * 1000),
    }
    logger.info("answered", extra={"fields": fields})


@sync_and_async_middleware
def RequestLogMiddleware(  # noqa: N802  named like Django's own
    get_response: Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]],
) -> Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]]:
    """Log method, route, status and milliseconds of every answer."""
    if iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> HttpResponseBase:
            started = time.monotonic()
            response = await get_response(request)
            _log(request, response, started)
            return response

        return answer_later

    def answer(request: HttpRequest) -> HttpResponseBase:
        started = time.monotonic()
        response = get_response(request)
        _log(request, response, started)
        return response

    return answer

"""What people see when the site itself is in trouble."""

import sys
from http import HTTPStatus
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.defaults import server_error as plain_server_error

RETRY_AFTER: Final = "30"


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 when the database is away, full or locked, because that passes; anything else is an error of ours."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return plain_server_error(request)
    words = loader.get_template("503.html").render()
    return HttpResponse(words, status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": RETRY_AFTER})

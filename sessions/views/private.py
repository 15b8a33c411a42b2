"""Pages whose address is a key."""

from django.http import HttpResponse


def private(response: HttpResponse) -> HttpResponse:
    """Return the answer so that no page it leads to learns of its address."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response

"""Long lists in pages."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest


def page_of(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any], *, size: int) -> Page:
    """Return the page that the address asks for; one that does not exist becomes the nearest."""
    return Paginator(rows, size).get_page(request.GET.get("page", "1")[:9])


def filters_of(request: HttpRequest) -> str:
    """Return the address's other values as "a=b&", for the links to further pages."""
    others = request.GET.copy()
    others.pop("page", None)
    others.pop("all", None)  # chooses everybody of one page
    return f"{others.urlencode()}&" if others else ""

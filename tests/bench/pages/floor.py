"""The floor that page costs are multiples of: five raw queries and a stored body of 10 KB, without middleware.

It is served as the site is (`config/asgi.py`): `uvicorn tests.bench.pages.floor:application`.
"""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

BODY = (b"<p>madoi</p>\n" * 800)[:10_240]


def floor(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        for number in range(5):
            cursor.execute("SELECT id, preferred_name, email FROM dialogue_person WHERE id = %s", [number + 1])
            cursor.fetchone()
    return HttpResponse(BODY)


urlpatterns = [path("floor/", floor)]


def __getattr__(name: str) -> object:
    """Return the application, made on demand: as a table of addresses this module must not start a site."""
    if name != "application":
        raise AttributeError(name)
    from config import asgi  # noqa: PLC0415  sets Django up

    settings.MIDDLEWARE, settings.ROOT_URLCONF = [], __name__
    from a2wsgi import WSGIMiddleware  # noqa: PLC0415
    from django.core.handlers.wsgi import WSGIHandler  # noqa: PLC0415

    return asgi.without_ambiguous_headers(WSGIMiddleware(WSGIHandler(), workers=asgi.THREADS))

"""The floor that page costs are multiples of: five raw queries and a stored body of 10 KB, without middleware.

`floor_server` serves it as the site is served.
"""

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

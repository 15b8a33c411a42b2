"""The site with a route that nobody wrote a row for."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def everybody(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [path("", include("config.urls")), path("deep/", include([path("er/", everybody, name="unguarded")]))]

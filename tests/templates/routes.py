"""Addresses enough for the house's own templates: every name they may ask for, each leading nowhere."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nowhere(_request: HttpRequest, **_where: object) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("", nowhere, name="home"),
    path("calendar/", nowhere, name="calendar"),
    path("facilitator/", nowhere, name="facilitator"),
    path("safety/", nowhere, name="safety_help"),
    path("terms/", nowhere, name="terms"),
    path("terms/<int:pk>/", nowhere, name="term"),
    path("terms/<int:pk>/participants/", nowhere, name="term_people"),
    path("terms/<int:pk>/matching/", nowhere, name="term_runs"),
    path("terms/<int:pk>/cohorts/", nowhere, name="term_cohorts"),
    path("terms/<int:pk>/sessions/", nowhere, name="term_sessions"),
    path("terms/<int:pk>/messages/", nowhere, name="term_messages"),
    path("account/", include("config.account_urls")),
    path("language/", include("django.conf.urls.i18n")),
]

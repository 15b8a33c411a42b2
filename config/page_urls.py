"""Every page's address, by app. Account pages are chosen one by one: what is not listed does not exist."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health, name="health"),
    path("account/", include("config.account_urls")),
    path("", include("sessions.urls")),
    path("", include("sessions.coordinator_urls")),
    path("", include("matching.urls")),
    path("", include("dialogue.urls")),
]

if settings.MADOI_MODE == "demo":
    urlpatterns.insert(0, path("", include("config.demo.urls")))

handler500 = "config.errors.server_error"

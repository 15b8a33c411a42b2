"""Every address of the site: the pages and the API."""

from django.urls import include, path

from config.page_urls import handler500
from config.page_urls import urlpatterns as pages

__all__ = ["handler500", "urlpatterns"]

urlpatterns = [*pages, path("api/", include("config.api_urls"))]

"""Every address of the API, by app. Its first number rises when a program would have to change."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("v1/", include("dialogue.api.urls")),
    path("v1/", include("matching.api.urls")),
    path("v1/", include("sessions.api.urls")),
]

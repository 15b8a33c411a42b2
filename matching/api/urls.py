"""Addresses of match runs in the API."""

from django.urls import path

from matching.api import views

urlpatterns = [
    path("terms/<int:pk>/runs/", views.TermRuns.as_view(), name="api_term_runs"),
    path("runs/<int:pk>/", views.OneRun.as_view(), name="api_run"),
    path("runs/<int:pk>/publish/", views.RunPublish.as_view(), name="api_run_publish"),
]

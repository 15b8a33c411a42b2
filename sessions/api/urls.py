"""Addresses of sessions, and of taking a publication with its sessions back, in the API."""

from django.urls import path

from sessions.api import views

urlpatterns = [
    path("sessions/", views.Sessions.as_view(), name="api_sessions"),
    path("sessions/<int:pk>/", views.OneSession.as_view(), name="api_session"),
    path("runs/<int:pk>/unpublish/", views.RunUnpublish.as_view(), name="api_run_unpublish"),
    path("terms/<int:pk>/sessions/", views.TermSessions.as_view(), name="api_term_sessions"),
]

"""Addresses of terms, cohorts and tokens in the API."""

from django.urls import path

from dialogue.api import views

urlpatterns = [
    path("terms/", views.Terms.as_view(), name="api_terms"),
    path("terms/<int:pk>/", views.OneTerm.as_view(), name="api_term"),
    path("terms/<int:pk>/cohorts/", views.TermCohorts.as_view(), name="api_term_cohorts"),
    path("cohorts/<int:pk>/", views.OneCohort.as_view(), name="api_cohort"),
    path("token/revoke/", views.TokenEnd.as_view(), name="api_token_revoke"),
]

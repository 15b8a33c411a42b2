"""Signing in and out, and a second proof of who one is. No sign-up, no passwords, no change of address here."""

from allauth.account import views
from django.urls import include, path

from dialogue.views.sign_in import ask_for_number, enter_number

urlpatterns = [
    path("login/", ask_for_number, name="account_login"),
    path("login/code/", ask_for_number, name="account_request_login_code"),
    path("login/code/confirm/", enter_number, name="account_confirm_login_code"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("2fa/", include("allauth.mfa.urls")),
]

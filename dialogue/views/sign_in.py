"""Typing the number from the mail, with a word for whose number has run out."""

from allauth.account.views import confirm_login_code
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _


def enter_number(request: HttpRequest) -> HttpResponseBase:
    """Let allauth check the number; say why when it sends somebody back to the start."""
    said_before = len(messages.get_messages(request))
    answer = confirm_login_code(request)
    started_over = answer.status_code == 302 and answer.headers["Location"].startswith(
        reverse("account_request_login_code")
    )
    if started_over and len(messages.get_messages(request)) == said_before:
        messages.info(request, _("The number has run out. Please ask for a new one."))
    return answer

"""What other parts tell: one line each into a service, or a word to who has just signed in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from dialogue.models import FailingAddress, Person


@receiver(user_logged_in)
def tell_of_failing_address(request: HttpRequest, user: Person, **_more: Any) -> None:
    """Say at sign-in that mail came back. Asked once a sign-in, so that no page pays for it."""
    if FailingAddress.objects.filter(person=user).exists():
        words = _("Our mail to you came back. Please look at “How we reach you” below.")
        messages.warning(request, words, fail_silently=True)  # an API or a command has nobody to tell

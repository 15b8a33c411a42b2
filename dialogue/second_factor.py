"""A second proof of who one is, asked of those who see what is private to others: coordinators, safety contacts."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.contrib import messages
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from dialogue.fields import decrypted, encrypted
from dialogue.models import Person, StaffRole

_FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
LOOKING_AFTER: Final = (StaffRole.Role.COORDINATOR, StaffRole.Role.SAFETY_CONTACT)
_OPEN: Final = ("/account/", "/api/", "/language/")
"""Signing in and out and setting up; programs, which show a token of their own; the language of these pages."""


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps and recovery codes are stored as private text is."""

    def encrypt(self, text: str) -> str:
        return encrypted(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypted(encrypted_text)


class SecondFactorMiddleware:
    """Lead who looks after others to the second proof before any other page, where the site demands it.

    A session from before the set-up (somebody who reads their mail may hold one) is asked as well.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.REQUIRE_SECOND_FACTOR or request.path_info.startswith(_OPEN):
            return self.get_response(request)
        person = request.user
        if not person.is_authenticated or has_shown_it(request, person) or not is_asked_for_it(person):
            return self.get_response(request)
        if Authenticator.objects.filter(user=person, type__in=_FACTORS).exists():
            wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
            return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': wanted})}")
        messages.info(request, _("You look after what is private to others, so please set up a second step first."))
        return HttpResponseRedirect(reverse("mfa_index"))


def is_asked_for_it(person: Person) -> bool:
    """Whether this person coordinates a programme or is its safety contact. Nobody else is asked."""
    return StaffRole.objects.filter(person=person, role__in=LOOKING_AFTER).exists()


def has_shown_it(request: HttpRequest, person: Person) -> bool:
    """Whether a second factor was used or set up in this session, by this person."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, person))


@receiver(authenticator_added)
def remember_set_up(request: HttpRequest, user: Person, authenticator: Authenticator, **_: Any) -> None:
    """Spare whoever has just set one up from using it at once: the recovery codes are shown next."""
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True)

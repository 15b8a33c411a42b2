"""Let somebody who lost their second factor begin anew."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction

from dialogue.models import Person
from dialogue.services import audit


@transaction.atomic
def reset_second_factor(*, person: Person, now: datetime) -> int:
    """Take away a person's authenticators and recovery codes, end their sessions, and return how many were taken.

    Doing so twice is harmless.
    """
    taken, _ = Authenticator.objects.filter(user=person).delete()
    # A session holds its person inside its signed data, so each has to be opened.
    for session in Session.objects.filter(expire_date__gt=now).iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()
    audit.record(
        actor=None,
        action="second_factor_reset",
        subject_key=f"person:{person.pk}",
        now=now,
        detail={"authenticators": taken},
    )
    return taken

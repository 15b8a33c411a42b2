"""Make and end tokens of the API."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from dialogue.models import ApiToken, Person
from dialogue.services import audit

LIFE: Final = timedelta(days=30)


def hash_of(token: str) -> str:
    """Return what is stored of a token. It has 256 random bits, so one plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_token(*, person: Person, now: datetime, life: timedelta = LIFE) -> str:
    """Make a token and return it. It is shown this once: the database keeps its hash alone."""
    token = secrets.token_urlsafe(32)
    row = ApiToken.objects.create(person=person, token_hash=hash_of(token), created_at=now, expires_at=now + life)
    audit.record(actor=person, action="api_token_made", subject_key=f"api_token:{row.pk}", now=now)
    return token


@transaction.atomic
def revoke_token(*, token_id: int, now: datetime) -> None:
    """End a token from this moment. Doing so twice is harmless."""
    if ApiToken.objects.filter(pk=token_id, revoked_at__isnull=True).update(revoked_at=now):
        audit.record(actor=None, action="api_token_revoked", subject_key=f"api_token:{token_id}", now=now)

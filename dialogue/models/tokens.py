"""Tokens by which a person's own programs read the API."""

from django.db import models
from django.db.models import F, Q

from dialogue.models.people import Person
from dialogue.querysets import ApiTokenQuerySet


class ApiToken(models.Model):
    """One token of one person. Only its hash is stored: who reads the database cannot use it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="api_tokens")
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="token_expires_after_it_is_made")
        ]

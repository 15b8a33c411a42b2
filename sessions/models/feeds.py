"""Personal calendar feeds."""

from django.db import models

from dialogue.models import Person


class CalendarFeed(models.Model):
    """One person's subscription address and the bytes last served from it.

    The token in the address is an HMAC of `nonce`, so the database holds nothing that opens a feed; a new nonce
    revokes the old address at once. `body` is rebuilt when `stale`.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="calendar_feed")
    nonce = models.CharField(max_length=64)
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token")
    body = models.BinaryField(default=b"")
    etag = models.CharField(max_length=64, blank=True)
    stale = models.BooleanField(default=True)
    created_at = models.DateTimeField()

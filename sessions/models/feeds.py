"""Personal calendar feeds."""

from django.db import models

from dialogue.models import Person

_BEHIND = """
    SELECT feed.id, feed.person_id, feed.nonce, feed.token_hash, feed.etag, feed.stale
    FROM dialogue_sessions_calendarfeed feed JOIN dialogue_person person ON person.id = feed.person_id
    WHERE feed.token_hash = %s AND person.is_active
"""


class CalendarFeedManager(models.Manager["CalendarFeed"]):
    def behind(self, token_hash: str) -> "CalendarFeed | None":
        """Return the feed of somebody active at this address, its bytes not read yet.

        In SQL, because every calendar asks several times an hour: making the statement from a queryset took longer
        than everything else that an unchanged feed costs.
        """
        found = self.raw(_BEHIND, [token_hash])
        return next(iter(found), None)


class CalendarFeed(models.Model):
    """One person's subscription address and the bytes last served from it.

    The token in the address is an HMAC of `nonce`, so the database holds nothing that opens a feed; a new nonce
    revokes the old address at once. `body` is rebuilt when `stale`. With `instead_of_mail` the person's calendar lives
    by this feed alone: mails then carry no calendar object, so that no date stands there twice.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="calendar_feed")
    nonce = models.CharField(max_length=64)
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token")
    body = models.BinaryField(default=b"")
    etag = models.CharField(max_length=64, blank=True)
    stale = models.BooleanField(default=True)
    instead_of_mail = models.BooleanField(default=False)
    chosen_at = models.DateTimeField(null=True, blank=True, help_text="when mail or feed was last chosen")
    created_at = models.DateTimeField()

    objects = CalendarFeedManager()

"""Personal calendar feeds: an address nobody can guess, and bytes that change only when the calendar does."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from dialogue.models import Person
from sessions.calendar import CalendarEntry
from sessions.calendar import feed as feed_bytes
from sessions.calendar_entries import READ_BY_ENTRIES, feed_name
from sessions.copies import entry_with
from sessions.gathering_entries import gathering_entries_in_feed
from sessions.models import CalendarCopy, CalendarFeed, DialogueSession

CANCELLED_STAY = timedelta(weeks=4)
PAST_STAYS = timedelta(weeks=26)


def token_of(feed: CalendarFeed) -> str:
    """Return the token of a feed's address: an HMAC of its nonce, which the database alone cannot make.

    An address made under a former key stays the same, for as long as that key is among the fallbacks.
    """
    tokens = [_token(feed.nonce, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return next((token for token in tokens if hash_of(token) == feed.token_hash), tokens[0])


def _token(nonce: str, key: str) -> str:
    digest = hmac.new(key.encode(), f"feed:{nonce}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


@transaction.atomic
def feed_of(*, person: Person, now: datetime) -> CalendarFeed:
    """Return the person's feed, made on first use."""
    feed = CalendarFeed.objects.filter(person=person).first()
    return feed or renew_feed(person=person, now=now)


@transaction.atomic
def renew_feed(*, person: Person, now: datetime) -> CalendarFeed:
    """Give the person a new feed address. The old one answers 404 from this moment."""
    draft = CalendarFeed(person=person, nonce=secrets.token_hex(16), created_at=now)
    feed, _ = CalendarFeed.objects.update_or_create(
        person=person,
        defaults={"nonce": draft.nonce, "token_hash": hash_of(token_of(draft)), "stale": True, "created_at": now},
    )
    return feed


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def mark_feeds_stale(people: Iterable[int]) -> None:
    """Have the feeds of these people rebuilt when they are next asked for."""
    CalendarFeed.objects.filter(person__in=list(people)).update(stale=True)


def feed_body(*, feed: CalendarFeed, now: datetime) -> CalendarFeed:
    """Return the feed with its bytes and ETag up to date. Unchanged sessions give unchanged bytes."""
    if feed.stale or not feed.etag:
        person = feed.person
        with translation.override(person.language), timezone.override(person.zone):
            entries = entries_in_feed(person, now)
            entries += gathering_entries_in_feed(person, now)
            body = feed_bytes(entries, name=feed_name())
        feed.body = body
        feed.etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        feed.stale = _sessions_of(person).filter(cohort__held_until__gt=now).exists()  # they come in when it has passed
        mine = CalendarFeed.objects.filter(pk=feed.pk, nonce=feed.nonce)
        mine.update(body=feed.body, etag=feed.etag, stale=feed.stale)
    return feed


def entries_in_feed(person: Person, now: datetime) -> list[CalendarEntry]:
    """Return what a person's calendar holds: their sessions to come, those of the last months, recent cancels.

    What was cancelled for them alone, because they left, stays as long as what was cancelled for all. Cohorts that are
    held are not in it yet.
    """
    copies = {copy.session_id: copy for copy in CalendarCopy.objects.filter(person=person)}
    left = [pk for pk, one in copies.items() if one.taken_out_at and one.taken_out_at >= now - CANCELLED_STAY]
    rows = _sessions_of(person).exclude(cohort__held_until__gt=now)
    mine = rows.exclude(status=DialogueSession.Status.CANCELLED, changed_at__lt=now - CANCELLED_STAY).distinct()
    shown = DialogueSession.objects.filter(Q(pk__in=mine.values("pk")) | Q(pk__in=left), ends_at__gt=now - PAST_STAYS)
    whole = shown.select_related("cohort__term__programme").only(*READ_BY_ENTRIES).order_by("starts_at", "pk")
    return [entry_with(session, copies.get(session.pk)) for session in whole]


def _sessions_of(person: Person) -> QuerySet[DialogueSession]:
    return DialogueSession.objects.attended_by(person) | DialogueSession.objects.facilitated_by(person)

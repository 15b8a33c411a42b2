"""Share out the minute of a domain among all senders."""

from datetime import datetime

from django.db.models import F

from dialogue.models import DomainPace


def took_a_place(*, domain: str, a_minute: int, now: datetime) -> bool:
    """Take one of the places that a domain has in this minute. Whoever changes no row has come too late."""
    minute = now.replace(second=0, microsecond=0)
    rows = DomainPace.objects.filter(domain=domain)
    if rows.filter(minute=minute, sent__lt=a_minute).update(sent=F("sent") + 1):
        return True
    if rows.filter(minute__lt=minute).update(minute=minute, sent=1):
        return True
    if rows.exists():
        return False
    DomainPace.objects.bulk_create([DomainPace(domain=domain, minute=minute)], ignore_conflicts=True)
    return bool(rows.filter(minute=minute, sent__lt=a_minute).update(sent=F("sent") + 1))

"""What a gathering looks like in a calendar: words and links, no names and no addresses."""

from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dialogue.core.wording import format_span
from dialogue.models import Person
from sessions.calendar import CalendarEntry
from sessions.copies import ahead
from sessions.models import Gathering, GatheringAnswer, GatheringCopy

ALARM_MINUTES = 15
PAST_STAYS = timedelta(weeks=26)
CANCELLED_STAY = timedelta(weeks=4)


def gathering_url(gathering: Gathering) -> str:
    """Return the address of the gathering's page. Built on BASE_URL, never on a request's host."""
    return urljoin(settings.BASE_URL, reverse("gathering", args=[gathering.pk]))


def gathering_title(gathering: Gathering) -> str:
    return _("%(kind)s: %(programme)s") % {
        "kind": gathering.get_kind_display(),
        "programme": gathering.term.programme.title,
    }


def entry_of_gathering(gathering: Gathering) -> CalendarEntry:
    """Return a gathering that has a time as a calendar entry in the active language and zone."""
    cancelled = gathering.status == Gathering.Status.CANCELLED
    page = gathering_url(gathering)
    when = format_span(
        starts_at=gathering.starts_at,
        ends_at=gathering.ends_at,
        zone=timezone.get_current_timezone(),
        language=translation.get_language(),
        show_zone=True,
    )
    where = [_("Place: %(place)s") % {"place": gathering.place}] if gathering.place else []
    together = gathering.together_minutes
    if together is not None:
        where.append(_("The first %(minutes)s minutes together, then in the cohorts.") % {"minutes": together})
    return CalendarEntry(
        uid=gathering.uid,
        sequence=gathering.sequence,
        starts_at=gathering.starts_at,
        ends_at=gathering.ends_at,
        summary=gathering_title(gathering),
        description="\n".join([when, f"{gathering.starts_at:%Y-%m-%d %H:%M} UTC", *where, "", page]),
        location=f"{gathering.place} {page}" if gathering.place else page,
        url=page,
        conference_url=page if page.startswith("https:") and gathering.room_url else None,
        status="CANCELLED" if cancelled else "CONFIRMED",
        created_at=gathering.created_at,
        changed_at=gathering.changed_at,
        alarm_minutes=None if cancelled else ALARM_MINUTES,
    )


def gathering_entry_for(gathering: Gathering, person: Person) -> CalendarEntry:
    """Return the same as this person's calendar should hold it now: ahead by what their copy is ahead."""
    copy = GatheringCopy.objects.filter(gathering=gathering, person=person).first()
    return ahead(entry_of_gathering(gathering), copy)


def gathering_entries_in_feed(person: Person, now: datetime) -> list[CalendarEntry]:
    """Return the gatherings of a person's feed as entries, as their own copies have them."""
    copies = {copy.gathering_id: copy for copy in GatheringCopy.objects.filter(person=person)}
    return [ahead(entry_of_gathering(one), copies.get(one.pk)) for one in gatherings_in_feed(person, now)]


def gatherings_in_feed(person: Person, now: datetime) -> list[Gathering]:
    """Return what a person's calendar holds: gatherings to come, those of the last months, recent cancels.

    One that they cannot come to is left out.
    """
    mine = Gathering.objects.filter(
        answers__person=person,
        answers__answer__in=[GatheringAnswer.Answer.YES, GatheringAnswer.Answer.NONE],
        ends_at__gt=now - PAST_STAYS,
    )
    recent = mine.exclude(status=Gathering.Status.CANCELLED, changed_at__lt=now - CANCELLED_STAY)
    return list(recent.select_related("term__programme").order_by("starts_at", "pk"))

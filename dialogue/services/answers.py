"""What a participant has answered about themselves, and may change as long as their place in the term stands."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dialogue.announcing import subject_of
from dialogue.core.interests import tag_of, topic_called
from dialogue.core.sign_up import Page
from dialogue.core.sign_up_week import HalfHour, shifted, ticked_of, windows_of
from dialogue.core.wall_clock import zone_named
from dialogue.core.week import WeeklyWindow, merged
from dialogue.models import (
    AvailabilityException,
    AvailabilityWindow,
    ConsentRecord,
    Facilitation,
    Participation,
    Person,
    SlotAnswer,
    Term,
)
from dialogue.services import audit
from dialogue.services.cohorts import end_participation, refresh_shared

USUAL_RATING: Final = 3
"""What a topic that was ticked counts, on the scale from 1 to 5."""

Reason = Participation.WaitingReason
Status = Participation.Status

_CURED_BY_TIMES: Final = (
    Reason.NO_AVAILABILITY,
    Reason.NO_LONG_ENOUGH_WINDOW,
    Reason.NO_FACILITATOR_IN_WINDOWS,
    Reason.NO_VALID_COHORT,
    Reason.NOT_ENOUGH_PLACES,
)


class HasEnded(Exception):
    """The place in the term has ended, so there is nothing to change."""


@transaction.atomic
def change_times(*, participation_id: int, times: Mapping[str, Any], now: datetime) -> Participation:
    """Let new times take the place of the old ones. Nobody is moved: a cohort that stands keeps its day.

    Whoever waited because of their times waits for the next forming of cohorts.

    Raises:
        HasEnded: the participation has ended.
    """
    one = _standing(participation_id)
    write_times(one, times, zone=str(times.get("zone") or one.person.zone))
    _cured(one)
    placed = one.status == Status.PLACED
    audit.record(
        actor=one.person, action="availability_changed", subject_key=subject_of(one), now=now, detail={"placed": placed}
    )
    return one


@transaction.atomic
def add_times(*, owner: Participation | Facilitation, windows: Iterable[WeeklyWindow], now: datetime) -> None:
    """Add weekly windows by the term's clock to what somebody gave, by their own word. Nobody is moved.

    Whoever waited because of their times waits for the next forming of cohorts.

    Raises:
        HasEnded: the participation has ended.
    """
    if isinstance(owner, Participation):
        owner = _standing(owner.pk)
        key, subject = "participation", subject_of(owner)
        _cured(owner)
    else:
        key, subject = "facilitation", f"facilitation:{owner.pk}"
    given = [WeeklyWindow(row.weekday, row.starts, row.ends) for row in owner.windows.all()]
    more = _by_own_clock(owner, tuple(windows), owner.term.zone)
    owner.windows.all().delete()
    AvailabilityWindow.objects.bulk_create(
        AvailabilityWindow(**{key: owner}, weekday=each.weekday, starts=each.starts, ends=each.ends)
        for each in merged([*given, *more])
    )
    audit.record(actor=owner.person, action="availability_added", subject_key=subject, now=now)


@transaction.atomic
def change_interests(*, participation_id: int, interests: Mapping[str, Any], now: datetime) -> Participation:
    """Let new interests take the place of the old ones.

    Raises:
        HasEnded: the participation has ended.
    """
    one = _standing(participation_id)
    write_interests(one, interests)
    audit.record(actor=one.person, action="interests_changed", subject_key=subject_of(one), now=now)
    return one


@transaction.atomic
def change_phone(*, person: Person, phone: str, now: datetime) -> None:
    """Keep another phone number, or none."""
    person.phone = phone
    person.save(update_fields=["phone"])
    audit.record(actor=person, action="phone_changed", subject_key=f"person:{person.pk}", now=now)


@transaction.atomic
def tell_partner(*, participation_id: int, version: str, now: datetime) -> None:
    """Record that the person agrees to their partner knowing of sign-up, placing and attendance. Once is enough.

    Raises:
        HasEnded: the participation has ended.
    """
    one = _standing(participation_id)
    purpose = ConsentRecord.Purpose.SHARE_WITH_PARTNER
    if one.partner_id and not one.consents.filter(purpose=purpose, withdrawn_at__isnull=True).exists():
        record_consent(one, purpose, version=version, now=now)
        audit.record(actor=one.person, action="partner_may_know", subject_key=subject_of(one), now=now)


@transaction.atomic
def stop_telling_partner(*, participation_id: int, now: datetime) -> None:
    """Withdraw that agreement: from now on the partner sees nothing of this person. Done twice, it stays so."""
    one = Participation.objects.select_for_update(of=("self",)).select_related("person").get(pk=participation_id)
    valid = one.consents.filter(purpose=ConsentRecord.Purpose.SHARE_WITH_PARTNER, withdrawn_at__isnull=True)
    if valid.update(withdrawn_at=now):
        audit.record(actor=one.person, action="partner_may_not_know", subject_key=subject_of(one), now=now)


@transaction.atomic
def stop_counting_speaking(*, participation_id: int, now: datetime) -> None:
    """Withdraw the consent to have one's speaking time counted. Done twice, or never given, it changes nothing.

    A room that runs asks for the consent with each number it gets and once more when it closes, and keeps none then.
    """
    valid = ConsentRecord.objects.filter(participation=participation_id, withdrawn_at__isnull=True)
    valid.filter(purpose=ConsentRecord.Purpose.SPEAKING_TIME).update(withdrawn_at=now)


@transaction.atomic
def take_back(*, participation_id: int, now: datetime, goodbye: str = "") -> Participation:
    """End one's own place in the term, and every consent with it. Done twice, it has ended once.

    What somebody says in parting stands among the coordinators' notes, and nowhere else.
    """
    one = Participation.objects.select_for_update(of=("self",)).select_related("person").get(pk=participation_id)
    if one.status == Status.ENDED:
        return one
    was_placed = one.status == Status.PLACED
    end_participation(participation_id=one.pk, now=now, actor=one.person)
    reason = Participation.EndReason.LEFT if was_placed else Participation.EndReason.WITHDREW
    Participation.objects.filter(pk=one.pk).update(end_reason=reason)
    one.consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
    one.refresh_from_db()
    if goodbye:
        one.note = "\n\n".join(filter(None, [one.note, _("In parting: %(words)s") % {"words": goodbye}]))
        one.save(update_fields=["note"])
        audit.record(actor=one.person, action="goodbye_said", subject_key=subject_of(one), now=now)
    return one


def _cured(one: Participation) -> None:
    if one.waiting_reason in _CURED_BY_TIMES:
        one.waiting_reason = Reason.MATCHING
        one.save(update_fields=["waiting_reason"])


def write_interests(one: Participation, given: Mapping[str, Any]) -> None:
    """Store topics and words with the usual rating; a rating that a topic had already stays."""
    words = [*given["topics"], *given["own"]]
    rated = {tag_of(word): rating for word, rating in one.interests.items()}
    one.interests = {word: rated.get(tag_of(word), USUAL_RATING) for word in words}
    one.not_yet_in_words = bool(given["not_yet"])
    one.crossroads = str(given["crossroads"])
    one.save(update_fields=["interests", "not_yet_in_words", "crossroads"])
    if one.status == Status.PLACED:
        refresh_shared(one)


def write_times(one: Participation, given: Mapping[str, Any], *, zone: str) -> None:
    """Store weekly windows, answers about named slots and single dates, in place of what was there.

    Windows were ticked by the clock of `zone` and are stored by the person's own. A slot that the term does not offer
    any more is left out; weekly windows stay as they are where the term asked about slots alone.
    """
    if "ticked" in given:
        windows = _by_own_clock(one, windows_of({HalfHour(*pair) for pair in given["ticked"]}), zone)
        one.windows.all().delete()
        AvailabilityWindow.objects.bulk_create(
            AvailabilityWindow(participation=one, weekday=each.weekday, starts=each.starts, ends=each.ends)
            for each in windows
        )
    if "slots" in given:
        offered = {slot.pk: slot for slot in one.term.slots.all()}
        one.slot_answers.all().delete()
        SlotAnswer.objects.bulk_create(
            SlotAnswer(participation=one, slot=offered[int(pk)], answer=answer)
            for pk, answer in given["slots"].items()
            if int(pk) in offered
        )
    one.exceptions.all().delete()
    AvailabilityException.objects.bulk_create(
        AvailabilityException(participation=one, date=date.fromisoformat(day)) for day in sorted(set(given["away"]))
    )


def _by_own_clock(
    one: Participation | Facilitation, windows: tuple[WeeklyWindow, ...], zone: str
) -> tuple[WeeklyWindow, ...]:
    """Return the windows by the person's own clock, as the two zones lie on the term's first day."""
    if zone == one.person.zone:
        return windows
    noon = time(12)
    here, there = (
        _offset(datetime.combine(one.term.starts_on, noon, zone_named(name))) for name in (one.person.zone, zone)
    )
    return shifted(windows, minutes=here - there)


def _offset(moment: datetime) -> int:
    offset = moment.utcoffset()
    return 0 if offset is None else int(offset.total_seconds()) // 60


def times_of(one: Participation) -> dict[str, Any]:
    """Return stored times in the shape in which a draft keeps them."""
    windows = [WeeklyWindow(row.weekday, row.starts, row.ends) for row in one.windows.all()]
    return {
        "ticked": sorted(ticked_of(windows)),
        "slots": {str(row.slot_id): row.answer for row in one.slot_answers.all()},
        "away": sorted(row.date.isoformat() for row in one.exceptions.all()),
        "zone": one.person.zone,
        "later": not windows,
    }


def interests_of(one: Participation) -> dict[str, Any]:
    """Return stored interests in the shape in which a draft keeps them."""
    return {
        "topics": [topic for word in one.interests if (topic := topic_called(word))],
        "own": [word for word in one.interests if not topic_called(word)],
        "not_yet": one.not_yet_in_words,
        "crossroads": one.crossroads,
    }


def earlier_answers(*, person: Person, term: Term) -> dict[str, Any]:
    """Return what a known person's forms begin with: their name, and what they answered in their latest other term.

    Agreements are asked for anew in each term, and so is whether somebody is under 18.
    """
    names = ("family_name", "given_name", "family_kana", "given_kana", "preferred_name", "email", "phone")
    earlier: dict[str, Any] = {Page.NAME.value: {name: getattr(person, name) for name in names}}
    latest = person.participations.exclude(term=term).order_by("-created_at", "-pk").select_related("person").first()
    if latest is not None:
        earlier |= {
            Page.GENERATION.value: {"generation": latest.generation, "languages": latest.languages},
            Page.INTERESTS.value: interests_of(latest),
            Page.TIMES.value: {**times_of(latest), "away": [], "slots": {}},
        }
    return earlier


def record_consent(one: Participation, purpose: str, *, version: str, now: datetime) -> ConsentRecord:
    """Record a consent that the person gives on this site, on this day by the term's calendar."""
    return ConsentRecord.objects.create(
        participation=one,
        purpose=purpose,
        method=ConsentRecord.Method.SITE,
        text_version=version,
        collected_by=one.term.programme.organisation.name,
        given_on=timezone.localdate(now, timezone=zone_named(one.term.zone)),
        recorded_at=now,
    )


def _standing(participation_id: int) -> Participation:
    one = (
        Participation.objects.select_for_update(of=("self",))
        .select_related("person", "term__programme__organisation")
        .get(pk=participation_id)
    )
    if one.status == Status.ENDED:
        raise HasEnded
    return one

"""Letters that a term brings with it: thanks, records that wait, the middle, the end, the next term, the week ahead.

A sweep finds what has become true and queues one letter for it. Its dedupe key says what for, so running late, twice or
in parallel queues nothing twice; what is long past when a sweep finally runs is left alone.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Final

from django.db.models import Count, Exists, Max, OuterRef, Q

from dialogue.core.wall_clock import zone_named
from dialogue.models import Cohort, JoinLink, OutboundMessage, Participation, Person, StaffRole
from dialogue.outbox import Draft, queue_messages
from sessions.circle import everyone_of
from sessions.copies import subject_of
from sessions.core.seasons import RECORD_AGAIN_AFTER, asked_again, is_halfway, next_morning
from sessions.models import Attendance, DialogueSession, SafetyMark
from sessions.services.safety import told_of
from sessions.week_ahead import terms_with_a_week

THANKS_AFTER: Final = timedelta(minutes=30)
THANKS_UNTIL: Final = timedelta(hours=24)
RECORDS_CLOSE_AFTER: Final = timedelta(days=14)
"""After the last session of a term, until when its records are asked for."""

MARK_AGAIN_AFTER: Final = timedelta(hours=24)
ASKED_FOR: Final = timedelta(days=1)
NEWS_IS_NEW_FOR: Final = timedelta(days=7)
LINK_IS_NEW_FOR: Final = timedelta(days=14)
DIGEST_FROM: Final = time(8)
DIGEST_UNTIL: Final = time(20)

HELD = Q(status__in=[DialogueSession.Status.CONFIRMED, DialogueSession.Status.HELD])


def queue_season_letters(*, now: datetime) -> int:
    """Queue every letter of the season that is due by now and return how many were given to the outbox."""
    drafts = [*_thanks(now), *_records(now), *_marks(now), *_middles_and_ends(now), *_next_terms(now), *_digests(now)]
    return queue_messages(drafts, now=now) if drafts else 0


def _thanks(now: datetime) -> Iterator[Draft]:
    over = DialogueSession.objects.filter(HELD, ends_at__gt=now - THANKS_UNTIL, ends_at__lte=now - THANKS_AFTER)
    came = Attendance.objects.filter(session__in=over).exclude(answer=Attendance.Answer.NO).exclude(came=False)
    for one in came.select_related("session").order_by("session", "person"):
        yield Draft(
            kind="session_thanks",
            recipient_id=one.person_id,
            subject_key=subject_of(one.session),
            subject_version=one.session.sequence,
            dedupe_key=f"session-thanks:{one.session_id}:{one.person_id}",
            due_at=now,
            expires_at=one.session.ends_at + THANKS_UNTIL,
        )


def _records(now: datetime) -> Iterator[Draft]:
    """Ask again for a record that is not finished, each time for a day, until its term has been over for a while."""
    of_its_term = DialogueSession.objects.standing().filter(
        cohort__term=OuterRef("cohort__term"), ends_at__gt=now - RECORDS_CLOSE_AFTER
    )
    waiting = DialogueSession.objects.filter(
        Exists(of_its_term), status=DialogueSession.Status.CONFIRMED, ends_at__lte=now - min(RECORD_AGAIN_AFTER)
    )
    for session in waiting.exclude(record__finished_at__isnull=False).order_by("pk"):
        after = asked_again(age=now - session.ends_at)
        if after is None or now >= session.ends_at + after + ASKED_FOR:
            continue
        yield Draft(
            kind="record_due",
            recipient_id=session.facilitator_id,
            subject_key=subject_of(session),
            subject_version=session.sequence,
            dedupe_key=f"record-due:{session.pk}:{session.facilitator_id}:{session.sequence}:{after.days}d",
            due_at=now,
            expires_at=session.ends_at + after + ASKED_FOR,
        )


def _marks(now: datetime) -> Iterator[Draft]:
    """Tell the safety contacts once more of a mark that nobody has taken up for a day."""
    waiting = SafetyMark.objects.filter(
        taken_up_at__isnull=True, given_at__gt=now - MARK_AGAIN_AFTER - ASKED_FOR, given_at__lte=now - MARK_AGAIN_AFTER
    )
    for mark in waiting.select_related("session__cohort__term").order_by("pk"):
        yield from told_of(mark, session=mark.session, now=now, again=True)


def _middles_and_ends(now: datetime) -> Iterator[Draft]:
    """Tell a cohort that it is half way, or at the end, on the morning after the session that made it so.

    A session that was put off is planned and never held: the end waits for it, until it is held or cancelled.
    """
    off = Q(sessions__status=DialogueSession.Status.CANCELLED)
    over = ~off & ~Q(sessions__status=DialogueSession.Status.PROPOSED) & Q(sessions__ends_at__lte=now)
    recently = now - NEWS_IS_NEW_FOR
    rows = (
        Cohort.objects.exclude(status=Cohort.Status.ENDED)
        .annotate(
            planned=Count("sessions", filter=~off, distinct=True),
            held=Count("sessions", filter=over, distinct=True),
            latest=Max("sessions__ends_at", filter=over),
            given_up=Max("sessions__changed_at", filter=off),
        )
        .filter(Q(latest__gt=recently) | Q(latest__isnull=False, given_up__gt=recently))
        .select_related("facilitation")
    )
    for cohort in rows.order_by("pk"):
        subject, people, latest = f"cohort:{cohort.pk}", everyone_of(cohort), cohort.latest
        if cohort.held == cohort.planned:
            # Its end is that of its last session: one that is added after all has an end of its own.
            yield from _to_each("goodbye", subject, people, after=latest, now=now, which=f":{latest:%Y%m%d}")
        elif latest > recently and is_halfway(held=cohort.held, of=cohort.planned):
            yield from _to_each("mid_term", subject, people, after=latest, now=now)


def _next_terms(now: datetime) -> Iterator[Draft]:
    """Tell people whose dates are over, and who asked to hear of it, that their programme has opened its next term."""
    links = JoinLink.objects.open_on(now.astimezone(UTC).date()).filter(
        partner__isnull=True, created_at__gt=now - LINK_IS_NEW_FOR
    )
    still_meets = DialogueSession.objects.filter(cohort__memberships__participation=OuterRef("pk")).to_come(now)
    for link in links.select_related("term").order_by("pk"):
        known = Participation.objects.filter(
            term__programme=link.term.programme_id, status=Participation.Status.PLACED, person__is_active=True
        ).exclude(Exists(still_meets))
        known = known.filter(person__contact_choice__next_terms_since__isnull=False)
        asked = known.exclude(term=link.term_id).exclude(person__participations__term=link.term_id)
        people = list(asked.order_by("person").values_list("person", flat=True).distinct())
        yield from _to_each("next_term", f"term:{link.term_id}", people, after=link.created_at, now=now)


def _to_each(
    kind: str, subject_key: str, people: Iterable[int], *, after: datetime, now: datetime, which: str = ""
) -> Iterator[Draft]:
    for person in Person.objects.filter(pk__in=list(people)).only("zone").order_by("pk"):
        zone = zone_named(person.zone)
        due = next_morning(after=after, zone=zone)
        if due < now:  # what made it true came later, as when the last session was cancelled
            due = next_morning(after=now, zone=zone)
        yield Draft(
            kind=kind,
            recipient_id=person.pk,
            subject_key=subject_key,
            dedupe_key=f"{kind}:{subject_key}{which}:{person.pk}",
            due_at=due.astimezone(UTC),
            expires_at=due + NEWS_IS_NEW_FOR,
        )


def _digests(now: datetime) -> Iterator[Draft]:
    """Tell coordinators on Monday morning, by the clock where they live, what the week holds.

    Where nothing ran that morning, it is told by day as soon as something runs again, once in each week of the
    calendar. What began only after that morning is told of on the next.
    """
    roles = StaffRole.objects.filter(role=StaffRole.Role.COORDINATOR, person__is_active=True).select_related("person")
    drafts: dict[str, tuple[StaffRole, datetime]] = {}
    for role in roles.order_by("pk"):
        local = now.astimezone(zone_named(role.person.zone))
        monday = datetime.combine(local.date() - timedelta(days=local.weekday()), DIGEST_FROM, local.tzinfo)
        if local >= monday and DIGEST_FROM <= local.time() < DIGEST_UNTIL:
            drafts[f"staff-digest:{role.programme_id}:{role.person_id}:{local:%G-W%V}"] = role, monday
    told = set(OutboundMessage.objects.filter(dedupe_key__in=list(drafts)).values_list("dedupe_key", flat=True))
    for key, (role, monday) in drafts.items():
        if key in told:
            continue
        if terms_with_a_week(now=now, known_by=monday).filter(programme=role.programme_id).exists():
            yield Draft(
                kind="staff_digest",
                recipient_id=role.person_id,
                subject_key=f"programme:{role.programme_id}",
                dedupe_key=key,
                due_at=now,
                expires_at=monday + timedelta(days=7),
            )

"""Every way to ask for sessions, named as a coordinator or a participant would say it."""

from datetime import datetime
from typing import TYPE_CHECKING, Final, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from dialogue.models import Membership, StaffRole
from dialogue.querysets import OfProgrammeQuerySet

if TYPE_CHECKING:
    from dialogue.models import Person


_SEEN: Final = (
    "pk",
    "number",
    "starts_at",
    "ends_at",
    "status",
    "sequence",
    "room_url",
    "place",
    "cohort_id",
    "facilitator_id",
    "facilitator__preferred_name",
    "cohort__number",
    "cohort__term_id",
    "cohort__term__zone",
    "cohort__term__contact",
    "cohort__term__programme_id",
    "cohort__term__programme__name",
    "cohort__term__programme__name_en",
    "record__finished_at",
    "facilitator_away_at",
    "is_mini",
    "joint_with_id",
    "in_danger",
    "choice",
    "closed_at",
)


class DialogueSessionQuerySet(OfProgrammeQuerySet):
    to_programme = "cohort__term__programme__"

    def facilitated_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return the sessions that this person facilitates."""
        return self.filter(facilitator=reader) if reader.is_authenticated else self.none()

    def looked_after_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return the sessions that this person leads or coordinates: those whose rescue they decide about."""
        if not reader.is_authenticated:
            return self.none()
        coordinated = StaffRole.objects.filter(person=reader, role="coordinator").values("programme")
        return self.filter(Q(facilitator=reader) | Q(cohort__term__programme__in=coordinated))

    def attended_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return the sessions of the cohort that this person belongs to today, and those at which they step in."""
        if not reader.is_authenticated:
            return self.none()
        return self.filter(Q(cohort__in=_cohorts_of(reader)) | Q(pk__in=self._stepped_in_by(reader)))

    def visible_to(self, reader: "Person | AnonymousUser") -> Self:
        """Return the sessions that this person takes part in, facilitates or coordinates."""
        if not reader.is_authenticated:
            return self.none()
        coordinated = StaffRole.objects.filter(person=reader, role="coordinator").values("programme")
        return self.filter(
            Q(facilitator=reader)
            | Q(cohort__in=_cohorts_of(reader))
            | Q(pk__in=self._stepped_in_by(reader))
            | Q(cohort__term__programme__in=coordinated)
        )

    def of(self, reader: "Person | AnonymousUser") -> Self:
        """Return the sessions that this person takes part in or facilitates: those whose room they may enter."""
        if not reader.is_authenticated:
            return self.none()
        theirs = Q(cohort__in=_cohorts_of(reader)) | Q(pk__in=self._stepped_in_by(reader))
        return self.filter(Q(facilitator=reader) | theirs)

    def _stepped_in_by(self, reader: "Person") -> Self:
        """Return the sessions of other cohorts at which this person steps in, while they belong to the term, by key."""
        rows = self.model.objects.order_by()
        return rows.filter(attendances__guest__person=reader, attendances__guest__ended_at__isnull=True).values("pk")

    def as_seen_by(self, reader: "Person") -> Self:
        """Add what a page shows this person of each session, in the same query.

        `my_answer` (None for who is not expected), `attends`, `coordinates`, `reflected_at` and `recorded_at`;
        and the cohort, term, programme and facilitator.
        """
        every = self.model.objects.order_by()
        mine = Q(pk=OuterRef("pk"))
        return self.select_related("cohort__term__programme", "facilitator").annotate(
            my_attendance=FilteredRelation("attendances", condition=Q(attendances__person=reader)),
            my_answer=F("my_attendance__answer"),
            my_reflection=FilteredRelation("reflections", condition=Q(reflections__author=reader)),
            reflected_at=F("my_reflection__saved_at"),
            recorded_at=F("record__finished_at"),
            attends=Exists(every.attended_by(reader).filter(mine)),
            coordinates=Exists(every.managed_by(reader).filter(mine)),
        )

    def seen(self) -> Self:
        """Return what pages show of each session as plain rows, in the order of `reading.Seen`: lists are long."""
        return self.with_what_is_open().values_list(*_SEEN)

    def seen_by(self, reader: "Person") -> Self:
        """Return the rows of `seen`, each with this person's own answer, and when they saved their reflection."""
        return (
            self.with_what_is_open()
            .annotate(
                my_attendance=FilteredRelation("attendances", condition=Q(attendances__person=reader)),
                my_reflection=FilteredRelation("reflections", condition=Q(reflections__author=reader)),
                asked_alone=Subquery(self._asked_alone(reader)),
            )
            .values_list(*_SEEN, "my_attendance__answer", "my_reflection__saved_at", "asked_alone")
        )

    def _asked_alone(self, reader: "Person") -> Self:
        """Return the private question to this person about the session of an outer query, by key, while it waits."""
        mine = self.model.objects.order_by().filter(
            pk=OuterRef("pk"),
            lone_asks__person=reader,
            lone_asks__choice="asked",
            lone_asks__starts_at=F("starts_at"),
        )
        return mine.values("lone_asks__pk")[:1]

    def with_what_is_open(self) -> Self:
        """Add whether a danger waits for a decision or another date is wished for, and when its room was closed."""
        itself = self.model.objects.order_by().filter(pk=OuterRef("pk"))
        choices = itself.filter(reschedules__status__in=["wished", "open"]).values("reschedules__status")
        return self.annotate(
            in_danger=Exists(itself.filter(dangers__status="open")),
            choice=Subquery(choices[:1]),
            closed_at=Coalesce("room_closed_at", "joint_with__room_closed_at"),
        )

    def with_answers(self) -> Self:
        """Add how many people answered `yes`, `late` and `no`, and how many have not (`unanswered`)."""
        answers = {"yes": "yes", "late": "late", "no": "no", "unanswered": "none"}
        return self.annotate(
            **{
                name: models.Count("attendances", filter=Q(attendances__answer=answer))
                for name, answer in answers.items()
            }
        )

    def standing(self) -> Self:
        """Return the sessions that have not been cancelled: what is planned, with a date or without."""
        return self.exclude(status="cancelled")

    def with_a_date(self) -> Self:
        """Return the sessions whose date stands: neither cancelled, nor put off and looking for another one."""
        return self.exclude(status__in=["cancelled", "proposed"])

    def to_come(self, now: datetime) -> Self:
        """Return the sessions that are planned and not over. One that was put off is to come, whatever its old date."""
        return self.standing().filter(Q(status="proposed") | Q(ends_at__gt=now))

    def starting_between(self, earliest: datetime, latest: datetime) -> Self:
        return self.filter(starts_at__gte=earliest, starts_at__lt=latest)

    def ended_by(self, now: datetime) -> Self:
        return self.filter(ends_at__lte=now)

    def not_over_at(self, now: datetime) -> Self:
        return self.filter(ends_at__gt=now)


class ReflectionQuerySet(models.QuerySet):
    def of(self, reader: "Person | AnonymousUser") -> Self:
        """Return what this person wrote."""
        return self.filter(author=reader) if reader.is_authenticated else self.none()


class GreetingCardQuerySet(models.QuerySet):
    def readable_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return the cards of today's members, in the cohorts that this person belongs to today or facilitates."""
        if not reader.is_authenticated:
            return self.none()
        theirs = Q(cohort__in=_cohorts_of(reader)) | Q(cohort__facilitation__person=reader)
        belong = Membership.objects.filter(
            cohort=OuterRef("cohort"), participation__person=OuterRef("person"), left_at__isnull=True
        )
        return self.filter(theirs, Exists(belong)).exclude(cohort__status="ended")


class SmallStepQuerySet(models.QuerySet):
    def of(self, reader: "Person | AnonymousUser") -> Self:
        """Return this person's own small steps."""
        return self.filter(author=reader) if reader.is_authenticated else self.none()

    def before(self, *, term: int, starts_at: datetime) -> Self:
        """Return those of earlier sessions of a term, the latest first: the first is what comes back at a session."""
        return self.filter(session__cohort__term=term, session__starts_at__lt=starts_at).order_by(
            "-session__starts_at", "-pk"
        )


def _cohorts_of(reader: "Person | AnonymousUser") -> models.QuerySet:
    """Return the cohorts that this person belongs to today, by primary key."""
    return Membership.objects.filter(participation__person=reader, left_at__isnull=True).values("cohort")


class CohortNoteQuerySet(models.QuerySet):
    def readable_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return the notes of the cohorts that this person belongs to today or facilitates, but for reported ones."""
        if not reader.is_authenticated:
            return self.none()
        theirs = Q(cohort__in=_cohorts_of(reader)) | Q(cohort__facilitation__person=reader)
        return self.filter(theirs, reported_at__isnull=True)

    def written_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return this person's own notes that the others can read."""
        return self.readable_by(reader).filter(author=reader) if reader.is_authenticated else self.none()

    def reported_to(self, reader: "Person | AnonymousUser") -> Self:
        """Return the reported notes of the terms that this person coordinates. Of other notes coordinators see none."""
        if not reader.is_authenticated:
            return self.none()
        coordinated = StaffRole.objects.filter(person=reader, role="coordinator").values("programme")
        return self.filter(cohort__term__programme__in=coordinated, reported_at__isnull=False)


class SafetyMarkQuerySet(models.QuerySet):
    def told_to(self, reader: "Person | AnonymousUser") -> Self:
        """Return the marks that were given to this person as a safety contact. Coordinators see none of them."""
        if not reader.is_authenticated:
            return self.none()
        theirs = StaffRole.objects.filter(person=reader, role=StaffRole.Role.SAFETY_CONTACT).values("programme")
        return self.filter(session__cohort__term__programme__in=theirs, given_at__isnull=False)

    def open_of(self, author: "Person", *, session_id: int) -> Self:
        """Return the mark that this author has written about a session and nobody has taken up, if there is one."""
        return self.filter(author=author, session=session_id, taken_up_at__isnull=True)


class RoomQuerySet(models.QuerySet):
    def of(self, reader: "Person | AnonymousUser") -> Self:
        """Return the rooms of the sessions that this person takes part in or facilitates, and their own practice.

        Cohorts that meet together have one room, that of the session that is host.
        """
        if not reader.is_authenticated:
            return self.none()
        sessions = self.model.session.field.related_model.objects.order_by()
        theirs = sessions.of(reader)
        hosts = theirs.filter(joint_with__isnull=False).values("joint_with")
        own = theirs.filter(joint_with__isnull=True).values("pk")
        return self.filter(Q(session__in=own) | Q(session__in=hosts) | Q(practised_by=reader))

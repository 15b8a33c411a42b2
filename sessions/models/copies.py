"""One person's copy of a session or gathering, where it runs ahead of what everybody else holds."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from dialogue.models import Person
from sessions.models.gatherings import Gathering
from sessions.models.series import DialogueSession


class Copies(models.Manager):
    """Raises copies, in the transaction that sends what the copy is to say. No lead ever falls."""

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about
        """The field that names what the copies are of."""

    def take_out(self, dates: Iterable[models.Model], *, person_id: int, now: datetime) -> None:
        """Note that these dates leave this person's calendar."""
        self._raise(dates, person_id=person_id, now=now, taken_out_at=now)

    def outrank(self, dates: Iterable[models.Model], *, person_id: int, now: datetime) -> None:
        """Let the next word about these dates outrank what this person's calendar holds. Nothing else changes."""
        self._raise(dates, person_id=person_id, now=now, taken_out_at=None)

    def put_back(self, date: models.Model, *, people: Sequence[int], now: datetime) -> Mapping[int, int]:
        """Note that the date stands in these people's calendars again where it had been taken out.

        Returns by how much each copy runs ahead; who is not named is at the date's own version.
        """
        rows = self.filter(**{self.about: date}, person__in=people)
        taken_out = dict(rows.values_list("person", "taken_out_at"))
        if gone := [person for person, at in taken_out.items() if at]:
            rows.filter(person__in=gone).update(lead=F("lead") + 1, changed_at=now, taken_out_at=None)
        return self.leads_of(date, people) if taken_out else {}

    def leads_of(self, date: models.Model, people: Sequence[int]) -> Mapping[int, int]:
        """Return by how much the copies of these people run ahead; who is not named is at the date's version."""
        return dict(self.filter(**{self.about: date}, person__in=people).values_list("person", "lead"))

    def _raise(
        self, dates: Iterable[models.Model], *, person_id: int, now: datetime, taken_out_at: datetime | None
    ) -> None:
        wanted = [one.pk for one in dates]
        known = self.filter(person=person_id, **{f"{self.about}__in": wanted})
        has = set(known.values_list(self.about, flat=True))
        known.update(lead=F("lead") + 1, changed_at=now, taken_out_at=taken_out_at)
        self.bulk_create(
            self.model(
                **{f"{self.about}_id": pk}, person_id=person_id, lead=1, changed_at=now, taken_out_at=taken_out_at
            )
            for pk in wanted
            if pk not in has
        )


class CalendarCopy(models.Model):
    """One person's copy of a session where it runs ahead of the session's own version: who left, or came back.

    `lead` is added to the session's SEQUENCE and never falls. `taken_out_at` says since when the session is out of this
    person's calendar while it goes on for the others.
    """

    session = models.ForeignKey(DialogueSession, models.CASCADE, related_name="copies")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    lead = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    taken_out_at = models.DateTimeField(null=True, blank=True)

    objects = Copies("session")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="calendar_copy_once"),
            models.CheckConstraint(condition=Q(lead__gte=1), name="calendar_copy_is_ahead"),
        ]


class GatheringCopy(models.Model):
    """One person's copy of a gathering where it runs ahead of the gathering's own version, as `CalendarCopy`."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="copies")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    lead = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    taken_out_at = models.DateTimeField(null=True, blank=True)

    objects = Copies("gathering")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gathering", "person"], name="gathering_copy_once"),
            models.CheckConstraint(condition=Q(lead__gte=1), name="gathering_copy_is_ahead"),
        ]

"""Published cohorts and who belongs to them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dialogue.models.participation import Facilitation, Participation
from dialogue.models.programmes import Term
from dialogue.models.prompts import OwnDeck
from dialogue.querysets import CohortQuerySet


class Cohort(models.Model):
    """A group that meets all term, in one weekly window by wall clock of the term's zone."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        NEEDS_REPAIR = "needs_repair", _("Needs repair")
        ENDED = "ended", _("Ended")

    term = models.ForeignKey(Term, models.PROTECT, related_name="cohorts")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE)
    facilitation = models.ForeignKey(Facilitation, models.PROTECT, related_name="cohorts")
    weekday = models.PositiveSmallIntegerField()
    starts = models.PositiveSmallIntegerField(help_text="minutes after midnight in the term's zone")
    shared_interests = models.JSONField(default=list, blank=True)
    asks_own_scene = models.BooleanField(
        default=True, help_text="before a text goes to others, ask its writer once for a scene of their own"
    )
    own_deck = models.ForeignKey(
        OwnDeck, models.SET_NULL, null=True, blank=True, related_name="cohorts", help_text="empty: as its term"
    )
    draws_from_all = models.BooleanField(default=False, help_text="every prompt, whatever deck its term draws from")
    created_at = models.DateTimeField()
    held_until = models.DateTimeField(
        null=True, blank=True, help_text="nobody is told of it before this moment, so that it can be taken back"
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term", "number"], name="cohort_number_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6, starts__lt=1440), name="cohort_window_in_a_week"),
            models.CheckConstraint(
                condition=Q(draws_from_all=False) | Q(own_deck__isnull=True), name="cohort_draws_from_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Membership(models.Model):
    """A participation's place in a cohort, kept after it has ended so that history stays whole."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="memberships")
    participation = models.ForeignKey(Participation, models.PROTECT, related_name="memberships")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participation"], condition=Q(left_at__isnull=True), name="one_cohort_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("joined_at")), name="membership_left_after_joined"
            ),
        ]

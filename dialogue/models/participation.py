"""One person's place in one term, when they can come, and with whom."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dialogue.fields import EncryptedTextField
from dialogue.models.people import Affiliation, Partner, Person
from dialogue.models.programmes import Generation, Term
from dialogue.querysets import FacilitationQuerySet, ParticipationQuerySet


class Participation(models.Model):
    """One person's place in one term, from applied through accepted to ended.

    Nobody is lost: whoever is neither placed nor ended waits with a stated reason, and the database keeps to it.
    """

    class Status(models.TextChoices):
        APPLIED = "applied", _("Applied")
        ACCEPTED = "accepted", _("Accepted")
        PLACED = "placed", _("Placed")
        RELAYED = "relayed", _("Relayed")
        ENDED = "ended", _("Ended")

    class WaitingReason(models.TextChoices):
        ACCEPTANCE = "acceptance", _("Waits to be accepted")
        ASKED_BACK = "asked_back", _("Has been asked something")
        HELD = "held", _("On hold")
        GUARDIAN = "guardian", _("The guardian has not agreed yet")
        CONSENT = "consent", _("Consent is missing")
        MATCHING = "matching", _("Waits for the next forming of cohorts")
        NO_AVAILABILITY = "no_availability", _("No time to take part is given")
        NO_LONG_ENOUGH_WINDOW = "no_long_enough_window", _("No free time is as long as a session")
        NO_FACILITATOR_IN_WINDOWS = "no_facilitator_in_windows", _("No facilitator is free at these times")
        NO_SHARED_LANGUAGE = "no_shared_language", _("Nobody at these times shares the language")
        TOGETHER_PAIR_SPLIT = "together_pair_split", _("The two who wish to be together share no time")
        NO_VALID_COHORT = "no_valid_cohort", _("Nobody fits at these times")
        NOT_ENOUGH_PLACES = "not_enough_places", _("The cohorts at these times are full")
        COHORT_ENDED = "cohort_ended", _("The cohort has ended")

    class EndReason(models.TextChoices):
        DECLINED = "declined", _("Not accepted")
        WITHDREW = "withdrew", _("Took the sign-up back")
        GUARDIAN_REFUSED = "guardian_refused", _("The guardian did not agree")
        LEFT = "left", _("Left")

    term = models.ForeignKey(Term, models.PROTECT, related_name="participations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="participations")
    generation = models.CharField(_("generation"), max_length=8, choices=Generation)
    status = models.CharField(max_length=8, choices=Status, default=Status.APPLIED)
    waiting_reason = models.CharField(max_length=30, choices=WaitingReason, blank=True)
    affiliation = models.ForeignKey(Affiliation, models.SET_NULL, null=True, blank=True, related_name="participations")
    partner = models.ForeignKey(Partner, models.SET_NULL, null=True, blank=True, related_name="participations")
    field = models.CharField(_("field of work or study"), max_length=120, blank=True)
    languages = models.JSONField(_("languages of dialogue"), default=list)
    interests = models.JSONField(_("interests"), default=dict, blank=True, help_text="topic → 1 to 5")
    not_yet_in_words = models.BooleanField(_("cannot put interests into words yet"), default=False)
    crossroads = EncryptedTextField(_("the crossroads I stand at"), blank=True, help_text="never shown to others")
    under_18 = models.BooleanField(_("under 18 or at 高校"), default=False)
    asked = EncryptedTextField(blank=True, help_text="what the coordinators last asked back")
    replied = EncryptedTextField(blank=True, help_text="what the person answered to it")
    note = EncryptedTextField(_("note"), blank=True, help_text="among coordinators")
    relayed_to = models.ForeignKey(Term, models.SET_NULL, null=True, blank=True, related_name="relayed_from")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, choices=EndReason, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True, help_text="when all that they gave was erased")

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term", "person"], name="participation_once_a_term"),
            models.CheckConstraint(
                condition=(Q(status__in=["applied", "accepted"]) & ~Q(waiting_reason=""))
                | (Q(status__in=["placed", "relayed", "ended"]) & Q(waiting_reason="")),
                name="participation_waits_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(status="ended", ended_at__isnull=False) | (~Q(status="ended") & Q(ended_at__isnull=True)),
                name="participation_ended_has_a_moment",
            ),
            models.CheckConstraint(condition=Q(generation__in=["student", "alumni"]), name="participation_generation"),
        ]
        indexes = [models.Index(fields=["term", "status"])]

    def __str__(self) -> str:
        return f"{self.person_id}@{self.term_id}"


class Facilitation(models.Model):
    """One person's readiness to facilitate in one term."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="facilitations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="facilitations")
    max_cohorts = models.PositiveSmallIntegerField(_("cohorts at most"), default=1)
    languages = models.JSONField(_("languages of dialogue"), default=list)
    created_at = models.DateTimeField()

    objects = FacilitationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["term", "person"], name="facilitation_once_a_term")]

    def __str__(self) -> str:
        return f"{self.person_id}@{self.term_id}"


class AvailabilityWindow(models.Model):
    """A weekly stretch of time by wall clock in its person's own zone; minutes after the weekday's midnight."""

    participation = models.ForeignKey(Participation, models.CASCADE, null=True, related_name="windows")
    facilitation = models.ForeignKey(Facilitation, models.CASCADE, null=True, related_name="windows")
    weekday = models.PositiveSmallIntegerField()
    starts = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(participation__isnull=False, facilitation__isnull=True)
                | Q(participation__isnull=True, facilitation__isnull=False),
                name="window_belongs_to_one",
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=6, starts__lt=1440, ends__gt=F("starts"), ends__lte=F("starts") + 1440),
                name="window_is_a_stretch_of_a_day",
            ),
        ]


class PairWish(models.Model):
    """Two people of a term to keep apart or together. A block is never revealed to the person blocked."""

    class Kind(models.TextChoices):
        BLOCKED = "blocked", _("Blocked")
        APART = "apart", _("Keep apart")
        TOGETHER = "together", _("Keep together")

    term = models.ForeignKey(Term, models.CASCADE, related_name="pair_wishes")
    first = models.ForeignKey(Participation, models.CASCADE, related_name="+")
    second = models.ForeignKey(Participation, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)

    class Meta:
        constraints = [
            # first < second, so that one pair has one row whichever way it was written
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_wish_in_order"),
            models.UniqueConstraint(fields=["first", "second"], name="pair_wish_once"),
        ]


class ConsentRecord(models.Model):
    """Who agreed to what purpose: which text, when, until when, and how it was collected."""

    class Purpose(models.TextChoices):
        TAKE_PART = "take_part", _("Take part in the term")
        SHARE_WITH_PARTNER = "share_with_partner", _("Tell the partner of sign-up, placing and attendance")
        GUARDIAN = "guardian", _("The guardian agrees to taking part")
        AGREEMENTS = "agreements", _("Keep to the agreements of the dialogue")
        SPEAKING_TIME = "speaking_time", _("Count my speaking time for the circle's figure")

    class Method(models.TextChoices):
        ROSTER = "roster", _("Collected by the host, brought with the roster")
        SITE = "site", _("Given on this site")
        GUARDIAN = "guardian", _("Given by the guardian")
        HOST = "host", _("Came by mail or on paper, written down by the coordinators")

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose)
    method = models.CharField(max_length=10, choices=Method)
    text_version = models.CharField(max_length=40)
    collected_by = models.CharField(max_length=120)
    given_on = models.DateField()
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "purpose"], condition=Q(withdrawn_at__isnull=True), name="consent_valid_once"
            ),
            models.CheckConstraint(
                condition=~Q(text_version="") & ~Q(collected_by=""), name="consent_says_who_and_which_text"
            ),
        ]

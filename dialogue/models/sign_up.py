"""How people come in: join links, what they have typed so far, the slots a term offers, guardians, identity."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dialogue.fields import EncryptedTextField
from dialogue.models.participation import Facilitation, Participation
from dialogue.models.people import Partner, Person
from dialogue.models.programmes import Term
from dialogue.querysets import JoinLinkQuerySet, SignUpDraftQuerySet


class JoinLink(models.Model):
    """An address at which people sign up for a term: the host's own, or one for each partner.

    `code` stands on flyers and in QR codes. It opens nothing but the sign-up.
    """

    term = models.ForeignKey(Term, models.CASCADE, related_name="join_links")
    partner = models.ForeignKey(Partner, models.CASCADE, null=True, blank=True, related_name="join_links")
    code = models.CharField(max_length=16, unique=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = JoinLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["term"],
                condition=Q(partner__isnull=True, closed_at__isnull=True),
                name="join_link_of_term_once",
            ),
            models.UniqueConstraint(
                fields=["term", "partner"], condition=Q(closed_at__isnull=True), name="join_link_of_partner_once"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class SignUpDraft(models.Model):
    """What somebody has answered so far, before it is sent. Their browser holds the key; here is only its hash."""

    link = models.ForeignKey(JoinLink, models.CASCADE, related_name="drafts")
    key_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the key in the browser")
    answers = EncryptedTextField(help_text="JSON by step")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = SignUpDraftQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["updated_at"])]


class NamedSlot(models.Model):
    """A weekly stretch of time that a term offers by name: minutes after midnight by the term's wall clock."""

    term = models.ForeignKey(Term, models.CASCADE, related_name="slots")
    name = models.CharField(_("name"), max_length=60, blank=True)
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    starts = models.PositiveSmallIntegerField(_("from"))
    ends = models.PositiveSmallIntegerField(_("to"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term", "weekday", "starts", "ends"], name="named_slot_once"),
            models.CheckConstraint(
                condition=Q(weekday__lte=6, starts__lt=1440, ends__gt=F("starts"), ends__lte=F("starts") + 1440),
                name="named_slot_is_a_stretch_of_a_day",
            ),
        ]


class SlotAnswer(models.Model):
    """Whether a participant or a facilitator can come at a named slot: ○, △ or ×. No row: not answered."""

    class Answer(models.TextChoices):
        YES = "yes", _("I can come")
        MAYBE = "maybe", _("If need be")
        NO = "no", _("I cannot")

    slot = models.ForeignKey(NamedSlot, models.CASCADE, related_name="answers")
    participation = models.ForeignKey(Participation, models.CASCADE, null=True, related_name="slot_answers")
    facilitation = models.ForeignKey(Facilitation, models.CASCADE, null=True, related_name="slot_answers")
    answer = models.CharField(max_length=5, choices=Answer)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot", "participation"], name="slot_answer_of_participation_once"),
            models.UniqueConstraint(fields=["slot", "facilitation"], name="slot_answer_of_facilitation_once"),
            models.CheckConstraint(
                condition=Q(participation__isnull=False, facilitation__isnull=True)
                | Q(participation__isnull=True, facilitation__isnull=False),
                name="slot_answer_belongs_to_one",
            ),
        ]


class AvailabilityException(models.Model):
    """A date on which somebody cannot come, whole or from `starts` to `ends` (minutes after their own midnight)."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="exceptions")
    date = models.DateField()
    starts = models.PositiveSmallIntegerField(default=0)
    ends = models.PositiveSmallIntegerField(default=1440)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participation", "date", "starts"], name="availability_exception_once"),
            models.CheckConstraint(
                condition=Q(starts__lt=F("ends"), ends__lte=1440), name="availability_exception_is_a_stretch"
            ),
        ]


class Guardianship(models.Model):
    """A guardian's answer for somebody under 18 or at 高校. Asked at an address of the guardian's own."""

    participation = models.OneToOneField(Participation, models.CASCADE, related_name="guardianship")
    guardian = models.ForeignKey(Person, models.PROTECT, related_name="guardianships")
    asked_at = models.DateTimeField()
    nudged_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, agreed__isnull=True)
                | Q(answered_at__isnull=False, agreed__isnull=False),
                name="guardian_answer_has_a_moment",
            )
        ]


class IdentityCheck(models.Model):
    """Somebody of the host has met this person or seen who they are: who, when, how."""

    class Method(models.TextChoices):
        MET = "met", _("Met in person")
        DOCUMENT = "document", _("Saw a document")
        KNOWN = "known", _("Known to the partner")

    participation = models.OneToOneField(Participation, models.CASCADE, related_name="identity_check")
    method = models.CharField(max_length=8, choices=Method)
    checked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    checked_on = models.DateField()
    recorded_at = models.DateTimeField()

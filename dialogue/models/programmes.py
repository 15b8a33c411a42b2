"""Programmes, their terms, and who runs them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dialogue.core.generation import Generation as GenerationValue
from dialogue.models.people import Organisation, Partner, Person
from dialogue.querysets import ProgrammeQuerySet, TermQuerySet


class Generation(models.TextChoices):
    STUDENT = GenerationValue.STUDENT.value, _("Student")
    ALUMNI = GenerationValue.ALUMNI.value, _("Second career")


class Programme(models.Model):
    """A named, lasting collaboration of a host and its partners."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="programmes")
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="programme_named_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """The name in the language that is active, where it has one in English."""
        return self.name if get_language() == "ja" else self.name_en or self.name


class StaffRole(models.Model):
    """What somebody may do in a programme beyond taking part."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("Coordinator")
        PARTNER_CONTACT = "partner_contact", _("Partner contact")
        SAFETY_CONTACT = "safety_contact", _("Safety contact")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="staff_roles")
    person = models.ForeignKey(Person, models.CASCADE, related_name="staff_roles")
    role = models.CharField(max_length=20, choices=Role)
    partner = models.ForeignKey(Partner, models.CASCADE, null=True, blank=True, related_name="contacts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "person", "role"], name="staff_role_once"),
            models.CheckConstraint(
                condition=Q(role="partner_contact", partner__isnull=False)
                | Q(role__in=["coordinator", "safety_contact"], partner__isnull=True),
                name="partner_contact_has_partner",
            ),
        ]


class Term(models.Model):
    """A dated run of a programme: its zone, rhythm, closed days and the rules of its cohorts."""

    class Cadence(models.TextChoices):
        WEEKLY = "weekly", _("Every week")
        FORTNIGHTLY = "fortnightly", _("Every two weeks")
        MONTHLY = "monthly", _("Every month")

    class AffiliationRule(models.TextChoices):
        OFF = "off", _("May share an affiliation")
        SOFT = "soft", _("Avoid the same affiliation")
        HARD = "hard", _("Never the same affiliation")

    class MetBeforeRule(models.TextChoices):
        OFF = "off", _("May meet again")
        SOFT = "soft", _("New faces where possible")
        HARD = "hard", _("Never two who have met before")

    class Video(models.TextChoices):
        LINK = "link", _("Video links of your own (Zoom, Meet, Teams …)")
        JITSI = "jitsi", _("Jitsi: a room for each session, made by itself")
        OWN = "own", _("Madoi's own room, beside the guide of the session")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="terms")
    name = models.CharField(_("name"), max_length=120)
    zone = models.CharField(_("time zone"), max_length=64, default="Asia/Tokyo")
    starts_on = models.DateField(_("first possible day"))
    cadence = models.CharField(_("rhythm"), max_length=12, choices=Cadence, default=Cadence.WEEKLY)
    session_count = models.PositiveSmallIntegerField(
        _("number of sessions"), default=8, validators=[MinValueValidator(1), MaxValueValidator(24)]
    )
    session_minutes = models.PositiveSmallIntegerField(
        _("minutes of a session"), default=90, validators=[MinValueValidator(30), MaxValueValidator(240)]
    )
    size_min = models.PositiveSmallIntegerField(_("smallest cohort"), default=4)
    size_max = models.PositiveSmallIntegerField(_("largest cohort"), default=6)
    min_per_generation = models.PositiveSmallIntegerField(_("least of each generation"), default=2)
    student_affiliation = models.CharField(max_length=4, choices=AffiliationRule, default=AffiliationRule.OFF)
    alumni_affiliation = models.CharField(max_length=4, choices=AffiliationRule, default=AffiliationRule.SOFT)
    met_before = models.CharField(max_length=4, choices=MetBeforeRule, default=MetBeforeRule.SOFT)
    closed_sets = models.JSONField(_("closed-day sets"), default=list, blank=True)
    video = models.CharField(_("video"), max_length=5, choices=Video, default=Video.LINK)
    room_urls = models.JSONField(_("video links"), default=list, blank=True)
    room_notes = models.JSONField(
        _("what is known of the video links"), default=dict, blank=True, help_text="link → minutes, name"
    )
    contact = models.CharField(_("contact on the day"), max_length=200, blank=True)
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"), null=True, blank=True)
    introduction = models.TextField(_("introduction for who signs up"), max_length=2000, blank=True)
    introduction_en = models.TextField(_("introduction in English"), max_length=2000, blank=True)
    sign_up_until = models.DateField(_("last day to sign up"), null=True, blank=True)
    checks_identity = models.BooleanField(
        _("an adult must be known to us before sharing a cohort with anyone under 18"), default=False
    )
    measures_speaking = models.BooleanField(_("count speaking time in Madoi's own room"), default=False)
    own_deck = models.ForeignKey(
        "OwnDeck", models.SET_NULL, null=True, blank=True, related_name="terms", help_text="empty: every prompt"
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="term_named_once"),
            models.CheckConstraint(
                condition=Q(size_max__gte=F("size_min"), size_min__gte=F("min_per_generation") * 2),
                name="term_sizes_follow_each_other",
            ),
            models.CheckConstraint(
                condition=Q(session_minutes__gte=30, session_minutes__lte=240), name="term_session_minutes"
            ),
            models.CheckConstraint(condition=Q(session_count__gte=1, session_count__lte=24), name="term_session_count"),
            models.CheckConstraint(
                condition=Q(measures_speaking=False) | Q(video="own"), name="term_measures_speaking_in_own_room"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ClosedDay(models.Model):
    """A date on which a term holds no session, beyond its closed-day sets (exam weeks, the host's own)."""

    term = models.ForeignKey(Term, models.CASCADE, related_name="closed_days")
    date = models.DateField()
    reason = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["term", "date"], name="closed_day_once")]

"""Whether a session can take place: looks at its quorum, dangers found, and what people were asked."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dialogue.models import Person, Term
from sessions.models.series import DialogueSession


class QuorumSetting(models.Model):
    """How a term looks after its quorum. A term without a row keeps the defaults."""

    class Decides(models.TextChoices):
        PEOPLE = "people", _("The facilitator or a coordinator decides")
        AT_A_DAY = "24h", _("Madoi decides 24 hours ahead, if nobody has")
        AT_TWO_HOURS = "2h", _("Madoi decides two hours ahead, if nobody has")

    term = models.OneToOneField(Term, models.CASCADE, related_name="quorum_setting")
    least = models.PositiveSmallIntegerField(
        _("people who must come"), default=4, validators=[MinValueValidator(3), MaxValueValidator(8)]
    )
    decides = models.CharField(_("who decides"), max_length=6, choices=Decides, default=Decides.PEOPLE)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(least__gte=3, least__lte=8), name="quorum_least_in_reach"),
        ]


class QuorumCheck(models.Model):
    """One look at one session for one start; a moved session is looked at anew. The row is the claim."""

    session = models.ForeignKey(DialogueSession, models.CASCADE, related_name="quorum_checks")
    starts_at = models.DateTimeField()
    lead = models.CharField(max_length=3)
    checked_at = models.DateTimeField()
    found = models.CharField(max_length=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "starts_at", "lead"], name="quorum_checked_once"),
            models.CheckConstraint(condition=Q(lead__in=["72h", "24h", "2h"]), name="quorum_check_lead"),
        ]


class QuorumDanger(models.Model):
    """A session that may not take place as it stands, until people answer, somebody decides, or its time changes."""

    class Status(models.TextChoices):
        OPEN = "open", _("To be decided")
        EASED = "eased", _("Enough people come after all")
        DECIDED = "decided", _("Decided")
        PASSED = "passed", _("No longer of this time")

    session = models.ForeignKey(DialogueSession, models.CASCADE, related_name="dangers")
    starts_at = models.DateTimeField()
    found_at = models.DateTimeField()
    status = models.CharField(max_length=7, choices=Status, default=Status.OPEN)
    rescue = models.CharField(max_length=12, blank=True)
    by_madoi = models.BooleanField(default=False)
    decided_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True, help_text="when Madoi looked for a way of its own")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session"], condition=Q(status="open"), name="one_open_danger"),
            models.CheckConstraint(
                condition=Q(status="open", closed_at__isnull=True) | (~Q(status="open") & Q(closed_at__isnull=False)),
                name="danger_closed_has_a_moment",
            ),
            models.CheckConstraint(
                condition=(Q(status="decided") & ~Q(rescue="")) | (~Q(status="decided") & Q(rescue="")),
                name="danger_decided_says_how",
            ),
        ]


class LoneAsk(models.Model):
    """A private question to who would be the only one of their generation. Nobody else reads the answer as theirs."""

    class Choice(models.TextChoices):
        ASKED = "asked", _("Not answered yet")
        JOIN = "join", _("I will come all the same")
        ANOTHER_DAY = "another_day", _("I would rather meet on another day")
        REST = "rest", _("I will rest this time")
        SILENT = "silent", _("Did not answer in time")

    session = models.ForeignKey(DialogueSession, models.CASCADE, related_name="lone_asks")
    starts_at = models.DateTimeField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    choice = models.CharField(max_length=11, choices=Choice, default=Choice.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "starts_at", "person"], name="lone_asked_once"),
        ]


class StandInAsk(models.Model):
    """Another facilitator who may lead one session; asked one after the other, and the first yes wins."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Not asked yet")
        ASKED = "asked", _("Asked")
        LAPSED = "lapsed", _("Did not answer in time")
        YES = "yes", _("Leads the session")
        NO = "no", _("Cannot")
        CLOSED = "closed", _("No longer needed")

    session = models.ForeignKey(DialogueSession, models.CASCADE, related_name="stand_in_asks")
    starts_at = models.DateTimeField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    asked_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "starts_at", "person"], name="stand_in_asked_once"),
            models.UniqueConstraint(
                fields=["session", "starts_at"], condition=Q(status="asked"), name="one_stand_in_asked_at_a_time"
            ),
            models.UniqueConstraint(fields=["session", "starts_at"], condition=Q(status="yes"), name="first_yes_wins"),
        ]

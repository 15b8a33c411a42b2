"""Runs of the engine and what they propose."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dialogue.fields import EncryptedTextField
from dialogue.models import Cohort, Facilitation, Membership, Participation, Person, Term
from matching.engine.board import LockKind, Step
from matching.querysets import MatchRunQuerySet, RepairQuerySet, TimeAskQuerySet


class MatchRun(models.Model):
    """One reproducible run of the engine: same input digest, seed and engine version, same proposals."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting to start")
        RUNNING = "running", _("Forming cohorts")
        READY = "ready", _("Ready to look at")
        FAILED = "failed", _("Stopped by a fault")
        PUBLISHED = "published", _("Published")
        DISCARDED = "discarded", _("Set aside")

    term = models.ForeignKey(Term, models.CASCADE, related_name="match_runs")
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    seed = models.PositiveIntegerField(default=1)
    wishes = models.JSONField(default=dict, help_text="what this run was asked for beyond the rules of the term")
    engine_version = models.CharField(max_length=20)
    input_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the engine's input")
    stage = models.CharField(max_length=40, blank=True)
    progress = models.PositiveSmallIntegerField(default=0, help_text="percent")
    asked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True, help_text="when the first mails of publishing it leave")
    waited_for = models.JSONField(default=dict, help_text="the reasons for which people waited until it was published")
    people = models.PositiveIntegerField(default=0)
    placed = models.PositiveIntegerField(default=0)
    upper_bound = models.PositiveIntegerField(null=True, blank=True)
    bound_method = models.CharField(max_length=20, blank=True, help_text="how the bound was reached")
    proven = models.BooleanField(default=False)
    trouble = models.CharField(max_length=200, blank=True)
    rerun_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="reruns")
    keeps = models.JSONField(default=dict, help_text="what it was to keep of an earlier run, see `matching.keeping`")
    hints = models.JSONField(default=dict, help_text="what would help the whole term, see `matching.explaining`")
    note = EncryptedTextField(blank=True, help_text="among coordinators")

    objects = MatchRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["term"], condition=Q(status__in=["queued", "running"]), name="one_run_at_a_time_per_term"
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="run_progress_percent"),
            models.CheckConstraint(
                condition=Q(status="running", leased_until__isnull=False)
                | (~Q(status="running") & Q(leased_until__isnull=True)),
                name="run_running_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(status="published") | Q(held_until__isnull=True), name="run_held_is_published"
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.pk}"


class UsualWishes(models.Model):
    """What runs of a term are asked for while nobody says otherwise. A term without a row keeps the defaults."""

    term = models.OneToOneField(Term, models.CASCADE, related_name="usual_wishes")
    wishes = models.JSONField(default=dict)


class CohortProposal(models.Model):
    """A suggested cohort with its reasons."""

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="proposals")
    number = models.PositiveSmallIntegerField()
    facilitation = models.ForeignKey(Facilitation, models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    starts = models.PositiveSmallIntegerField(help_text="minutes after midnight in the term's zone")
    quality = models.FloatField()
    shared_interests = models.JSONField(default=list)
    common_windows = models.JSONField(default=list, help_text="[weekday, minutes] pairs in the term's zone")
    explanation = models.JSONField(default=dict, help_text="why it is as it is, see `matching.explaining`")
    cohort = models.OneToOneField(
        Cohort, models.SET_NULL, null=True, blank=True, related_name="proposal", help_text="what it was published as"
    )
    note = EncryptedTextField(blank=True, help_text="among coordinators")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="proposal_number_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6, starts__lt=1440), name="proposal_window_in_a_week"),
        ]


class ProposedMember(models.Model):
    """A participation that a run places in a proposal."""

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="proposed_members")
    proposal = models.ForeignKey(CohortProposal, models.CASCADE, related_name="members")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "participation"], name="proposed_once_a_run")]


class Unplaced(models.Model):
    """A participation that a run could not place, with its reason."""

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="unplaced")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=30, choices=Participation.WaitingReason)
    change = models.JSONField(default=dict, help_text="what would place them, see `matching.explaining`")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "participation"], name="unplaced_once_a_run")]


class TimeAsk(models.Model):
    """One person is asked whether a time that would place somebody who waits would do.

    That is the one who waits, or with `facilitation` a facilitator. `start` and `slots` are half hours of the term's
    week; `windows` are the half hours at which the sessions start that are asked about, several where a run asks for
    more than one common time. `answer` is empty while the question is open.
    """

    class Answer(models.TextChoices):
        NONE = "", _("Not answered yet")
        YES = "yes", _("Would do")
        NO = "no", _("Would not do")

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="time_asks")
    facilitation = models.ForeignKey(Facilitation, models.CASCADE, null=True, blank=True, related_name="+")
    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="time_asks")
    start = models.PositiveSmallIntegerField()
    slots = models.JSONField()
    windows = models.JSONField(default=list, help_text="empty in questions from before there could be several")
    asked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=3, choices=Answer, blank=True, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = TimeAskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participation"], condition=Q(answer=""), name="one_open_time_ask_for_each_who_waits"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="time_ask_answer_has_a_moment",
            ),
            models.CheckConstraint(condition=Q(start__lt=336), name="time_ask_in_a_week"),
        ]

    @property
    def asked_person(self) -> Person:
        return self.facilitation.person if self.facilitation else self.participation.person

    @property
    def starts(self) -> list[int]:
        """The half hours at which the sessions start that are asked about."""
        return self.windows or [self.start]


class BoardStep(models.Model):
    """One thing that a coordinator did to a run's proposals. Rows are only added: what was undone stays told.

    How many there are is the version of the board. `change` is `matching.engine.board.Change` in plain values.
    """

    class Kind(models.TextChoices):
        MOVE = Step.MOVE.value, _("Moved")
        SWAP = Step.SWAP.value, _("Exchanged")
        LOCK = Step.LOCK.value, _("Locked")
        UNLOCK = Step.UNLOCK.value, _("Unlocked")
        UNDO = Step.UNDO.value, _("Undone")
        REDO = Step.REDO.value, _("Done again")

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="board_steps")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=6, choices=Kind)
    of = models.PositiveIntegerField(null=True, blank=True, help_text="the step that is undone or done again")
    change = models.JSONField()
    done_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="board_step_number_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["undo", "redo"], of__isnull=False)
                | (~Q(kind__in=["undo", "redo"]) & Q(of__isnull=True)),
                name="board_step_back_names_another",
            ),
        ]


class CohortLock(models.Model):
    """Something of a running cohort that no repair may change: all of it, its time, or one person in it."""

    class Kind(models.TextChoices):
        COHORT = LockKind.COHORT.value, _("The whole cohort")
        WINDOW = LockKind.WINDOW.value, _("Its time")
        PERSON = LockKind.PERSON.value, _("One person in it")

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="locks")
    kind = models.CharField(max_length=6, choices=Kind)
    membership = models.ForeignKey(Membership, models.CASCADE, null=True, blank=True, related_name="locks")
    locked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    locked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "kind"], condition=Q(membership__isnull=True), name="cohort_locked_once"
            ),
            models.UniqueConstraint(
                fields=["membership"], condition=Q(membership__isnull=False), name="member_locked_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="person", membership__isnull=False) | (~Q(kind="person") & Q(membership__isnull=True)),
                name="cohort_lock_names_a_member_for_a_person",
            ),
        ]


class Repair(models.Model):
    """A repair that was carried out, and what the cohorts were before and after it.

    Each of `before` and `after` lists a cohort, its facilitation, weekday, start and participations, by primary key;
    `waited` holds the reason for which somebody waited who came in. Its mails leave at `mails_at`, not earlier.
    """

    term = models.ForeignKey(Term, models.CASCADE, related_name="repairs")
    before = models.JSONField()
    after = models.JSONField()
    waited = models.JSONField(default=dict)
    done_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    done_at = models.DateTimeField()
    mails_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = RepairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True) | Q(taken_back_at__gte=F("done_at")),
                name="repair_taken_back_after_it_was_done",
            ),
        ]

"""Prompts to share values by, and decks of them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dialogue.models.people import Person
from dialogue.models.programmes import Programme
from dialogue.querysets import OwnDeckQuerySet, PromptQuerySet


class Deck(models.Model):
    """Prompts that belong together: the library, which everybody draws from, or a programme's own."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=120)
    programme = models.OneToOneField(
        Programme, models.CASCADE, null=True, blank=True, related_name="deck", help_text="empty: the library"
    )

    def __str__(self) -> str:
        return self.name


class Prompt(models.Model):
    """One question to share values by, in both languages (問い).

    Once approved, a text is never changed on the site: a change is a new version that follows it, so that a session
    keeps the words that were said there. The library's own prompts change with their files.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved")
        RETIRED = "retired", _("No longer drawn")

    deck = models.ForeignKey(Deck, models.CASCADE, related_name="prompts")
    slug = models.SlugField(unique=True)
    position = models.PositiveSmallIntegerField()
    value = models.CharField(max_length=40)
    domain = models.CharField(max_length=40)
    depth = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=20)
    anchor = models.CharField(max_length=10)
    sensitivity = models.CharField(max_length=10, default="none", help_text="what it may touch, said a day ahead")
    text_ja = models.CharField(max_length=120)
    text_en = models.CharField(max_length=240)
    follow_ups_ja = models.JSONField(default=list)
    follow_ups_en = models.JSONField(default=list)
    samples = models.JSONField(default=dict, help_text="made-up answers: generation → language → text")
    status = models.CharField(max_length=10, choices=Status, default=Status.APPROVED)
    version = models.PositiveSmallIntegerField(default=1)
    follows = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="followed_by")
    adapts = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="adapted_by",
        help_text="the library's prompt in whose place it stands for its programme, once approved",
    )
    left_out_by = models.ManyToManyField(
        Programme, blank=True, related_name="left_out_prompts", help_text="drawn for no cohort of these"
    )
    written_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = PromptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deck", "position"], name="prompt_position_once"),
            models.CheckConstraint(condition=Q(depth__gte=1, depth__lte=4), name="prompt_depth_1_to_4"),
            models.CheckConstraint(condition=~Q(approved_by=F("written_by")), name="prompt_approved_by_another"),
            models.UniqueConstraint(fields=["follows"], condition=Q(status="draft"), name="one_draft_follows_a_prompt"),
            models.UniqueConstraint(
                fields=["deck", "adapts"], condition=Q(status="draft"), name="one_draft_adapts_a_prompt"
            ),
            models.UniqueConstraint(
                fields=["deck", "adapts"], condition=Q(status="approved"), name="one_prompt_stands_for_another"
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def root(self) -> int:
        """The key that a prompt of the library shares with whatever was adapted from it."""
        return self.adapts_id or self.pk


class OwnDeck(models.Model):
    """A named choice of prompts (問いの束), from the library and a programme's own, to draw a series from alone.

    What its terms and cohorts are given is what of it is drawn for the programme: a prompt that is taken out or left
    out stays in the deck and is drawn again when it comes back.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="own_decks")
    name = models.CharField(_("name"), max_length=60)
    prompts = models.ManyToManyField(Prompt, blank=True, related_name="own_decks")

    objects = OwnDeckQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "name"], name="own_deck_named_once")]

    def __str__(self) -> str:
        return self.name

"""Prompts to share values by, and decks of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deck(models.Model):
    """An ordered set of prompts for a series."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=120)

    def __str__(self) -> str:
        return self.name


class Prompt(models.Model):
    """One question to share values by, in both languages (問い)."""

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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deck", "position"], name="prompt_position_once"),
            models.CheckConstraint(condition=models.Q(depth__gte=1, depth__lte=4), name="prompt_depth_1_to_4"),
        ]

    def __str__(self) -> str:
        return self.slug

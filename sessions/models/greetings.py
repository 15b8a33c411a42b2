"""はじめましてカード: what a circle reads of each other before it first meets."""

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dialogue.fields import EncryptedTextField
from dialogue.models import Cohort, Person
from sessions.core.light_questions import LIGHT_QUESTIONS
from sessions.querysets import GreetingCardQuerySet

LINE_LENGTH: Final = 100
MOST_INTERESTS: Final = 3


class GreetingCard(models.Model):
    """A few interests and one line that somebody shows to their circle: no age, title, employer, school or photo.

    `interests` are some of those that the person gave for the term, as they are stored there. The card is taken back at
    any time, and is deleted when its author leaves or the cohort's time is over.
    """

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="cards")
    person = models.ForeignKey(Person, models.CASCADE, related_name="greeting_cards")
    interests = models.JSONField(default=list, blank=True, help_text="at most three")
    question = models.CharField(max_length=20, blank=True, choices=[(slug, slug) for slug in LIGHT_QUESTIONS])
    line = EncryptedTextField(_("answer"), blank=True)
    shown_at = models.DateTimeField()

    objects = GreetingCardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "person"], name="greeting_card_once"),
            models.CheckConstraint(
                condition=Q(question="") | Q(question__in=list(LIGHT_QUESTIONS)), name="greeting_card_question_exists"
            ),
        ]

"""What is left of the answers after a session: counts, and beside them marks that name nobody."""

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sessions.core.after import STEPS, Question
from sessions.models.series import DialogueSession

QUESTIONS: Final = [(one.value, one.value) for one in Question]


class AfterTally(models.Model):
    """How many people chose one word of five for one question after a session. Nobody is in it, and no moment.

    The fifteen rows of a session are made together, empty, so that not even their order tells who came first.
    """

    session = models.ForeignKey(DialogueSession, models.CASCADE, related_name="after_tallies", db_index=False)
    question = models.CharField(max_length=6, choices=QUESTIONS)
    step = models.PositiveSmallIntegerField(help_text="1 is the strongest word, 5 the weakest")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "question", "step"], name="after_tally_once"),
            models.CheckConstraint(condition=Q(step__gte=1, step__lte=STEPS), name="after_tally_step_exists"),
            models.CheckConstraint(
                condition=Q(question__in=[one.value for one in Question]), name="after_tally_question_exists"
            ),
        ]


class AfterMark(models.Model):
    """That somebody has answered a question after a session: who and which, only the server's own key can tell.

    It keeps anybody from answering twice and is dropped when the answers close. The token is the primary key, so that
    there is no number that would count up as people answer.
    """

    token = models.CharField(_("mark"), max_length=64, primary_key=True)
    until = models.DateField(db_index=True)

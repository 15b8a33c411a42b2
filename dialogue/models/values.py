"""What somebody made of the value cards, for their own eyes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dialogue.fields import EncryptedTextField
from dialogue.models.people import Person


class ValueSort(models.Model):
    """One person's sorting as one encrypted text: piles, chosen cards, words. Nobody else reads it.

    See `dialogue.core.values.as_text`.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="+")
    kept = EncryptedTextField(_("value cards"))
    changed_at = models.DateTimeField()

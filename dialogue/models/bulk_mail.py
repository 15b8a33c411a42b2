"""A mail that coordinators write to several people of a term at once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dialogue.fields import EncryptedTextField
from dialogue.models.people import Person
from dialogue.models.programmes import Term


class BulkMail(models.Model):
    """What was written, in the languages of those it goes to. Each person's copy is a row of the outbox.

    The copies leave `leaves_at`, five minutes after sending was pressed; until then the whole can be taken back.
    """

    class Purpose(models.TextChoices):
        OWN = "own", _("A mail of your own")
        TIMES = "times", _("Ask when they can come")
        CONSENT = "consent", _("Ask for consent again")

    term = models.ForeignKey(Term, models.CASCADE, related_name="bulk_mails")
    purpose = models.CharField(max_length=8, choices=Purpose, default=Purpose.OWN)
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    text = EncryptedTextField(_("text"), blank=True)
    subject_en = models.CharField(_("subject in English"), max_length=120, blank=True)
    text_en = EncryptedTextField(_("text in English"), blank=True)
    written_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    leaves_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(subject="") | ~Q(subject_en=""), name="bulk_mail_says_something"),
            models.CheckConstraint(condition=Q(purpose__in=["own", "times", "consent"]), name="bulk_mail_purpose"),
        ]

    def words_in(self, language: str) -> tuple[str, str]:
        """Return subject and text in a language; where it has none in that, in the other."""
        own, other = (self.subject_en, self.text_en), (self.subject, self.text)
        if language != "en":
            own, other = other, own
        return own if own[0] else other

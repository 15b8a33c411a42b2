"""A roster file between its preview and its import."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dialogue.fields import EncryptedTextField
from dialogue.models.people import Person
from dialogue.models.programmes import Programme, Term
from dialogue.querysets import FormMappingQuerySet, UploadedRosterQuerySet


class UploadedRoster(models.Model):
    """A file that its uploader looks at before its people are taken in: encrypted, and gone within the hour."""

    class Kind(models.TextChoices):
        PARTICIPANTS = "participants", _("Participants")
        FACILITATORS = "facilitators", _("Facilitators")

    term = models.ForeignKey(Term, models.CASCADE, related_name="uploaded_rosters")
    uploader = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    filename = models.CharField(max_length=120)
    content = EncryptedTextField(help_text="the file in Base64")
    collected_by = models.CharField(max_length=120, blank=True, help_text="who asked for consent; empty: nobody yet")
    given_on = models.DateField(null=True, blank=True)
    text_version = models.CharField(max_length=40, blank=True)
    mapping = models.TextField(blank=True, help_text="TOML: how the file's columns are to be read; empty: guessed")
    created_at = models.DateTimeField()

    objects = UploadedRosterQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["created_at"])]


class FormMapping(models.Model):
    """How a programme's form is to be read, kept for the next file with the same header row."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="form_mappings")
    kind = models.CharField(max_length=12, choices=UploadedRoster.Kind)
    header_key = models.CharField(max_length=64, help_text="SHA-256 of the header row")
    toml = models.TextField()
    updated_at = models.DateTimeField()

    objects = FormMappingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind", "header_key"], name="form_mapping_once"),
        ]

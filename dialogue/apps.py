"""The shared nouns of the programme, and what is said in it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DialogueConfig(AppConfig):
    name = "dialogue"
    verbose_name = _("Dialogue programme")
    default_auto_field = "django.db.models.BigAutoField"

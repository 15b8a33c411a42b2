"""The shared nouns of the programme, and what is said in it."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules, import_string
from django.utils.translation import gettext_lazy as _


class DialogueConfig(AppConfig):
    name = "dialogue"
    verbose_name = _("Dialogue programme")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let each app register its messages, receivers and commitments, the way Celery finds tasks."""
        autodiscover_modules("emails", "bulk_mail_letters", "receivers", "commitments")
        post_migrate.connect(keep_library, sender=self)


def keep_library(**_: Any) -> None:
    """Bring the prompts in the database to what their files say, whenever the database is brought up to date."""
    import_string("dialogue.services.prompts.load_library")()

"""How cohorts meet."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SessionsConfig(AppConfig):
    name = "sessions"
    label = "dialogue_sessions"  # "sessions" is taken by django.contrib.sessions
    verbose_name = _("Dialogue sessions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the letters that stand outside `emails`, and what the morning page knows."""
        import_module("sessions.rescue_emails")
        import_module("sessions.series_emails")
        import_module("sessions.gathering_emails")
        import_module("sessions.season_letters")
        import_module("sessions.note_emails")
        import_module("sessions.safety_emails")
        import_module("sessions.call_emails")
        import_module("sessions.today").register_kinds()

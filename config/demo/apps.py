"""The demo: its people, its clock, its doors. Installed in demo mode and in no other."""

from importlib import import_module

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "config.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the worker say who it is."""
        import_module("config.demo.worker")

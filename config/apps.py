"""The wiring as an app, so that every process which starts Django has the checks."""

from django.apps import AppConfig

from config import checks

__all__ = ["WiringConfig", "checks"]


class WiringConfig(AppConfig):
    name = "config"

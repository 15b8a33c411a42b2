"""The wiring as an app, so that every process which starts Django has the Celery app and the checks."""

from django.apps import AppConfig

from config import checks
from config.celery import app as celery_app

__all__ = ["WiringConfig", "celery_app", "checks"]


class WiringConfig(AppConfig):
    name = "config"

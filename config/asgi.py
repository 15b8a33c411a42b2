"""The web process: `uvicorn config.asgi:application`."""

import os

import django
from django.core.handlers.asgi import ASGIHandler

from config.checks import refuse_if_unsafe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

django.setup(set_prefix=False)
refuse_if_unsafe()

application = ASGIHandler()

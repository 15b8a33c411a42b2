"""The Celery app. Its beat table stands in `config/settings/celery.py`, and nowhere else."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init
from click import Option
from django.conf import settings
from kombu.transport.redis import Transport

from config.beat_thread import BeatThread
from config.page_addresses import PAGE_URLCONF
from config.steady_channel import SteadyChannel

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Celery would run Django's checks at its start, and with them load every view: 30 MB that a worker has no use for.
# What must hold for a start is looked at below, and by `bin/madoi serve` before it.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

Transport.Channel = SteadyChannel

app = Celery("madoi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(BeatThread)
app.user_options["worker"].add(
    Option(("--beat-thread",), is_flag=True, help="Run beat as a thread of this worker. Only one worker may.")
)


@setup_logging.connect
def log_like_the_site(**kwargs: Any) -> None:
    """Keep Celery from setting up logs of its own."""
    logging.config.dictConfig(settings.LOGGING)


@worker_init.connect
@beat_init.connect
def refuse_an_unsafe_start(**kwargs: Any) -> None:
    """A worker starts under the same conditions as the site."""
    from config.checks import refuse_if_unsafe  # noqa: PLC0415  needs the apps, which load this module first

    refuse_if_unsafe()
    settings.ROOT_URLCONF = PAGE_URLCONF  # mails lead to pages: no worker loads the API to write an address

"""What a worker leaves unloaded."""

import subprocess
import sys

import pytest

from tests.processes import ROOT

pytestmark = pytest.mark.slow

PROBE = """
import sys
from config.celery import app, refuse_an_unsafe_start
app.loader.init_worker()
refuse_an_unsafe_start()
from django.urls import reverse
reverse("home")
sys.exit(bool({"rest_framework.views", "holidays", "openpyxl"} & sys.modules.keys()))
"""


def test_a_worker_writes_an_address_without_loading_the_api() -> None:
    subprocess.run([sys.executable, "-c", PROBE], check=True, cwd=ROOT)

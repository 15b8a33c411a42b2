"""How long before a start it is too late to tell people of it."""

from datetime import timedelta
from typing import Final

MINIMUM_NOTICE: Final = timedelta(hours=1)

"""What the lists of a term are called as files."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

NAMES: Final[Mapping[str, Promise]] = {
    "reception": gettext_lazy("Reception"),
    "people": gettext_lazy("Participants"),
    "facilitators": gettext_lazy("Facilitators"),
    "cohorts": gettext_lazy("Cohorts"),
    "sessions": gettext_lazy("Sessions"),
    "attendance": gettext_lazy("Attendance"),
    "waiting": gettext_lazy("Everybody who waits"),
    "unplaced": gettext_lazy("Without a place"),
    "funnel": gettext_lazy("From invited to finished"),
    "gatherings": gettext_lazy("Gatherings"),
    "voices": gettext_lazy("How time was shared"),
    "after": gettext_lazy("After the sessions"),
    "joining": gettext_lazy("Links and partners"),
    "runs": gettext_lazy("Runs so far"),
    "messages": gettext_lazy("Messages"),
    "mails": gettext_lazy("Mails to several people"),
    "log": gettext_lazy("What was done"),
    "taken": gettext_lazy("Lists saved as files"),
}
"""What each list is called, on its sheet and where it is told who took it along."""

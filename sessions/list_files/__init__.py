"""Every list of a term as a sheet: the rows of the page that it stands on, narrowed as the page is.

No file holds more of anybody than its page does: no addresses, no own words, no figure of a person.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from django.http import QueryDict

from dialogue.core.sheet import Sheet
from dialogue.models import Term
from sessions.list_files import meetings, office, people


def sheet_of(what: str, term: Term, asked: QueryDict, *, now: datetime) -> Sheet:
    """Return the list of a term that goes by this name (a key of `LISTS`), narrowed by what the page was asked.

    Raises:
        TooLong: it has more than `MOST_ROWS` rows.
        Http404: what was asked names a run that the term does not have.
    """
    return LISTS[what](term, asked, now)


LISTS: Final[Mapping[str, Callable[[Term, QueryDict, datetime], Sheet]]] = {
    "reception": people.reception,
    "people": people.people,
    "facilitators": people.facilitators,
    "cohorts": meetings.cohorts,
    "sessions": meetings.sessions,
    "attendance": meetings.attendance,
    "waiting": people.waiting,
    "unplaced": people.unplaced,
    "funnel": people.funnel,
    "gatherings": meetings.gatherings,
    "voices": meetings.voices,
    "after": meetings.after,
    "joining": office.joining,
    "runs": office.runs,
    "messages": office.messages,
    "mails": office.mails,
    "log": office.log,
    "taken": office.taken,
}
"""The lists that can be taken along, by the name in their address."""

"""Whether somebody lets their speaking be counted: asked before they come into the room, and changed as easily."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import get_language

from dialogue.consent_texts import SPEAKING_TIME, ConsentText, consent_text
from dialogue.models import Participation
from sessions.company import people_of
from sessions.models import DialogueSession
from sessions.services.rooms import stop_measuring
from sessions.services.speaking import (
    NotCounted,
    agree_to_be_counted,
    all_agree,
    may_measure,
    note_seconds,
    refuse_to_be_counted,
)
from sessions.views.room_pass import by_link

_SAID_NO: Final = "speaking-no"
"""Under this name the reader's own sign-in remembers the terms in which they said no, so that nobody asks again.

Nothing else does: a no is no row about a person.
"""


class Answer(StrEnum):
    YES = "speaking_yes"
    NO = "speaking_no"


@dataclass(frozen=True, slots=True)
class Counting:
    """What stands on the page of somebody who may be asked."""

    term: int
    agrees: bool
    text: ConsentText


def asking(
    request: HttpRequest, session: DialogueSession, held: DialogueSession, people: Sequence[Participation]
) -> Counting | None:
    """Return what to ask the reader, or nothing where nobody is counted or they do not sit in the circle.

    No query where the term has not switched it on, two where it has.
    """
    term = session.cohort.term
    mine = [one for one in people if one.person_id == request.user.pk]
    if not (term.measures_speaking and mine and may_measure(held, people)):
        return None
    text = consent_text(SPEAKING_TIME, get_language() or "ja")
    agrees = all_agree(mine, [request.user.pk])
    # A link answers and enters, and agrees to nothing. Who came by one is not asked: a yes of before still counts.
    return Counting(term.pk, agrees, text) if agrees or not by_link(request) else None


def is_asked(request: HttpRequest, counting: Counting | None) -> bool:
    """Whether the question comes before the room: until it is answered."""
    if counting is None:
        return False
    return not (counting.agrees or counting.term in request.session.get(_SAID_NO, []))


def answer(request: HttpRequest, held: DialogueSession, said: Answer, *, now: datetime) -> None:
    """Keep a yes, or take it back. A no ends the counting of the session that runs, for everybody."""
    mine = next((one for one in people_of(held) if one.person_id == request.user.pk), None)
    if mine is None:
        return
    no = set(request.session.get(_SAID_NO, []))
    if said is Answer.YES:
        if by_link(request):
            return
        agree_to_be_counted(participation=mine, now=now)
        request.session[_SAID_NO] = sorted(no - {mine.term_id})
        return
    refuse_to_be_counted(participation=mine, now=now)
    request.session[_SAID_NO] = sorted(no | {mine.term_id})
    stop_measuring(session_id=held.pk, now=now)


def note(request: HttpRequest, held: DialogueSession) -> None:
    """Take the running number of one page of the reader's own. What cannot be read, or is not wanted, is let go."""
    with suppress(ValueError, NotCounted):
        note_seconds(
            held=held,
            person=request.user,
            people=people_of(held),
            page=UUID(request.POST.get("page", "")),
            seconds=int(request.POST.get("seconds", "")),
        )

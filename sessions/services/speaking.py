"""Seconds of speaking: who has agreed to be counted, and what their browsers say while the room is open.

Nobody is asked where nobody may be counted; a no leaves no row. A session is measured as long as everybody who is
there has agreed: the first who has not ends it for all, and what was counted is deleted at once (`rooms`).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from dialogue.consent_texts import SPEAKING_TIME
from dialogue.models import ConsentRecord, Participation, Person, Term
from dialogue.services.answers import record_consent, stop_counting_speaking
from dialogue.video import works
from sessions.core import room as rules
from sessions.core.room.timing import LINGERS
from sessions.core.speaking import Told, may_be_measured
from sessions.models import DialogueSession, Room, SpeakingTime
from sessions.services.in_turn import in_turn

PURPOSE: Final = ConsentRecord.Purpose.SPEAKING_TIME
MOST_PAGES: Final = 40
"""Pages of one person that count in one session: more reloads than anybody needs."""


class NotCounted(Exception):
    """Nobody is counted in this room, or this person has not agreed to it."""


def may_measure(held: DialogueSession, people: Sequence[Participation]) -> bool:
    """Whether those expected in a session may be asked. One query."""
    rows = DialogueSession.objects.filter(pk=held.pk, room_url="").order_by()
    chosen = rows.values_list("cohort__term__measures_speaking", "cohort__term__video").first()
    own = chosen is not None and chosen[1] == Term.Video.OWN and works(Term.Video.OWN)
    minors = any(one.under_18 for one in people)
    return may_be_measured(chosen=chosen is not None and chosen[0], own_room=own, minors=minors)


def all_agree(people: Iterable[Participation], keys: Collection[int]) -> bool:
    """Whether all of these, by primary key of the person, take part and agree to be counted. One query."""
    theirs = [one.pk for one in people if one.person_id in keys]
    rows = ConsentRecord.objects.filter(participation__in=theirs, purpose=PURPOSE, withdrawn_at__isnull=True)
    return rows.filter(text_version=SPEAKING_TIME).count() == len(set(keys))


@transaction.atomic
def agree_to_be_counted(*, participation: Participation, now: datetime) -> None:
    """Record that somebody lets their speaking time be counted in this term. Doing it twice changes nothing."""
    rows = Participation.objects.select_for_update(of=("self",)).select_related("term__programme__organisation")
    one = rows.get(pk=participation.pk, ended_at__isnull=True)
    valid = one.consents.filter(purpose=PURPOSE, withdrawn_at__isnull=True)
    if valid.filter(text_version=SPEAKING_TIME).exists():
        return
    valid.update(withdrawn_at=now)
    record_consent(one, PURPOSE, version=SPEAKING_TIME, now=now)


def refuse_to_be_counted(*, participation: Participation, now: datetime) -> None:
    """Take that agreement back where it was given. Whoever never gave it leaves no trace of having been asked."""
    stop_counting_speaking(participation_id=participation.pk, now=now)


@in_turn()
@transaction.atomic
def note_seconds(
    *, held: DialogueSession, person: Person, people: Sequence[Participation], page: UUID, seconds: int
) -> None:
    """Keep the running number of one page of somebody's own. An older number that comes late changes nothing.

    Raises:
        NotCounted: nobody is counted there, the number cannot be, or this person has not agreed (any more).
    """
    row = Room.objects.select_for_update(of=("self",)).filter(session=held).first()
    longest = (held.ends_at - held.starts_at).total_seconds() + LINGERS
    if row is None or not rules.from_json(row.state).measures or not 0 <= seconds <= longest:
        raise NotCounted
    if not all_agree(people, [person.pk]):
        raise NotCounted
    mine = SpeakingTime.objects.filter(room=row, person=person.pk)
    known = mine.filter(page=page).first()
    if known is not None:
        mine.filter(pk=known.pk, seconds__lt=seconds).update(seconds=seconds)
    elif mine.count() < MOST_PAGES:
        SpeakingTime.objects.create(room=row, person=person.pk, page=page, seconds=seconds)


def told_in(row: Room) -> list[Told]:
    """Return what every page has said last. One query."""
    return [Told(*one) for one in row.speaking_times.values_list("person", "seconds")]

"""What has happened in the demo before anyone opens it: the real services, called with `now` in the past."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from config.demo.coming_in import offered, open_the_doors, partners_may_know, sign_up
from config.demo.living import everybody_answers, live_through
from config.demo.moments import (
    call_gatherings,
    mark_for_safety,
    office_speaks_with,
    put_in_danger,
    show_cards,
    some_can_step_in,
    somebody_leaves,
    write_notes,
)
from config.demo.stage import (
    ANSWERED_AHEAD,
    AOI,
    FUMI,
    SOON,
    Stage,
    deliver_until,
    import_people,
    in_whole_minutes,
    nearest,
    publish,
    term_with_people,
)
from dialogue.core.closed_days import ClosedSet
from dialogue.models import OutboundMessage, Person
from dialogue.services.partners import Contact
from dialogue.services.safety_contacts import add_safety_contact
from dialogue.services.terms import create_programme
from sessions.models import DialogueSession
from sessions.services.changing import move_session
from sessions.services.quorum import check_quorum

CAST = Path(__file__).parent / "cast.json"
IN_THREE_DAYS = timedelta(hours=72)
SAFETY = "madoguchi@example.org"


def tell(*, now: datetime) -> None:
    """Fill an empty demo: a term that has ended, one under way, one whose sign-ups wait to be matched."""
    cast = json.loads(CAST.read_text(encoding="utf-8"))
    long_ago = now - timedelta(days=200)
    chika = cast["coordinator"]
    coordinator = Person.objects.create_user(created_at=long_ago, **chika)
    programme = create_programme(
        organisation=cast["organisation"]["name"],
        name=cast["programme"]["name"],
        name_en=cast["programme"]["name_en"],
        coordinator=coordinator,
        now=long_ago,
    )
    contact = Contact(email=SAFETY, name="まどか")
    add_safety_contact(programme=programme, contact=contact, now=long_ago, actor=coordinator)
    stage = Stage(programme=programme, coordinator=coordinator, cast=cast, now=now)
    first, running, following = cast["terms"]
    _finished_term(stage, first)
    _running_term(stage, running)
    _open_term(stage, following)


def _finished_term(stage: Stage, told: Mapping[str, Any]) -> None:
    began = stage.now - timedelta(days=120)
    term = term_with_people(stage, told, at=began - timedelta(days=21), starts_on=began.date())
    publish(stage, term, at=began - timedelta(days=18))
    # Nobody reads a mail of last spring: without those 200 the demo opens seconds earlier.
    OutboundMessage.objects.filter(status=OutboundMessage.Status.QUEUED).update(status=OutboundMessage.Status.VOID)
    live_through(stage, term, until=stage.now)


def _running_term(stage: Stage, told: Mapping[str, Any]) -> None:
    """Three cohorts: Aoi's meets in ten minutes, Fumi's met yesterday, the third meets in 72 hours.

    Somebody has just left Fumi's, and two late joiners wait, so that it can be repaired.
    To Fumi's next one, in 70 hours, one cannot come, and who had not answered has left: too few, unless she does
    something.
    """
    began = stage.now - timedelta(days=24)
    term = term_with_people(stage, told, at=began - timedelta(days=21), starts_on=began.date())
    partners_may_know(term, at=began - timedelta(days=20))
    publish(stage, term, at=began - timedelta(days=18))
    day_before = stage.now - timedelta(days=4)
    live_through(stage, term, until=day_before)

    soon = in_whole_minutes(stage.now + SOON)
    yesterday = in_whole_minutes(stage.now - timedelta(days=1), to=30)
    cohorts = list(term.cohorts.order_by("number"))
    of_aoi = next(one for one in cohorts if one.memberships.filter(participation__person__email=AOI).exists())
    of_fumi = next(one for one in cohorts if one != of_aoi and one.facilitation.person.email == FUMI)
    third = next(one for one in cohorts if one not in (of_aoi, of_fumi))
    for cohort, moment in ((of_aoi, soon), (of_fumi, yesterday), (third, in_whole_minutes(stage.now + IN_THREE_DAYS))):
        session = nearest(cohort, moment, after=day_before)
        move_session(session_id=session.pk, starts_at=moment, now=day_before, actor=stage.coordinator)
        everybody_answers(session, at=min(moment - ANSWERED_AHEAD, stage.now), last_one_waits=cohort == third)
    put_in_danger(stage, of_fumi, day_before)
    for cohort in (of_aoi, of_fumi):
        show_cards(cohort, at=began - timedelta(days=1))
    write_notes(of_aoi, at=stage.now - timedelta(days=2))
    some_can_step_in(third, at=day_before)
    call_gatherings(stage, term, began=began)
    live_through(stage, term, until=stage.now, without_record_of=of_fumi)
    mark_for_safety(third)
    somebody_leaves(stage, of_fumi)
    office_speaks_with(stage, term, besides=of_fumi)
    import_people(stage, term, told["late"], at=stage.now - timedelta(hours=2))
    check_quorum(now=stage.now)
    deliver_until(stage, stage.now)


def _open_term(stage: Stage, told: Mapping[str, Any]) -> None:
    """It begins when the term under way has ended: their facilitators are the same, and nobody can be in two places.

    Sixty people wait to be matched; a few more have just signed up.
    """
    at = stage.now - timedelta(days=3)
    last = DialogueSession.objects.order_by("-starts_at").values_list("starts_at", flat=True)[0]
    closed = [ClosedSet.PUBLIC_HOLIDAYS.value, ClosedSet.YEAR_END.value]
    slots = offered(stage.cast["slots"])
    starts_on = (last + timedelta(days=7)).date()
    term = term_with_people(stage, told, at=at, starts_on=starts_on, closed_sets=closed, slots=slots)
    open_the_doors(term, stage.cast, coordinator=stage.coordinator, at=at)
    for one in stage.cast["signing_up"]:
        sign_up(term, one, coordinator=stage.coordinator, now=stage.now)
    deliver_until(stage, stage.now)

"""Eleven things that go wrong in a term, each as the services make it, and all before the desk's moment."""

from datetime import datetime, timedelta

from dialogue.models import Cohort
from dialogue.services.cohorts import end_participation
from dialogue.services.join_links import open_link
from dialogue.services.reaching import note_failing_address
from dialogue.services.signing_up import check_number, draft_behind, keep_answers, number_for, start_draft, take_place
from sessions.services.answering import answer
from sessions.services.changing import cancel_session
from sessions.services.noting import report_note, write_note
from sessions.services.writing import RecordDraft, save_record
from tests.dialogue.services.test_signing_up import ANSWERS
from tests.factories import NOW
from tests.sessions.today.story import Story

DAY = timedelta(days=1)
MONDAY, THURSDAY, FRIDAY = 0, 3, 4


def spoiled_term(story: Story) -> None:
    """Let a term of sixteen cohorts live until the desk's moment, with every trouble in a cohort of its own."""
    cohorts = story.cohorts(16)
    first_week, second_week = cohorts[:7], cohorts[7:14]
    silent, unwritten = first_week[MONDAY], first_week[FRIDAY]
    in_danger, absent = first_week[THURSDAY], second_week[THURSDAY]
    alone, without_next, unheard = cohorts[14], cohorts[15], second_week[FRIDAY]
    story.live([silent], written_until=NOW - 14 * DAY, turns=0)
    story.live([unwritten], written_until=NOW - 7 * DAY, turns=0)
    story.live([absent], spoken_ago=range(16, 20), turns=0)
    story.live([unheard], spoken_ago=range(31, 35), turns=0)
    story.live([in_danger, alone, without_next], turns=0)
    spoiled = (silent, unwritten, in_danger, absent, alone, without_next, unheard)
    story.live([one for one in cohorts if one not in spoiled])
    story.tell()

    two_cannot_come(in_danger)
    one_is_left_of_a_generation(alone, story)
    nothing_is_booked_any_more(without_next)
    one_was_away_twice(absent)
    all_but_one_were_spoken_with(unheard, story)
    two_people_sign_up(story)
    story.bring(1, now=NOW - 4 * DAY, consent=None)
    story.bring(1, now=NOW - 4 * DAY, windows=())
    mail_comes_back(cohorts[1])
    a_note_is_reported(cohorts[2])


def people_of(cohort: Cohort, **narrowed: str):
    rows = cohort.memberships.filter(left_at__isnull=True, **narrowed).select_related("participation__person")
    return [one.participation for one in rows.order_by("pk")]


def two_cannot_come(cohort: Cohort) -> None:
    """Its session is in two and a half days, and three would come."""
    [session] = cohort.sessions.filter(starts_at__gt=NOW, starts_at__lt=NOW + 4 * DAY)
    for one in people_of(cohort)[:2]:
        answer(session_id=session.pk, person=one.person, answer="no", now=NOW - timedelta(hours=3))


def one_is_left_of_a_generation(cohort: Cohort, story: Story) -> None:
    """Somebody who waits could take the place of whoever left."""
    story.bring(4, now=NOW - 2 * DAY)
    few = min(("student", "alumni"), key=lambda each: len(people_of(cohort, participation__generation=each)))
    leaver = people_of(cohort, participation__generation=few)[0]
    end_participation(participation_id=leaver.pk, now=NOW - DAY)


def nothing_is_booked_any_more(cohort: Cohort) -> None:
    for session in cohort.sessions.filter(starts_at__gt=NOW - DAY).order_by("starts_at"):
        cancel_session(session_id=session.pk, now=NOW - 2 * DAY)


def one_was_away_twice(cohort: Cohort) -> None:
    """The facilitator corrects both records."""
    person = people_of(cohort)[0].person
    for session in cohort.sessions.filter(ends_at__lt=NOW).order_by("-starts_at")[:2]:
        came = [one.person_id for one in people_of(cohort) if one.person != person]
        draft = RecordDraft(came=came, next_depth="same")
        save_record(session_id=session.pk, author=session.facilitator, draft=draft, now=NOW - DAY)


def all_but_one_were_spoken_with(cohort: Cohort, story: Story) -> None:
    for one in people_of(cohort)[1:]:
        story.speak(one.person, NOW - 3 * DAY)


def two_people_sign_up(story: Story, now: datetime = NOW - 2 * DAY) -> None:
    """They come by a join link, prove their address and wait for an answer."""
    link = open_link(term=story.term, now=now)
    for name in ("minato", "nagisa"):
        draft = draft_behind(key=start_draft(link=link, now=now), link=link)
        assert draft is not None
        for page, given in ANSWERS.items():
            its_own = {"email": f"{name}@example.org"} if page == "name" else {}
            keep_answers(draft_id=draft.pk, name=page, given={**given, **its_own}, now=now)
        _address, number = number_for(draft_id=draft.pk, digits=6, now=now)
        check_number(draft_id=draft.pk, typed=number, now=now)
        take_place(draft_id=draft.pk, language="ja", now=now)


def mail_comes_back(cohort: Cohort) -> None:
    note_failing_address(person_id=people_of(cohort)[0].person_id, code="5.1.1", now=NOW - DAY)


def a_note_is_reported(cohort: Cohort) -> None:
    writer, reader = (one.person for one in people_of(cohort)[:2])
    note = write_note(cohort_id=cohort.pk, author=writer, text="……", now=NOW - DAY)
    report_note(note_id=note.pk, reader=reader, now=NOW - timedelta(hours=3))

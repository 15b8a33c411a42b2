"""What has happened in the demo before anyone opens it: the real services, called with `now` in the past."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.demo.coming_in import offered, open_the_doors, partners_may_know, sign_up
from config.demo.models import SentMail
from config.demo.rosters import facilitator_rows, participant_rows
from dialogue.core.closed_days import ClosedSet
from dialogue.core.generation import Generation
from dialogue.core.named_slots import OfferedSlot
from dialogue.delivery import deliver_due
from dialogue.message_kinds import kinds
from dialogue.models import Cohort, OutboundMessage, Participation, Person, Programme, Term
from dialogue.services.cohorts import end_participation
from dialogue.services.partners import Contact
from dialogue.services.roster import import_facilitators, import_participants
from dialogue.services.roster_rows import ConsentStatement
from dialogue.services.safety_contacts import add_safety_contact
from dialogue.services.terms import create_programme, create_term
from dialogue.video import works
from matching.models import MatchRun
from matching.services.publish import publish_run
from matching.services.runs import run_queued, start_run
from sessions.core.after import Question
from sessions.models import Attendance, DialogueSession, Gathering
from sessions.services.after import answer_after
from sessions.services.answering import OwnWords, answer
from sessions.services.booking import book_queued_series
from sessions.services.changing import move_session
from sessions.services.gathering_answers import answer_gathering, choose_times
from sessions.services.gatherings import GatheringOrder, open_gathering, write_page_version
from sessions.services.greeting import show_card
from sessions.services.noting import write_note
from sessions.services.quorum import check_quorum
from sessions.services.safety import keep_mark
from sessions.services.standing_by import choose_standby
from sessions.services.today import note_spoken
from sessions.services.voices import keep_figure
from sessions.services.writing import RecordDraft, keep_step, save_record, save_reflection

CAST = Path(__file__).parent / "cast.json"
CADENCES = {1: Term.Cadence.WEEKLY, 2: Term.Cadence.FORTNIGHTLY}
ROOMS = [f"https://meet.example.org/hotabi-{number}" for number in (1, 2, 3)]
ANSWERED_AHEAD = timedelta(hours=60)
RECORDED_AFTER = timedelta(minutes=40)
SOON = timedelta(minutes=10)
REMEMBERED = timedelta(days=5)
IN_THREE_DAYS = timedelta(hours=72)
IN_SEVENTY_HOURS = timedelta(hours=70)
AOI, TAKESHI, FUMI = "aoi@example.org", "takeshi@example.org", "fumi@example.org"
SAFETY = "madoguchi@example.org"


@dataclass(frozen=True, slots=True)
class Stage:
    """The programme and its people, as the story needs them."""

    programme: Programme
    coordinator: Person
    cast: Mapping[str, Any]
    now: datetime


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
    term = _term_with_people(stage, told, at=began - timedelta(days=21), starts_on=began.date())
    _publish(stage, term, at=began - timedelta(days=18))
    # Nobody reads a mail of last spring: without those 200 the demo opens seconds earlier.
    OutboundMessage.objects.filter(status=OutboundMessage.Status.QUEUED).update(status=OutboundMessage.Status.VOID)
    _live_through(stage, term, until=stage.now)


def _running_term(stage: Stage, told: Mapping[str, Any]) -> None:
    """Three cohorts: Aoi's meets in ten minutes, Fumi's met yesterday, the third meets in 72 hours.

    Somebody has just left Fumi's, and two late joiners wait, so that it can be repaired.
    To Fumi's next one, in 70 hours, one cannot come and one has not answered: too few, unless she does something.
    """
    began = stage.now - timedelta(days=24)
    term = _term_with_people(stage, told, at=began - timedelta(days=21), starts_on=began.date())
    partners_may_know(term, at=began - timedelta(days=20))
    _publish(stage, term, at=began - timedelta(days=18))
    day_before = stage.now - timedelta(days=4)
    _live_through(stage, term, until=day_before)

    soon = _in_whole_minutes(stage.now + SOON)
    yesterday = _in_whole_minutes(stage.now - timedelta(days=1), to=30)
    cohorts = list(term.cohorts.order_by("number"))
    of_aoi = next(one for one in cohorts if one.memberships.filter(participation__person__email=AOI).exists())
    of_fumi = next(one for one in cohorts if one != of_aoi and one.facilitation.person.email == FUMI)
    third = next(one for one in cohorts if one not in (of_aoi, of_fumi))
    for cohort, moment in ((of_aoi, soon), (of_fumi, yesterday), (third, _in_whole_minutes(stage.now + IN_THREE_DAYS))):
        session = _nearest(cohort, moment, after=day_before)
        move_session(session_id=session.pk, starts_at=moment, now=day_before, actor=stage.coordinator)
        _everybody_answers(session, at=min(moment - ANSWERED_AHEAD, stage.now), last_one_waits=cohort == third)
    _put_in_danger(stage, of_fumi, day_before)
    for cohort in (of_aoi, of_fumi):
        _cards(cohort, at=began - timedelta(days=1))
    _notes(of_aoi, at=stage.now - timedelta(days=2))
    _some_can_step_in(third, at=day_before)
    _gatherings(stage, term, began=began)
    _live_through(stage, term, until=stage.now, without_record_of=of_fumi)
    _a_mark_for_safety(third)
    _somebody_leaves(stage, of_fumi)
    _office_speaks_with(stage, term, besides=of_fumi)
    _import_people(stage, term, told["late"], at=stage.now - timedelta(hours=2))
    check_quorum(now=stage.now)
    _deliver_until(stage, stage.now)


def _office_speaks_with(stage: Stage, term: Term, *, besides: Cohort) -> None:
    """The coordinator had a word with everybody twelve days ago, but for the people of one cohort."""
    at = stage.now - timedelta(days=12)
    placed = Participation.objects.filter(term=term, memberships__left_at__isnull=True).exclude(
        memberships__cohort=besides
    )
    for person in placed.filter(status=Participation.Status.PLACED).values_list("person", flat=True):
        note_spoken(term=term, person_id=person, on=at.date(), actor=stage.coordinator, now=at)


def _a_mark_for_safety(cohort: Cohort) -> None:
    """Whoever leads the cohort asks the safety contact for a call after its last session."""
    session = cohort.sessions.filter(status=DialogueSession.Status.HELD).order_by("starts_at").last()
    if session is not None:
        at = session.ends_at + RECORDED_AFTER
        line = "帰りぎわ、少し元気がないように見えた方がいます。ご様子を聞いていただけますか。"
        keep_mark(session=session, author=session.facilitator, line=line, gives=True, now=at)


def _somebody_leaves(stage: Stage, cohort: Cohort) -> None:
    """Let the cohort fall below the rules: one of the two of its smaller generation leaves."""
    members = Participation.objects.filter(memberships__cohort=cohort, memberships__left_at__isnull=True)
    by_generation: dict[str, list[Participation]] = {}
    for one in members.order_by("pk"):
        by_generation.setdefault(one.generation, []).append(one)
    leaver = min(by_generation.values(), key=len)[-1]
    end_participation(participation_id=leaver.pk, now=stage.now - timedelta(hours=3), actor=stage.coordinator)


def _put_in_danger(stage: Stage, cohort: Cohort, day_before: datetime) -> None:
    moment = _in_whole_minutes(stage.now + IN_SEVENTY_HOURS, to=30)
    session = _nearest(cohort, moment, after=stage.now)
    move_session(session_id=session.pk, starts_at=moment, now=day_before, actor=stage.coordinator)
    people = [one.person for one in session.attendances.select_related("person").order_by("pk")]
    for person in people[:-2]:
        answer(session_id=session.pk, person=person, answer=Attendance.Answer.YES, now=stage.now - SOON)
    words = OwnWords(hello="次の回を楽しみにしています。")
    answer(session_id=session.pk, person=people[-2], answer=Attendance.Answer.NO, words=words, now=stage.now - SOON)


def _some_can_step_in(cohort: Cohort, *, at: datetime) -> None:
    """Everybody of a cohort but one says that they can step in for others."""
    members = Participation.objects.filter(memberships__cohort=cohort, memberships__left_at__isnull=True)
    for place in members.select_related("person").order_by("pk")[1:]:
        choose_standby(person=place.person, terms=[place.pk], now=at)


def _cards(cohort: Cohort, *, at: datetime) -> None:
    """Let the members show a card before they first meet, but for Aoi, who has not written hers."""
    lines = {
        "path": "古い時計屋と、夕方だけ開くパン屋。",
        "sound": "雨どいを水が流れる音。",
        "pause": "番茶をうすめに。",
    }
    members = Participation.objects.filter(memberships__cohort=cohort, memberships__left_at__isnull=True)
    places = members.exclude(person__email=AOI).select_related("person").order_by("pk")
    for place, (question, line) in zip(places, lines.items(), strict=False):
        interests = list(place.interests)[:3]
        show_card(cohort_id=cohort.pk, person=place.person, interests=interests, question=question, line=line, now=at)


def _notes(cohort: Cohort, *, at: datetime) -> None:
    """Put a note of the facilitator and one of a member into the cohort's notebook."""
    member = Person.objects.filter(participations__memberships__cohort=cohort).exclude(email=AOI).order_by("pk")[0]
    for hours, author, text in (
        (
            0,
            cohort.facilitation.person,
            "前回の静かな時間に、外で鳥が鳴いていました。次の回も、ゆっくりいらしてください。",
        ),
        (5, member, "帰り道、聞いたばかりの話の景色をさがして、いつもと違う橋を渡りました。"),
    ):
        write_note(cohort_id=cohort.pk, author=author, text=text, now=at + timedelta(hours=hours))


def _gatherings(stage: Stage, term: Term, *, began: datetime) -> None:
    """A kick-off that has been, with its short version, and a closing gathering that looks for a date."""
    asked, days = began - timedelta(days=14), (19, 21, 22)
    kickoff = open_gathering(
        term=term,
        order=GatheringOrder(
            kind=Gathering.Kind.KICKOFF,
            audience=Gathering.Audience.EVERYBODY,
            starts=[_in_the_evening(began - timedelta(days=3))],
            minutes=60,
            note="はじめに、たがいの約束を読み、これからの進み方をお話しします。",
        ),
        now=asked,
        actor=stage.coordinator,
    )
    for place, row in enumerate(kickoff.answers.select_related("person").order_by("pk")):
        if row.answer == row.Answer.NONE:
            comes = place % 5 != 4 or row.person.email == AOI
            answer_gathering(gathering_id=kickoff.pk, person=row.person, comes=comes, now=asked + timedelta(days=2))
    _deliver_until(stage, began - timedelta(days=2))
    write_page_version(
        gathering_id=kickoff.pk,
        text="約束は3つです。話は、この場にとどめる。助言をしない。話したくないことは、話さなくていい。\n\n"
        "1回は90分で、話す時間はみんな同じです。問いは、前の日からページで見られます。",
        now=began - timedelta(days=2),
        actor=stage.coordinator,
    )
    opened = stage.now - timedelta(days=2)
    closing = open_gathering(
        term=term,
        order=GatheringOrder(
            kind=Gathering.Kind.CLOSING,
            audience=Gathering.Audience.EVERYBODY,
            starts=[_in_the_evening(stage.now + timedelta(days=one)) for one in days],
            minutes=90,
            together_minutes=40,
            note="さいごの回のあとに、みなさんで集まります。持ち物はありません。",
        ),
        now=opened,
        actor=stage.coordinator,
    )
    options = list(closing.options.order_by("starts_at").values_list("pk", flat=True))
    for place, row in enumerate(closing.answers.select_related("person").order_by("pk")):
        if place % 3 and row.person.email != AOI:
            chosen = [option for number, option in enumerate(options) if (place + number) % 4 or number == 1]
            choose_times(
                gathering_id=closing.pk, person=row.person, options=chosen, now=opened + timedelta(hours=place)
            )


def _in_the_evening(moment: datetime) -> datetime:
    """Return seven o'clock in Tokyo on the day of the moment."""
    return moment.astimezone(ZoneInfo("Asia/Tokyo")).replace(hour=19, minute=0, second=0, microsecond=0)


def _open_term(stage: Stage, told: Mapping[str, Any]) -> None:
    """It begins when the term under way has ended: their facilitators are the same, and nobody can be in two places.

    Sixty people wait to be matched; a few more have just signed up.
    """
    at = stage.now - timedelta(days=3)
    last = DialogueSession.objects.order_by("-starts_at").values_list("starts_at", flat=True)[0]
    closed = [ClosedSet.PUBLIC_HOLIDAYS.value, ClosedSet.YEAR_END.value]
    slots = offered(stage.cast["slots"])
    starts_on = (last + timedelta(days=7)).date()
    term = _term_with_people(stage, told, at=at, starts_on=starts_on, closed_sets=closed, slots=slots)
    open_the_doors(term, stage.cast, coordinator=stage.coordinator, at=at)
    for one in stage.cast["signing_up"]:
        sign_up(term, one, coordinator=stage.coordinator, now=stage.now)
    _deliver_until(stage, stage.now)


def _term_with_people(
    stage: Stage,
    told: Mapping[str, Any],
    *,
    at: datetime,
    starts_on: date,
    closed_sets: Sequence[str] = (),
    slots: Sequence[OfferedSlot] = (),
) -> Term:
    term = create_term(
        programme=stage.programme,
        values={
            "name": told["name"],
            "starts_on": starts_on,
            "cadence": CADENCES[told["every_weeks"]],
            "session_count": told["how_many_sessions"],
            "session_minutes": told["minutes"],
            "closed_sets": list(closed_sets),
            "video": Term.Video.OWN if works(Term.Video.OWN) else Term.Video.LINK,
            "room_urls": ROOMS,
            "room_notes": {room: {"name": f"会議室{number}"} for number, room in enumerate(ROOMS, start=1)},
            "contact": "03-0000-0000（事務局 ちか）",
        },
        slots=slots,
        now=at,
        actor=stage.coordinator,
    )
    _import_people(stage, term, told["people"], at=at)
    leading = [one for one in stage.cast["facilitators"] if one["email"] in told["facilitators"]]
    import_facilitators(term=term, rows=facilitator_rows(leading), now=at, actor=stage.coordinator)
    return term


def _import_people(stage: Stage, term: Term, people: Sequence[Mapping[str, Any]], *, at: datetime) -> None:
    host = stage.cast["organisation"]["name"]
    consent = ConsentStatement(collected_by=host, given_on=at.date(), text_version="take-part-v1")
    rows = participant_rows(people, today=at.date())
    import_participants(term=term, rows=rows, consent=consent, now=at, actor=stage.coordinator)


def _publish(stage: Stage, term: Term, *, at: datetime) -> None:
    run = start_run(term=term, seed=1, now=at, actor=stage.coordinator)
    run_queued(now=at)
    publish_run(run_id=run.pk, now=at, actor=stage.coordinator)
    book_queued_series(now=at)
    if not MatchRun.objects.filter(pk=run.pk, status=MatchRun.Status.PUBLISHED).exists():
        raise RuntimeError(f"the demo's {term} could not be published")


def _live_through(stage: Stage, term: Term, *, until: datetime, without_record_of: Cohort | None = None) -> None:
    """Let people answer, meet and write in the term until a moment, and let every mail go out when it is due."""
    happenings = sorted(_happenings(term, without_record_of), key=lambda one: (one[0], one[1].pk))
    for at, session in happenings:
        if at > until:
            break
        _deliver_until(stage, at)
        if at < session.starts_at:
            _everybody_answers(session, at=at)
        else:
            _record(session, at=at)
    _deliver_until(stage, until)


def _happenings(term: Term, without_record_of: Cohort | None) -> Iterator[tuple[datetime, DialogueSession]]:
    sessions = DialogueSession.objects.filter(cohort__term=term, status=DialogueSession.Status.CONFIRMED)
    for session in sessions.select_related("cohort", "facilitator").order_by("starts_at", "pk"):
        yield session.starts_at - ANSWERED_AHEAD, session
        if session.cohort != without_record_of:
            yield session.ends_at + RECORDED_AFTER, session


def _everybody_answers(session: DialogueSession, *, at: datetime, last_one_waits: bool = False) -> None:
    waiting = session.attendances.filter(answer=Attendance.Answer.NONE).select_related("person").order_by("pk")
    people = [attendance.person for attendance in waiting]
    for place, person in enumerate(people[:-1] if last_one_waits else people):
        said = Attendance.Answer.LATE if (session.number + place) % 7 == 0 else Attendance.Answer.YES
        answer(session_id=session.pk, person=person, answer=said, now=at)


def _record(session: DialogueSession, *, at: datetime) -> None:
    people = list(session.attendances.order_by("pk").values_list("person", flat=True))
    away = {people[-1]} if session.number % 4 == 3 else set()
    save_record(
        session_id=session.pk,
        author=session.facilitator,
        draft=RecordDraft(
            came=[person for person in people if person not in away],
            next_depth="deeper" if session.number < 3 else "same",
            moved_by=session.session_prompts.order_by("round").last(),
        ),
        now=at,
    )
    _turns(session, people, at=at)
    aoi = Person.objects.filter(email=AOI, attendances__session=session).first()
    _answer_after([one for one in people if one not in away and (aoi is None or one != aoi.pk)], session, at=at)
    takeshi = Person.objects.filter(email=TAKESHI, attendances__session=session).first()
    if takeshi is not None:
        keep_step(session=session, author=takeshi, text="若いころの日記を、一冊だけ開いてみる。", now=at)
    if aoi is not None and session.number == 1:
        words = "迷っていたのは自分だけではなかった。聞いているうちに、駅のホームで引き返した日のことを思い出した。"
        save_reflection(session=session, author=aoi, text=words, now=at)


def _answer_after(people: Sequence[int], session: DialogueSession, *, at: datetime) -> None:
    """Let people tap their words. Aoi has not yet, so that whoever looks around can."""
    for place, person in enumerate(people):
        for number, question in enumerate(Question):
            mild = 1 + (place + number + session.number) % 3
            step = 6 - mild if question is Question.TAUGHT else mild
            answer_after(session=session, person_id=person, question=question, step=step, now=at)


def _turns(session: DialogueSession, people: Sequence[int], *, at: datetime) -> None:
    """Let the room have counted turns: nearly alike, and in one session of four less so."""
    members = Participation.objects.filter(term=session.cohort.term_id, person__in=people)
    generations = {person: Generation(said) for person, said in members.values_list("person", "generation")}
    step = 150 if session.number % 4 == 2 else 15
    spoken = {person: 540.0 + step * (place % 3) for place, person in enumerate(sorted(generations))}
    keep_figure(session, spoken, generations, at, turns=4 * len(spoken), passed=session.number % 3)


def _deliver_until(stage: Stage, moment: datetime) -> None:
    """Send what comes due until a moment, each mail at its own time.

    Nobody reads a reminder of last week either, and each of those leaves alone: half of what was sent here.
    """
    reminders = [kind.name for kind in kinds().values() if kind.reminder]
    long_gone = OutboundMessage.objects.filter(kind__in=reminders, due_at__lt=min(moment, stage.now - REMEMBERED))
    long_gone.filter(status=OutboundMessage.Status.QUEUED).update(status=OutboundMessage.Status.VOID)
    while True:
        queued = OutboundMessage.objects.filter(status=OutboundMessage.Status.QUEUED, due_at__lte=moment)
        due = queued.order_by("due_at").values_list("due_at", flat=True).first()
        if due is None:
            return
        latest = SentMail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        deliver_due(now=due, limit=10_000)
        SentMail.objects.filter(pk__gt=latest).update(at=due)


def _nearest(cohort: Cohort, moment: datetime, *, after: datetime) -> DialogueSession:
    coming = cohort.sessions.filter(starts_at__gt=after, status=DialogueSession.Status.CONFIRMED)
    return min(coming, key=lambda session: abs(session.starts_at - moment))


def _in_whole_minutes(moment: datetime, *, to: int = 5) -> datetime:
    """Return the moment on the next multiple of `to` minutes, by the clock in Tokyo."""
    local = moment.astimezone(ZoneInfo("Asia/Tokyo")).replace(second=0, microsecond=0)
    return local + timedelta(minutes=-local.minute % to)

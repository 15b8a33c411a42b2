"""Single happenings of the demo's term under way, each of which leaves something to see or to do."""

from datetime import datetime, timedelta

from config.demo.stage import AOI, RECORDED_AFTER, SOON, Stage, deliver_until, in_the_evening, in_whole_minutes, nearest
from dialogue.models import Cohort, Participation, Person, Term
from dialogue.services.cohorts import end_participation
from sessions.models import Attendance, DialogueSession, Gathering
from sessions.services.answering import OwnWords, answer
from sessions.services.changing import move_session
from sessions.services.gathering_answers import answer_gathering, choose_times
from sessions.services.gatherings import GatheringOrder, open_gathering, write_page_version
from sessions.services.greeting import show_card
from sessions.services.noting import write_note
from sessions.services.safety import keep_mark
from sessions.services.standing_by import choose_standby
from sessions.services.today import note_spoken

IN_SEVENTY_HOURS = timedelta(hours=70)


def put_in_danger(stage: Stage, cohort: Cohort, day_before: datetime) -> None:
    moment = in_whole_minutes(stage.now + IN_SEVENTY_HOURS, to=30)
    session = nearest(cohort, moment, after=stage.now)
    move_session(session_id=session.pk, starts_at=moment, now=day_before, actor=stage.coordinator)
    people = [one.person for one in session.attendances.select_related("person").order_by("pk")]
    for person in people[:-2]:
        answer(session_id=session.pk, person=person, answer=Attendance.Answer.YES, now=stage.now - SOON)
    words = OwnWords(hello="次の回を楽しみにしています。")
    answer(session_id=session.pk, person=people[-2], answer=Attendance.Answer.NO, words=words, now=stage.now - SOON)


def some_can_step_in(cohort: Cohort, *, at: datetime) -> None:
    """Everybody of a cohort but one says that they can step in for others."""
    members = Participation.objects.filter(memberships__cohort=cohort, memberships__left_at__isnull=True)
    for place in members.select_related("person").order_by("pk")[1:]:
        choose_standby(person=place.person, terms=[place.pk], now=at)


def show_cards(cohort: Cohort, *, at: datetime) -> None:
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


def write_notes(cohort: Cohort, *, at: datetime) -> None:
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


def call_gatherings(stage: Stage, term: Term, *, began: datetime) -> None:
    """A kick-off that has been, with its short version, and a closing gathering that looks for a date."""
    asked, days = began - timedelta(days=14), (19, 21, 22)
    kickoff = open_gathering(
        term=term,
        order=GatheringOrder(
            kind=Gathering.Kind.KICKOFF,
            audience=Gathering.Audience.EVERYBODY,
            starts=[in_the_evening(began - timedelta(days=3))],
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
    deliver_until(stage, began - timedelta(days=2))
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
            starts=[in_the_evening(stage.now + timedelta(days=one)) for one in days],
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


def mark_for_safety(cohort: Cohort) -> None:
    """Whoever leads the cohort asks the safety contact for a call after its last session."""
    session = cohort.sessions.filter(status=DialogueSession.Status.HELD).order_by("starts_at").last()
    if session is not None:
        at = session.ends_at + RECORDED_AFTER
        line = "帰りぎわ、少し元気がないように見えた方がいます。ご様子を聞いていただけますか。"
        keep_mark(session=session, author=session.facilitator, line=line, gives=True, now=at)


def somebody_leaves(stage: Stage, cohort: Cohort) -> None:
    """Let the cohort fall below the rules: one of the two of its smaller generation leaves."""
    members = Participation.objects.filter(memberships__cohort=cohort, memberships__left_at__isnull=True)
    by_generation: dict[str, list[Participation]] = {}
    for one in members.order_by("pk"):
        by_generation.setdefault(one.generation, []).append(one)
    leaver = min(by_generation.values(), key=len)[-1]
    end_participation(participation_id=leaver.pk, now=stage.now - timedelta(hours=1), actor=stage.coordinator)


def office_speaks_with(stage: Stage, term: Term, *, besides: Cohort) -> None:
    """The coordinator had a word with everybody twelve days ago, but for the people of one cohort."""
    at = stage.now - timedelta(days=12)
    placed = Participation.objects.filter(term=term, memberships__left_at__isnull=True).exclude(
        memberships__cohort=besides
    )
    for person in placed.filter(status=Participation.Status.PLACED).values_list("person", flat=True):
        note_spoken(term=term, person_id=person, on=at.date(), actor=stage.coordinator, now=at)

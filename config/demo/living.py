"""How people live through a term of the demo: they answer, meet, write, and their mail arrives when it is due."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from config.demo.stage import ANSWERED_AHEAD, AOI, RECORDED_AFTER, TAKESHI, Stage, deliver_until
from dialogue.core.generation import Generation
from dialogue.models import Cohort, Participation, Person, Term
from sessions.core.after import Question
from sessions.models import Attendance, DialogueSession
from sessions.services.after import answer_after
from sessions.services.answering import answer
from sessions.services.voices import keep_figure
from sessions.services.writing import RecordDraft, keep_step, save_record, save_reflection


def live_through(stage: Stage, term: Term, *, until: datetime, without_record_of: Cohort | None = None) -> None:
    """Let people answer, meet and write in the term until a moment, and let every mail go out when it is due."""
    happenings = sorted(_happenings(term, without_record_of), key=lambda one: (one[0], one[1].pk))
    for at, session in happenings:
        if at > until:
            break
        deliver_until(stage, at)
        if at < session.starts_at:
            everybody_answers(session, at=at)
        else:
            _record(session, at=at)
    deliver_until(stage, until)


def _happenings(term: Term, without_record_of: Cohort | None) -> Iterator[tuple[datetime, DialogueSession]]:
    sessions = DialogueSession.objects.filter(cohort__term=term, status=DialogueSession.Status.CONFIRMED)
    for session in sessions.select_related("cohort", "facilitator").order_by("starts_at", "pk"):
        yield session.starts_at - ANSWERED_AHEAD, session
        if session.cohort != without_record_of:
            yield session.ends_at + RECORDED_AFTER, session


def everybody_answers(session: DialogueSession, *, at: datetime, last_one_waits: bool = False) -> None:
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

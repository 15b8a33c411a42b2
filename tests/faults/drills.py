"""F1 to F15: each breaks something at random moments of real processes, lets it recover, and counts.

A drill is a function of the stage. It raises Violation when an invariant does not hold, and TimeoutError when the site
does not recover.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import connection

from dialogue import clock
from dialogue.models import OutboundMessage, Person, Programme, Term
from sessions.core.lifecycle import IllegalMove
from sessions.models import DialogueSession
from sessions.services.booking import queue_series
from sessions.services.changing import ChangedMeanwhile, move_session
from tests.factories import NOW, make_cohort, make_facilitation, make_participation, make_person, make_term
from tests.faults.invariants import check, settled
from tests.faults.stage import SWEEP, Stage, Violation, eventually, is_alive, one_value
from tests.processes import wait_until
from tests.races import all_at_once

DELIVER, BOOK = "dialogue.deliver_due_messages", "sessions.book_queued_series"
SESSIONS = 2
RECOVERY = 60
BOOKED = "SELECT count(*) FROM dialogue_sessions_sessionseries WHERE status = 'booked'"
Drill = Callable[[Stage], None]
DRILLS: dict[str, Drill] = {}


def drill(name: str) -> Callable[[Drill], Drill]:
    def keep(function: Drill) -> Drill:
        DRILLS[name] = function
        return function

    return keep


def cohorts(how_many: int = 3) -> list[int]:
    """Make published cohorts of four, years ahead: real processes have real clocks."""
    term = make_term(starts_on="2031-01-07", session_count=SESSIONS)
    return [make_cohort(term, number=number).pk for number in range(1, how_many + 1)]


def acknowledged(stage: Stage) -> list[int]:
    """Return each series that was acknowledged."""
    place = stage.folder / "acknowledged"
    return [int(series) for series in place.read_text().split()] if place.exists() else []


def ask_for_series(stage: Stage, some: list[int], **more: Any) -> int:
    given = {"cohorts": some, "acknowledgements": str(stage.folder / "acknowledged"), **more}
    return stage.child("call", errand="queue", **{"with": given})


def remind() -> int:
    """Have the day-ahead reminders come due, as time would."""
    return OutboundMessage.objects.filter(kind="reminder_24h", status="queued").update(due_at=clock.now())


def booked(stage: Stage, how_many: int = 3) -> None:
    """Cohorts whose series are booked and whose reminders are due; nothing has been sent, and no worker runs."""
    for cohort in cohorts(how_many):
        queue_series(cohort_id=cohort, now=clock.now())
    pid = stage.child("call", errand="book", saboteur=stage.saboteur, **{"with": {"series_id": 0}})
    stage.wait_for(pid)
    remind()


def ready_run(how_many: int, programme: Programme | None = None) -> tuple[Term, int]:
    """Return a term, of the programme where one is given, and the run that proposes so many cohorts of four for it.

    A worker that is at work already may take the run before this process does; then that one is waited for.
    """
    from matching.models import MatchRun  # noqa: PLC0415
    from matching.services.runs import run_queued, start_run  # noqa: PLC0415

    term = make_term(starts_on="2031-01-07", session_count=SESSIONS, programme=programme)
    for _ in range(how_many):
        for generation in ("student", "student", "alumni", "alumni"):
            make_participation(term, generation=generation)
        make_facilitation(term, max_cohorts=1)
    start_run(term=term, seed=1, now=NOW)
    run_queued(now=NOW)
    formed = MatchRun.objects.filter(term=term, status=MatchRun.Status.READY)
    wait_until(formed.exists, seconds=RECOVERY)
    return term, formed.get().pk


def recovered(stage: Stage, seconds: float = RECOVERY) -> None:
    eventually(settled, seconds=seconds, stage=stage, hope="everything due is sent, and nothing is half done")


def some_have_arrived(stage: Stage, how_many: int) -> None:
    eventually(lambda: len(stage.mails()) >= how_many, seconds=30, stage=stage, hope=f"{how_many} mails arrive")


@drill("F1")
def worker_killed(stage: Stage) -> None:
    """Workers are killed at random moments of a batch; others take over."""
    booked(stage)
    stage.order(pause=0.02)
    workers = [stage.worker(), stage.worker()]
    for _ in range(stage.dice.randint(1, 3)):
        some_have_arrived(stage, len(stage.mails()) + 1)
        time.sleep(stage.dice.uniform(0, 0.4))
        stage.kill(workers.pop(0))
        workers.append(stage.worker())
    stage.order()
    recovered(stage)
    check(stage)


@drill("F2")
def broker_killed(stage: Stage) -> None:
    """The broker dies while a coordinator publishes; each is acknowledged all the same, and people can sign in."""
    from tests.faults.over_http import publish_without_broker  # noqa: PLC0415  builds on this module

    stage.worker()
    series = publish_without_broker(stage)
    time.sleep(stage.outage() / 2)
    stage.start_broker()
    recovered(stage)
    check(stage, acknowledged=series, cuts=0, sign_in_numbers=1)


@drill("F3")
def broker_emptied(stage: Stage) -> None:
    """Everything in the broker is thrown away while a worker works."""
    stage.worker()
    asked = ask_for_series(stage, cohorts(4), pause=0.05)
    for _ in range(3):
        time.sleep(stage.dice.uniform(0, 0.3))
        with current_app.connection_for_write() as line:
            line.default_channel.client.flushall()
        stage.log("FLUSHALL")
    stage.wait_for(asked)
    recovered(stage)
    check(stage, acknowledged=acknowledged(stage), cuts=0)


@drill("F4")
def database_restarted(stage: Stage) -> None:
    """PostgreSQL stops as in a power cut while series are booked and mail goes out."""
    some = cohorts(6)
    stage.order(pause=0.01)
    stage.worker()
    asked = ask_for_series(stage, some, pause=0.1)
    time.sleep(stage.dice.uniform(0.1, 1.2))
    stage.restart_postgres()
    wait_until(lambda: not is_alive(asked), seconds=30)
    kept = acknowledged(stage)
    stage.log(f"{len(kept)} of {len(some)} were acknowledged before the restart")
    asked = ask_for_series(stage, some)  # people press the button again
    stage.wait_for(asked)
    recovered(stage)
    check(stage, acknowledged=acknowledged(stage), cuts=2)


@drill("F5")
def task_delivered_many_times(stage: Stage) -> None:
    """The same tasks are delivered two to ten times in parallel, and what was said of the series is said again."""
    for cohort in cohorts(3):
        queue_series(cohort_id=cohort, now=clock.now())
    for _ in range(3):
        stage.worker()
    for _ in range(stage.dice.randint(2, 10)):
        for task in (BOOK, DELIVER):
            current_app.send_task(task, ignore_result=True)
    recovered(stage)
    stage.wait_for(stage.child("call", errand="announce_again"))
    remind()
    for _ in range(stage.dice.randint(2, 10)):
        current_app.send_task(DELIVER, ignore_result=True)
    recovered(stage)
    check(stage, cuts=0)


@drill("F6")
def two_beats(stage: Stage) -> None:
    """Two more beats and three workers with beats of their own sweep everything at once."""
    for _ in range(2):
        stage.child("beat")
    for _ in range(3):
        stage.worker()
    for cohort in cohorts(3):
        queue_series(cohort_id=cohort, now=clock.now())
    time.sleep(stage.dice.uniform(0.2, 1))
    recovered(stage)
    remind()
    time.sleep(stage.outage() / 2)
    recovered(stage)
    check(stage, cuts=0)


@drill("F7")
def clocks_disagree(stage: Stage) -> None:
    """The web's machine is five minutes behind and a worker's an hour ahead, until it is set back by two.

    What is due in half an hour stays, whoever looks; and the worker goes on alone after it was set back.
    """
    from tests.faults.over_http import publish, somebody_at_work  # noqa: PLC0415  builds on this module

    booked(stage)
    reminders = list(OutboundMessage.objects.filter(kind="reminder_24h").order_by("pk").values_list("pk", flat=True))
    later, after_jump = reminders[:6], reminders[6:12]
    OutboundMessage.objects.filter(pk__in=later).update(due_at=clock.now() + timedelta(minutes=30))
    OutboundMessage.objects.filter(pk__in=after_jump).update(due_at=clock.now() + timedelta(days=1))
    stage.set_clock("web", "-5m")
    stage.set_clock("worker", "+1h")
    programme, _web, browser = somebody_at_work(stage, clock="web")
    _term, run = ready_run(1, programme)
    stage.worker(clock="worker")
    honest = stage.worker()
    if not publish(browser, run):
        raise Violation("a web process that is behind does not publish")
    stage.log(browser.check_answers())
    recovered(stage)
    time.sleep(3 * SWEEP)

    stage.kill(honest)
    stage.set_clock("worker", "-1h")
    OutboundMessage.objects.filter(pk__in=after_jump).update(due_at=clock.now())
    recovered(stage)
    early = OutboundMessage.objects.filter(pk__in=later).exclude(status="queued").count()
    stage.log(f"{early} of {len(later)} reminders were touched half an hour early")
    if early:
        raise Violation(f"{early} reminders were sent or dropped half an hour early")
    check(stage, cuts=2)


@drill("F8")
def mail_server_fails(stage: Stage) -> None:
    """The mail server is away, refuses, hangs, or takes mails and cuts the line; one address is always refused."""
    booked(stage)
    how = stage.dice.choice(["away", "refuses", "hangs", "drops"])
    stage.log(f"the mail server {how}")
    bad = Person.objects.filter(messages__kind="invitation").order_by("pk")[0].email
    cuts = 0
    if how == "away":
        stage.kill("sink")
    elif how == "refuses":
        stage.order(refuse="451 come back later")
    elif how == "hangs":
        stage.order(hang=60)
    else:
        cuts = 5
        stage.order(drop=cuts)
    stage.worker()
    stage.worker()
    time.sleep(stage.outage())
    if how == "away":
        stage.start_sink()
    stage.order(drop=cuts, refuse_only={bad: "451 not now"})
    eventually(
        lambda: not OutboundMessage.objects.filter(status="queued", due_at__lte=clock.now(), attempts=0).exists(),
        seconds=RECOVERY, stage=stage, hope="one bad address holds nobody up",
    )  # fmt: skip
    stage.order()
    recovered(stage, seconds=120)
    check(stage, cuts=cuts)


@drill("F9")
def disk_full(stage: Stage) -> None:
    """No room is left for the database: a booking is whole or absent, reading goes on, and room makes it work again."""
    from tests.faults.on_sqlite import full_disk  # noqa: PLC0415

    stage.log(full_disk(stage))


@drill("F10")
def web_killed(stage: Stage) -> None:
    """The web process is killed while it publishes and imports, and a worker while it books; all is done again."""
    from tests.faults.over_http import kill_web_at_work  # noqa: PLC0415  builds on this module

    kill_web_at_work(stage)
    booking = stage.child("call", errand="book", **{"with": {"series_id": 0}})
    begun = "SELECT count(*) FROM dialogue_sessions_sessionseries WHERE status <> 'queued'"
    wait_until(lambda: one_value(begun) > 0, seconds=20, pause=0.005)
    stage.kill(booking)
    stage.worker()
    recovered(stage)
    check(stage, cuts=0)


@drill("F11")
def busy_file(stage: Stage) -> None:
    """Eight writers on one SQLite file while copies of it are made."""
    from tests.faults.on_sqlite import many_writers  # noqa: PLC0415

    stage.log(many_writers(stage))


@drill("F12")
def restored_from_backup(stage: Stage) -> None:
    """The server is lost while people publish and mail goes out, and comes back from its last backup."""
    from tests.faults.restoring import lose_and_restore  # noqa: PLC0415  builds on this module

    left_before = lose_and_restore(stage)
    stage.worker()
    recovered(stage)
    forgotten = left_before.difference(OutboundMessage.objects.values_list("message_id", flat=True))
    stage.log(f"{len(forgotten)} mails are about what was lost")
    check(stage, cuts=len(stage.mails()), forgotten=forgotten)  # invitations may come again, under the same name
    if not OutboundMessage.objects.filter(status="uncertain").exists():
        raise Violation("no reminder is listed as uncertain")
    if OutboundMessage.objects.filter(kind="invitation", status="void").exists():
        raise Violation("an invitation was taken for one of an older version")


@drill("F13")
def migrated_under_load(stage: Stage) -> None:
    """A column is added, filled and bound while pages are asked for and mail goes out: the first of two steps."""
    from tests.processes import running_site  # noqa: PLC0415

    booked(stage)
    stage.worker()
    failed = asked = 0
    steps = [
        "ALTER TABLE dialogue_outboundmessage ADD COLUMN drill integer",
        "UPDATE dialogue_outboundmessage SET drill = 1 WHERE id % 2 = 0",
        "UPDATE dialogue_outboundmessage SET drill = 1 WHERE drill IS NULL",
        "CREATE INDEX drill_index ON dialogue_outboundmessage (drill)",
        "ALTER TABLE dialogue_person ADD COLUMN drill integer",
        "DROP INDEX drill_index",
        "ALTER TABLE dialogue_outboundmessage DROP COLUMN drill",
        "ALTER TABLE dialogue_person DROP COLUMN drill",
    ]
    import http.client  # noqa: PLC0415
    from urllib.parse import urlsplit  # noqa: PLC0415

    with running_site(stage.folder) as url:
        address = urlsplit(url).netloc
        for step in steps:
            for _ in range(5):
                line = http.client.HTTPConnection(address, timeout=10)
                line.request("GET", stage.dice.choice(["/", "/health", "/account/login/code/confirm/"]))
                status = line.getresponse().status
                line.close()
                asked += 1
                failed += status >= 500
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
                cursor.execute(step)
                cursor.execute("RESET lock_timeout")
    stage.log(f"{asked} requests during {len(steps)} steps, {failed} failed")
    if failed:
        raise Violation(f"{failed} of {asked} requests failed")
    recovered(stage)
    check(stage, cuts=0)


@drill("F14")
def two_coordinators(stage: Stage) -> None:
    """Two coordinators move one session at once, each from what they saw: one is done, the other is told."""
    booked(stage, 1)
    session = DialogueSession.objects.order_by("pk")[0]
    seen = session.sequence
    hours = stage.dice.sample(range(24, 96), 2)

    def move(by: int) -> Callable[[], Any]:
        at = session.starts_at + timedelta(hours=by)
        return lambda: move_session(session_id=session.pk, starts_at=at, now=clock.now(), seen_sequence=seen)

    found = all_at_once([move(by) for by in hours])
    told = [one for one in found if isinstance(one, ChangedMeanwhile | IllegalMove)]
    broken = [one for one in found if isinstance(one, Exception) and one not in told]
    session.refresh_from_db()
    stage.log(f"moved to +{hours[0]} h and +{hours[1]} h at once: {len(told)} was told that it had changed")
    if broken or len(told) != 1 or session.sequence != seen + 1:
        raise Violation(f"{len(told)} of 2 were told; sequence {seen} → {session.sequence}; {broken}")
    stage.worker()
    recovered(stage)
    check(stage, cuts=0)


@drill("F15")
def worker_killed_after_publishing(stage: Stage) -> None:
    """A run is published, held or not, and the worker is killed at any moment of booking, waiting and sending."""
    cohorts = 4
    _term, run = ready_run(cohorts)
    hold = stage.dice.choice([0, 1])
    stage.order(pause=0.02)
    worker = stage.worker()
    stage.wait_for(stage.child("call", errand="publish", **{"with": {"run_id": run, "hold": hold}}))
    time.sleep(stage.dice.uniform(0, 2 + hold))
    stage.log(
        f"held for {hold} s; {one_value(BOOKED)} of {cohorts} series booked, {len(stage.mails())} mails had arrived"
    )
    stage.kill(worker)
    stage.worker()
    stage.order()
    welcomed = "SELECT count(*) FROM dialogue_outboundmessage WHERE kind = 'cohort_formed' AND status = 'sent'"
    hope = "everybody is welcomed"
    eventually(lambda: one_value(welcomed) == cohorts * 5, seconds=RECOVERY, stage=stage, hope=hope)
    recovered(stage)
    check(stage)
    for what, sql, expected in (
        ("cohorts", "SELECT count(*) FROM dialogue_cohort", cohorts),
        ("seats", "SELECT count(DISTINCT participation_id) FROM dialogue_membership", cohorts * 4),
        ("memberships", "SELECT count(*) FROM dialogue_membership", cohorts * 4),
        ("series", BOOKED, cohorts),
        ("sessions", "SELECT count(*) FROM dialogue_sessions_dialoguesession", cohorts * SESSIONS),
        ("welcomes", "SELECT count(*) FROM dialogue_outboundmessage WHERE kind = 'cohort_formed'", cohorts * 5),
    ):
        if (found := one_value(sql)) != expected:
            raise Violation(f"{found} {what} and not {expected}")


@drill("changes")
def changes_while_mail_goes_out(stage: Stage) -> None:
    """Sessions are moved and cancelled while workers send what was said of them before, and a worker is killed."""
    booked(stage, 4)
    stage.order(pause=0.02)
    workers = [stage.worker(), stage.worker()]
    some_have_arrived(stage, stage.dice.randint(1, 15))
    changing = stage.child("call", errand="move_and_cancel_all", **{"with": {"pause": 0.05}})
    time.sleep(stage.dice.uniform(0, 0.5))
    stage.kill(workers[0])
    stage.worker()
    stage.wait_for(changing)
    stage.order()
    recovered(stage)
    check(stage)


@drill("race")
def two_series_for_one_facilitator(stage: Stage) -> None:
    """Two cohorts with the same facilitator at the same time are booked by several processes at once."""
    term = make_term(starts_on="2031-01-07", session_count=SESSIONS)
    lead = make_person()
    for number in (1, 2):
        queue_series(cohort_id=make_cohort(term, number=number, facilitator=lead).pk, now=clock.now())
    booking = [stage.child("call", errand="book", **{"with": {"series_id": 0}}) for _ in range(3)]
    for pid in booking:
        stage.wait_for(pid)
    one_is_refused = one_value("SELECT count(*) FROM dialogue_sessions_sessionseries WHERE status = 'refused'")
    if one_is_refused != 1:
        raise Violation(f"{one_is_refused} of 2 series were refused")
    stage.worker()
    recovered(stage)
    check(stage, cuts=0)

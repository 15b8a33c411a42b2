"""F2 and F10 as people live through them: a coordinator's browser asks a real web process, and something is killed."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

from django.urls import reverse

from dialogue import clock
from dialogue.models import Cohort, Person, Programme
from matching.services.publish import cohorts_of
from sessions.models import SessionSeries
from tests.bench.roster.run import roster
from tests.factories import make_participation, make_person, make_programme, make_term
from tests.faults.browsing import Answer, Browser, p95
from tests.faults.drills import ready_run
from tests.faults.stage import Stage, Violation, one_value
from tests.processes import wait_until

RUNS = 6
PEOPLE = 40
WRITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xid IS NOT NULL
"""
ERASED = (
    "SELECT count(*) FROM dialogue_participation WHERE id = {place} AND forgotten_at IS NOT NULL",
    "SELECT (NOT EXISTS (SELECT FROM dialogue_availabilitywindow WHERE participation_id = {place}))::int",
    """
    SELECT (NOT EXISTS (
        SELECT FROM dialogue_consentrecord WHERE participation_id = {place} AND withdrawn_at IS NULL
    ))::int
    """,
    "SELECT count(*) FROM dialogue_participation WHERE id = {place} AND status = 'ended'",
)
"""What erasing does to a place, part by part: 1 where it is done."""


def somebody_at_work(stage: Stage, **order: str) -> tuple[Programme, int, Browser]:
    """Return a programme, the id of a web process, and the browser of the programme's coordinator."""
    chika = make_person()
    programme = make_programme(coordinator=chika)
    web, port = stage.web(**order)
    browser = Browser(port)
    browser.sign_in(chika)
    return programme, web, browser


def somebody_who_waits(programme: Programme) -> int:
    """Return the place of somebody in a term of its own: who erases them leaves no cohort a person short."""
    return make_participation(make_term(starts_on="2031-01-07", programme=programme)).pk


def publish(browser: Browser, run: int) -> Answer | None:
    """Look at what publishing would do, press the button, and return the answer if it leads on to the cohorts."""
    address = reverse("run_publish", args=[run])
    page = browser.get(address)
    answer = browser.post(address, {"version": page.hidden("version")}) if page and page.status == 200 else None
    return answer if answer and answer.location.endswith("/cohorts/") else None


def publish_without_broker(stage: Stage) -> list[int]:
    """Publish one run after the other, and lose the broker somewhere among them. Return the series of what was done.

    Raises:
        Violation: a request was not answered, or what was acknowledged is not there.
    """
    programme, _web, browser = somebody_at_work(stage)
    runs = [ready_run(1, programme)[1] for _ in range(RUNS)]
    took: list[float] = []

    def publish_all() -> None:
        for run in runs:
            if answer := publish(browser, run):
                took.append(answer.seconds)
                browser.get(answer.location)

    at_work = threading.Thread(target=publish_all)
    at_work.start()
    seen = stage.dice.randint(1, 9)
    wait_until(lambda: len(browser.answers) >= seen, seconds=60, pause=0.005)
    time.sleep(stage.dice.uniform(0, 0.1))
    stage.kill("broker")
    at_work.join()
    stranger = Browser(browser.port)
    stranger.get(reverse("account_request_login_code"))
    stranger.post(reverse("account_request_login_code"), {"email": Person.objects.order_by("pk")[0].email})
    stage.log(f"broker killed after {seen} answers: {browser.check_answers()}; signing in: {stranger.check_answers()}")
    if len(took) != len(runs) or len(stranger.answers) != 2:
        told = [(answer.status, answer.location) for answer in browser.answers]
        raise Violation(f"{len(runs) - len(took)} of {len(runs)} publications were not acknowledged: {told}")
    stage.log(f"{len(took)} publications acknowledged, p95 {p95(took):.2f} s")
    cohorts = [cohort for run in runs for cohort in cohorts_of(run)]
    series = list(SessionSeries.objects.filter(cohort__in=cohorts).values_list("pk", flat=True))
    if len(cohorts) != len(runs) or len(series) != len(runs):
        raise Violation(f"I1 {len(runs)} runs were published: {len(cohorts)} cohorts, {len(series)} series")
    return series


def kill_web_at_work(stage: Stage) -> None:
    """Kill the web process while it publishes a run and while it takes a file in, and do both again.

    Raises:
        Violation: something is half done, what was answered is not there, or doing it again does not make it whole.
    """
    programme, web, browser = somebody_at_work(stage)
    term, run = ready_run(3, programme)
    address = reverse("run_publish", args=[run])
    page = browser.get(address)
    version = page.hidden("version") if page else ""
    answer = cut_off(stage, web, lambda: browser.post(address, {"version": version}))
    whole_or_absent(stage, "cohorts", Cohort.objects.filter(term=term).count(), whole=3, answer=answer)

    web, browser.port = stage.web()
    publish(browser, run)
    if Cohort.objects.filter(term=term).count() != 3:
        raise Violation("publishing once more did not make it whole")

    upload = choose_file(browser, term.pk)
    answer = cut_off(stage, web, lambda: browser.post(reverse("term_import", args=[term.pk]), {"upload": upload}))
    whole_or_absent(stage, "people", imported(), whole=PEOPLE, answer=answer)

    web, browser.port = stage.web()
    upload = choose_file(browser, term.pk)
    browser.post(reverse("term_import", args=[term.pk]), {"upload": upload})
    if imported() != PEOPLE:
        raise Violation("importing once more did not make it whole")

    web, browser.port = erase_at_work(stage, web, browser, somebody_who_waits(programme))
    stage.log(browser.check_answers())


def erase_at_work(stage: Stage, web: int, browser: Browser, place: int) -> tuple[int, int]:
    """Kill the web process while it erases what somebody gave, and do it again. Return the web process of afterwards.

    Raises:
        Violation: something is half erased, or doing it again does not make it whole.
    """
    address = reverse("participation_forget", args=[place])
    browser.get(address)
    answer = cut_off(stage, web, lambda: browser.post(address, {}))
    whole_or_absent(stage, "parts erased", parts_erased(place), whole=len(ERASED), answer=answer)

    web, port = stage.web()
    browser.port = port
    browser.get(address)
    browser.post(address, {})
    if parts_erased(place) != len(ERASED):
        raise Violation("erasing once more did not make it whole")
    return web, port


def parts_erased(place: int) -> int:
    """Return how much of what somebody gave is gone: the mark that it is, their times, their consents, their place."""
    return sum(one_value(query.format(place=place)) for query in ERASED)


def choose_file(browser: Browser, term: int) -> str:
    """Upload a file of people, look at what it says, and return the number under which it is kept."""
    address = reverse("term_import", args=[term])
    browser.get(address)
    fields = {
        "kind": "participants", "consent": "take-part-v1", "collected_by": "ほたび",
        "given_on": (clock.now() - timedelta(days=2)).date().isoformat(),
    }  # fmt: skip
    content = roster(PEOPLE).replace(b"person", b"imported")
    answer = browser.post(address, fields, file=("roster", "roster.csv", content))
    preview = browser.get(answer.location) if answer and answer.status == 302 else None
    if preview is None or not preview.hidden("upload"):
        raise Violation("the file could not be looked at")
    return preview.hidden("upload")


def imported() -> int:
    return Person.objects.filter(email__startswith="imported").count()


def cut_off(stage: Stage, web: int, ask: Callable[[], Answer | None]) -> Answer | None:
    """Kill the web process once it has begun to write what it is asked for, and return its answer if it gave one."""
    answers: list[Answer | None] = []
    asking = threading.Thread(target=lambda: answers.append(ask()))
    asking.start()
    wait_until(lambda: one_value(WRITING) > 0 or bool(answers), seconds=60, pause=0.001)
    time.sleep(stage.dice.uniform(0, 0.2))
    stage.kill(web)
    asking.join()
    wait_until(lambda: one_value(WRITING) == 0, seconds=20)  # what the killed process had begun is rolled back
    return answers[0]


def whole_or_absent(stage: Stage, what: str, found: int, *, whole: int, answer: Answer | None) -> None:
    told = "cut off" if answer is None else f"answered {answer.status}"
    stage.log(f"{told}: {found} of {whole} {what} after the kill")
    if found not in {0, whole} or (answer is not None and found != whole):
        raise Violation(f"I4 {found} of {whole} {what}, {told}")

"""What a coordinator's pages cost at a term of 1,000 people: CPU seconds of this process, in Markdown.

    python -m tests.bench.pages.desk --people 1000

A term is filled, its cohorts are formed (without looking for better company, as that is not what is measured) and each
page is asked for through Django's client, after once to warm up; the least of so many rounds is told. SQLite, one
process, no network. Not part of the plain test run.
"""

import argparse
import cProfile
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.bench.matching.gen import alumni, facilitator, student
from tests.bench.site import new_site

if TYPE_CHECKING:
    from dialogue.models import Term
    from matching.models import MatchRun

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
INTERESTS = ("旅", "料理", "音楽", "本", "働くこと", "家族", "まちづくり", "山", "映画", "語学", "歴史", "植物")


def windows_of(slots: set[int]) -> list[tuple[int, int, int]]:
    """Return half hours of a local week as (weekday, from, until) in minutes."""
    found: list[tuple[int, int, int]] = []
    for slot in sorted(slots):
        day, starts = slot // 48, slot % 48 * 30
        if found and found[-1][0] == day and found[-1][2] == starts:
            found[-1] = (day, found[-1][1], starts + 30)
        else:
            found.append((day, starts, starts + 30))
    return found


def fill(people: int, *, seed: int = 1) -> "Term":
    """Make a term of so many people, students and second career by turns, with a facilitator for each fourteen."""
    from dialogue.models import AvailabilityWindow, Generation  # noqa: PLC0415  after Django was set up
    from tests.factories import make_facilitation, make_participation, make_person, make_term  # noqa: PLC0415

    dice = random.Random(seed)
    coordinator = make_person("ちか")
    term = make_term(coordinator=coordinator, session_count=8)
    owners: list[tuple[dict[str, Any], set[int]]] = []
    for number in range(people):
        side = (Generation.STUDENT, Generation.ALUMNI)[number % 2]
        wishes = {each: dice.randint(3, 5) for each in dice.sample(INTERESTS, 3)}
        one = make_participation(term, generation=side, interests=wishes)
        owners.append(({"participation": one}, (student if side == Generation.STUDENT else alumni)(dice)))
    owners += [
        ({"facilitation": make_facilitation(term, max_cohorts=3)}, facilitator(dice)) for _ in range(people // 14)
    ]
    AvailabilityWindow.objects.all().delete()
    AvailabilityWindow.objects.bulk_create(
        AvailabilityWindow(weekday=day, starts=starts, ends=ends, **owner)
        for owner, slots in owners
        for day, starts, ends in windows_of(slots)
    )
    return term


def formed(term: "Term") -> "MatchRun":
    """Return a finished run of the term."""
    from matching.services.runs import run_queued, start_run  # noqa: PLC0415
    from tests.matching.boards import quickly  # noqa: PLC0415

    run = start_run(term=term, seed=1, now=NOW)
    run_queued(now=NOW, form=quickly)
    run.refresh_from_db()
    return run


def cost(ask: Callable[[], Any], *, rounds: int) -> tuple[float, Any]:
    """Return the least CPU seconds of so many rounds, and the last answer."""
    least, answer = float("inf"), ask()
    for _ in range(rounds):
        began = time.process_time()
        answer = ask()
        least = min(least, time.process_time() - began)
    return least, answer


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", help="write a profile of the page of this name to profile.out")
    chosen = parser.parse_args()
    with new_site():
        measure(chosen.people, rounds=chosen.rounds, profiled=chosen.profile)
    return 0


def measure(people: int, *, rounds: int, profiled: str | None) -> None:
    from django.conf import settings  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from dialogue.models import Person  # noqa: PLC0415
    from matching.board_menu import menu_of  # noqa: PLC0415
    from matching.boards import board_of  # noqa: PLC0415
    from matching.models import BoardStep  # noqa: PLC0415
    from matching.services.publish import publish_run  # noqa: PLC0415
    from sessions.services.booking import book_queued_series  # noqa: PLC0415
    from tests import stopped_clock  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.CLOCK = "tests.stopped_clock.now"
    stopped_clock.stop_at(NOW)
    term = fill(people)
    run = formed(term)
    print(f"{people} people, {run.proposals.count()} cohorts, {run.placed} placed\n")  # noqa: T201
    browser = Client()
    browser.force_login(Person.objects.get(staff_roles__programme=term.programme_id))
    large = max(run.proposals.all(), key=lambda one: one.members.count())  # where somebody can be spared
    mover = str(large.members.order_by("pk").first().participation_id)
    other = str(run.proposed_members.order_by("pk").last().participation_id)
    menu = menu_of(board_of(run, now=NOW), mover)
    seat = next(one.seat for one in (*menu.exchanges, *menu.cohorts))
    address = f"/runs/{run.pk}/people/{mover}/"

    def version() -> int:
        return BoardStep.objects.filter(run=run).count()

    def move() -> Any:
        return browser.post(address, {"seat": seat, "version": version()})

    def back() -> Any:
        return browser.post(f"/runs/{run.pk}/step-back/", {"version": version()})

    def there_and_back() -> Any:
        answer = move()
        assert answer.status_code == 302, answer.status_code
        return back()

    print("| page | CPU s | SQL | KB |\n|---|---|---|---|")  # noqa: T201

    def row(name: str, ask: Callable[[], Any], *, of: int = 1) -> None:
        if profiled == name:
            with cProfile.Profile() as profile:
                ask()
            profile.dump_stats("profile.out")
        least, answer = cost(ask, rounds=rounds)
        assert answer.status_code in {200, 302}, (name, answer.status_code)
        with CaptureQueriesContext(connection) as queries:
            ask()
        size = len(getattr(answer, "content", b"")) / 1000
        print(f"| {name} | {least / of:.2f} | {len(queries) // of} | {size:.0f} |", flush=True)  # noqa: T201

    row("board", lambda: browser.get(f"/runs/{run.pk}/"))
    row("board, a later page", lambda: browser.get(f"/runs/{run.pk}/?page=3"))
    row("where somebody could sit", lambda: browser.get(address))
    row("what a move would do", lambda: browser.get(address, {"seat": f"p{other}"}))
    row("a move, and the same taken back", there_and_back, of=2)
    term.participations.update(created_at=NOW - timedelta(days=30))
    row("roster", lambda: browser.get(f"/terms/{term.pk}/people/"))
    row("roster, searched", lambda: browser.get(f"/terms/{term.pk}/people/", {"q": "Person 7"}))
    row("reception", lambda: browser.get(f"/terms/{term.pk}/reception/"))
    row("everybody who waits", lambda: browser.get(f"/terms/{term.pk}/waiting/"))
    row("when people can come", lambda: browser.get(f"/terms/{term.pk}/times/"))
    publish_run(run_id=run.pk, now=NOW - timedelta(days=29))
    while book_queued_series(now=NOW - timedelta(days=29)):
        pass
    row("overview", lambda: browser.get(f"/terms/{term.pk}/"))
    row("from invited to finished", lambda: browser.get(f"/terms/{term.pk}/funnel/"))
    row("To do today", lambda: browser.get("/today/"))
    row("cohorts", lambda: browser.get(f"/terms/{term.pk}/cohorts/"))
    row("sessions", lambda: browser.get(f"/terms/{term.pk}/sessions/"))
    row("attendance", lambda: browser.get(f"/terms/{term.pk}/attendance/"))
    row("calendar of the term", lambda: browser.get(f"/terms/{term.pk}/month/"))
    for what in ("people", "sessions", "cohorts", "attendance", "waiting"):
        for form in ("xlsx", "csv"):
            row(f"{what}.{form}", lambda path=f"/terms/{term.pk}/lists/{what}.{form}": browser.get(path))


if __name__ == "__main__":
    sys.exit(main())

"""People at browsers who hear and see each other: devices are made up, pages, server and connections are not."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Locator, Page
from playwright.sync_api import TimeoutError as NotInTime

from config.embedded import answers
from dialogue.models import Person
from sessions.core import room as rules
from sessions.models import DialogueSession, Room
from tests import processes

PATIENCE = 60.0
"""Seconds that browsers may take on a machine that has other things to do as well."""
PHONE = {"width": 360, "height": 740}

REMEMBER_CONNECTIONS = """window.connections = []; const Made = RTCPeerConnection;
window.RTCPeerConnection = class extends Made { constructor(...given) { super(...given); connections.push(this); } };"""
REMEMBER_TURNS = """window.told = [];
document.addEventListener("madoi:room", ({ detail }) => told.push([detail.now, detail.turn]));"""
WHAT_ARRIVES = """async () => {
  const found = [];
  for (const one of connections.filter((each) => each.connectionState === "connected")) {
    const arrives = { audio: 0, video: 0 };
    for (const { type, kind, framesDecoded, bytesReceived } of (await one.getStats()).values())
      if (type === "inbound-rtp") arrives[kind] = kind === "video" ? framesDecoded ?? 0 : bytesReceived;
    found.push(arrives);
  }
  return found;
}"""
WHERE_IT_STANDS = """() => {
  const [place, sitter] = ["[data-place]", ".sitter--now"].map((one) => document.querySelector(one));
  return [place?.textContent ?? null, sitter?.dataset.key ?? null];
}"""


@dataclass
class Site:
    """The web server of a test, which may be killed and comes back at its address."""

    folder: Path
    port: int = field(default_factory=processes.free_port)
    process: Popen[bytes] | None = None
    stack: ExitStack = field(default_factory=ExitStack)
    """What is put here ends with the site: pages, a server that came back, a browser of its own."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the server until the block ends."""
        log = self.folder / f"web-{self.port}.log"
        command = [sys.executable, "-m", "config.web", "--port", str(self.port)]
        given = {"DATABASE_URL": processes.database_url(), "BASE_URL": self.url}
        with processes.running(command, log=log, environment=given) as self.process:
            processes.wait_until(lambda: answers("127.0.0.1", self.port), seconds=PATIENCE, log=log)
            yield

    def is_killed(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@dataclass
class Caller:
    """One person of a circle, at a browser."""

    person: Person
    page: Page
    by_keyboard: bool = False
    """Whether they go about the guide with Tab and Enter alone."""

    def goes_in(self, *, with_camera: bool) -> None:
        self.page.locator("[data-do=join]:visible").first.click(timeout=PATIENCE * 1000)
        mute = self.page.locator("[data-do=mute]")
        mute.wait_for(state="visible", timeout=PATIENCE * 1000)
        if with_camera:
            if not self.page.locator("[data-do=camera]").is_visible():  # once the dialogue runs, the voices are folded
                self.page.locator("[data-fold] > summary").click()
            self.page.locator("[data-do=camera]").click(timeout=PATIENCE * 1000)

    def presses(self, action: str) -> bool:
        """Press a button of the guide if it is there to be pressed."""
        wanted = f"button[name=action][value={action}]"
        button = self.page.locator(f"{wanted}:visible").first
        if not button.count():
            return False
        return goes_by_key(self.page, wanted) if self.by_keyboard else _clicked(button)

    def closes(self) -> bool:
        """Close the dialogue for everybody, if the room is still there. Returns whether the button was pressed."""
        for fold in self.page.locator("[data-room] details").all():
            fold.evaluate("(one) => { one.open = true; }")
        pressed = self.presses("close")
        self.page.wait_for_timeout(500)
        return pressed

    def arriving(self) -> list[dict[str, int]]:
        """What has come from each other one so far: bytes of voice and pictures."""
        found: list[dict[str, int]] = self.page.evaluate(WHAT_ARRIVES)
        return found

    def stands_at(self) -> tuple[str | None, str | None]:
        """The number of the step and whose turn it is, as the page shows it."""
        place, turn = self.page.evaluate(WHERE_IT_STANDS)
        return place, turn

    def turns_told(self) -> dict[int, list[float]]:
        """How many seconds passed in each turn of each person, as the page was told while nobody reloaded it."""
        turns: dict[int, list[float]] = {}
        speaker, since = None, 0.0
        for now, turn in self.page.evaluate("told"):
            if turn == speaker:
                continue
            if speaker is not None:
                turns.setdefault(speaker, []).append(now - since)
            speaker, since = turn, now
        return turns


def _clicked(button: Locator) -> bool:
    """Press what stands there, unless it goes away meanwhile: the room moves on by itself, too."""
    with suppress(NotInTime):
        button.click(timeout=10_000)  # a busy machine draws late, and a button is pressed when it stands still
        return True
    return False


def goes_by_key(page: Page, wanted: str) -> bool:
    """Reach a button by the Tab key alone, and press Enter there. Returns False where it goes away meanwhile.

    Raises:
        AssertionError: the Tab key never comes to it.
    """
    for _ in range(80):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            page.keyboard.press("Enter")
            return True
        page.keyboard.press("Tab")
    assert not page.locator(f"{wanted}:visible").count(), f"the Tab key never reaches {wanted}"
    return False


def looks_well(page: Page) -> None:
    """See that a page is for everybody, and no wider than a phone."""
    found = Axe().run(page).response["violations"]
    assert [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def caller(browser: Browser, site: Site, session: DialogueSession, person: Person, *, script: str = "") -> Caller:
    """Open the room of a session for somebody who is signed in; `script` runs before the page's own."""
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    context = browser.new_context(locale="ja-JP", viewport=PHONE)
    site.stack.callback(
        context.close
    )  # a call goes on as long as its page is there, and wants its share of the machine
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site.url}])
    context.add_init_script(script or f"{REMEMBER_CONNECTIONS} {REMEMBER_TURNS}")
    page = context.new_page()
    page.goto(f"{site.url}/s/{session.pk}/room/")
    return Caller(person, page)


def flows_everywhere(callers: Sequence[Caller], *, pictures: bool) -> None:
    """Wait until more voice (and pictures) comes from each to each than a moment ago."""
    others = len(callers) - 1

    def flows() -> bool:
        before = [one.arriving() for one in callers]
        callers[0].page.wait_for_timeout(1000)
        after = [one.arriving() for one in callers]
        kinds = ("audio", "video") if pictures else ("audio",)
        whole = all(len(now) == len(then) == others for now, then in zip(after, before, strict=True))
        return whole and all(
            now[kind] > then[kind]
            for those_now, those_then in zip(after, before, strict=True)
            for now, then in zip(those_now, those_then, strict=True)
            for kind in kinds
        )

    processes.wait_until(flows, seconds=PATIENCE)


def truth(session: DialogueSession, now: float) -> tuple[str, str | None] | None:
    """The number of the step and whose turn it is, as the database has it; None when the room is closed."""
    row = Room.objects.filter(session=session).first()
    if row is None:
        return None
    room: Any = rules.advanced(rules.from_json(row.state), now)
    turn = rules.view(room, now)["turn"]
    return str(room.at + 1), None if turn is None else str(turn)


@contextmanager
def without_network(mark: str) -> Iterator[None]:
    """Stop what talks to the network in the browser that was started with this mark: pages and calls both lose it."""
    stopped = _network_service(mark)
    os.kill(stopped, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(stopped, signal.SIGCONT)


def _network_service(mark: str) -> int:
    """Return the process of that browser which alone opens sockets."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes()
            parent = (place / "stat").read_text().rpartition(")")[2].split()[1]
            if b"network.mojom" in words and mark.encode() in Path(f"/proc/{parent}/cmdline").read_bytes():
                return int(place.name)
        except (FileNotFoundError, ProcessLookupError):
            continue
    raise LookupError(f"no network service of {mark}")


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    """Run a site until the block ends."""
    site = Site(folder)
    with site.stack:
        site.stack.enter_context(site.running())
        yield site

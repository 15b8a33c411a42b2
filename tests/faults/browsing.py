"""Somebody who is signed in and asks a real web process for pages, over HTTP, and how long each answer took."""

import http.client
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from django.conf import settings
from django.test import Client

from dialogue.models import Person
from tests.faults.stage import PUBLIC, Violation

PATIENCE = 60
"""Seconds that an answer may take before the browser gives up. A drill says how long they took; it asserts nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request."""

    status: int
    location: str
    body: str
    seconds: float

    def hidden(self, name: str) -> str:
        """Return what a form of this page carries along unseen; empty when it carries nothing of that name."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.body)
        return found[1] if found else ""


@dataclass
class Browser:
    """One person's browser at one web process. What is cut off is None, as nobody knows what became of it."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    form: str = ""

    def sign_in(self, person: Person) -> None:
        """Bring along the cookie of a visit that has been signed in."""
        client = Client()
        client.force_login(person)
        name = settings.SESSION_COOKIE_NAME
        self.cookies[name] = client.cookies[name].value

    def get(self, path: str) -> Answer | None:
        return self._ask("GET", path)

    def post(
        self, path: str, fields: Mapping[str, str], *, file: tuple[str, str, bytes] | None = None
    ) -> Answer | None:
        """Send the form of the page that was looked at last; `file` is a field, a file's name and what it holds."""
        fields = {"csrfmiddlewaretoken": self.form, **fields}
        if file is None:
            return self._ask("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")
        line = uuid4().hex
        parts = [
            f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        field_name, file_name, content = file
        head = f'--{line}\r\nContent-Disposition: form-data; name="{field_name}"; filename="{file_name}"\r\n\r\n'
        body = b"".join([*parts, head.encode(), content, f"\r\n--{line}--\r\n".encode()])
        return self._ask("POST", path, body, f"multipart/form-data; boundary={line}")

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Answer | None:
        headers = {"Host": urlsplit(PUBLIC).netloc, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if method == "POST":
            headers |= {"Content-Type": kind, "Origin": PUBLIC}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        began = time.monotonic()
        try:
            line.request(method, path, body, headers)
            got = line.getresponse()
            text = got.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return None
        finally:
            line.close()
        for set_cookie in got.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(set_cookie).items()}
        answer = Answer(got.status, got.headers.get("Location", ""), text, time.monotonic() - began)
        self.answers.append(answer)
        self.form = answer.hidden("csrfmiddlewaretoken") or self.form
        return answer

    def check_answers(self) -> str:
        """Return how many answers there were and how long they took, for the log.

        Raises:
            Violation: one of them was no page and no redirect.
        """
        if broken := [answer.status for answer in self.answers if answer.status >= 400]:
            raise Violation(f"{len(broken)} of {len(self.answers)} requests were answered with {broken[0]}")
        took = [answer.seconds for answer in self.answers]
        return f"{len(took)} requests answered 200 or 302, p95 {p95(took):.2f} s, {max(took):.2f} s at most"


def p95(seconds: list[float]) -> float:
    """Return what 95 of 100 stay within: the nearest rank."""
    ranked = sorted(seconds)
    return ranked[max(0, -(-len(ranked) * 95 // 100) - 1)]

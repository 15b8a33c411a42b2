"""People and guessers who sign in over HTTP, at the real web process."""

import http.client
import re
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.mail_sink import MailSink
from tests.processes import wait_until

LOGIN = "/account/login/"
CONFIRM = "/account/login/code/confirm/"
START_OVER = "/account/login/code/"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, with everything masked that is random in every answer."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def location(self) -> str:
        return self.headers.get("location", "")


@dataclass
class Caller:
    """One browser. `sends` are headers that it adds to each request."""

    url: str
    sends: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=lambda: {"csrf": "c" * 32})

    def get(self, path: str) -> Answer:
        return self._asks("GET", path, None)

    def post(self, path: str, **fields: str) -> Answer:
        return self._asks("POST", path, urlencode({"csrfmiddlewaretoken": self.cookies["csrf"], **fields}))

    def asks_for_a_number(self, address: str) -> Answer:
        return self.post(LOGIN, email=address)

    def types(self, number: str) -> Answer:
        return self.post(CONFIRM, code=number)

    def is_in(self) -> bool:
        return self.get("/calendar/").status == http.client.OK

    def _asks(self, method: str, path: str, body: str | None) -> Answer:
        site = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        site.putrequest(method, path)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept-Language": "en",
            **({"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))} if body else {}),
            **self.sends,
        }
        for name, value in headers.items():
            site.putheader(name, value)
        site.endheaders(body.encode() if body else None)
        answer = site.getresponse()
        text = answer.read().decode()
        site.close()
        for sent in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(sent).items():
                self.cookies[name] = morsel.value
        masked = re.sub(r'(?<=name="csrfmiddlewaretoken" value=")\w+', "…", text)
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, masked)


def number_for(sink: MailSink, address: str, *, before: int = 0) -> str:
    """Wait for the mail to the address and return its number, as its subject begins with it."""
    wait_until(lambda: sink.addresses.count(address) > before, seconds=30)
    found = [mail for to, mail in zip(sink.addresses, sink.mails, strict=False) if to == address]
    decoded = str(make_header(decode_header(found[-1]["Subject"])))
    number = re.match(r"[0-9 ]+", decoded)
    assert number, decoded
    return number[0]

"""An SMTP server on loopback that keeps what it is given, and fails as a test wants it to."""

import asyncio
import email
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller

from tests.processes import free_port


@dataclass
class MailSink:
    """What arrived, in order, and what goes wrong next."""

    port: int
    arrived: list[tuple[str, bytes]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """Address → the answer that refuses it, as "550 no such mailbox"."""

    pause: float = 0.0
    """Seconds that the server takes for each mail."""

    pipelining: bool = False
    """Whether it takes commands in one go (RFC 2920), and says so."""

    lines: int = 1
    """Connections so far, the one that waits for the server to be up among them."""

    drops_after: set[str] = field(default_factory=set)
    """Addresses whose mail is taken, and the line cut before the answer; once each."""

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.lines += 1
        return [responses[0], "250-PIPELINING", *responses[1:]] if self.pipelining else responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        await asyncio.sleep(self.pause)
        self.arrived.append((address, envelope.content))
        if address in self.drops_after:
            self.drops_after.discard(address)
            server.transport.abort()
        return "250 OK"

    @property
    def addresses(self) -> list[str]:
        return [address for address, _ in self.arrived]

    @property
    def mails(self) -> list[Message]:
        return [email.message_from_bytes(content) for _, content in self.arrived]

    @property
    def message_ids(self) -> Counter[str]:
        return Counter(mail["Message-ID"] for mail in self.mails)


@contextmanager
def running_mail_sink(port: int = 0) -> Iterator[MailSink]:
    """Run a mail server on loopback until the block ends."""
    sink = MailSink(port or free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def send_to(settings: Any, sink: MailSink | int) -> None:
    """Have this process send its mail to the sink, or to a port where nobody listens."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink if isinstance(sink, int) else sink.port

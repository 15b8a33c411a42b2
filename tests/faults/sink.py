"""`python -m tests.faults.sink PORT FOLDER`: a mail server in a process of its own, told by a file how to misbehave.

Each mail is one line of JSON in FOLDER/mails, written before the answer. FOLDER/orders holds what goes wrong next:
pause (seconds before the answer), refuse (the answer to every recipient), hang (seconds before a recipient is
answered), drop (how many of the next mails are taken, and the line cut before the answer).
"""

import asyncio
import email
import email.policy
import json
import sys
import time
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP


class Sink:
    """Writes down what arrives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.dropped = 0

    def orders(self) -> dict[str, Any]:
        try:
            return json.loads((self.folder / "orders").read_text())
        except (OSError, ValueError):
            return {}

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        orders = self.orders()
        await asyncio.sleep(orders.get("hang", 0))
        if answer := orders.get("refuse") or orders.get("refuse_only", {}).get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        orders = self.orders()
        await asyncio.sleep(orders.get("pause", 0))
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        line = {"id": str(mail["Message-ID"]), "to": envelope.rcpt_tos[0], "at": time.time(), "calendar": ""}
        for part in mail.walk():
            if part.get_content_type() == "text/calendar":
                line["calendar"] = part.get_payload(decode=True).decode()
        with (self.folder / "mails").open("a") as file:
            file.write(json.dumps(line) + "\n")
        if self.dropped < orders.get("drop", 0):
            self.dropped += 1
            server.transport.abort()
        return "250 OK"


async def serve(port: int, folder: Path) -> None:
    sink = Sink(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, enable_SMTPUTF8=True, ident="sink"), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))

"""`python -m tests.bench.outbox.sink PORT [alone]`: a mail server in a process of its own that counts and forgets.

It takes commands in one go (PIPELINING), as the servers do that sites hand their mail to; with `alone` each by itself.
"""

import asyncio
import sys


class Counting(asyncio.Protocol):
    """Takes every mail. As little as SMTP needs: a slow sink would flatter the outbox."""

    taken = 0
    greeting = b"250-sink\r\n250 PIPELINING"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.waiting = b""
        self.in_data = False
        self.answers: list[bytes] = []
        self.say(b"220 sink")
        self.flush()

    def say(self, line: bytes) -> None:
        self.answers.append(line + b"\r\n")

    def flush(self) -> None:
        """Answer what came together together, as RFC 2920 section 3.2 asks of servers."""
        self.transport.write(b"".join(self.answers))  # type: ignore[attr-defined]
        self.answers.clear()

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while self.waiting:
            mark = b"\r\n.\r\n" if self.in_data else b"\r\n"
            line, found, rest = self.waiting.partition(mark)
            if not found:
                break
            self.waiting = rest
            self.answer(line)
        if self.answers:
            self.flush()

    def answer(self, line: bytes) -> None:
        word = line[:4].upper()
        if self.in_data:
            self.in_data = False
            Counting.taken += 1
            self.say(b"250 taken")
        elif word == b"DATA":
            self.in_data = True
            self.say(b"354 go on")
        elif word == b"QUIT":
            self.say(b"221 bye")
            self.flush()
            self.transport.close()
        elif word == b"EHLO":
            self.say(self.greeting)
        elif word == b"HELP":  # the bench asks how many there were
            self.say(b"214 %d" % Counting.taken)
        else:
            self.say(b"250 sink")


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Counting, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    if "alone" in sys.argv[2:]:
        Counting.greeting = b"250 sink"
    asyncio.run(serve(int(sys.argv[1])))

"""`python -m tests.faults.nursery`: loads the site once and forks a worker or another process for each order.

A real worker takes five seconds of processor time to load; drills need hundreds. Each child is a process and a group
of its own that may be killed. One order a line on standard input, {"what": …, "saboteur": …, "log": …, …}; the
answer is the child's process id. What the children do: `worker` (Celery with beat as a thread), `beat`, `web` (the web
server at a port), or `call` of a function in `tests.faults.errands`.
"""

import importlib
import json
import os
import signal
import sys
from typing import Any

import django


def main() -> None:
    django.setup()
    from config.celery import app  # noqa: PLC0415  needs the settings
    from tests.faults import errands, saboteurs  # noqa: PLC0415

    for module in ("celery.bin.worker", "celery.apps.worker", "celery.concurrency.thread", "kombu.transport.redis"):
        importlib.import_module(module)
    app.loader.import_default_modules()
    importlib.import_module("config.urls")  # a worker loads its addresses with its first mail; its children have them
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children here
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _live(order, app, errands, saboteurs)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _live(order: dict[str, Any], app: Any, errands: Any, saboteurs: Any) -> None:
    """Be the child: never returns."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        if clock := order.get("clock"):
            os.environ["FAKETIME_TIMESTAMP_FILE"] = clock  # libfaketime reads it again whenever the time is asked for
        if name := order.get("saboteur"):
            saboteurs.let_in(name)
        if order["what"] == "call":
            getattr(errands, order["errand"])(**order.get("with", {}))
        elif order["what"] == "web":
            from config.web import main  # noqa: PLC0415  few drills need it

            sys.argv = ["config.web", "--port", str(order["port"])]
            main()
        elif order["what"] == "beat":
            app.start(["beat", "--schedule", order["schedule"], "--pidfile", ""])
        else:
            words = "--beat-thread --pool threads --concurrency 2 --without-gossip --without-mingle --without-heartbeat"
            name = f"drill{os.getpid()}@local"
            app.worker_main(["worker", *words.split(), "--schedule", order["schedule"], "--hostname", name])
        code = 0
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    main()

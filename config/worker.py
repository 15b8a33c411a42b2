"""`python -m config.worker`: the worker of a run on one machine, with beat in a thread of it.

`celery worker` with the same options holds 9 MB more: its command line brings a shell that nobody opens here.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Final

from celery.utils.nodenames import default_nodename, host_format

from config.celery import app

AT_ONCE: Final = 2
"""Tasks that it carries out beside each other: two threads are enough for one machine."""


def main() -> int:
    """Work until the process is told to stop; return its exit code."""
    parser = argparse.ArgumentParser(prog="config.worker")
    parser.add_argument("--schedule", type=Path, required=True, help="where beat remembers what it started last")
    options = parser.parse_args()
    worker = app.Worker(
        hostname=host_format(default_nodename("madoi@%h")),
        pool="threads",
        concurrency=AT_ONCE,
        loglevel="INFO",
        without_gossip=True,
        without_mingle=True,
        beat_thread=True,
        schedule_filename=os.fspath(options.schedule),
    )
    worker.start()
    return int(worker.exitcode or 0)


if __name__ == "__main__":
    sys.exit(main())

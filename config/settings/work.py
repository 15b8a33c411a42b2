"""How work is done: for how long a worker may hold a piece, how slowly mail is retried, what is optional."""

from pathlib import Path

from config.env import MODE, STATE_DIR, read

OUTBOX_LEASE_SECONDS = read.int("OUTBOX_LEASE_SECONDS", default=300)
OUTBOX_NOTE_SECONDS = read.float("OUTBOX_NOTE_SECONDS", default=0.05)
"""What left within this time is noted together, and sent once more if its sender is killed before that.

A server that takes as long for a mail has each noted before the next one leaves. Reminders always are.
"""

SWEEP_SECONDS = read.float("OUTBOX_SWEEP_SECONDS", default=30.0)
OUTBOX_BACKOFF_SCALE = read.float("OUTBOX_BACKOFF_SCALE", default=1.0)
OUTBOX_DOMAIN_RATES = read(
    "OUTBOX_DOMAIN_RATES",
    default="docomo.ne.jp=120,au.com=120,ezweb.ne.jp=120,softbank.ne.jp=120,i.softbank.jp=120",
)
"""Mails a minute by domain. The carriers publish no figure; two a second is what passes as no flood."""

PUBLISH_HOLD_SECONDS = read.int("PUBLISH_HOLD_SECONDS", default=30 if MODE == "demo" else 300)
"""For how long nothing leaves after cohorts were published, so that it can be taken back. 0: it leaves at once."""

RUN_LEASE_SECONDS = read.int("RUN_LEASE_SECONDS", default=900)

PLAN_SEED = ""
"""Set by `plan` alone. The same files and seed give the same calendar UIDs; no consent is asked, nothing is sent."""

INTEREST_EMBEDDING = read.bool("MADOI_INTEREST_EMBEDDING", default=False)
"""Whether topics are proposed with the optional package too, where it is installed (`dialogue.interest_embedding`)."""

ERASED_FILE = Path(read("ERASED_FILE", default=str(STATE_DIR / "erased.txt")))
"""Which places were erased, by number: what a restored backup must be told. It is copied with the backups."""

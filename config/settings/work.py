"""How long a worker may hold a piece of work before another takes it up, and how slowly failed mail is retried."""

from config.env import read

OUTBOX_LEASE_SECONDS = read.int("OUTBOX_LEASE_SECONDS", default=300)
OUTBOX_BACKOFF_SCALE = read.float("OUTBOX_BACKOFF_SCALE", default=1.0)
RUN_LEASE_SECONDS = read.int("RUN_LEASE_SECONDS", default=900)

PLAN_SEED = ""
"""Set by `plan` alone. The same files and seed give the same calendar UIDs; no consent is asked, nothing is sent."""

"""How work is done: for how long a worker may hold a piece, how slowly mail is retried, what is optional."""

from config.env import read

OUTBOX_LEASE_SECONDS = read.int("OUTBOX_LEASE_SECONDS", default=300)
OUTBOX_BACKOFF_SCALE = read.float("OUTBOX_BACKOFF_SCALE", default=1.0)
RUN_LEASE_SECONDS = read.int("RUN_LEASE_SECONDS", default=900)

PLAN_SEED = ""
"""Set by `plan` alone. The same files and seed give the same calendar UIDs; no consent is asked, nothing is sent."""

INTEREST_EMBEDDING = read.bool("MADOI_INTEREST_EMBEDDING", default=False)
"""Whether topics are proposed with the optional package too, where it is installed (`dialogue.interest_embedding`)."""

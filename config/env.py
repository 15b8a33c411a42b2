"""What the environment says. Every variable is read through this module, and docs/operations.md lists them all."""

import os
import secrets
from pathlib import Path
from typing import Final

import environ
from cryptography.fernet import Fernet

BASE_DIR: Final = Path(__file__).resolve().parent.parent
MODES: Final = ("production", "demo", "test", "development")

read = environ.Env()

MODE: Final[str] = read("MADOI_MODE", default="production")
IN_PRODUCTION: Final = MODE not in MODES or MODE == "production"  # a mistyped mode is held to the strictest rules

STATE_DIR: Final = Path(read("MADOI_STATE", default=str(BASE_DIR / "var" / MODE)))
"""Where a run on one machine keeps what it makes: the database, keys, mail and sockets."""


def secret(name: str) -> str:
    """Return a secret text from the environment, or outside production one that is made once and kept.

    In production a missing secret is returned empty; `config.checks` then refuses to start and names it.
    """
    return read(name, default="") or ("" if IN_PRODUCTION else _kept(name, secrets.token_urlsafe(48)))


def encryption_keys(name: str) -> list[str]:
    """Return the Fernet keys for private text, newest first; outside production one is made once and kept."""
    given = [key.strip() for key in read(name, default="").split(",") if key.strip()]
    return given or ([] if IN_PRODUCTION else [_kept(name, Fernet.generate_key().decode("ascii"))])


def _kept(name: str, fresh: str) -> str:
    """Return the value kept under `name` in the state folder; keep `fresh` there if there is none yet."""
    STATE_DIR.mkdir(parents=True, exist_ok=True)
    place = STATE_DIR / name.lower()
    unfinished = STATE_DIR / f".{name.lower()}.{os.getpid()}"
    unfinished.touch(mode=0o600)
    unfinished.write_text(fresh, encoding="ascii")
    try:
        os.link(unfinished, place)  # whole or not at all: two processes that start together agree on one key
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()
    return place.read_text(encoding="ascii")

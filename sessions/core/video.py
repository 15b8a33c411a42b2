"""What lets somebody into a video room: the room's name at Jitsi, a token for it, a pass for the relay of our own.

Nothing here is stored. Names are made from a secret, so whoever knows a session's number or UID cannot work them out.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import jwt

TOKEN_SECONDS: Final = 10 * 60
"""How long a token opens the door. Whoever is inside stays; whoever comes later gets another one."""
SKEW_SECONDS: Final = 60
"""How far the clock of the Jitsi server may be behind ours."""
_NOTHING_KEPT: Final = {"recording": False, "livestreaming": False, "transcription": False}


def jitsi_room(*, secret: str, uid: str) -> str:
    """Return the name of a session's room: 26 characters of a kind that Jitsi does not change, 128 bits of them."""
    made = hmac.digest(secret.encode(), f"room {uid}".encode(), "sha256")[:16]
    return base64.b32encode(made).decode("ascii").rstrip("=").lower()


def jitsi_link(*, base: str, app_id: str, secret: str, room: str, name: str, now: float) -> str:
    """Return the link by which one person enters a room. It holds the name they go by, and nothing else about them.

    `now` is in seconds since 1970. Claims: https://github.com/jitsi/lib-jitsi-meet/blob/master/doc/tokens.md
    """
    claims: dict[str, Any] = {
        "aud": app_id,
        "iss": app_id,
        "sub": "*",
        "room": room,
        "nbf": int(now) - SKEW_SECONDS,
        "exp": int(now) + TOKEN_SECONDS,
        "context": {"user": {"name": name}, "features": _NOTHING_KEPT},
    }
    return f"{base}/{room}?jwt={jwt.encode(claims, secret, algorithm='HS256')}"


@dataclass(frozen=True, slots=True)
class RelayPass:
    """User name and password for a TURN server, good until the moment that begins the name."""

    username: str
    credential: str


def relay_pass(*, secret: str, uid: str, person: int, until: float) -> RelayPass:
    """Return one person's pass to the relay for one session, as coturn's `use-auth-secret` reads it.

    The name tells the relay when the pass ends (seconds since 1970), and not who holds it.
    Source: "A REST API for access to TURN services", draft-uberti-behave-turn-rest-00; it prescribes SHA-1.
    """
    holder = hmac.new(secret.encode(), f"holder {uid} {person}".encode(), hashlib.sha256).hexdigest()[:16]
    username = f"{int(until)}:{holder}"
    made = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return RelayPass(username, base64.b64encode(made).decode("ascii"))


def ice_settings(*, urls: Sequence[str], passed: RelayPass | None) -> dict[str, Any]:
    """Return what a browser's RTCPeerConnection is made with.

    With a relay it goes through that and nothing else, so that nobody learns another's address.
    """
    if passed is None:
        return {"iceServers": [], "iceTransportPolicy": "all"}
    server = {"urls": list(urls), "username": passed.username, "credential": passed.credential}
    return {"iceServers": [server], "iceTransportPolicy": "relay"}

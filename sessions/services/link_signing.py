"""Signed links of one purpose each: what opens one page opens no other."""

from django.core.signing import BadSignature, Signer


def signed(purpose: str, pk: int) -> str:
    """Return what stands in a link to the row with this key."""
    return _signer(purpose).sign(str(pk))


def key_behind(purpose: str, token: str) -> int | None:
    """Return the key that a link names; None where nobody signed it for this purpose."""
    try:
        return int(_signer(purpose).unsign(token))
    except (BadSignature, ValueError):
        return None


def _signer(purpose: str) -> Signer:
    return Signer(salt=f"sessions.{purpose}", sep=".")

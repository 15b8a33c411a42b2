"""Tells the streams of this process that a room has changed, so that they need not wait for their next look."""

from collections.abc import Callable

_ears: list[Callable[[], object]] = []


def ring() -> None:
    """Call everybody who listens. They may be in other threads."""
    for each in tuple(_ears):
        each()


def listen(ear: Callable[[], object]) -> None:
    _ears.append(ear)


def stop_listening(ear: Callable[[], object]) -> None:
    _ears.remove(ear)

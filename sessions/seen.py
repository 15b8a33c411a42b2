"""Which state of each session a page has shown, so that a change of something else meanwhile is noticed."""

from collections.abc import Iterable, Mapping

from sessions.models import DialogueSession


def seen_text(sessions: Iterable[DialogueSession]) -> str:
    """Return what a form hands back: each session with its sequence. One that is not stored yet is left out."""
    return "-".join(f"{one.pk}.{one.sequence}" for one in sessions if one.pk)


def seen_in(sent: Mapping[str, str]) -> dict[int, int]:
    """Return which sequence of each session a form had shown; what cannot be read was not seen."""
    pairs = [part.split(".") for part in sent.get("seen", "").split("-")]
    return {
        int(pair[0]): int(pair[1])
        for pair in pairs
        if len(pair) == 2 and all(number.isascii() and number.isdigit() and len(number) < 10 for number in pair)
    }

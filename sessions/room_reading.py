"""What the page of a room and its stream show: the state, who sits there, and which part of the page it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from sessions.core import room as rules
from sessions.core.guide.arcs import Kind
from sessions.core.room.rights import LEADER_LATE
from sessions.core.room.state import key_of
from sessions.guide_words import STEPS, say
from sessions.guiding import PROMPT_OF, circle_of, is_last_of_its_series, pairs_in_words
from sessions.models import DialogueSession
from sessions.reading import PromptCard, prompt_cards_of


@dataclass(frozen=True, slots=True)
class Sitter:
    """Somebody of the room: their key, the name they go by, and how they stand at this moment."""

    key: int
    name: str
    leads: bool = False
    here: bool = False
    said: bool = False
    """They had their turn in this round, or passed it."""
    now: bool = False
    """It is their turn."""


@dataclass(frozen=True, slots=True)
class Part:
    """The words of one kind of step."""

    kind: str
    name: str
    note: str
    say: str
    prompt: PromptCard | None

    @property
    def flag(self) -> str:
        """Return what holds while this part is shown."""
        return f"begun {self.kind}"


def snapshot(room: rules.Room, *, version: int, now: datetime, me: int | None = None) -> dict[str, Any]:
    """Return what pages show: the view of the core, its version, and from when whoever is there may lead.

    Args:
        me: who reads it. Only whoever called for help reads who that was.
    """
    seen = rules.view(room, now.timestamp())
    return {
        "v": version,
        **seen,
        "seats": [seat.key for seat in room.seats],
        "anyone_from": _anyone_from(room),
        "called": room.help and me is not None and room.caller == me,
    }


def _anyone_from(room: rules.Room) -> float | None:
    """Return the moment from which everybody in the room may lead, as `rights.leads` has it; None for never."""
    if room.minors or room.lead is not None or room.leader_here:
        return None
    if room.leader is None or room.phase in {rules.Phase.RUNNING, rules.Phase.PAUSED}:
        return 0.0
    return room.starts_at + LEADER_LATE / room.pace


def flags(seen: Mapping[str, Any], *, me: int, table: bool = False) -> set[str]:
    """Return what holds for one reader; parts of the page name what must hold. `static/js/room_flags.js` says the same.

    `mine` is one's own turn, or (`shared`) that of somebody who shares one's device.
    """
    turn = seen["turn"]
    may = seen["anyone_from"] is not None and seen["now"] >= seen["anyone_from"] and me in seen["here"]
    shared = turn is not None and seen["shares"].get(str(turn)) == me
    facilitates = _acts_for(seen, seen["leader"], me)
    leads = facilitates or _acts_for(seen, seen["lead"], me)
    begun = seen["phase"] != "waiting"
    holds = {
        seen["phase"]: True,
        seen["kind"]: True,
        "begun": begun,
        "round": turn is not None,
        "mine": turn is not None and (turn == me or shared),
        "shared": shared,
        "next": next_speaker(seen) is not None,
        "leads": leads or may,
        "facilitates": facilitates,
        "confirms": leads or _acts_for(seen, seen["reader"], me) or (may and seen["left"] <= 0),
        "asks": bool(seen["asks"]),
        "back": seen["back"] is not None
        and (leads or (me == seen["back"]["by"] and seen["now"] < seen["back"]["until"])),
        "gives": bool(takers(seen)),
        "goes": bool(goers(seen, me=me)),
        "over": turn is not None and seen["left"] <= 0,
        "agreed": seen["agreed"],
        "open_step": seen["kind"] != Kind.AGREEMENTS or seen["agreed"],
        "help": seen["help"],
        "called": seen["called"],
        "gently": seen["gently"],
        "captions": seen["captions"],
        "last": begun and seen["at"] + 1 == len(seen["steps"]),
        "later": bool(later_steps(seen)),
        "longer": seen["longer"],
        "again": seen["again"],
        "alone": seen["leader"] is None or not seen["leader_here"],
        "here": me in seen["here"] or (me == seen["leader"] and seen["leader_here"]),
        "looks_on": me not in seen["seats"] and me != seen["leader"],
        "table": table,
    }
    return {name for name, holding in holds.items() if holding}


def _acts_for(seen: Mapping[str, Any], key: int | None, me: int) -> bool:
    """Tell whether this is the reader, or somebody who shares the reader's device."""
    return key is not None and me in {key, seen["shares"].get(str(key))}


def asks_in_words(seen: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """Return who asks whom while questions are open, as `pairs_in_words` does."""
    return pairs_in_words([[[names.get(key, "") for key in side] for side in group] for group in seen["asks"]])


def takers(seen: Mapping[str, Any]) -> list[int]:
    """Return who can be given the next turn of a running round, in its order."""
    if seen["turn"] is None:
        return []
    return [key for key in seen["order"] if key in seen["here"] and key != seen["turn"]]


def goers(seen: Mapping[str, Any], *, me: int) -> list[int]:
    """Return of whom a reader who leads can say that they have gone: who came in and is still counted as here."""
    return [key for key in seen["seats"] if key in seen["here"] and key != me]


def sitters_of(session: DialogueSession, seen: Mapping[str, Any]) -> list[Sitter]:
    """Return who is expected in a session's room: in the order of speaking, else in 五十音 order. Last who leads it.

    Three queries.
    """
    order = {key: place for place, key in enumerate(seen["order"])}
    circle = sorted(circle_of(session), key=lambda one: (order.get(key_of(one.seat), len(order)), one.sound))
    seats = [
        Sitter(
            key := key_of(one.seat),
            one.name,
            here=key in seen["here"],
            said=key in seen["said"],
            now=key == seen["turn"],
        )
        for one in circle
    ]
    if seen["leader"] is None:
        return seats
    lead = session.facilitator
    return [*seats, Sitter(lead.pk, lead.preferred_name, leads=True, here=seen["leader_here"])]


def clock_words(seconds: float, *, gently: bool) -> str:
    """Return what is left as a clock shows it, or gently, in the reader's language, without seconds."""
    whole = max(round(seconds), 0)
    if gently:
        return _("about {count} min").replace("{count}", str(max((whole + 30) // 60, 1)))
    minutes, rest = divmod(whole, 60)
    return f"{minutes}:{rest:02}"


def parts_of(session: DialogueSession) -> list[Part]:
    """Return the words of every kind of step, in the reader's language. Two queries."""
    cards = prompt_cards_of(session)
    is_last = is_last_of_its_series(session)

    def card(kind: Kind) -> PromptCard | None:
        place = PROMPT_OF.get(kind)
        return cards[place] if place is not None and place < len(cards) else None

    return [
        Part(kind.value, str(words.name), str(words.note), str(say(kind, is_last=is_last)), card(kind))
        for kind, words in STEPS.items()
    ]


def later_steps(seen: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Return the steps ahead that may be left out, each with how many steps after the running one it comes."""
    kept = {Kind.CLOSE} if seen["agreed"] else {Kind.CLOSE, Kind.AGREEMENTS}
    ahead = enumerate(seen["steps"][seen["at"] + 1 :], start=1)
    return [(place, step["kind"]) for place, step in ahead if step["kind"] not in kept]


def next_speaker(seen: Mapping[str, Any]) -> int | None:
    """Return who speaks after the one whose turn it is, in the same round."""
    order = seen["order"]
    if seen["turn"] not in order:
        return None
    return next(iter(order[order.index(seen["turn"]) + 1 :]), None)

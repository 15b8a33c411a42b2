"""The texts to which people agree, by version. A text that changes gets a version of its own."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "texts"

TAKE_PART: Final = "sign-up-take-part-v1"
SHARE_WITH_PARTNER: Final = "share-with-partner-v1"
RULES: Final = "agreements-v1"
SPEAKING_TIME: Final = "speaking-time-v1"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a text: its heading, and either paragraphs or a list."""

    heading: str
    paragraphs: tuple[str, ...]
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentText:
    title: str
    sections: tuple[Section, ...]


@cache
def consent_text(version: str, language: str) -> ConsentText:
    """Return the text of a version in a language; in English where there is none in that language.

    Raises:
        FileNotFoundError: there is no text of this version.
    """
    place = FOLDER / "consent" / f"{version}.{language}.md"
    if not place.exists():
        place = place.with_name(f"{version}.en.md")
    title, *parts = place.read_text(encoding="utf-8").removeprefix("# ").split("\n## ")
    return ConsentText(title.strip(), tuple(_section(part) for part in parts))


def _section(part: str) -> Section:
    heading, *lines = part.strip().splitlines()
    points = tuple(line.removeprefix("- ") for line in lines if line.startswith("- "))
    return Section(heading, tuple(line for line in lines if line and not line.startswith("- ")), points)


@cache
def agreements(language: str) -> Sequence[str]:
    """Return the rules of the dialogue, one sentence each."""
    written = json.loads((FOLDER / "agreements.json").read_text(encoding="utf-8"))["agreements"]
    return tuple(one.get(language, one["en"]) for one in written)


def texts_to_agree_to(*, by_partner: bool) -> dict[str, str]:
    """Return the version of each text that a sign-up shows, by what it is about."""
    shown = {"rules": RULES, "take_part": TAKE_PART}
    return shown | ({"share_with_partner": SHARE_WITH_PARTNER} if by_partner else {})

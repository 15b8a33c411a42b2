"""The library as the tests read it, a small deck out of it, and one sound prompt to plant faults in."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from dialogue.core.generation import Generation
from dialogue.core.prompts.deck import Deck, read_deck
from dialogue.core.prompts.prompt import Anchor, Depth, Domain, Prompt, Sample, Sensitivity, Stage, Value

LIBRARY: Final = Path(__file__).parents[4] / "dialogue" / "texts" / "prompts"

# Six of each stage, all ten domains, depths 8 / 10 / 5 / 1: just enough for twelve sessions, so that rules collide.
SMALL: Final = [
    "colour-of-the-sky",
    "always-within-reach",
    "walking-with-a-friend-from-far-away",
    "someone-at-work",
    "in-front-of-the-shelf",
    "half-a-day-opens-up",
    "speaking-first",
    "the-morning-after-sleeping-well",
    "where-i-used-to-eat",
    "watching-someones-hands",
    "a-stranger-in-town",
    "unsaid-on-the-way-home",
    "tired-and-still-going",
    "letting-something-go",
    "making-something-by-hand",
    "the-night-after-it-went-wrong",
    "after-being-trusted",
    "plans-changed-by-the-weather",
    "between-yes-and-no",
    "their-hope-and-mine",
    "to-stop-or-to-go-on",
    "a-different-view",
    "a-dream-set-aside",
    "after-what-could-not-be-undone",
]


def written() -> tuple[str, dict[str, str]]:
    """The head of the library, and the text of each domain by its name."""
    files = {path.stem: path.read_text(encoding="utf-8") for path in sorted(LIBRARY.glob("*.toml"))}
    return files.pop("library"), files


@cache
def library() -> Deck:
    head, domains = written()
    return read_deck(head, domains.values())


@cache
def small_deck() -> tuple[Prompt, ...]:
    by_slug = {prompt.slug: prompt for prompt in library().prompts}
    return tuple(by_slug[slug] for slug in SMALL)


SOUND: Final = Prompt(
    slug="sound",
    value=Value.STIMULATION,
    domain=Domain.SOCIETY_NATURE,
    depth=Depth.SCENE,
    stage=Stage.AFTERMATH,
    anchor=Anchor.SCENE,
    sensitivity=Sensitivity.NONE,
    ja="雨に予定を変えられたあと、その日はどんな一日になりましたか。",
    en="After rain changed your plans, what kind of day did it become?",
    follow_ups_ja=(
        "その瞬間、何を感じましたか。",
        "代わりに出会ったのは、どんなものでしたか。",
        "その日のことを、いつ思い出しますか。",
    ),
    follow_ups_en=(
        "What did you feel at that moment?",
        "What did you come across in its place?",
        "When does that day come back to you?",
    ),
    samples=(
        Sample(
            generation=Generation.STUDENT,
            ja="夏の夕方、駅で雨に降られました。屋根の下で、知らない人と空を見ていました。",
            en="One summer evening rain caught me at the station. Under the roof I watched the sky with a stranger.",
        ),
        Sample(
            generation=Generation.ALUMNI,
            ja="四十の春の朝、雪で汽車が止まりました。ストーブのそばで、古い手紙を読み返しました。",
            en="On a spring morning at forty snow stopped the train. I read old letters again by the stove.",
        ),
    ),
)


def planted(**changes: Any) -> Prompt:
    """The sound prompt with some fields changed; `follow_up_ja` and `follow_up_en` replace the first follow-up."""
    for language in ("ja", "en"):
        if f"follow_up_{language}" in changes:
            first = changes.pop(f"follow_up_{language}")
            changes[f"follow_ups_{language}"] = (first, *getattr(SOUND, f"follow_ups_{language}")[1:])
    return replace(SOUND, **changes)


def answered(generation: Generation, *, ja: str | None = None, en: str | None = None) -> Prompt:
    """The sound prompt with one text of one sample answer replaced."""
    changed = {"ja": ja, "en": en}
    texts = {language: text for language, text in changed.items() if text}
    return replace(
        SOUND, samples=tuple(replace(one, **texts) if one.generation == generation else one for one in SOUND.samples)
    )

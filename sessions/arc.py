"""What a session is like, in words: what everyone agrees to, and the order in which things happen."""

import json
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

_AGREEMENTS: Final = Path(__file__).resolve().parent.parent / "dialogue" / "texts" / "agreements.json"

ARC: Final = (
    {"name": _("Arrive"), "note": _("Check sound and captions. Nothing is recorded.")},
    {"name": _("Agreements"), "note": _("We read them aloud, one each.")},
    {"name": _("Check-in"), "note": _("One word and one sentence from everyone.")},
    {"name": _("Round one: a scene"), "note": _("Each tells a scene in turn. The others listen.")},
    {"name": _("Quiet"), "note": _("A pause with a drink or a note for yourself.")},
    {"name": _("Round two: unsure, choosing, after"), "note": _("Everyone has the same time. You may pass.")},
    {"name": _("Open questions"), "note": _("Only questions whose answer the asker cannot know.")},
    {"name": _("Thanks and check-out"), "note": _("What stayed with you, in a few words.")},
)
"""The steps of a session as the method page has them, without minutes: the guide of the day sets those."""


def agreements() -> list[str]:
    """Return the six agreements in the reader's language."""
    return _read()["ja" if get_language() == "ja" else "en"]


@cache
def _read() -> dict[str, list[str]]:
    raw = json.loads(_AGREEMENTS.read_text(encoding="utf-8"))
    return {language: [one[language] for one in raw["agreements"]] for language in ("ja", "en")}

"""The texts beside the deck are whole in both languages."""

import json
import re
from pathlib import Path
from typing import Final

import pytest

TEXTS: Final = Path(__file__).parents[4] / "dialogue" / "texts"


@pytest.mark.parametrize(
    ("name", "kind", "how_many"), [("agreements", "agreements", 6), ("session_guide", "lines", 10)]
)
def test_every_line_stands_in_both_languages(name: str, kind: str, how_many: int) -> None:
    lines = json.loads((TEXTS / f"{name}.json").read_text(encoding="utf-8"))[kind]

    assert len(lines) == len({line["slug"] for line in lines}) == how_many
    assert all(re.search(r"[ぁ-ん]", line["ja"]) and re.search(r"[a-z]", line["en"]) for line in lines)


def test_the_guide_shows_no_seconds_and_no_minutes() -> None:
    assert not re.search(r"\d+ ?(分|秒|minute|second)", (TEXTS / "session_guide.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", sorted({path.name.split(".")[0] for path in (TEXTS / "consent").iterdir()}))
def test_a_consent_text_has_the_same_sections_in_both_languages_and_names_its_version(text: str) -> None:
    written = {
        language: (TEXTS / "consent" / f"{text}.{language}.md").read_text(encoding="utf-8") for language in ("ja", "en")
    }

    assert len({whole.count("\n## ") for whole in written.values()}) == 1
    assert len({whole.count("\n- ") for whole in written.values()}) == 1
    assert all(text in whole.splitlines()[0] for whole in written.values())

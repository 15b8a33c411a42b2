"""The texts beside the deck are whole in both languages."""

import json
import re
from pathlib import Path
from typing import Final

import pytest

TEXTS: Final = Path(__file__).parents[4] / "dialogue" / "texts"


def test_every_agreement_stands_in_both_languages() -> None:
    lines = json.loads((TEXTS / "agreements.json").read_text(encoding="utf-8"))["agreements"]

    assert len(lines) == len({line["slug"] for line in lines}) == 6
    assert all(re.search(r"[ぁ-ん]", line["ja"]) and re.search(r"[a-z]", line["en"]) for line in lines)


@pytest.mark.parametrize("text", sorted({path.name.split(".")[0] for path in (TEXTS / "consent").iterdir()}))
def test_a_consent_text_has_the_same_sections_in_both_languages_and_names_its_version(text: str) -> None:
    written = {
        language: (TEXTS / "consent" / f"{text}.{language}.md").read_text(encoding="utf-8") for language in ("ja", "en")
    }

    assert len({whole.count("\n## ") for whole in written.values()}) == 1
    assert len({whole.count("\n- ") for whole in written.values()}) == 1
    assert all(text in whole.splitlines()[0] for whole in written.values())

"""Files we serve: vendored ones are what their makers published, and our own stay small."""

import hashlib
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
VENDOR = STATIC / "vendor"
ROWS = re.findall(r"\| `([^`]+)` \| `([0-9a-f]{64})` \|", (VENDOR / "VENDORED.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("file", "sha256"), ROWS)
def test_vendored_file_is_the_published_one_with_its_licence(file: str, sha256: str) -> None:
    assert hashlib.sha256((VENDOR / file).read_bytes()).hexdigest() == sha256
    assert (VENDOR / file).with_name("LICENSE").is_file()


def test_every_vendored_file_is_listed() -> None:
    present = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}

    assert {path for path in present if not path.endswith(("LICENSE", "VENDORED.md"))} == {file for file, _ in ROWS}


def test_style_sheet_stays_under_28_kilobytes() -> None:
    assert (STATIC / "css" / "madoi.css").stat().st_size < 28_000


def test_style_sheet_fetches_nothing() -> None:
    css = (STATIC / "css" / "madoi.css").read_text(encoding="utf-8")

    assert "url(" not in css
    assert "@import" not in css

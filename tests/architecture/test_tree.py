"""What lies in the tree: no paths of one machine, no inline style or script, vendored files as published."""

import hashlib
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from config.catalogues import read
from config.translation_gaps import CATALOGUE, gaps, keys_in_project

ROOT = Path(settings.BASE_DIR)
TEXTS = {".py", ".md", ".html", ".txt", ".toml", ".in", ".po", ".css", ".js", ".yaml", ".yml", ".json", ""}
# written in pieces, so that this file does not find itself
ONE_MACHINE = re.compile("|".join([r"/wo" r"rk/", r"/ro" r"ot/", r"/ho" r"me/\w+/", r"\.lib" r"rary", r"sha" r"red/"]))


def tracked() -> list[Path]:
    """Return every file that the repository holds or would take in."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_no_file_names_a_place_of_one_machine():
    found = []
    for path in tracked():
        if path.suffix in TEXTS and "vendor" not in path.parts:
            for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
                if ONE_MACHINE.search(line):
                    found.append(f"{path.relative_to(ROOT)}:{number}")

    assert found == []


def test_no_template_has_inline_style_or_script():
    """The content security policy would refuse it in the reader's browser."""
    inline = re.compile(
        r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<script(?![^>]*\bsrc=)|javascript:", re.IGNORECASE
    )
    for_mail = re.compile(r"(^|/)email/")  # a mail has no policy, and mail programs know no style sheets
    pages = [path for path in tracked() if path.suffix == ".html" and "templates" in path.parts]
    found = [
        f"{path.relative_to(ROOT)}: {match[0].strip()}"
        for path in pages
        if not for_mail.search(path.relative_to(ROOT).as_posix())
        for match in inline.finditer(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_no_template_turns_escaping_off():
    pages = [path for path in tracked() if path.suffix in {".html", ".py"} and "tests" not in path.parts]
    found = [
        str(path.relative_to(ROOT))
        for path in pages
        if re.search(r"\|\s*safe\b|\bmark_safe\(|autoescape off", path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_vendored_files_are_as_they_were_published():
    folder = ROOT / "static" / "vendor"
    rows = re.findall(
        r"^\|[^|]+\|[^|]+\| `([^`]+)` \| `([0-9a-f]{64})` \|([^|]+)\|", (folder / "VENDORED.md").read_text(), re.M
    )
    listed = {name for name, _, _ in rows} | set(
        re.findall(r"`([^`]+/LICEN[CS]E[^`]*)`", "".join(row[2] for row in rows))
    )

    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name, _, _ in rows} == {
        name: digest for name, digest, _ in rows
    }
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - listed == {
        "VENDORED.md"
    }


@pytest.mark.slow  # `check` asks the same
def test_every_text_has_its_japanese():
    assert gaps(keys_in_project(), read(CATALOGUE) if CATALOGUE.exists() else []) == []


def test_every_variable_that_is_read_is_documented():
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "config").rglob("*.py"))
    names = set(re.findall(r"(?:\bread(?:\.\w+)?|\bsecret|\bencryption_keys)\(\s*\"([A-Z][A-Z_]+)\"", source))
    documented = set(re.findall(r"`([A-Z][A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")))

    assert len(names) > 10
    assert names - documented == set()


def test_environment_is_read_in_one_place():
    allowed = {
        "config/env.py",
        "config/__init__.py",  # sets what numpy reads
        "dialogue/core/language/__main__.py",  # likewise, without the site
        "config/celery.py",  # sets what Celery reads
        "config/embedded.py",  # sets what its processes read
        "sessions/management/commands/plan.py",  # answers in the terminal's language
    }
    found = [
        path.relative_to(ROOT).as_posix()
        for app in ("dialogue", "matching", "sessions", "config")
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"os\.(environ(?!\.setdefault\(\"DJANGO)|getenv)", path.read_text(encoding="utf-8"))
    ]

    assert set(found) - allowed == set()

"""What a Japanese reader would meet in English: texts in code and templates that the catalogue lacks.

`python -m config.translation_gaps` lists them and exits with 1 if there are any.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation.template import templatize

from config.catalogues import Message, read

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCES: Final = ("dialogue", "matching", "sessions", "config")
CATALOGUE: Final = ROOT / "locale" / "ja" / "LC_MESSAGES" / "django.po"
PLACEHOLDER: Final = re.compile(r"%\((\w+)\)[a-z]|\{(\w*)\}")

# where each function has its context, and its text
CALLS: Final = {
    "_": (None, 0),
    "gettext": (None, 0),
    "gettext_lazy": (None, 0),
    "gettext_noop": (None, 0),
    "ngettext": (None, 0),
    "ngettext_lazy": (None, 0),
    "pgettext": (0, 1),
    "pgettext_lazy": (0, 1),
    "npgettext": (0, 1),
    "npgettext_lazy": (0, 1),
}

Key = tuple[str | None, str]


def keys_in_python(source: str) -> Iterator[Key]:
    """Yield the context and text of every translated literal."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            context_place, text_place = CALLS[node.func.id]
            if len(node.args) > text_place:
                context = _literal(node.args[context_place]) if context_place is not None else None
                text = _literal(node.args[text_place])
                if text:
                    yield context, text


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def keys_in_template(source: str) -> Iterator[Key]:
    """Yield the same for a template, as Django's own extraction rewrites it into calls."""
    for call in re.findall(
        r"\bn?p?gettext\((?:[^()'\"]|u?'(?:\\.|[^'\\])*'|u?\"(?:\\.|[^\"\\])*\")*\)", templatize(source)
    ):
        yield from keys_in_python(call)
    for quoted in re.findall(r"(?<!\w)_\(((?:u?'(?:\\.|[^'\\])*'|u?\"(?:\\.|[^\"\\])*\"))\)", templatize(source)):
        yield None, ast.literal_eval(quoted)


def keys_in_project(root: Path = ROOT) -> dict[Key, str]:
    """Return every translated text of the project and the first file it stands in."""
    found: dict[Key, str] = {}
    for app in SOURCES:
        for path in sorted((root / app).rglob("*.py")):
            for key in keys_in_python(path.read_text(encoding="utf-8")):
                found.setdefault(key, str(path.relative_to(root)))
    for path in sorted([*(root / "templates").rglob("*.*"), *(root / "config").rglob("templates/**/*.*")]):
        if path.suffix in {".html", ".txt"}:
            for key in keys_in_template(path.read_text(encoding="utf-8")):
                found.setdefault(key, str(path.relative_to(root)))
    return found


def gaps(wanted: dict[Key, str], entries: list[Message]) -> list[str]:
    """Return a line for each text that is missing, half translated, or has other placeholders than its translation."""
    known = {entry.key: entry for entry in entries}
    lines = [
        f"{place}: {text!r} has no Japanese"
        for (context, text), place in wanted.items()
        if (context, text) not in known
    ]
    for entry in entries:
        if entry.msgid and not entry.is_whole:
            lines.append(f"{entry.msgid!r}: the Japanese is missing or marked fuzzy")
        elif entry.msgid and any(
            _names(form) - _names(entry.msgid + (entry.plural or "")) for form in entry.translations
        ):
            lines.append(f"{entry.msgid!r}: the Japanese names a placeholder that the text does not have")
    return sorted(lines)


def _names(text: str) -> set[str]:
    return {first or second for first, second in PLACEHOLDER.findall(text)}


def main() -> int:
    if not settings.configured:
        settings.configure()  # templatize asks for the file encoding and nothing of the site
    entries = read(CATALOGUE) if CATALOGUE.exists() else []
    lines = gaps(keys_in_project(), entries)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())

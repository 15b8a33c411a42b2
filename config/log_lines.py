"""One line of JSON for each log record, with addresses and tokens taken out."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Final

_ADDRESS: Final = re.compile(r"[^\s<>\"'(),;:/=&?]+@[\w-]+(?:\.[\w-]+)+")
_LONG_WORD: Final = re.compile(r"(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9_-]{24,}")
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def redacted(text: str) -> str:
    """Return the text with e-mail addresses and token-like words replaced. UUIDs stay: task ids are UUIDs."""
    text = _ADDRESS.sub("[address]", text)
    return _LONG_WORD.sub(lambda found: found[0] if _UUID.fullmatch(found[0]) else "[token]", text)


class JsonLines(logging.Formatter):
    """Formats a record as one line: when, level, logger, message, and what `extra={"fields": …}` adds."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(record.getMessage()),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["trace"] = redacted(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)

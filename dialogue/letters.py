"""Write a letter from its text: one file for each language, whose first line is the subject.

The HTML body is made from the same text, so both always say the same.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from django.template.loader import get_template, render_to_string
from django.utils.html import escape, urlize
from django.utils.translation import get_language

from dialogue.core.letter_html import html_of
from dialogue.letter_texts import filled_in
from dialogue.message_kinds import Letter

_SUBJECT: Final = "\ue000subject\ue000"
_BODY: Final = "\ue000body\ue000"


def write_letter(
    template: str, context: Mapping[str, Any], *, calendar: bytes | None = None, method: str = "", thread: str = ""
) -> Letter:
    """Return the letter that `<template>.<language>.txt` makes in the language that is active.

    Raises:
        TemplateDoesNotExist: the mail is not written in this language.
    """
    language = get_language()
    written = filled_in(get_template(f"{template}.{language}.txt").template, context).strip()
    subject, _, body = written.partition("\n")
    subject, body = subject.strip(), f"{body.strip()}\n"
    html = _frame(language).replace(_SUBJECT, escape(subject)).replace(_BODY, html_of(body, linked=_linked))
    return Letter(subject=subject, text=body, html=html, calendar=calendar, method=method, thread=thread)


@lru_cache(maxsize=8)
def _frame(language: str | None) -> str:
    """Return what stands around every letter in this language, with marks where subject and body go."""
    return render_to_string("email/letter.html", {"subject": _SUBJECT, "body": _BODY})


def _linked(line: str) -> str:
    """Return a line in HTML, its addresses as links."""
    return urlize(line, nofollow=True, autoescape=True)

"""Write a letter from its text: one file for each language, whose first line is the subject.

The HTML body is made from the same text, so both always say the same.
"""

from collections.abc import Mapping
from typing import Any

from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils.translation import get_language

from dialogue.message_kinds import Letter


def write_letter(
    template: str, context: Mapping[str, Any], *, calendar: bytes | None = None, method: str = "", thread: str = ""
) -> Letter:
    """Return the letter that `<template>.<language>.txt` makes in the language that is active.

    Raises:
        TemplateDoesNotExist: the mail is not written in this language.
    """
    source = get_template(f"{template}.{get_language()}.txt")
    # Plain text: a name such as "D'Arcy & Sons" must not arrive as entities.
    written = source.template.render(Context({**context}, autoescape=False)).strip()
    subject, _, body = written.partition("\n")
    body = f"{body.strip()}\n"
    html = render_to_string("email/letter.html", {"subject": subject.strip(), "body": body})
    return Letter(subject=subject.strip(), text=body, html=html, calendar=calendar, method=method, thread=thread)

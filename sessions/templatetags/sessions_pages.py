"""Words that only session pages need."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dialogue.core.contact import contact_parts

register = template.Library()


@register.simple_tag(takes_context=True)
def shown(context: template.Context, when: str) -> SafeString:
    """Say when a part of the room is shown: all of these words hold (`!word`: does not), and whether they do now.

    `static/js/room.js` goes on from there. Without a script the part stays as it is.
    """
    held = context["room_flags"]
    holds = all((word.lstrip("!") in held) != word.startswith("!") for word in when.split())
    return format_html('data-when="{}" {}', when, "" if holds else "hidden")


@register.filter
def tappable(contact: str) -> SafeString:
    """The contact line with its phone numbers and addresses as links."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<a href="{}">{}</a>', part.link, part.text) if part.link else part.text,)
            for part in contact_parts(contact)
        ),
    )

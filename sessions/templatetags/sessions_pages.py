"""Words that only session pages need."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dialogue.core.contact import contact_parts

register = template.Library()


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

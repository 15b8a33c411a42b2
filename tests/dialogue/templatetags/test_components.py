"""Components that are remembered: the same words for the same values, and never the words of other values."""

from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from dialogue.templatetags.components import REMEMBERED_AT_MOST, first_part

BADGE = Template('{% load components %}{% component "components/badge.html" text=text tone=tone %}')


def badge(text: Any, tone: str = "open") -> str:
    return BADGE.render(Context({"text": text, "tone": tone}))


def test_component_says_the_same_as_when_it_is_included() -> None:
    included = Template('{% include "components/badge.html" with text=text tone=tone only %}')

    for text in ("未回答", "あり", "未回答"):
        assert badge(text, "waiting") == included.render(Context({"text": text, "tone": "waiting"}))


def test_component_never_takes_safe_words_for_what_somebody_typed() -> None:
    """Both are equal as strings. Remembered as one, the first to come would decide whether the other is escaped."""
    assert "<b>x</b>" in badge(SafeString("<b>x</b>"))
    assert "<b>x</b>" not in badge("<b>x</b>")
    assert "<b>x</b>" in badge(SafeString("<b>x</b>"))


def test_component_speaks_the_language_of_each_page() -> None:
    word = gettext_lazy("Cancelled")

    with translation.override("ja"):
        assert "取りやめ" in badge(word)
    with translation.override("en"):
        assert "Cancelled" in badge(word)


def test_component_knows_the_addresses_of_the_site_it_stands_in(settings: Any) -> None:
    page = Template('{% load components %}{% component "components/help.html" contact_address="" %}')
    assert "/safety/" not in page.render(Context())

    settings.ROOT_URLCONF = "tests.templates.routes"

    assert "/safety/" in page.render(Context())


def test_component_forgets_before_it_has_kept_too_much() -> None:
    template = Template('{% load components %}{% component "components/badge.html" text=text %}')
    node = template.nodelist[-1]

    for number in range(REMEMBERED_AT_MOST + 1):
        template.render(Context({"text": number}))

    assert len(node.remembered) == 1


def test_component_refuses_what_it_cannot_beremembered_by() -> None:
    with pytest.raises(TypeError, match="remembered by words and numbers"):
        badge(["a", "list"])


@pytest.mark.parametrize("tag", ["component path", 'component "a.html" with text=text', 'component "a.html" text'])
def test_component_with_anything_but_a_path_and_values_is_refused(tag: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template(f"{{% load components %}}{{% {tag} %}}")


@pytest.mark.parametrize(
    ("path", "part"),
    [("/", "/"), ("/terms/", "/terms/"), ("/terms/7/people/", "/terms/…"), ("/s/12/", "/s/…"), ("/404", "/404")],
)
def test_address_is_told_apart_as_far_as_the_menu_needs(path: str, part: str) -> None:
    assert first_part(path) == part

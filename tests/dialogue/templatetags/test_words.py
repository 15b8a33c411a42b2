"""Words and addresses that are remembered: each language has its own, each page its own number, nothing is mixed."""

import pytest
from django.template import Context, Template
from django.template.base import Node
from django.urls import NoReverseMatch, reverse, set_script_prefix
from django.utils import translation

from dialogue.templatetags.words import RememberedAddress, RememberedWords


def said(written: str, **context: object) -> str:
    return Template("{% load i18n %}" + written).render(Context(context))


def test_a_text_of_a_template_speaks_the_language_of_each_page_in_turn() -> None:
    page = Template('{% load i18n %}{% translate "Cancelled" %}')

    for language, word in (("ja", "取りやめ"), ("en", "Cancelled"), ("ja", "取りやめ")):
        with translation.override(language):
            assert page.render(Context()) == word


def test_a_text_that_is_kept_under_a_name_is_there_each_time() -> None:
    page = Template('{% load i18n %}{% translate "Cancelled" as word %}[{{ word }}]')

    for language, word in (("ja", "[取りやめ]"), ("ja", "[取りやめ]"), ("en", "[Cancelled]")):
        with translation.override(language):
            assert page.render(Context()) == word


def test_percent_signs_and_marks_of_a_text_stay_what_they_are() -> None:
    for _time in range(2):
        assert said('{% translate "100 % <b>" %}') == "100 % <b>"


@pytest.mark.parametrize(
    "written",
    ["{% translate word %}", '{% translate "Cancelled" context "no such" %}', '{% translate "Cancelled"|upper %}'],
)
def test_whatever_may_change_is_asked_for_each_time(written: str) -> None:
    assert not list(nodes(written, RememberedWords))


def test_a_word_that_a_page_brings_is_that_pages() -> None:
    page = Template("{% load i18n %}{% translate word %}")

    with translation.override("ja"):
        assert page.render(Context({"word": "Cancelled"})) == "取りやめ"
        assert page.render(Context({"word": "<i>"})) == "&lt;i&gt;"


def test_a_page_by_its_name_is_where_django_says() -> None:
    page = Template("{% url 'session' pk %} {% url 'home' %} {% url 'session' pk as it %}{{ it }}")

    for pk in (7, 12, 7):
        session = reverse("session", args=[pk])
        assert page.render(Context({"pk": pk})) == f"{session} {reverse('home')} {session}"


def test_the_prefix_that_the_site_is_served_under_stands_in_each_address() -> None:
    page = Template("{% url 'home' %}")
    page.render(Context())
    set_script_prefix("/madoi/")
    try:
        assert page.render(Context()) == "/madoi/"
    finally:
        set_script_prefix("/")


def test_a_page_that_does_not_exist_is_refused_or_nothing() -> None:
    with pytest.raises(NoReverseMatch):
        said("{% url 'no-such-page' %}")
    assert said("{% url 'no-such-page' as it %}[{{ it }}]") == "[]"
    with pytest.raises(NoReverseMatch):
        said("{% url 'session' %}")


@pytest.mark.parametrize("written", ["{% url name %}", "{% url 'session' pk=7 %}", "{% url 'admin:index' as it %}"])
def test_an_address_with_more_to_it_is_djangos(written: str) -> None:
    assert not list(nodes(written, RememberedAddress))


def test_a_word_in_an_address_is_never_taken_for_a_number() -> None:
    page = Template("{% url 'session' pk as it %}[{{ it }}]")

    assert page.render(Context({"pk": True})) == "[]"
    assert page.render(Context({"pk": "x/y"})) == "[]"


def nodes(written: str, kind: type[Node]) -> list[Node]:
    return list(Template("{% load i18n %}" + written).nodelist.get_nodes_by_type(kind))

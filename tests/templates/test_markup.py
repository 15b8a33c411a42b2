"""What every page of the house keeps in its markup, and what its components do with what they are given."""

from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from tests.templates.forms import EveryQuestion
from tests.templates.house import PAGES, rendered

SITE_PAGES = sorted(name for name in PAGES if "mail" not in name)


class Outline(HTMLParser):
    """Counts elements and remembers ids, references to ids, and what a strict content policy would refuse."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.references: set[str] = set()
        self.refused: list[str] = []
        self.language: str | None = None
        self.headings: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements[tag] += 1
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(int(tag[1]))
        if tag == "html":
            self.language = given.get("lang")
        if "id" in given:
            self.ids[given["id"]] += 1
        for name in ("for", "aria-describedby", "aria-labelledby"):
            self.references.update(given.get(name, "").split())
        if given.get("href", "").startswith("#"):
            self.references.add(given["href"][1:])
        handlers = [name for name in given if name.startswith("on") or name == "style"]
        if (
            handlers
            or tag == "style"
            or (tag == "script" and "src" not in given and "json" not in given.get("type", ""))
        ):
            self.refused.append(f"{tag} {handlers}")


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", SITE_PAGES)
def test_page_has_one_title_its_landmarks_and_ids_that_hold(name: str, language: str) -> None:
    with translation.override(language):
        outline = Outline(rendered(name))

    assert outline.elements["h1"] == 1
    assert outline.elements["main"] == 1
    assert outline.elements["header"] == 1
    assert outline.elements["title"] == 1
    assert [each for each, count in outline.ids.items() if count > 1] == []
    assert outline.references <= set(outline.ids)
    assert outline.refused == []
    assert outline.headings[0] == 1
    assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert outline.language == (language if name not in {"500", "503"} else "ja")


@pytest.mark.parametrize("name", sorted(set(SITE_PAGES) - {"500", "503"}))
def test_help_stands_at_the_foot_of_every_page(name: str) -> None:
    html = rendered(name)

    assert html.index('class="foot"') < html.index("mailto:jimukyoku@example.org")


def test_stranger_is_offered_no_menu_and_no_way_out() -> None:
    html = rendered("sign-in")

    assert 'class="menu"' not in html
    assert "/account/logout/" not in html


@pytest.mark.parametrize(("flag", "address"), [("facilitates", "/facilitator/"), ("coordinates", "/terms/")])
def test_menu_offers_only_what_the_person_does(flag: str, address: str) -> None:
    nobody = {"facilitates": False, "coordinates": False}

    assert f'href="{address}"' not in rendered("home", nav=nobody)
    assert f'href="{address}"' in rendered("home", nav={**nobody, flag: True})


def test_language_is_changed_by_a_button_in_the_other_language_that_comes_back_to_the_page() -> None:
    html = rendered("home")

    assert 'action="/language/setlang/"' in html
    assert '<button class="button button--plain" name="language" value="en" lang="en">English</button>' in html
    assert '<input type="hidden" name="next" value="/">' in html


def test_every_input_has_a_label_and_its_help_and_mistakes_by_name() -> None:
    html = rendered("form-with-mistakes")

    assert 'aria-describedby="id_preferred_name_helptext id_preferred_name_error"' in html
    assert 'id="id_preferred_name_error"' in html
    assert '<fieldset class="choices field--wrong" aria-describedby="id_evenings_helptext id_evenings_error">' in html
    assert '<a href="#id_side_0">' in html


def test_form_keeps_what_was_typed() -> None:
    assert 'value="aoi＠"' in rendered("form-with-mistakes")


def test_right_form_shows_no_summary() -> None:
    assert render_to_string("components/error_summary.html", {"form": EveryQuestion()}).strip() == ""


def test_components_escape_what_people_write() -> None:
    evil = "<img src=x>"
    names = [
        ("notice", {"text": evil}),
        ("badge", {"text": evil}),
        ("person_name", {"name": evil}),
        ("stat", {"number": 1, "label": evil}),
        ("empty_state", {"what": evil, "why": evil}),
        ("table", {"caption": evil, "headings": [evil, evil], "rows": [[evil, evil]]}),
        ("details", {"summary": evil, "text": evil}),
    ]
    for name, context in names:
        assert evil not in render_to_string(f"components/{name}.html", context), name


def test_error_text_of_a_form_is_escaped() -> None:
    class Quoting(forms.Form):
        word = forms.ChoiceField(choices=[("a", "a")])

    html = Template('{% include "components/form.html" with form=form only %}').render(
        Context({"form": Quoting({"word": "<b>"})})
    )

    assert "<b>" not in html


def test_code_mail_says_its_code_first_and_leads_nowhere() -> None:
    context: dict[str, Any] = {"code": "123456"}
    subject = render_to_string("account/email/login_code_subject.txt", context).strip()
    text = render_to_string("account/email/login_code_message.txt", context)
    html = rendered("login-mail")

    assert subject.startswith("123456")
    assert text.lstrip().startswith("123456")
    assert "http" not in text
    assert "<a " not in html
    assert "<img" not in html
    assert len(html) < 4_000


def test_code_page_takes_one_number_from_a_phone_keypad_or_a_paste() -> None:
    html = rendered("code")

    assert html.count('<input type="text"') == 1
    assert 'autocomplete="one-time-code" inputmode="numeric" required autofocus>' in html
    assert "maxlength" not in html

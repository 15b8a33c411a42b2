"""Translations are compiled without GNU gettext, and gettext reads the same texts back."""

import gettext
import io
import re
from pathlib import Path

import pytest

from config.catalogues import CatalogueError, compile_all, compiled, messages
from config.translation_gaps import gaps, keys_in_python, keys_in_template

SAMPLE = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=1; plural=0;\n"

# who said it
#: somewhere.py:3
#, python-format
msgid "%(name)s said \"yes\"."
msgstr ""
"%(name)sさんが「はい」と"
"答えました。\n"

msgctxt "month"
msgid "May"
msgstr "5月"

msgid "%d person"
msgid_plural "%d people"
msgstr[0] "%d人"

#, fuzzy
msgid "A guess"
msgstr "推測"

msgid "Nothing yet"
msgstr ""

#~ msgid "Gone"
#~ msgstr "なくなりました"
"""


def test_compiled_catalogue_says_what_the_source_says():
    shown = gettext.GNUTranslations(io.BytesIO(compiled(messages(SAMPLE, origin="sample"))))

    assert shown.gettext('%(name)s said "yes".') == "%(name)sさんが「はい」と答えました。\n"
    assert shown.pgettext("month", "May") == "5月"
    assert shown.ngettext("%d person", "%d people", 3) == "%d人"


@pytest.mark.parametrize("text", ["A guess", "Nothing yet", "Gone"])
def test_text_without_a_sure_translation_stays_as_it_is(text):
    shown = gettext.GNUTranslations(io.BytesIO(compiled(messages(SAMPLE, origin="sample"))))

    assert shown.gettext(text) == text


def test_unreadable_line_is_refused_with_its_number():
    with pytest.raises(CatalogueError, match="sample, line 2"):
        list(messages('msgid "a"\nmsgstr unquoted\n', origin="sample"))


def test_compiling_again_changes_nothing(tmp_path):
    folder = tmp_path / "ja" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(SAMPLE, encoding="utf-8")

    assert compile_all(tmp_path) == [folder / "django.mo"]
    assert compile_all(tmp_path) == []


def test_text_of_code_and_templates_is_found():
    assert set(keys_in_python('x = _("Hello") + pgettext("month", "May")')) == {(None, "Hello"), ("month", "May")}
    template = (
        '{% load i18n %}{% translate "Say \'hi\'" %}{% translate "May" context "month" %}'
        "{% blocktranslate with name=x.y %}Dear {{ name }}{% endblocktranslate %}"
        '{% include "a.html" with label=_("Next") only %}'
    )
    assert set(keys_in_template(template)) == {
        (None, "Say 'hi'"),
        ("month", "May"),
        (None, "Dear %(name)s"),
        (None, "Next"),
    }


def test_gap_names_the_text_and_its_file():
    wanted = {(None, "Hello"): "a.py", (None, "Nothing yet"): "b.py"}

    assert gaps(wanted, list(messages(SAMPLE, origin="sample"))) == [
        "'A guess': the Japanese is missing or marked fuzzy",
        "'Nothing yet': the Japanese is missing or marked fuzzy",
        "a.py: 'Hello' has no Japanese",
    ]


def test_placeholder_that_only_the_translation_has_is_a_gap():
    entries = list(messages('msgid "Hi %(name)s"\nmsgstr "%(nama)sさん"\n', origin="sample"))

    assert len(gaps({}, entries)) == 1


def test_japanese_asks_and_exclaims_with_wide_marks():
    text = (Path(__file__).parents[2] / "locale/ja/LC_MESSAGES/django.po").read_text(encoding="utf-8")

    assert re.findall(r".{0,12}[ぁ-ヿ一-鿿][?!].{0,6}", text) == []

"""A letter is filled in as Django would fill it in, and its HTML says what its text says."""

import pytest
from django.template import Context, engines
from django.template.defaultfilters import linebreaks
from django.utils import translation
from django.utils.html import urlize
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue import letter_texts
from dialogue.core.letter_html import html_of
from dialogue.letter_texts import filled_in
from dialogue.letters import write_letter
from tests.thoroughness import examples

SOURCE = """{{ subject }}

{{ name }} 様
{% if place %}{{ place }}{% if note %}
({{ note }}){% endif %}{% elif online %}online{% else %}nowhere{% endif %}
{% if dates %}no. {{ number }}{% endif %}{% if not online %}!{% elif not note %}?{% endif %}
"""
WORDS = st.text(max_size=30)
GIVEN = st.fixed_dictionaries(
    {
        "subject": WORDS,
        "name": WORDS,
        "place": st.just("") | WORDS,
        "note": WORDS,
        "online": st.booleans() | st.none(),
        "dates": st.lists(WORDS, max_size=2),
        "number": st.integers(0, 5000),
    }
)
AWKWARD = st.lists(
    st.sampled_from(
        [
            *(
                "https://madoi.example.org/s/7/",
                "http://127.0.0.1:8000/a/x.y-z~/?answer=yes",
                "https://x.jp/?a=1&b=<2>",
            ),
            *("www.example.com", "example.org", "aoi@example.org", "(https://x.jp/a).", "19:30", "「https://x.jp/」"),
            *(
                "D'Arcy & Sons",
                '"quoted"',
                "<b>",
                "はい。",
                " ",
                "\n",
                "\n\n",
                "\n\n\n",
                "javascript:alert(1)",
                ":",
                ".",
            ),
        ]
    )
    | st.text(max_size=5),
    max_size=12,
).map("".join)


def template(source: str):
    return engines["django"].from_string(source).template


def by_django(source: str, given_: dict) -> str:
    return template(source).render(Context(given_, autoescape=False))


@settings(max_examples=examples(200), deadline=None)
@given(context=GIVEN)
def test_a_letter_is_filled_in_as_django_would(context):
    assert filled_in(template(SOURCE), context) == by_django(SOURCE, context)


def test_a_letter_of_plain_words_needs_no_template_engine(monkeypatch):
    source = template(SOURCE)
    context = {"subject": "S", "name": "N", "place": "P", "note": "", "online": None, "dates": [], "number": 3}
    monkeypatch.setattr(source, "render", None)

    assert filled_in(source, context).splitlines()[3:] == ["P", "!"]


@pytest.mark.parametrize(
    "source",
    [
        "{% for one in dates %}{{ one }}, {% endfor %}",
        "{{ name|upper }}",
        "{{ session.number }}",
        "{% if number == 3 %}three{% endif %}",
        "{% if place or note %}none{% endif %}",
        "{{ nothing_of_that_name }}!",
        "{{ half }}",
        "{% if half %}{{ name }}{% endif %}",
        '{{ "words" }}',
    ],
)
def test_what_is_not_plain_is_left_to_django(source):
    context = {
        "dates": ["a", "b"],
        "name": "D'Arcy & Sons",
        "session": {"number": 4},
        "number": 3,
        "place": "",
        "half": 0.5,
    }

    assert filled_in(template(source), context) == by_django(source, context)


@settings(max_examples=examples(300), deadline=None)
@given(text=AWKWARD)
def test_the_html_of_a_letter_is_what_djangos_filters_make_of_its_text(text):
    text = text.replace("\r\n", "\n").replace("\r", "\n")

    assert html_of(text, linked=lambda line: urlize(line, nofollow=True, autoescape=True)) == linebreaks(
        urlize(text, nofollow=True, autoescape=True)
    )


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_letter_says_the_same_twice_and_escapes_what_people_typed(language):
    context = {"name": "D'Arcy <b> & Sons", "programme": "P&Q", "organisation": "O", "term": "T", "contact": ""}
    with translation.override(language):
        letter = write_letter("matching/email/not_placed", context)

    assert "D'Arcy <b> & Sons" in letter.text
    assert "D&#x27;Arcy &lt;b&gt; &amp; Sons" in letter.html
    assert "<b>" not in letter.html
    assert f'<html lang="{language}">' in letter.html


def test_the_mails_that_leave_by_the_thousand_are_plain():
    for name in ("invitation", "moved", "cancelled", "reminder_72h", "reminder_24h", "reminder_1h"):
        for language in ("ja", "en"):
            source = engines["django"].get_template(f"sessions/email/{name}.{language}.txt").template
            assert letter_texts._pieces(source.nodelist), name  # noqa: SLF001  raises when it is not

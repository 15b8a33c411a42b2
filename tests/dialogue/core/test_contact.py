"""A contact line can be tapped on a phone, however it was typed."""

import pytest

from dialogue.core.contact import ContactPart, contact_parts


@pytest.mark.parametrize(
    ("line", "links"),
    [
        ("事務局 03-0000-0000", ["tel:0300000000"]),
        ("０３－００００－００００（平日）", ["tel:0300000000"]),
        ("03ー0000ー0000", ["tel:0300000000"]),
        ("+81 3 0000 0000", ["tel:+81300000000"]),
        ("desk@example.org または 090-0000-0000", ["mailto:desk@example.org", "tel:09000000000"]),
        ("受付は10時から17時", []),
        ("<b>x</b> javascript:alert(1)", []),
        ("", []),
    ],
)
def test_contact_line_links_numbers_and_addresses(line, links):
    assert [part.link for part in contact_parts(line) if part.link] == links


def test_words_beside_a_link_stay_as_wide_as_they_were_typed():
    assert contact_parts("０３－００００－００００（平日）")[-1] == ContactPart("（平日）")


def test_contact_line_keeps_every_word():
    parts = contact_parts("お電話は 03-0000-0000 まで")

    assert parts == [
        ContactPart("お電話は "),
        ContactPart("03-0000-0000", "tel:0300000000"),
        ContactPart(" まで"),
    ]

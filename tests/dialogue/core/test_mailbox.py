"""A name and an address."""

import pytest

from dialogue.core.mailbox import Mailbox


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  山田　花子 ", "山田 花子"),
        ("Aoi\r\nBcc: sam@example.net", "Aoi Bcc: sam@example.net"),
        ("Aoi\x00\u202e\ufeff", "Aoi"),
        ("\n", ""),
    ],
)
def test_a_name_keeps_only_what_is_visible_in_one_line(typed, kept):
    assert Mailbox(typed, "aoi@example.org").name == kept

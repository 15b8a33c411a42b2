"""An address is stored in one form, however it was typed."""

import pytest

from dialogue.core.mail_address import mail_address


@pytest.mark.parametrize(
    "typed",
    ["aoi@example.org", " Aoi@Example.ORG ", "ａｏｉ＠ｅｘａｍｐｌｅ．ｏｒｇ",
     "mailto:aoi@example.org", "aoi @ example.org\u3000", "\ufeffAOI@example.org"],
)  # fmt: skip
def test_spellings_of_one_address_are_one_address(typed):
    assert mail_address(typed) == "aoi@example.org"


@pytest.mark.parametrize("address", ["a..b@docomo.ne.jp", ".a@ezweb.ne.jp", "a.@docomo.ne.jp", "a..@t.vodafone.ne.jp"])
def test_old_addresses_of_japanese_carriers_are_taken(address):
    assert mail_address(address) == address


@pytest.mark.parametrize("address", ["aoi+term1@example.co.jp", "o'brien@example.org", "a@xn--eckwd4c7c.example.com"])
def test_unusual_but_valid_addresses_are_taken(address):
    assert mail_address(address) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "aoi",
        "aoi@",
        "@example.org",
        "aoi@localhost",
        "aoi@@example.org",
        "a..b@example.org",
        ".a@example.org",
        "a.@notdocomo.ne.jp",
        "aoi@-example.org",
        "aoi@example..org",
        "aoi@192.168.0.1",
        "aoi@example.org,b@example.org",
        "Aoi <aoi@example.org>",
        "aoi\n@example.org",
        "aoi\x00@example.org",
        "aoi\u202e@example.org",
        "あおい@example.org",
        "a" * 65 + "@example.org",
        "a@" + "a" * 64 + ".org",
    ],
)
def test_what_mail_cannot_be_sent_to_is_refused(typed):
    with pytest.raises(ValueError, match=r"address|dot"):
        mail_address(typed)

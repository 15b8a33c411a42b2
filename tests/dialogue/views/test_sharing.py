"""The page that tells advice from sharing is open to everybody and keeps nothing."""

import pytest
from django.urls import reverse

from dialogue.models import AuditEntry


@pytest.fixture
def try_it(client, db):
    return lambda text, language="ja": client.post(
        reverse("sharing"), {"text": text}, headers={"accept-language": language}
    ).content.decode()


def test_advice_is_shown_with_its_words_and_a_way_to_tell_it_as_ones_own(try_it):
    page = try_it("私は辞めました。もっと早く休んだほうがいいですよ。")

    assert "<dt>もっと早く休んだほうがいいですよ。</dt>" in page
    assert "私の場合は" in page


@pytest.mark.parametrize(("text", "language"), [("父に電話をしました。", "ja"), ("I called my father.", "en")])
def test_sharing_is_called_sharing(try_it, text, language):
    assert {"ja": "これは分かち合いです", "en": "This is sharing"}[language] in try_it(text, language)


def test_an_empty_box_and_a_long_text_are_answered_in_words_and_lose_nothing(try_it):
    assert "まず、一文書いてみてください。" in try_it("  ")
    assert "2000文字まで" in (page := try_it("あ" * 2001)) or "2,000文字まで" in page
    assert "あ" * 2001 in page


def test_markup_is_shown_as_text(try_it):
    assert "<b>You" not in try_it("<b>You should rest.</b>", "en")


def test_nothing_is_kept(try_it, client):
    try_it("もっと休んだほうがいいですよ。")

    assert AuditEntry.objects.count() == 0
    assert "休んだ" not in client.get(reverse("sharing")).content.decode()

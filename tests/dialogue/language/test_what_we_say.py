"""No text that the product shows advises on how to live, study or work. Operational help is wanted, and told apart."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

from config.catalogues import read
from dialogue.core.language import advice_in
from dialogue.core.language.frames import FRAMES
from dialogue.core.language.manner import CODES
from sessions.coaching import COACHING
from sessions.guide_words import CAUTIONS, LAST_GOODBYE, STEPS
from sessions.practice_words import ADVISES, FOLLOW_UPS, NOTICE, PROMPTS, SAYS
from tests.dialogue.core.prompts.sample import library

ROOT = Path(__file__).parents[3]

# Requests about the site itself ("please choose a date", "you can change it later") are what a page or a mail is for.
REQUESTS = {
    "ja-please", "ja-let-us", "ja-may", "ja-nasai", "en-order", "en-do-not", "en-you-could", "en-you-need-to",
    "en-would-be-better-off", "en-or-you-will",
}  # fmt: skip
# The second opinion learned from what people say to each other; a label, a heading or a mail of the site is put
# together otherwise, so pages and mails are judged by the rules. Prompts, values and agreements are judged by both.
NOT_TALK = set(CODES.values())
# What a passage is about when it helps with the running of things.
RUNNING = re.compile(
    r"ページ|押|選|予定表|事務局|連絡|カレンダー|リンク|ファイル|列|行|入力|書|確|コード|保存|日程|日時|日付|期|招待|メール|進行役|会議"
    r"|時刻|返事|送|申し込|グループ|登録|空欄|読める|見え|届|mail|page|office|calendar|choos|press|chang|answer|link|sav|date"
    r"|time|column|row|address|term|cohort|session|begin:|right|open it again",
    re.IGNORECASE,
)
# Each with the reason why it stays.
EXCEPTIONS = {
    "There is no need to prepare an answer.": "takes a burden off; asks nothing",
    "早めに分かると、みんなが助かります。": "says why an answer is asked for early",
    "必要なことはそこにあります。": "says where to look on the site",
    "お父さんとは、今のうちに話しておいたほうがいいですよ。": "the example of advice on the page about advice",
    "You should talk to your father while you can.": "the same in English",
    "もう一方のゼミの先生にも、話を聞きに行ったほうがいいですよ。": "said in a practice, to be noticed as advice",
    "You really should go and talk to the teacher of the other seminar, too.": "the same in English",
    "ふれるかもしれないこと": "the label of what a prompt may touch",
    "もう必要ない": "the label of a choice",
    "自分のパスキーを見る": "the label of a link",
    "待っている人に入ってもらう": "the label of a button",
    "アドレスの文字が足りないのかもしれません。": "says what may be wrong with a link",
    "Nobody should be the only one": "names a rule of how groups are formed",
}


def strings(found: object) -> Iterator[str]:
    if isinstance(found, dict):
        for one in found.values():
            yield from strings(one)
    elif isinstance(found, list):
        for one in found:
            yield from strings(one)
    elif isinstance(found, str):
        yield found


def test_no_agreement_advises():
    told = list(strings(json.loads((ROOT / "dialogue" / "texts" / "agreements.json").read_text("utf-8"))))

    assert len(told) > 10
    assert [one.text for text in told for one in advice_in(text)] == []


def test_nothing_of_the_library_advises():
    told = [
        text
        for prompt in library().prompts
        for _field, text in (*prompt.texts_ja(), *prompt.texts_en(), *((one, one.ja) for one in prompt.samples))
    ]

    assert len(told) > 1500
    assert [one.text for text in told for one in advice_in(text)] == []


def test_the_steps_of_a_session_and_our_own_frames_do_not_advise():
    told = [str(said) for words in STEPS.values() for said in (words.name, words.note, words.say)]
    told += [str(said) for said in (LAST_GOODBYE, *CAUTIONS.values())]
    told += [str(said) for moment in COACHING for said in (moment.name, moment.say, moment.note)]
    frames = [text for frame in FRAMES.values() for text in frame.values()]

    assert [said for text in told for said in advising(text, "ja")] == []
    assert [one.text for text in frames for one in advice_in(text)] == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_in_a_practice_one_line_advises_and_no_other(language):
    with override(language):
        told = [
            str(said)
            for said in (
                *SAYS.values(),
                *PROMPTS.values(),
                *sum(FOLLOW_UPS.values(), ()),
                *(one for both in NOTICE.values() for one in both),
            )
        ]
        meant = str(ADVISES)

    # Played members talk; they are held to what the line would show to people who say the same.
    assert [text for text in told if advice_in(text, language, use="line")] == [meant]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_mail_advises(language):
    found = []
    for path in sorted((ROOT / "templates").glob(f"*/email/*.{language}.txt")):
        text = re.sub(r"\{\{.*?\}\}", "ほたる", re.sub(r"\{[%#].*?[%#]\}", "", path.read_text("utf-8")))
        found += [f"{path.name}: {said}" for said in advising(text, language)]

    assert found == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_page_advises(language):
    catalogue = read(ROOT / "locale" / language / "LC_MESSAGES" / "django.po")
    texts = [re.sub(r"%\(\w+\)[sd]", "12", text) for message in catalogue for text in message.translations]

    assert len(texts) > 1000
    assert [said for text in texts for said in advising(text, language)] == []


def advising(text: str, language: str) -> list[str]:
    return [
        f"{one.rule}: {one.text}"
        for one in advice_in(text, language)
        if one.rule not in REQUESTS | NOT_TALK
        and not RUNNING.search(one.text)
        and not any(kept in one.text for kept in EXCEPTIONS)
    ]

"""The light questions of a はじめましてカード: one of them may be answered in a line before a circle first meets.

Each keeps the rules of the prompts (open, of these days, nobody's life course, no advice), so that people of twenty and
of sixty-five can answer any of them. A slug is never taken away: cards are stored by it.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class LightQuestion:
    """One question in both languages."""

    slug: str
    ja: str
    en: str

    def in_language(self, language: str) -> str:
        return self.ja if language.startswith("ja") else self.en


_EVERY: Final = (
    LightQuestion("season", "今の季節の、どんなところが好きですか。", "What do you like about this season?"),
    LightQuestion(
        "bag", "かばんに入っていると落ちつくものは何ですか。", "What puts you at ease when it is in your bag?"
    ),
    LightQuestion("path", "よく通る道には、何がありますか。", "What is there along a path that you often take?"),
    LightQuestion("smile", "近ごろ笑ったのは、どんな場面でしたか。", "What was a scene lately that made you smile?"),
    LightQuestion("pause", "ひと息つくとき、何を飲んでいますか。", "What do you drink when you take a break?"),
    LightQuestion("sound", "聞くとほっとするのは、どんな音ですか。", "What sound lets you breathe more easily?"),
)
LIGHT_QUESTIONS: Final = {one.slug: one for one in _EVERY}

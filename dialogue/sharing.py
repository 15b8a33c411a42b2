"""One quiet line before a text goes to others: 「あなた自身の場面で言うと？」. Private notes never come here.

Nothing of it is kept, neither that it was shown nor what was done with it, and it holds nothing back: whoever has seen
the line sends the same text with the next press.
"""

from collections.abc import Container
from typing import Final

from dialogue.core.language import Passage, advice_in
from dialogue.models import Cohort

SEEN: Final = "as_it_is"  # the field of a form whose writer has seen the line


def line_before_sending(*, text: str, kept: str, sent: Container[str], cohort_id: int) -> Passage | None:
    """Return the passage to show to the writer before `text` goes to others; nothing where it may simply go.

    It may where it says the same as what was `kept` before, where the form `sent` says that its writer has seen the
    line, where nothing in it advises, and where the cohort has the line switched off.
    """
    if text == kept or SEEN in sent:
        return None
    passage = next(iter(advice_in(text, use="line")), None)
    if passage and Cohort.objects.filter(pk=cohort_id, asks_own_scene=False).exists():
        return None
    return passage

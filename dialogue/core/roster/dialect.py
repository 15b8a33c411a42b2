"""What words without hours mean in one file: 終日, 19時以降, 夜. All in minutes after midnight."""

from dataclasses import dataclass
from typing import Final

from dialogue.core.week import MINUTES_IN_DAY

Hours = tuple[int, int]

DAY_STARTS: Final = 8 * 60
DAY_ENDS: Final = 22 * 60
EVENING_STARTS: Final = 19 * 60
EVENING_ENDS: Final = 23 * 60

# 気象庁 lets 夜 begin at 18 o'clock, forms mostly at 19, and 終日 ends at 22 here: what lies in all three is read.
# Other parts of a day (朝, 午後) differ by hours from person to person, so that their hours must be said.
_EVENING: Final = (EVENING_STARTS, DAY_ENDS)
_EVENING_WORDS: Final = ("夜", "夜間", "晩", "evening", "evenings")
USUAL_WORDS: Final = tuple((word, _EVENING) for word in _EVENING_WORDS)
# Who is busy in the evening may be so from 18 o'clock to midnight: nothing of it is promised.
BUSY_WORDS: Final = tuple((word, (18 * 60, MINUTES_IN_DAY)) for word in _EVENING_WORDS)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the people of one form write times.

    `words` are parts of a day and names of slots (1限) with their hours, as compared: narrow and in lower case.
    `clock` is 24 where 7-9 means the morning, 12 where a time without am or pm is unclear, 0 where each time is
    judged alone. A time without an end lasts `lasts` minutes, and is refused when that is 0.
    """

    all_day: Hours = (DAY_STARTS, DAY_ENDS)
    earliest: int = DAY_STARTS
    latest: int = EVENING_ENDS
    words: tuple[tuple[str, Hours], ...] = USUAL_WORDS
    clock: int = 0
    lasts: int = 0

    def hours_of(self, word: str) -> Hours | None:
        return dict(self.words).get(word)


USUAL: Final = Dialect()


def for_busy_hours(dialect: Dialect) -> Dialect:
    """Return the same dialect where people list when they are busy: open ends reach midnight, so that none is free."""
    return Dialect(
        all_day=(0, MINUTES_IN_DAY),
        earliest=0,
        latest=MINUTES_IN_DAY,
        words=dialect.words,
        clock=dialect.clock,
        lasts=dialect.lasts,
    )

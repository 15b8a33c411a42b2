"""The pages of a sign-up: their order, which of them somebody meets, and what is still missing.

Answers are plain JSON by page, as a draft keeps them. A page has answers only once its form was right.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

Answers = Mapping[str, Mapping[str, Any]]


class Page(StrEnum):
    """The pages in order. `GUARDIAN` is for those under 18; `CHECK` shows everything and sends it."""

    NAME = "name"
    GENERATION = "generation"
    GUARDIAN = "guardian"
    INTERESTS = "interests"
    TIMES = "times"
    AGREEMENTS = "agreements"
    CHECK = "check"


_NUMBERS: Final = {
    Page.NAME: 1,
    Page.GENERATION: 2,
    Page.GUARDIAN: 2,
    Page.INTERESTS: 3,
    Page.TIMES: 4,
    Page.AGREEMENTS: 5,
    Page.CHECK: 6,
}
PAGES_TO_COUNT: Final = max(_NUMBERS.values())


def number_of(page: Page) -> int:
    """Return where a page stands among the six. The guardian's shares the number of the question that leads to it."""
    return _NUMBERS[page]


def is_under(answers: Answers) -> bool:
    """Whether to treat somebody as under 18 or at 高校: all but a clear yes to 「18歳以上で、高校生ではない」."""
    return answers.get(Page.GENERATION, {}).get("adult") != "yes"


def pages_for(answers: Answers) -> tuple[Page, ...]:
    """Return the pages that somebody with these answers meets, in order."""
    skipped = set() if Page.GENERATION in answers and is_under(answers) else {Page.GUARDIAN}
    return tuple(page for page in Page if page not in skipped)


def missing(answers: Answers, *, texts: Mapping[str, str]) -> tuple[Page, ...]:
    """Return the pages that have no answers, or answers that do not hold any more, in order.

    `texts` gives the version of each text to be agreed to. Whoever agreed to another version is asked again, and a
    guardian's address that has become the applicant's own does not count.
    """
    return tuple(
        page
        for page in pages_for(answers)
        if page is not Page.CHECK and (page not in answers or not _holds(page, answers, texts))
    )


def next_page(answers: Answers, *, texts: Mapping[str, str]) -> Page:
    """Return where somebody goes on: the first page that misses something, or the last of all."""
    return next(iter(missing(answers, texts=texts)), Page.CHECK)


def page_before(page: Page, answers: Answers) -> Page | None:
    """Return the page that 「もどる」 leads to; None on the first."""
    order = pages_for(answers)
    at = order.index(page) if page in order else 0
    return order[at - 1] if at else None


def same_mailbox(one: str, other: str) -> bool:
    """Whether two stored addresses reach one person as far as can be told: what follows a plus does not count."""
    return _mailbox(one) == _mailbox(other)


def _holds(page: Page, answers: Answers, texts: Mapping[str, str]) -> bool:
    given = answers[page]
    if page is Page.GUARDIAN:
        return not same_mailbox(str(given["email"]), str(answers.get(Page.NAME, {}).get("email", "")))
    if page is Page.AGREEMENTS:
        return dict(given["texts"]) == dict(texts)
    return True


def _mailbox(address: str) -> str:
    local, _at, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"

"""Answers of somebody who signs up, page by page, as a browser sends them."""

import re
import time
from typing import Any

from django.core import mail
from django.test import Client

from dialogue.models import JoinLink, Participation, Partner, Term
from dialogue.services.join_links import open_link
from tests.factories import NOW

NAME = {
    "family_name": "例田",
    "given_name": "みなと",
    "family_kana": "レイダ",
    "given_kana": "ﾐﾅﾄ",
    "preferred_name": "みなとさん",
    "email": "Minato@Example.org",
    "phone": "０９０－００００－００００",
}
GENERATION = {"generation": "student", "adult": "yes", "languages": ["ja"]}
INTERESTS = {"topics": ["not-yet", "働くこと"], "own": "星、古い地図", "crossroads": "進学か、就職か"}
TIMES = {"ticked": [f"1-{at}" for at in range(1140, 1320, 30)], "away": ["2026-12-08"], "do": "next"}
AGREEMENTS = {"rules": "on", "take_part": "on"}
PAGES: dict[str, dict[str, Any]] = {
    "name": NAME,
    "generation": GENERATION,
    "interests": INTERESTS,
    "times": TIMES,
    "agreements": AGREEMENTS,
}


def make_link(term: Term, partner: str = "") -> JoinLink:
    of = Partner.objects.create(organisation=term.programme.organisation, name=partner) if partner else None
    return open_link(term=term, partner=of, now=NOW)


class Applicant:
    """Somebody at a browser with a join link."""

    def __init__(self, link: JoinLink, client: Client | None = None) -> None:
        self.client = client or Client()
        self.base = f"/join/{link.code}/"

    def begins(self) -> Any:
        return self.client.post(self.base, {"do": "start"})

    def answers(self, page: str, **other: Any) -> Any:
        return self.client.post(f"{self.base}{page}/", {**PAGES.get(page, {}), **other})

    def fills_in(self, **other: dict[str, Any]) -> None:
        """Begin, and answer every page that stands in the way of the last."""
        self.begins()
        for page in PAGES:
            answer = self.answers(page, **other.get(page, {}))
            assert answer.status_code == 302, answer.context["form"].errors
            if page == "generation" and "guardian" in other:
                assert self.answers("guardian", **other["guardian"]).status_code == 302

    def asks_for_the_number(self) -> str:
        """Press send on the last page and return the number that came by mail."""
        mails_are_there()
        before = len(mail.outbox)
        answer = self.client.post(f"{self.base}check/")
        assert answer.url == f"{self.base}number/", answer.url
        return newest_number(before + 1)

    def types(self, number: str) -> Any:
        return self.client.post(f"{self.base}number/", {"code": number})

    def signs_up(self, **other: dict[str, Any]) -> Participation:
        self.fills_in(**other)
        answer = self.types(self.asks_for_the_number())
        assert answer.url == f"{self.base}done/", answer.url
        return Participation.objects.order_by("-pk").first()


def mails_are_there(quiet: float = 0.05) -> None:
    """Wait until no number is on its way any more: one of an earlier test would be taken for this one's."""
    before = -1
    while len(mail.outbox) != before:
        before = len(mail.outbox)
        time.sleep(quiet)


def newest_number(mails: int) -> str:
    """Wait until so many mails have left, and return the number in the newest one."""
    patience = time.monotonic() + 10
    while len(mail.outbox) < mails and time.monotonic() < patience:
        time.sleep(0.01)
    found = re.match(r"\d+", mail.outbox[-1].subject.replace(" ", ""))
    assert found, mail.outbox[-1].subject
    return found.group()

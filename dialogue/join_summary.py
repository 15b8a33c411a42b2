"""What somebody has answered, in words: for the page that shows everything once more, and for their own page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from dialogue.core.interests import name_of
from dialogue.core.sign_up import Page, is_under, number_of
from dialogue.core.sign_up_week import HalfHour, windows_of
from dialogue.core.wording import format_date
from dialogue.forms.sign_up import LANGUAGES
from dialogue.forms.times import said_windows, slot_name
from dialogue.join_way import Way
from dialogue.models import Generation, SlotAnswer, Term

SIGNS = {SlotAnswer.Answer.YES: "○", SlotAnswer.Answer.MAYBE: "△", SlotAnswer.Answer.NO: "×"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer: what was asked, and what was said in one or more lines."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of one page, and where they are changed."""

    title: str
    url: str
    facts: tuple[Fact, ...]


def summary_of(way: Way) -> list[Group]:
    """Return every answer of a complete draft, page by page."""
    answers = way.answers
    groups = [
        Group(_("What you are called"), way.address(Page.NAME), _named(answers[Page.NAME])),
        Group(_("Your generation"), way.address(Page.GENERATION), _about(answers)),
    ]
    if is_under(answers):
        guardian = answers[Page.GUARDIAN]
        facts = (Fact(_("Name"), (guardian["name"],)), Fact(_("Mail address"), (guardian["email"],)))
        groups.append(Group(_("Your parent or guardian"), way.address(Page.GUARDIAN), facts))
    interests, times, agreed = (answers[page] for page in (Page.INTERESTS, Page.TIMES, Page.AGREEMENTS))
    groups.append(Group(_("Your interests"), way.address(Page.INTERESTS), interests_in_words(interests)))
    groups.append(
        Group(
            _("When you can come"),
            way.address(Page.TIMES),
            (Fact(_("Usually"), tuple(times_in_words(way.term, times))), *away_in_words(times)),
        )
    )
    said = [_("You keep to the rules of the dialogue."), _("You agree to take part.")]
    if "share_with_partner" in way.texts:
        told = _("%(partner)s may be told.") if agreed["share_with_partner"] else _("%(partner)s is not told.")
        said.append(told % {"partner": way.partner})
    groups.append(Group(_("What you agree to"), way.address(Page.AGREEMENTS), (Fact(_("Agreed"), tuple(said)),)))
    return groups


def step_titles() -> list[str]:
    """Return the titles of the six pages."""
    titles = {
        Page.NAME: _("What you are called"),
        Page.GENERATION: _("Your generation"),
        Page.INTERESTS: _("Your interests"),
        Page.TIMES: _("When you can come"),
        Page.AGREEMENTS: _("What you agree to"),
        Page.CHECK: _("Check and send"),
    }
    return [titles[page] for page in sorted(titles, key=number_of)]


def _named(given: Mapping[str, Any]) -> tuple[Fact, ...]:
    full = " ".join(part for part in (given["family_name"], given["given_name"]) if part)
    kana = " ".join(part for part in (given["family_kana"], given["given_kana"]) if part)
    facts = [
        Fact(_("Name"), (full,)),
        Fact(_("Reading"), (kana,)),
        Fact(_("What the others call you"), (given["preferred_name"],)),
        Fact(_("Mail address"), (given["email"],)),
        Fact(_("Phone"), (given["phone"],)),
    ]
    return tuple(fact for fact in facts if fact.lines[0])


def _about(answers: Mapping[str, Any]) -> tuple[Fact, ...]:
    given = answers[Page.GENERATION]
    adult = {
        "yes": pgettext("18 or older", "Yes"),
        "no": pgettext("18 or older", "No"),
        "unsure": pgettext("18 or older", "I am not sure"),
    }[given["adult"]]
    named = dict(LANGUAGES)
    languages = [str(named.get(each, each)) for each in given["languages"]]
    return (
        Fact(_("Generation"), (str(Generation(given["generation"]).label),)),
        Fact(_("18 or older and not in high school"), (adult,)),
        Fact(_("Languages of dialogue"), (_(", ").join(languages),)),
    )


def interests_in_words(given: Mapping[str, Any]) -> tuple[Fact, ...]:
    """Return topics, own words and the crossroads; what was left open is left out."""
    words = [_("I cannot put it into words yet")] if given["not_yet"] else []
    language = get_language() or "ja"
    words += [name_of(topic, language) for topic in given["topics"]] + list(given["own"])
    facts = [
        Fact(_("To hear and tell about"), (_(", ").join(words),)),
        Fact(_("Your crossroads (only you see it)"), tuple(given["crossroads"].splitlines())),
    ]
    return tuple(fact for fact in facts if any(fact.lines))


def times_in_words(term: Term, times: Mapping[str, Any]) -> list[str]:
    """Return times in the shape in which a draft keeps them as lines."""
    lines = [
        f"{SIGNS[SlotAnswer.Answer(answer)]} {slot_name(slot, term)}"
        for slot in term.slots.order_by("weekday", "starts", "ends")
        if (answer := times.get("slots", {}).get(str(slot.pk)))
    ]
    lines += said_windows(windows_of({HalfHour(*pair) for pair in times.get("ticked", [])}))
    return lines or [_("I do not know my times yet. I will tell them later.")]


def away_in_words(times: Mapping[str, Any]) -> tuple[Fact, ...]:
    """Return the single days as a fact, none where there is none."""
    language = get_language() or "ja"
    days = tuple(format_date(day=date.fromisoformat(day), language=language, year=True) for day in times["away"])
    return (Fact(_("Days on which you cannot come"), days),) if days else ()

"""Reminders and other messages that could not go out before they were of no use, as after a day without mail."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.addresses import address_of
from sessions.term_messages import KIND_WORDS
from sessions.today.kinds import Action, Desk, Item, Kind, register
from sessions.today.letters import lost
from sessions.today.words import some_names


@register
class Missed(Kind):
    """One line for each kind of message about one session or gathering: who missed it."""

    name = "missed"
    heading = gettext_lazy("Messages that came too late to be sent")
    rule = gettext_lazy(
        "Shown when a message of the last two weeks could not go out before it was of no use, so that you can call."
    )
    by_hand = True

    def items(self, desk: Desk) -> Iterable[Item]:
        found: dict[tuple[int, str, str], list[tuple[datetime, str]]] = defaultdict(list)
        for one in desk.once(lost):
            if one.missed:
                found[one.term, one.about, one.kind].append((one.at, one.name))
        for (term, about, kind), some in found.items():
            since = min(at for at, _name in some)
            said = {"kind": KIND_WORDS.get(kind, kind), "names": some_names(sorted({name for _at, name in some}))}
            yield Item(
                term=term,
                key=f"{about}-{kind}",
                since=since,
                what=desk.terms[term].name,
                evidence=_("%(kind)s, of %(day)s: %(names)s") % {**said, "day": desk.day(since)},
                action=Action(text=_("See which"), url=f"{address_of('term_messages', term)}?show=trouble"),
            )

"""Somebody calls for help out of a room, while their dialogue runs."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.addresses import address_of
from dialogue.core.wording import format_moment
from sessions.calls import CALLS, call_key, note_seen
from sessions.models import DialogueSession, Room
from sessions.today.kinds import Action, Desk, Item, Kind, register
from sessions.today.words import name_columns, session_word

REMEMBERED: Final = timedelta(days=30)


@register
class CallsFromRooms(Kind):
    """Until whoever leads there, or a coordinator, says that they have looked after it. Who called is not told."""

    name = CALLS
    heading = gettext_lazy("A call for help from a room")
    rule = gettext_lazy(
        "Shown at once when somebody in a room calls for help, until whoever leads there or one of you has looked "
        "after it. Nowhere is kept who it was. If none of you has seen it here within three minutes, each of you gets "
        "a mail."
    )
    by_hand = True
    waits = False  # somebody needs help now

    def shown(self, items: Sequence[Item]) -> None:
        if items:
            note_seen(item.key for item in items)

    def items(self, desk: Desk) -> Iterable[Item]:
        rows = DialogueSession.objects.filter(
            cohort__term__in=desk.term_ids, help_called_at__gt=desk.now - REMEMBERED
        ).annotate(open=Exists(Room.objects.filter(session=OuterRef("pk"))))
        columns = ("pk", "cohort__term", "cohort__number", "number", "help_called_at", "open", "facilitator_away_at")
        for pk, term, cohort, number, at, is_open, away, phone, email, *name in rows.values_list(
            *columns, "facilitator__phone", "facilitator__email", *name_columns("facilitator")
        ):
            key = call_key(pk, at)
            yield Item(
                term=term,
                key=key,
                since=at,
                what=session_word(cohort, number),
                evidence=" ".join(
                    (
                        _called(format_moment(at=at, zone=desk.zone, language=desk.language), is_open=is_open),
                        _("Nobody facilitates there.") if away else _leads(desk.name(*name), phone, email),
                    )
                ),
                action=Action(
                    text=_("I have looked after it"),
                    url=address_of("today_settle", term),
                    fields={"kind": CallsFromRooms.name, "key": key},
                ),
            )


def _called(moment: str, *, is_open: bool) -> str:
    if is_open:
        return _("Called on %(moment)s; the room is open.") % {"moment": moment}
    return _("Called on %(moment)s; the room has closed, and nobody said that they looked after it.") % {
        "moment": moment
    }


def _leads(name: str, phone: str, email: str) -> str:
    if not phone:
        return _("%(name)s facilitates; no phone number is known, mail: %(email)s.") % {"name": name, "email": email}
    return _("%(name)s facilitates; phone: %(phone)s.") % {"name": name, "phone": phone}

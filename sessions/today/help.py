"""Somebody asks for help: a note was reported, or a facilitator wishes for a call about a session."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.addresses import address_of
from dialogue.models import AuditEntry
from sessions.models import CohortNote, FacilitatorRecord
from sessions.today.kinds import Action, Desk, Done, Item, Kind, register
from sessions.today.words import cohort_word, name_columns, session_word

REMEMBERED: Final = timedelta(days=30)


@register
class Help(Kind):
    """Reported notes wait until somebody has decided; a wish for a call until somebody says that they called."""

    name = "help"
    heading = gettext_lazy("Somebody asks for help")
    rule = gettext_lazy("Shown at once when a note is reported, or a facilitator writes that you may call.")
    by_hand = True

    def items(self, desk: Desk) -> Iterable[Item]:
        yield from _reported(desk)
        yield from _calls(desk)

    def done(self, desk: Desk, since: datetime) -> Sequence[Done]:
        rows = AuditEntry.objects.filter(
            at__gt=since, action__in=["note_given_back", "note_deleted"], detail__term__in=desk.term_ids
        ).select_related("actor")
        return [
            Done(
                at=one.at,
                term=one.detail["term"],
                what=_("A reported note was decided about"),
                by=one.actor.full_name if one.actor else "",
            )
            for one in rows
        ]


def _reported(desk: Desk) -> Iterator[Item]:
    rows = CohortNote.objects.filter(cohort__term__in=desk.term_ids, reported_at__isnull=False)
    for pk, term, cohort, at in rows.values_list("pk", "cohort__term", "cohort__number", "reported_at"):
        yield Item(
            term=term,
            key=f"note-{pk}",
            since=at,
            what=_("%(cohort)s, its notebook") % {"cohort": cohort_word(cohort)},
            evidence=_("A note was reported on %(day)s. Nobody in the cohort sees it any more.")
            % {"day": desk.day(at)},
            action=Action(text=_("Read it and decide"), url=address_of("term_reported_notes", term)),
        )


def _calls(desk: Desk) -> Iterator[Item]:
    rows = FacilitatorRecord.objects.filter(
        session__cohort__term__in=desk.term_ids, follow_up=True, saved_at__gt=desk.now - REMEMBERED
    ).annotate(at=F("saved_at"))
    columns = ("pk", "session__cohort__term", "session__cohort__number", "session__number", "at")
    for pk, term, cohort, number, at, *name in rows.values_list(*columns, *name_columns("author")):
        yield Item(
            term=term,
            key=f"call-{pk}",
            since=at,
            what=session_word(cohort, number),
            evidence=_("%(name)s wrote on %(day)s that you may call about this session.")
            % {"name": desk.name(*name), "day": desk.day(at)},
            action=Action(
                text=_("I have called"),
                url=address_of("today_settle", term),
                fields={"kind": Help.name, "key": f"call-{pk}"},
            ),
        )

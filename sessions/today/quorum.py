"""Sessions that cannot take place as they stand."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.addresses import address_of
from sessions.models import DialogueSession, QuorumDanger
from sessions.today.kinds import Action, Desk, Done, Item, Kind, register
from sessions.today.words import session_word


@register
class Quorum(Kind):
    """A danger stays until people answer, somebody decides, or the time changes."""

    name = "quorum"
    heading = gettext_lazy("Sessions in danger")
    rule = gettext_lazy("Shown from three days ahead, while fewer people come than the session needs.")

    def items(self, desk: Desk) -> Iterable[Item]:
        rows = DialogueSession.objects.filter(
            cohort__term__in=desk.term_ids,
            dangers__status=QuorumDanger.Status.OPEN,
            dangers__starts_at=F("starts_at"),
            starts_at__gt=desk.now,
        ).with_answers()
        columns = ("pk", "cohort__term", "cohort__number", "number", "starts_at", "dangers__pk", "dangers__found_at")
        for pk, term, cohort, number, starts_at, danger, found_at, *answers in rows.values_list(
            *columns, "yes", "late", "no", "unanswered"
        ):
            yes, late, no, unanswered = answers
            counts = {"day": desk.day(starts_at), "come": yes + late, "no": no, "unanswered": unanswered}
            yield Item(
                term=term,
                key=f"{danger}",
                since=found_at,
                what=session_word(cohort, number),
                evidence=_("On %(day)s. Come: %(come)s. Cannot: %(no)s. Not answered: %(unanswered)s.") % counts,
                action=Action(text=_("See what helps"), url=address_of("session_rescue", pk)),
            )

    def done(self, desk: Desk, since: datetime) -> Sequence[Done]:
        rows = QuorumDanger.objects.filter(
            session__cohort__term__in=desk.term_ids,
            closed_at__gt=since,
            status__in=[QuorumDanger.Status.DECIDED, QuorumDanger.Status.EASED],
        ).select_related("session__cohort", "decided_by")
        return [
            Done(
                at=one.closed_at,
                term=one.session.cohort.term_id,
                what=_("%(session)s can take place")
                % {"session": session_word(one.session.cohort.number, one.session.number)},
                by=one.decided_by.full_name if one.decided_by else "",
            )
            for one in rows
            if one.closed_at
        ]

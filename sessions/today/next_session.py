"""Booked cohorts without a next session."""

from collections.abc import Iterable

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.addresses import address_of
from dialogue.models import Cohort
from sessions.core.today import lacks_next_session
from sessions.models import DialogueSession, SessionSeries
from sessions.today.kinds import Action, Desk, Item, Kind, register
from sessions.today.words import cohort_word


@register
class NextSession(Kind):
    """A cohort that has not met as often as its term promises, and does not know when it meets again."""

    name = "next_session"
    heading = gettext_lazy("No next session")
    rule = gettext_lazy(
        "Shown while a booked cohort has no date to come, though the term promises more sessions than it has had."
    )
    by_hand = True

    def items(self, desk: Desk) -> Iterable[Item]:
        standing = ~Q(sessions__status=DialogueSession.Status.CANCELLED)
        waits = Q(sessions__status=DialogueSession.Status.PROPOSED)
        coming = standing & (Q(sessions__ends_at__gt=desk.now) | waits)
        over = standing & Q(sessions__ends_at__lte=desk.now) & ~waits
        rows = (
            Cohort.objects.filter(term__in=desk.term_ids, series__status=SessionSeries.Status.BOOKED)
            .running()
            .annotate(
                ahead=Count("sessions", filter=coming),
                held=Count("sessions", filter=over),
                last=Max("sessions__ends_at", filter=over),
            )
            .filter(ahead=0)
        )
        columns = ("pk", "term", "term__session_count", "number", "held", "last", "series__booked_at")
        for pk, term, planned, number, held, last, booked_at in rows.values_list(*columns):
            if not lacks_next_session(held=held, ahead=0, planned=planned, last_end=last, now=desk.now):
                continue
            counts = {"held": held, "planned": planned, "day": desk.day(last) if last else "–"}
            yield Item(
                term=term,
                key=f"{pk}-{held}",
                since=last or booked_at,
                what=cohort_word(number),
                evidence=_("It has had %(held)s of %(planned)s sessions. The last one: %(day)s.") % counts,
                action=Action(text=_("Add a session"), url=address_of("session_add", pk)),
            )

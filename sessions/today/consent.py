"""Consent that is missing: of a guardian, or of somebody themselves."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.addresses import address_of
from dialogue.models import BulkMail, Participation
from sessions.core.today import GUARDIAN_PATIENCE, PERSON_PATIENCE, has_waited
from sessions.today.kinds import Action, Desk, Item, Kind, register
from sessions.today.people import Lacking, one_line_a_term
from sessions.today.words import name_columns

Reason = Participation.WaitingReason


@register
class Consent(Kind):
    """A guardian is reminded by mail after three days; what is here waits for a call."""

    name = "consent"
    heading = gettext_lazy("Consent is missing")
    rule = gettext_lazy(
        "Shown when a guardian has not answered for five days or was never asked, and when somebody's own consent has "
        "been missing for three days, and again three days after you asked."
    )

    def items(self, desk: Desk) -> Iterable[Item]:
        rows = Participation.objects.filter(
            term__in=desk.term_ids, waiting_reason__in=[Reason.GUARDIAN, Reason.CONSENT]
        ).order_by("created_at", "pk")
        columns = ("pk", "term", "person", "status", "waiting_reason", "created_at", "guardianship__asked_at")
        own = []
        for pk, term, person, status, reason, created_at, asked_at, *name in rows.values_list(
            *columns, *name_columns("person")
        ):
            since = asked_at or created_at if reason == Reason.GUARDIAN else created_at
            patience = GUARDIAN_PATIENCE if reason == Reason.GUARDIAN and asked_at else PERSON_PATIENCE
            if not has_waited(since, now=desk.now, patience=patience):
                continue
            if reason == Reason.CONSENT:
                invited = status == Participation.Status.APPLIED
                called = desk.name(*name)
                own.append(Lacking(pk=pk, term=term, person=person, name=called, since=since, invited=invited))
                continue
            said = (
                _("The guardian was asked on %(day)s.") if asked_at else _("No guardian has been asked since %(day)s.")
            )
            yield Item(
                term=term,
                key=f"guardian-{pk}",
                since=since,
                what=desk.name(*name),
                evidence=said % {"day": desk.day(since)},
                action=Action(text=_("Ask the guardian"), url=f"{address_of('reception_person', pk)}#guardian"),
            )
        on_paper = ("consent", _("It came on paper: write it down"))
        yield from one_line_a_term(own, desk=desk, purpose=BulkMail.Purpose.CONSENT, in_hand=on_paper)

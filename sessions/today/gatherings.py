"""Gatherings that look for a date, where it is time to settle one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dialogue.addresses import address_of
from dialogue.core.wording import format_moment
from sessions.core.gathering_dates import since_when_due
from sessions.gathering_choice import has_passed
from sessions.models import Gathering, GatheringOption
from sessions.today.kinds import Action, Desk, Done, Item, Kind, register

Status = Gathering.Status


@register
class Gatherings(Kind):
    """It stays until a date is settled or the gathering is called off. Nothing settles one by itself."""

    name = "gatherings"
    heading = gettext_lazy("Gatherings without a date")
    rule = gettext_lazy(
        "Shown once everybody has chosen, once choosing has closed, and from three days before the first of the dates."
    )

    def items(self, desk: Desk) -> Iterable[Item]:
        options = _options(desk)
        rows = Gathering.objects.filter(term__in=desk.term_ids, status=Status.ASKING).with_answers()
        rows = rows.annotate(last_chose_at=Max("answers__chose_at"))
        columns = ("pk", "term", "kind", "closes_at", "invited", "chose", "last_chose_at")
        for pk, term, kind, closes_at, invited, chose, last_chose_at in rows.values_list(*columns):
            all_chose_at = last_chose_at if invited and chose == invited else None
            first = min(one.starts_at for one in options[pk])
            since = since_when_due(first=first, closes_at=closes_at, all_chose_at=all_chose_at)
            if since > desk.now:
                continue
            left = [one for one in options[pk] if not has_passed(one, desk.now)]
            counts = {"chose": chose, "invited": invited}
            if not left:
                why = _("Every date has passed, and none was settled.")
            elif all_chose_at is not None:
                why = ngettext("The one who is asked has chosen.", "All %(invited)s have chosen.", invited) % counts
            elif closes_at <= desk.now:
                why = _("Choosing has closed: %(chose)s of %(invited)s have chosen.") % counts
            else:
                why = _("The first date is near or past: %(chose)s of %(invited)s have chosen.") % counts
            yield Item(
                term=term,
                key=f"{pk}",
                since=since,
                what=Gathering.Kind(kind).label,
                evidence=" ".join([why, _counts(left, desk)]).strip(),
                action=Action(
                    text=_("Settle the date") if left else _("Call it off, or see who chose"),
                    url=address_of("gathering", pk),
                ),
            )

    def done(self, desk: Desk, since: datetime) -> Sequence[Done]:
        """Return those whose date was settled: one that has been changed after that stands in the term's log."""
        rows = Gathering.objects.filter(
            term__in=desk.term_ids, status=Status.CONFIRMED, closes_at__isnull=False, sequence=0, changed_at__gt=since
        )
        return [
            Done(at=at, term=term, what=_("%(gathering)s has its date") % {"gathering": Gathering.Kind(kind).label})
            for kind, term, at in rows.values_list("kind", "term", "changed_at")
        ]


def _options(desk: Desk) -> Mapping[int, list[GatheringOption]]:
    """Return the dates of the gatherings that look for one, by gathering and in order, each with who could come."""
    found = defaultdict(list)
    rows = GatheringOption.objects.filter(gathering__term__in=desk.term_ids, gathering__status=Status.ASKING)
    for one in rows.annotate(number=Count("choices")).order_by("starts_at", "pk"):
        found[one.gathering_id].append(one)
    return found


def _counts(left: Sequence[GatheringOption], desk: Desk) -> str:
    """Return each date with how many could come then, as 「12月5日(土) 19:30：8人」."""
    words = []
    for one in left:
        when = format_moment(at=one.starts_at, zone=desk.zone, language=desk.language)
        people = ngettext("one person", "%(number)s people", one.number) % {"number": one.number}
        words.append(_("%(when)s: %(people)s") % {"when": when, "people": people})
    return _(", ").join(words)

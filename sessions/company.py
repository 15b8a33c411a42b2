"""Who may be brought together for one session, and whose given times hold it. Reads only.

Whoever must not meet is never brought together, and nothing tells that this is why somebody is not among the choices.
"""

from collections.abc import Sequence

from django.db.models import Q

from dialogue.availability import availability, maybe_availability
from dialogue.core.wall_clock import zone_named
from dialogue.models import Facilitation, PairWish, Participation
from dialogue.services.cohorts import unchecked_beside_young
from sessions.models import DialogueSession


def people_of(session: DialogueSession) -> list[Participation]:
    """Return who is expected: members, those of a cohort that is with them, and whoever steps in."""
    cohorts = DialogueSession.objects.filter(Q(pk=session.pk) | Q(joint_with=session)).values("cohort")
    members = Q(memberships__cohort__in=cohorts, memberships__left_at__isnull=True)
    guests = Q(guest_attendances__session=session)
    return list(Participation.objects.filter(members | guests).distinct().order_by("pk"))


def languages_of(cohort_id: int) -> set[str]:
    """Return the languages that every member of a cohort speaks."""
    rows = Participation.objects.filter(memberships__cohort=cohort_id, memberships__left_at__isnull=True)
    spoken = [set(one) for one in rows.values_list("languages", flat=True)]
    return set.intersection(*spoken) if spoken else set()


def may_meet(mine: Sequence[Participation], theirs: Sequence[Participation]) -> bool:
    """Whether no wish and no rule keeps anybody of these from anybody of those."""
    one, other = [each.pk for each in mine], [each.pk for each in theirs]
    apart = PairWish.objects.exclude(kind=PairWish.Kind.TOGETHER)
    if apart.filter(Q(first__in=one, second__in=other) | Q(first__in=other, second__in=one)).exists():
        return False
    term = mine[0].term if mine else None
    return term is None or not unchecked_beside_young(term=term, people=[*mine, *theirs])


def is_at_home(owner: Participation | Facilitation, session: DialogueSession) -> bool:
    """Whether the times that somebody gave hold the session; if need be (△) counts. Other bookings are not looked at.

    Reads what `READ_OF_PARTICIPATIONS` (of a facilitator `READ_OF_FACILITATIONS`) names: prefetch it.
    """
    term = session.cohort.term
    local = session.starts_at.astimezone(zone_named(term.zone))
    at_any_rate = {"term": term, "dates": {local.weekday(): [local.date()]}, "booked": ()}
    first = local.weekday() * 48 + (local.hour * 60 + local.minute) // 30
    wanted = sum(1 << (first + n) % 336 for n in range(-(-term.session_minutes // 30)))
    free = availability(owner, **at_any_rate) | maybe_availability(owner, **at_any_rate)
    return free & wanted == wanted

"""When the people of a term can come, as a coordinator looks at it: a table for each party, and what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dialogue.addresses import address_of
from dialogue.availability import READ_OF_FACILITATIONS, READ_OF_PARTICIPATIONS, availability
from dialogue.core.grid import SLOT_MINUTES
from dialogue.models import Facilitation, Participation, Term
from dialogue.reception_words import full_name_of
from dialogue.term_dates import dates_by_weekday
from matching.explanation_words import weekly_time
from sessions.core.seen_times import DAYS, MissingTime, Party, by_hour, missing_time, without_a_time

SHADES: Final = 4
PARTIES: Final[Mapping[Party, Promise]] = {
    Party.STUDENTS: gettext_lazy("Students"),
    Party.ALUMNI: gettext_lazy("Second career"),
    Party.FACILITATORS: gettext_lazy("Facilitators"),
}
LIVING: Final = (Participation.Status.APPLIED, Participation.Status.ACCEPTED, Participation.Status.PLACED)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """One party. A row is an hour: its clock and, for each weekday, how many are free and the shade from 0 to 4."""

    party: str
    label: Promise
    people: int
    rows: Sequence[tuple[str, Sequence[tuple[int, int]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermTimes:
    """The whole page. `unanswered` are names with where to reach them."""

    maps: Sequence[HeatMap]
    sentence: str
    unanswered: Sequence[tuple[str, str]]


def times_of(term: Term) -> TermTimes:
    """Return when people can come by the term's clock, on every date of its rhythm.

    Only ○ counts, not △, and nobody's other bookings: it is what people said.
    """
    dates = dates_by_weekday(term)
    people = term.participations.filter(status__in=LIVING).select_related("person")
    people = people.defer("crossroads", "note", "asked", "replied").prefetch_related(*READ_OF_PARTICIPATIONS)
    leaders = term.facilitations.select_related("person").prefetch_related(*READ_OF_FACILITATIONS)
    masks: dict[Party, list[int]] = {party: [] for party in Party}
    unanswered = []
    owners: list[Participation | Facilitation] = [*people.order_by("created_at", "pk"), *leaders.order_by("pk")]
    for one in owners:
        if not _has_answered(one):
            unanswered.append((full_name_of(one), _where(one)))
            continue
        party = Party(one.generation) if isinstance(one, Participation) else Party.FACILITATORS
        masks[party].append(availability(one, term=term, dates=dates, booked=()))
    return TermTimes(maps=_maps(masks), sentence=_sentence(masks, term), unanswered=unanswered)


def _has_answered(one: Participation | Facilitation) -> bool:
    return bool(one.windows.all() or one.slot_answers.all())


def _where(one: Participation | Facilitation) -> str:
    if isinstance(one, Participation):
        return address_of("reception_person", one.pk)
    return f"{address_of('term_people', one.term_id)}?who=facilitators"


def _maps(masks: Mapping[Party, Sequence[int]]) -> list[HeatMap]:
    """Return a table for each party, all with the same hours: from the first to the last in which anybody is free."""
    counts = {party: by_hour(masks[party]) for party in Party}
    hours = sorted({hour for week in counts.values() for day in week for hour, number in enumerate(day) if number})
    shown = range(hours[0], hours[-1] + 1) if hours else ()
    return [
        HeatMap(
            party=party.value,
            label=PARTIES[party],
            people=len(masks[party]),
            rows=[(f"{hour}:00", _row(counts[party], hour)) for hour in shown],
        )
        for party in Party
    ]


def _row(week: Sequence[Sequence[int]], hour: int) -> list[tuple[int, int]]:
    most = max(max(day) for day in week)
    return [(week[day][hour], _shade(week[day][hour], most)) for day in range(DAYS)]


def _shade(number: int, most: int) -> int:
    """Return how dark a cell is: 0 where nobody is free, 4 where most are."""
    return -(-number * SHADES // most) if most else 0


def _sentence(masks: dict[Party, list[int]], term: Term) -> str:
    """Return which time is missing most, in one sentence; nothing before anybody has answered."""
    if not any(masks.values()):
        return ""
    length, least = -(-term.session_minutes // SLOT_MINUTES), term.min_per_generation
    wanted = {party: masks[party] for party in Party}
    if found := missing_time(wanted, length=length, least=least):
        return _missing_in_words(found, term)
    if number := without_a_time(wanted, length=length, least=least):
        return ngettext(
            "One person shares no time yet with enough others and a facilitator, and no single time would change that.",
            "%(number)s people share no time yet with enough others and a facilitator, and no single time would change "
            "that for them.",
            number,
        ) % {"number": number}
    return _("No window is missing: everybody who answered shares a time with both generations and a facilitator.")


def _missing_in_words(found: MissingTime, term: Term) -> str:
    words: Iterable[tuple[str, int]] = ((party.value, number) for party, number in found.here.items())
    said = {
        Party.FACILITATORS: _(
            "What is missing most: a facilitator on %(when)s. %(student)s students and %(alumni)s people in their "
            "second career could come then, %(gain)s of them at no other time."
        ),
        Party.STUDENTS: _(
            "What is missing most: students on %(when)s. %(alumni)s people in their second career could come then, and "
            "a facilitator; %(gain)s people have no other time."
        ),
        Party.ALUMNI: _(
            "What is missing most: people in their second career on %(when)s. %(student)s students could come then, "
            "and a facilitator; %(gain)s people have no other time."
        ),
    }
    return said[found.party] % {**dict(words), "when": weekly_time(term, found.start, inside=True), "gain": found.gain}

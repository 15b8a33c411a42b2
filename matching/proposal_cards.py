"""A run's proposals as a coordinator looks at them: who, when, with whom, and why together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language

from dialogue.core.interests import Ratings, between, name_of
from dialogue.core.week import WeeklyWindow
from dialogue.models import Generation, Participation, Person, Term
from matching.models import CohortProposal, MatchRun

MOST_RELATED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalCard:
    """One proposed cohort. Windows are by wall clock of the term's zone; people stand in 五十音 order.

    Interests are named in the reader's language. `related_interests` pairs one that a student named with one that lies
    close to it and that somebody of the alumni named.
    """

    number: int
    window: WeeklyWindow
    other_windows: tuple[WeeklyWindow, ...]
    facilitator: Person
    students: tuple[Person, ...]
    alumni: tuple[Person, ...]
    shared_interests: tuple[str, ...]
    related_interests: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingGroup:
    """The people whom a run could not place for one reason."""

    reason: str
    words: str
    people: tuple[Person, ...]


def cards_of(proposals: Iterable[CohortProposal], *, term: Term) -> list[ProposalCard]:
    """Return the cards of proposals that were read with `with_people`."""
    return [_card(proposal, term) for proposal in proposals]


def _card(proposal: CohortProposal, term: Term) -> ProposalCard:
    members = [member.participation for member in proposal.members.all()]
    window = _window(proposal.weekday, proposal.starts, term)
    language = get_language() or "ja"
    reasons = between(*(_interests(members, generation) for generation in (Generation.STUDENT, Generation.ALUMNI)))
    return ProposalCard(
        number=proposal.number,
        window=window,
        other_windows=tuple(
            other for weekday, starts in proposal.common_windows if (other := _window(weekday, starts, term)) != window
        ),
        facilitator=proposal.facilitation.person,
        students=_in_order(members, Generation.STUDENT),
        alumni=_in_order(members, Generation.ALUMNI),
        shared_interests=tuple(name_of(key, language) for key in proposal.shared_interests),
        related_interests=tuple(
            (name_of(pair.one, language), name_of(pair.other, language)) for pair in reasons.related[:MOST_RELATED]
        ),
    )


def _interests(members: Sequence[Participation], generation: Generation) -> list[Ratings]:
    return [one.interests for one in members if one.generation == generation]


def unplaced_of(run: MatchRun) -> list[WaitingGroup]:
    """Return the people whom the run left waiting, the most frequent reason first. Costs one query."""
    by_reason: dict[str, list[Participation]] = {}
    for one in run.unplaced.select_related("participation__person"):
        by_reason.setdefault(one.reason, []).append(one.participation)
    return [
        WaitingGroup(
            reason=reason,
            words=str(Participation.WaitingReason(reason).label),
            people=tuple(sorted((one.person for one in people), key=_kana)),
        )
        for reason, people in sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _window(weekday: int, starts: int, term: Term) -> WeeklyWindow:
    return WeeklyWindow(weekday, starts, starts + term.session_minutes)


def _in_order(members: Sequence[Participation], generation: Generation) -> tuple[Person, ...]:
    return tuple(sorted((one.person for one in members if one.generation == generation), key=_kana))


def _kana(person: Person) -> tuple[str, str, str]:
    return (person.family_kana, person.given_kana, person.preferred_name)

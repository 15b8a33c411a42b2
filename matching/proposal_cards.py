"""A run's proposals as a coordinator looks at them: who, when, with whom, and why together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dialogue.core.interests import Ratings, between, name_of
from dialogue.core.week import WeeklyWindow
from dialogue.core.wording import format_name
from dialogue.models import Generation, Participation, Person, Term
from matching.explaining import MOST_CHANGES
from matching.explanation_words import Reasons, Words, is_about_leaders, named_in
from matching.models import CohortProposal, MatchRun
from matching.services.asking import may_be_asked, with_asks

MOST_RELATED: Final = 3


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody in a proposed cohort."""

    participation: Participation

    @property
    def preferred_name(self) -> str:
        return self.participation.person.preferred_name

    @property
    def full_name(self) -> str:
        return self.participation.person.full_name


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalCard:
    """One proposed cohort. Windows are by wall clock of the term's zone; people stand in 五十音 order.

    Interests are named in the reader's language. `related_interests` pairs one that a student named with one that lies
    close to it and that somebody of the alumni named. `unlinked` are pairs across the generations that share nothing.
    """

    number: int
    window: WeeklyWindow
    other_windows: tuple[WeeklyWindow, ...]
    facilitator: Person
    students: tuple[Seated, ...]
    alumni: tuple[Seated, ...]
    shared_interests: tuple[str, ...]
    related_interests: tuple[tuple[str, str], ...]
    reasons: Reasons | None
    unlinked: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPerson:
    """Somebody whom a run could not place, and the one change that would; `change` is empty where none was sought."""

    participation: Participation
    change: str
    asks: str = ""
    """Whom one press asks for the time that would place them."""
    asked_at: datetime | None = None
    said: str = ""

    @property
    def person(self) -> Person:
        return self.participation.person


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingGroup:
    """The people whom a run could not place for one reason."""

    reason: str
    words: str
    people: tuple[WaitingPerson, ...]


def cards_of(proposals: Iterable[CohortProposal], *, term: Term) -> list[ProposalCard]:
    """Return the cards of proposals that were read with `with_people`. Costs two queries, however many they are."""
    listed = list(proposals)
    people, leaders = named_in(proposal.explanation for proposal in listed)
    words = Words(term, people=people, facilitators=leaders)
    return [_card(proposal, term, words) for proposal in listed]


def _card(proposal: CohortProposal, term: Term, words: Words) -> ProposalCard:
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
        reasons=words.reasons(proposal.explanation, quality=proposal.quality),
        unlinked=tuple(_unlinked(proposal, members, language)),
        note=proposal.note,
    )


def _unlinked(proposal: CohortProposal, members: Sequence[Participation], language: str) -> Iterator[str]:
    if not proposal.explanation:
        return
    linked = {(student, alumni) for student, alumni, *_topics in proposal.explanation["bridges"]}
    for one in _in_order(members, Generation.STUDENT):
        for other in _in_order(members, Generation.ALUMNI):
            if (one.participation.pk, other.participation.pk) not in linked:
                names = {
                    "one": format_name(name=one.preferred_name, language=language),
                    "other": format_name(name=other.preferred_name, language=language),
                }
                yield _("%(one)s and %(other)s named nothing in common, and nothing that lies close.") % names


def _interests(members: Sequence[Participation], generation: Generation) -> list[Ratings]:
    return [one.interests for one in members if one.generation == generation]


def unplaced_of(run: MatchRun) -> list[WaitingGroup]:
    """Return the people whom the run left waiting, the most frequent reason first. Costs three queries."""
    rows = list(with_asks(run.unplaced.select_related("participation__person", "participation__term")))
    changes = [one.change for one in rows if one.change]
    words = Words(
        run.term,
        people=[change["partner"] for change in changes],
        facilitators=[change["who"] for change in changes if change["kind"].startswith("facilitator")],
    )
    none_found = _("We found no single change that would be enough.") if len(rows) <= MOST_CHANGES else ""
    by_reason: dict[str, list[WaitingPerson]] = {}
    for one in sorted(rows, key=lambda row: _kana(row.participation.person)):
        waiting = WaitingPerson(
            participation=one.participation,
            change=words.change(one.change) or none_found,
            asks=words.asked(one.change, one.participation.person) if may_be_asked(one) else "",
            asked_at=one.asked_at,
            said=one.said or "",
        )
        by_reason.setdefault(one.reason, []).append(waiting)
    return [
        WaitingGroup(reason=reason, words=str(Participation.WaitingReason(reason).label), people=tuple(people))
        for reason, people in sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What would help a whole term, and what in the answers stands in the way, a sentence each."""

    hints: Sequence[str] = ()
    obstacles: Sequence[str] = ()


def help_of(run: MatchRun) -> Help:
    """Return what a run found for the whole term. Costs a query where people are named, and one for facilitators."""
    findings = run.hints.get("findings", ())
    people = [pk for pk, *_what in run.hints.get("person", ())]
    people += [pk for finding, ids in findings if not is_about_leaders(finding) for pk in ids]
    leaders = [pk for finding, ids in findings if is_about_leaders(finding) for pk in ids]
    words = Words(run.term, people=people, facilitators=leaders)
    return Help(hints=words.hints(run.hints), obstacles=words.obstacles(run.hints))


def _window(weekday: int, starts: int, term: Term) -> WeeklyWindow:
    return WeeklyWindow(weekday, starts, starts + term.session_minutes)


def _in_order(members: Sequence[Participation], generation: Generation) -> tuple[Seated, ...]:
    there = [one for one in members if one.generation == generation]
    return tuple(Seated(one) for one in sorted(there, key=lambda one: _kana(one.person)))


def _kana(person: Person) -> tuple[str, str, str]:
    return (person.family_kana, person.given_kana, person.preferred_name)

"""Who is at a session, in the words of its pages: names in 五十音 order, answers, and what was said beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db.models import FilteredRelation, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from dialogue.core.text import hiragana
from dialogue.models import Cohort, Membership, Person
from dialogue.prepared import Prepared
from sessions.models import Attendance, DialogueSession
from sessions.reading import Seen

Answer = Attendance.Answer

OF_OTHERS: Final[dict[str, Promise]] = {
    Answer.YES.value: gettext_lazy("Come"),
    Answer.LATE.value: gettext_lazy("Late"),
    Answer.NO.value: gettext_lazy("Cannot come"),
    Answer.NONE.value: gettext_lazy("Not answered"),
}
"""Answers as somebody else reads them: `Answer.label` speaks as whoever gives it."""


class Named(NamedTuple):
    """What somebody's place among others is told by: a row of these columns of `Person`."""

    pk: int
    preferred_name: str
    family_name: str
    given_name: str
    family_kana: str
    given_kana: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Somebody who belongs to a session today: the name they go by, and their answer ("" before a series is booked)."""

    person_id: int
    name: str
    answer: str
    topics: Sequence[str] = ()
    """What both generations of the cohort chose."""
    steps_in: bool = False
    """Whether they are of another cohort and come to this one session."""
    shows_card: bool = False
    """Whether they have written the card that the circle reads before it meets."""
    brings_cards: bool = False
    """Whether they bring value cards. Others read only that some do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The people who gave one answer."""

    label: str
    names: list[str]


def _expected(cohort: int, session: int) -> QuerySet[Person, Any]:
    members = Membership.objects.filter(cohort=cohort, left_at__isnull=True).values("participation__person")
    guests = Attendance.objects.filter(session=session, guest__ended_at__isnull=True, guest__isnull=False)
    rows = Person.objects.filter(pk__in=members.union(guests.values("person"))).annotate(
        here=FilteredRelation("attendances", condition=Q(attendances__session=session)),
        card=FilteredRelation("greeting_cards", condition=Q(greeting_cards__cohort=cohort)),
        topics=Subquery(Cohort.objects.filter(pk=cohort).values("shared_interests")),
    )
    return rows.values_list(*Named._fields, "here__answer", "here__guest", "topics", "card__pk", "here__brings_cards")


_EXPECTED: Final = Prepared(_expected, cohort=int, session=int)


def expected_at(session: DialogueSession | Seen) -> list[Expected]:
    """Return the members of a session's cohort today, and whoever steps in, with their answers, in 五十音 order.

    One query.
    """
    found = _EXPECTED.rows(cohort=session.cohort_id, session=session.pk)
    people = [
        (Named(*names), answer, guest, topics, card, brings) for *names, answer, guest, topics, card, brings in found
    ]
    return [
        Expected(
            person_id=one.pk,
            name=one.preferred_name,
            answer=answer or "",
            topics=() if guest else topics,
            steps_in=guest is not None,
            shows_card=card is not None,
            brings_cards=bool(brings),
        )
        for one, answer, guest, topics, card, brings in sorted(people, key=lambda each: in_kana_order(each[0]))
    ]


def has_notebook(reader: Person, seen: Seen, people: Iterable[Expected]) -> bool:
    """Return whether this person sits in the cohort's own circle. Whoever steps in once, in either role, does not.

    One query for whoever leads the session, none for anybody else.
    """
    if seen.facilitator_id == reader.pk:
        return Cohort.objects.filter(pk=seen.cohort_id, facilitation__person=reader).exists()
    return any(one.person_id == reader.pk and not one.steps_in for one in people)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody said beside their answer, as far as its reader may know it."""

    name: str
    late_minutes: int | None
    reason: str
    hello: str


def said_about(session: DialogueSession | Seen, *, with_hellos: bool) -> list[Said]:
    """Return what people said beside their answers, in 五十音 order. One query.

    A reason that its author did not share is left out; hellos are for the facilitator, who passes them on.
    """
    rows = Attendance.objects.filter(session=session.pk).exclude(answer=Answer.NONE).select_related("person")
    said = [
        Said(
            name=one.person.preferred_name,
            late_minutes=one.late_minutes,
            reason=one.reason if one.reason_shared else "",
            hello=one.hello if with_hellos else "",
        )
        for one in sorted(rows, key=lambda each: in_kana_order(each.person))
    ]
    return [one for one in said if one.late_minutes or one.reason or one.hello]


def by_answer(answers: Iterable[tuple[str, str]]) -> list[Group]:
    """Return (answer, name) pairs as one group for each answer that was given; no answer comes last."""
    names: dict[str, list[str]] = {value: [] for value in (Answer.YES, Answer.LATE, Answer.NO, Answer.NONE)}
    for answer, name in answers:
        names[answer or Answer.NONE].append(name)
    return [Group(label=str(OF_OTHERS[value]), names=those) for value, those in names.items() if those]


def in_kana_order(person: Person | Named) -> tuple[str, int]:
    """Return what people are sorted by: the sound of the name they go by.

    Only that name is shown to peers, and an order by one they do not see would look like none.
    """
    name = person.preferred_name
    sounds = {person.family_name: person.family_kana, person.given_name: person.given_kana}
    return hiragana(sounds.get(name) or name), person.pk

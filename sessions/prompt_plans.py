"""What the planner is told of a cohort, and its series as it stands: reads only."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from dialogue.core.prompts.cohort_profile import CohortProfile, topics_by_domain
from dialogue.core.prompts.prompt import Depth
from dialogue.core.prompts.series_plan import Chosen, alternatives, explained
from dialogue.core.prompts.sufficing import Verdict, verdict_on
from dialogue.models import Cohort, Prompt
from sessions.circle import member_ids
from sessions.core.door import prompts_from
from sessions.models import Attendance, DialogueSession, FacilitatorRecord, PromptWishes, SessionPrompt

TAGS = ("pk", "slug", "value", "domain", "depth", "stage", "sensitivity", "adapts")
Status = DialogueSession.Status
NextDepth = FacilitatorRecord.NextDepth
_STEP = {NextDepth.SHALLOWER: -1, NextDepth.SAME: 0, NextDepth.DEEPER: 1}


def deck_of(cohort: Cohort) -> int | None:
    """Return the key of the own deck that a cohort's prompts come from alone; None for every prompt. No query."""
    if cohort.draws_from_all:
        return None
    return cohort.own_deck_id or cohort.term.own_deck_id


def prompts_to_draw(cohort: Cohort) -> list[Prompt]:
    """Return what a cohort may be given, with what the planner needs of it, in the order of the decks. One query."""
    drawn = Prompt.objects.drawn_for(cohort.term.programme_id, deck=deck_of(cohort))
    return list(drawn.order_by("deck", "position").only(*TAGS))


class ToPlan(TypedDict):
    """What `plan_series` and `verdict_on` are told of a series of which some sessions are to be given prompts."""

    prompts: list[Prompt]
    how_many_sessions: int
    cohort: CohortProfile
    seed: int
    fixed: dict[int, list[Prompt]]


def to_plan(cohort: Cohort, *, series: Sequence[int], to_draw: Collection[int]) -> ToPlan:
    """Return what the planner is told to give sessions prompts, none that the cohort has in another.

    Six queries, however many sessions and prompts.

    Args:
        series: the keys of the cohort's sessions that take place, by number.
        to_draw: those of them that are to be given prompts. The others stay as they are.
    """
    had = SessionPrompt.objects.filter(session__cohort=cohort).exclude(session__in=to_draw).select_related("prompt")
    laid = list(had.order_by("round"))
    met = {row.prompt.root for row in laid}
    draw = PromptWishes.objects.filter(cohort=cohort).values_list("draw", flat=True).first() or 0
    return {
        "prompts": [prompt for prompt in prompts_to_draw(cohort) if prompt.root not in met],
        "how_many_sessions": len(series),
        "cohort": profile_of(cohort),
        "seed": cohort.number + 1_000 * draw + len(laid),
        "fixed": {
            place: [row.prompt for row in laid if row.session_id == pk]
            for place, pk in enumerate(series)
            if pk not in to_draw
        },
    }


def profile_of(cohort: Cohort) -> CohortProfile:
    """Return what the planner may know of a cohort. Three queries, however many people and prompts.

    Prompts that a member was to meet in another cohort count as met, unless that session was cancelled, and so does
    what was adapted from the same one. Those of the cohort itself do not: the planner sees them as they lie.
    """
    wishes = PromptWishes.objects.filter(cohort=cohort).first()
    elsewhere = (
        Attendance.objects.filter(person__in=member_ids(cohort))
        .exclude(session__cohort=cohort)
        .exclude(session__status=Status.CANCELLED)
    )
    given = SessionPrompt.objects.filter(session__in=elsewhere.values("session"))
    met = Prompt.objects.alike(given.values("prompt")).values_list("slug", flat=True)
    return CohortProfile(
        values=frozenset(wishes.values) if wishes else frozenset(),
        topics=topics_by_domain(cohort.shared_interests),
        met=frozenset(met),
        left_out=frozenset(wishes.left_out) if wishes else frozenset(),
        deepest=Depth.REGRET if wishes and wishes.ready else Depth.DILEMMA,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPrompt:
    """A prompt in its place in a cohort's series: `round` counts from 1, as it is stored."""

    session_prompt: SessionPrompt
    chosen: Chosen

    @property
    def round(self) -> int:
        return self.session_prompt.round


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthWish:
    """What the latest finished record says of the next session: from which session, and how deep."""

    session: int
    """The number of the session that the record is about."""
    next_depth: NextDepth
    depths: list[int]
    """How deep that session's prompts were, by round."""

    def depth_for(self, place: int) -> int | None:
        """Return the depth wished for one round, counted from 0; None where there is nothing to compare it with."""
        if not self.depths:
            return None
        before = self.depths[min(place, len(self.depths) - 1)]
        return min(max(before + _STEP[self.next_depth], Depth.PREFERENCE), Depth.REGRET)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSession:
    """A session of a series with its prompts; `fixed` from the moment its people may read them."""

    session: DialogueSession
    prompts: list[PlannedPrompt]
    fixed: bool
    wish: DepthWish | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSeries:
    """The sessions of a cohort that take place, by number."""

    cohort: Cohort
    profile: CohortProfile
    sessions: list[PlannedSession]

    @property
    def begun(self) -> bool:
        return any(one.fixed for one in self.sessions)

    @property
    def all_fixed(self) -> bool:
        return all(one.fixed for one in self.sessions)

    def deck_verdict(self) -> Verdict:
        """Return whether what the cohort draws from suffices for the sessions that can still be drawn. Six queries."""
        still_open = [one.session.pk for one in self.sessions if not one.fixed]
        series = [one.session.pk for one in self.sessions]
        return verdict_on(**to_plan(self.cohort, series=series, to_draw=still_open)) if still_open else Verdict()

    def others_for(self, session: DialogueSession, round_: int) -> list[tuple[Prompt, Chosen]]:
        """Return what could stand in a place instead, best first. Two queries."""
        drawn = {prompt.slug: prompt for prompt in prompts_to_draw(self.cohort)}
        at = next(n for n, one in enumerate(self.sessions) if one.session.pk == session.pk)
        place = next(n for n, one in enumerate(self.sessions[at].prompts) if one.round == round_)
        laid = [[one.session_prompt.prompt for one in those.prompts] for those in self.sessions]
        wish = self.sessions[at].wish
        # What is the same prompt in other words may take its place, and stands nowhere beside it.
        elsewhere = {prompt.root for those in laid for prompt in those} - {laid[at][place].root}
        found = alternatives(
            prompts=[prompt for prompt in drawn.values() if prompt.root not in elsewhere],
            sessions=laid,
            session=at,
            round=place,
            cohort=self.profile,
            wished=wish.depth_for(place) if wish else None,
        )
        whole = Prompt.objects.select_related("deck").in_bulk([drawn[one.slug].pk for one in found])
        return [(whole[drawn[one.slug].pk], one) for one in found]


def planned_series(cohort: Cohort, *, now: datetime) -> PlannedSeries:
    """Return a cohort's series as it stands, with what speaks for each prompt. Five queries, whatever its length."""
    profile = profile_of(cohort)
    taking_place = cohort.sessions.exclude(status=Status.CANCELLED).select_related("record")
    sessions = list(taking_place.order_by("number"))
    rows = _rows_by_session(session.pk for session in sessions)
    prompts = {row.prompt.slug: row.prompt for those in rows.values() for row in those}
    slugs = [[row.prompt.slug for row in rows.get(session.pk, [])] for session in sessions]
    chosen = explained(prompts=prompts, sessions=slugs, cohort=profile) if sessions else []
    following, wish = _wished(sessions, rows, now)
    return PlannedSeries(
        cohort=cohort,
        profile=profile,
        sessions=[
            PlannedSession(
                session=session,
                prompts=[
                    PlannedPrompt(session_prompt=row, chosen=why)
                    for row, why in zip(rows.get(session.pk, []), reasons, strict=True)
                ],
                fixed=is_fixed(session, now=now),
                wish=wish if session == following else None,
            )
            for session, reasons in zip(sessions, chosen, strict=True)
        ],
    )


def is_fixed(session: DialogueSession, *, now: datetime) -> bool:
    """Whether people may have read a session's prompts already, so that they stay what they are."""
    return session.status != Status.PROPOSED and prompts_from(starts_at=session.starts_at) <= now


def _wished(
    sessions: list[DialogueSession], rows: dict[int, list[SessionPrompt]], now: datetime
) -> tuple[DialogueSession | None, DepthWish | None]:
    """Return the next session and what the latest finished record before it wishes for it."""
    to_come = (n for n, one in enumerate(sessions) if one.status == Status.PROPOSED or one.starts_at > now)
    following = next(to_come, None)
    if following is None:
        return None, None
    for before in reversed(sessions[:following]):
        record = getattr(before, "record", None)
        if record is not None and record.finished_at is not None:
            depths = [row.prompt.depth for row in rows.get(before.pk, [])]
            wish = DepthWish(session=before.number, next_depth=NextDepth(record.next_depth), depths=depths)
            return sessions[following], wish
    return sessions[following], None


def _rows_by_session(sessions: Iterable[int]) -> dict[int, list[SessionPrompt]]:
    found: dict[int, list[SessionPrompt]] = {}
    rows = SessionPrompt.objects.filter(session__in=list(sessions)).select_related("prompt__deck").order_by("round")
    for row in rows:
        found.setdefault(row.session_id, []).append(row)
    return found

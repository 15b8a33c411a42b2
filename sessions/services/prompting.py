"""Give a cohort its prompts, draw them anew, and put another in the place of one."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from dialogue.core.prompts.series_plan import plan_series
from dialogue.core.prompts.sufficing import verdict_on
from dialogue.models import Cohort, Person
from dialogue.services import audit
from dialogue.services.own_decks import DeckLacks, DrawsFrom, draw_cohort_from
from sessions.models import DialogueSession, PromptWishes, SessionPrompt
from sessions.prompt_plans import ToPlan, is_fixed, planned_series, to_plan

Status = DialogueSession.Status


class PromptsFixed(Exception):
    """People may have read the prompts already."""


class DoesNotFit(Exception):
    """The prompt would break a rule of the series, or stands in it already."""


def give_prompts(cohort: Cohort, sessions: Sequence[DialogueSession]) -> None:
    """Plan prompts for sessions that have none yet, none that the cohort has in another. In the caller's transaction.

    The cohort's other sessions stay as they are, and the rules of a series hold over all of them together.
    With no prompts stored, or none left, the sessions stay without: the facilitator brings them along.
    """
    told, series = _told(cohort, sessions)
    if not told["prompts"]:
        return
    by_slug = {prompt.slug: prompt for prompt in told["prompts"]}
    to_draw = {session.pk: session for session in sessions}
    plan = plan_series(**told)
    SessionPrompt.objects.bulk_create(
        SessionPrompt(session=to_draw[pk], prompt=by_slug[slug], round=position)
        for pk, slugs in zip(series, plan.slugs(), strict=True)
        if pk in to_draw
        for position, slug in enumerate(slugs, start=1)
    )


def _told(cohort: Cohort, sessions: Sequence[DialogueSession]) -> tuple[ToPlan, list[int]]:
    """Return what the planner is told to give these sessions prompts, and the keys of the whole series in order."""
    series = list(cohort.sessions.exclude(status=Status.CANCELLED).order_by("number").values_list("pk", flat=True))
    return to_plan(cohort, series=series, to_draw={session.pk for session in sessions}), series


@transaction.atomic
def draw_prompts_anew(
    *,
    cohort_id: int,
    values: Collection[str],
    left_out: Collection[str],
    ready: bool,
    now: datetime,
    actor: Person | None = None,
    draws_from: DrawsFrom | None = None,
) -> list[DialogueSession]:
    """Keep what was said of a cohort's prompts, draw the sessions that nobody can have read yet anew, return them.

    What was put in by hand there is drawn anew, too. Sessions that may have been read stay, and count as what has
    been; cancelled ones keep what they had. Each call draws another order. Without `draws_from` the prompts come from
    what they came from before.

    Raises:
        DeckLacks: the deck of `draws_from` does not suffice for the sessions to draw.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("term").get(pk=cohort_id)
    if draws_from is not None:
        draw_cohort_from(cohort=cohort, draws_from=draws_from)
    taking_place = cohort.sessions.exclude(status=Status.CANCELLED).order_by("number")
    sessions = [session for session in taking_place if not is_fixed(session, now=now)]
    wishes, made = PromptWishes.objects.get_or_create(cohort=cohort, defaults={"changed_at": now, "draw": 1})
    wishes.values, wishes.left_out, wishes.ready = sorted(values), sorted(left_out), ready
    wishes.draw += not made
    wishes.changed_at = now
    wishes.save()
    SessionPrompt.objects.filter(session__in=sessions).delete()
    if sessions:
        if draws_from is not None and draws_from.deck is not None:
            verdict = verdict_on(**_told(cohort, sessions)[0])
            if not verdict.suffices:
                raise DeckLacks(verdict)
        give_prompts(cohort, sessions)
    audit.record(actor=actor, action="prompts_drawn", subject_key=f"cohort:{cohort.pk}", now=now)
    return sessions


@transaction.atomic
def replace_prompt(*, session_id: int, round_: int, slug: str, now: datetime, actor: Person | None = None) -> bool:
    """Put another prompt in one place of a series and return whether anything changed. Nobody is told: nobody knew.

    Raises:
        SessionPrompt.DoesNotExist: the session has no such round.
        PromptsFixed: people may have read the session's prompts, or it does not take place.
        DoesNotFit: the prompt would break a rule that the series keeps.
    """
    # The cohort's lock lets two changes of one series happen one after the other, each judged on what then lies there.
    cohort = Cohort.objects.select_for_update(of=("self",)).get(sessions=session_id)
    row = SessionPrompt.objects.select_related("session", "prompt").get(session=session_id, round=round_)
    if row.session.status == Status.CANCELLED or is_fixed(row.session, now=now):
        raise PromptsFixed
    if row.prompt.slug == slug:
        return False
    others = planned_series(cohort, now=now).others_for(row.session, round_)
    prompt = next((prompt for prompt, _ in others if prompt.slug == slug), None)
    if prompt is None:
        raise DoesNotFit
    row.prompt, row.by_hand = prompt, True
    row.save(update_fields=["prompt", "by_hand"])
    audit.record(
        actor=actor,
        action="prompt_replaced",
        subject_key=f"session:{session_id}",
        now=now,
        detail={"round": round_, "prompt": prompt.pk},
    )
    return True

"""Give a cohort its prompts, draw them anew, and put another in the place of one."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from dialogue.core.prompts.series_plan import plan_series
from dialogue.models import Cohort, Person
from dialogue.services import audit
from sessions.models import DialogueSession, PromptWishes, SessionPrompt
from sessions.prompt_plans import is_fixed, planned_series, profile_of, prompts_to_draw

Status = DialogueSession.Status


class PromptsFixed(Exception):
    """People may have read the prompts already."""


class DoesNotFit(Exception):
    """The prompt would break a rule of the series, or stands in it already."""


def give_prompts(cohort: Cohort, sessions: Sequence[DialogueSession]) -> None:
    """Plan prompts for sessions that have none yet, none that the cohort has in another. In the caller's transaction.

    With no prompts stored, or none left, the sessions stay without: the facilitator brings them along.
    """
    has = SessionPrompt.objects.filter(session__cohort=cohort).values_list("prompt__slug", flat=True)
    had = set(has)
    prompts = [prompt for prompt in prompts_to_draw(cohort) if prompt.slug not in had]
    if not prompts:
        return
    by_slug = {prompt.slug: prompt for prompt in prompts}
    plan = plan_series(
        prompts=prompts,
        how_many_sessions=len(sessions),
        cohort=profile_of(cohort),
        seed=cohort.number + 1_000 * _draw_of(cohort) + len(had),
    )
    SessionPrompt.objects.bulk_create(
        SessionPrompt(session=session, prompt=by_slug[slug], round=position)
        for session, slugs in zip(sessions, plan.slugs(), strict=True)
        for position, slug in enumerate(slugs, start=1)
    )


def _draw_of(cohort: Cohort) -> int:
    return PromptWishes.objects.filter(cohort=cohort).values_list("draw", flat=True).first() or 0


@transaction.atomic
def draw_prompts_anew(
    *,
    cohort_id: int,
    values: Collection[str],
    left_out: Collection[str],
    ready: bool,
    now: datetime,
    actor: Person | None = None,
) -> None:
    """Keep what was said of a cohort's prompts and draw its whole series anew, what was put in by hand too.

    Each call draws another order. Cancelled sessions keep what they had.

    Raises:
        PromptsFixed: the prompts of one session may have been read already.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort_id)
    sessions = list(cohort.sessions.exclude(status=Status.CANCELLED).order_by("number"))
    if any(is_fixed(session, now=now) for session in sessions):
        raise PromptsFixed
    wishes, made = PromptWishes.objects.get_or_create(cohort=cohort, defaults={"changed_at": now, "draw": 1})
    wishes.values, wishes.left_out, wishes.ready = sorted(values), sorted(left_out), ready
    wishes.draw += not made
    wishes.changed_at = now
    wishes.save()
    SessionPrompt.objects.filter(session__in=sessions).delete()
    if sessions:
        give_prompts(cohort, sessions)
    audit.record(actor=actor, action="prompts_drawn", subject_key=f"cohort:{cohort.pk}", now=now)


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

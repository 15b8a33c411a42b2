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

    The cohort's other sessions stay as they are, and the rules of a series hold over all of them together.
    With no prompts stored, or none left, the sessions stay without: the facilitator brings them along.
    """
    had = SessionPrompt.objects.filter(session__cohort=cohort).select_related("prompt")
    laid = list(had.order_by("round"))
    met = {row.prompt.root for row in laid}
    prompts = [prompt for prompt in prompts_to_draw(cohort) if prompt.root not in met]
    if not prompts:
        return
    by_slug = {prompt.slug: prompt for prompt in prompts}
    to_draw = {session.pk: session for session in sessions}
    series = list(cohort.sessions.exclude(status=Status.CANCELLED).order_by("number").values_list("pk", flat=True))
    plan = plan_series(
        prompts=prompts,
        how_many_sessions=len(series),
        cohort=profile_of(cohort),
        seed=cohort.number + 1_000 * _draw_of(cohort) + len(laid),
        fixed={
            place: [row.prompt for row in laid if row.session_id == pk]
            for place, pk in enumerate(series)
            if pk not in to_draw
        },
    )
    SessionPrompt.objects.bulk_create(
        SessionPrompt(session=to_draw[pk], prompt=by_slug[slug], round=position)
        for pk, slugs in zip(series, plan.slugs(), strict=True)
        if pk in to_draw
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
) -> list[DialogueSession]:
    """Keep what was said of a cohort's prompts, draw the sessions that nobody can have read yet anew, return them.

    What was put in by hand there is drawn anew, too. Sessions that may have been read stay, and count as what has
    been; cancelled ones keep what they had. Each call draws another order.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort_id)
    taking_place = cohort.sessions.exclude(status=Status.CANCELLED).order_by("number")
    sessions = [session for session in taking_place if not is_fixed(session, now=now)]
    wishes, made = PromptWishes.objects.get_or_create(cohort=cohort, defaults={"changed_at": now, "draw": 1})
    wishes.values, wishes.left_out, wishes.ready = sorted(values), sorted(left_out), ready
    wishes.draw += not made
    wishes.changed_at = now
    wishes.save()
    SessionPrompt.objects.filter(session__in=sessions).delete()
    if sessions:
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

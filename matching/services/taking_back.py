"""Take a repair back as long as nobody has heard of it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from dialogue.models import Cohort, Membership, Person, Term
from dialogue.outbox import unsay_messages
from dialogue.services.cohorts import CohortRefused
from dialogue.services.reseating import Seating, put_back
from matching.models import Repair
from matching.services.repairing import RepairRefused, row_of_seating


def repair_to_take_back(*, term: Term, now: datetime) -> Repair | None:
    """Return the latest repair of a term if it can be taken back still, or None.

    That is so until its mails leave, while the cohorts stand as it left them, and where none of them ended by it: the
    sessions of a cohort that has ended are cancelled for good. Costs one query, or three where there is one.
    """
    latest = term.repairs.filter(taken_back_at__isnull=True, mails_at__gt=now).order_by("done_at", "pk").last()
    return latest if latest is not None and _stands(latest) else None


def _stands(repair: Repair) -> bool:
    wanted = {row[0]: row for row in repair.after}
    people: dict[int, list[int]] = {pk: [] for pk in wanted}
    rows = Membership.objects.filter(cohort__in=wanted, left_at__isnull=True)
    for cohort, participation in rows.values_list("cohort", "participation"):
        people[cohort].append(participation)
    cohorts = Cohort.objects.filter(pk__in=wanted).running()
    today = {
        one.pk: row_of_seating(
            Seating(
                cohort_id=one.pk,
                facilitation_id=one.facilitation_id,
                participation_ids=people[one.pk],
                window=(one.weekday, one.starts),
            )
        )
        for one in cohorts
    }
    return today == wanted


def take_back(*, repair_id: int, now: datetime, actor: Person | None = None) -> Repair:
    """Make the cohorts of a repair what they were, and drop its mails. Whoever came in waits again.

    Answers that were given for other dates than those of today are not brought back: people are asked as usual.

    Raises:
        RepairRefused: one of its mails has left, its cohorts have changed since, or it was taken back already
            (`changed_meanwhile`); or somebody is booked elsewhere at one of their former sessions (`time_taken`).
    """
    try:
        with transaction.atomic():
            term = Term.objects.select_for_update().get(repairs=repair_id)
            repair = repair_to_take_back(term=term, now=now)
            if repair is None or repair.pk != repair_id or not unsay_messages(made_at=repair.done_at):
                raise RepairRefused("changed_meanwhile")
            repair.taken_back_at = now
            repair.save(update_fields=["taken_back_at"])
            put_back(
                term=term,
                seatings=_seatings(repair.before),
                waiting={int(pk): reason for pk, reason in repair.waited.items()},
                made_at=repair.done_at,
                now=now,
                actor=actor,
            )
            return repair
    except CohortRefused as error:
        raise RepairRefused(error.rule) from error
    except IntegrityError as error:
        raise RepairRefused("time_taken") from error


def _seatings(rows: Sequence[Sequence]) -> list[Seating]:
    return [
        Seating(cohort_id=cohort, facilitation_id=leader, window=(weekday, starts), participation_ids=people)
        for cohort, leader, weekday, starts, people in rows
    ]

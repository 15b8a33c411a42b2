"""Decide about sign-ups, one by one or many at once. Each decision tells the person once, five minutes later."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from dialogue.announcing import subject_of
from dialogue.core.reception import (
    IllegalMove,
    Move,
    Stage,
    reason_when_accepted,
    reason_when_applied,
    stage_after,
    stage_of,
)
from dialogue.decisions import Decision, Outcome, Result
from dialogue.models import AuditEntry, ConsentRecord, Participation, Person, Term
from dialogue.outbox import Draft, queue_messages
from dialogue.services import audit
from dialogue.services.decision_letters import KEPT, letter_of, snapshot, take_back
from dialogue.services.handing_on import HandOnRefused, invite, withdraw_invitation
from dialogue.signals import participation_ended

LONGEST_WORDS: Final = 2000

Status = Participation.Status
Reason = Participation.WaitingReason

_CHANGES: Final = Q(action__startswith="reception_") | Q(
    action__in=["guardian_agreed", "guardian_did_not_agree", "participation_ended"]
)
_WORKED_OUT: Final = {Reason.ACCEPTANCE, Reason.GUARDIAN, Reason.CONSENT, Reason.MATCHING}
"""Reasons that follow from consents; the others say what somebody did or what matching found."""


class NotAsked(Exception):
    """Nobody waits for this person's answer any more."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read once for all people of a decision."""

    changes: Mapping[str, int]
    consents: frozenset[int]
    guardians: frozenset[int]

    def reason_of(self, one: Participation) -> str:
        """Return what somebody waits for, as they are accepted or not."""
        agreed = one.pk in self.guardians
        if one.status == Status.ACCEPTED:
            return reason_when_accepted(
                has_consent=one.pk in self.consents, under_18=one.under_18, guardian_agreed=agreed
            )
        return reason_when_applied(under_18=one.under_18, guardian_agreed=agreed)


@transaction.atomic
def decide(
    *,
    term: Term,
    chosen: Mapping[int, int | None],
    decision: Decision,
    now: datetime,
    actor: Person | None = None,
) -> list[Outcome]:
    """Decide about people of a term and queue each one's letter; return what came of it for each.

    `chosen` maps participations to how many changes their decider had seen (`changes_of`), or None. Where more has
    happened since, nothing is done. Ids of other terms are left out. Decided twice, nothing is changed or sent
    again.
    """
    people = list(
        Participation.objects.select_for_update(of=("self",))
        .filter(term=term, pk__in=chosen)
        .select_related("person", "term")
        .order_by("pk")
    )
    known = _read(people)
    drafts: list[Draft] = []
    outcomes = [_decide_one(one, chosen[one.pk], decision, known, actor, now, drafts) for one in people]
    queue_messages(drafts, now=now)
    return outcomes


def stage_of_participation(one: Participation) -> Stage:
    return stage_of(status=one.status, waiting_reason=one.waiting_reason, end_reason=one.end_reason)


def changes_of(people: Iterable[Participation]) -> Mapping[str, int]:
    """Return how many decisions and answers each sign-up has seen, by subject key. One query."""
    keys = [subject_of(one) for one in people]
    return Counter(AuditEntry.objects.filter(_CHANGES, subject_key__in=keys).values_list("subject_key", flat=True))


def reasons_after_accepting(people: Sequence[Participation]) -> Mapping[int, str]:
    """Return what each of these people would wait for once they are accepted, by primary key. Three queries."""
    known = _read(people)
    accepted = [Participation(pk=one.pk, status=Status.ACCEPTED, under_18=one.under_18) for one in people]
    return {one.pk: known.reason_of(one) for one in accepted}


def _read(people: Sequence[Participation]) -> _Known:
    ids = [one.pk for one in people]
    agreed = ConsentRecord.objects.filter(
        participation__in=ids, purpose=ConsentRecord.Purpose.GUARDIAN, withdrawn_at__isnull=True
    )
    return _Known(
        changes_of(people),
        frozenset(Participation.objects.filter(pk__in=ids).with_consent().values_list("pk", flat=True)),
        frozenset(agreed.values_list("participation", flat=True)),
    )


def _decide_one(
    one: Participation,
    seen: int | None,
    decision: Decision,
    known: _Known,
    actor: Person | None,
    now: datetime,
    drafts: list[Draft],
) -> Outcome:
    before = stage_of_participation(one)
    version = known.changes.get(subject_of(one), 0)
    outcome = Outcome(participation=one, result=Result.NOT_POSSIBLE, stage=before)
    if _is_so_already(one, before, decision):
        return replace(outcome, result=Result.ALREADY)
    if seen is not None and seen != version:
        return replace(outcome, result=Result.CHANGED, changed_by=_last_changed_by(one))
    try:
        after = stage_after(before, decision.move)
        stood = snapshot(one)
        if decision.move is Move.REOPEN and one.relayed_to_id:
            withdraw_invitation(one)
        taken_back = decision.move is Move.REOPEN and take_back(one, now=now)
        if not taken_back:
            _apply(one, after, decision, actor, now)
    except (IllegalMove, HandOnRefused):
        return outcome
    if one.waiting_reason in _WORKED_OUT:
        one.waiting_reason = known.reason_of(one)
    one.save(update_fields=[*(name.removesuffix("_id") for name in KEPT), "note"])
    if after is Stage.DECLINED:
        participation_ended.send(sender=Participation, participation_id=one.pk, now=now)
    stands = stage_of_participation(one)
    audit.record(
        actor=actor,
        action="reception_taken_back" if taken_back else f"reception_{decision.move.value}",
        subject_key=subject_of(one),
        now=now,
        detail={"from": before.value, "to": stands.value},
    )
    if not taken_back:
        drafts.append(letter_of(one, decision, before=stood, version=version, now=now))
    return replace(outcome, result=Result.DONE, stage=stands, told=not taken_back, taken_back=taken_back)


def _is_so_already(one: Participation, stage: Stage, decision: Decision) -> bool:
    match decision.move:
        case Move.ACCEPT:
            return stage in {Stage.ACCEPTED, Stage.PLACED}
        case Move.ASK_BACK:
            return stage is Stage.ASKED_BACK and one.asked == decision.words
        case Move.HOLD:
            return stage is Stage.HELD
        case Move.DECLINE | Move.POINT_ON:
            return stage is Stage.DECLINED
        case Move.HAND_ON:
            return (
                stage is Stage.HANDED_ON and decision.to_term is not None and one.relayed_to_id == decision.to_term.pk
            )
        case Move.REOPEN:
            return stage is Stage.NEW


def _last_changed_by(one: Participation) -> Person | None:
    latest = AuditEntry.objects.filter(_CHANGES, subject_key=subject_of(one)).select_related("actor").order_by("-pk")
    entry = latest.first()
    return entry.actor if entry else None


def _apply(one: Participation, after: Stage, decision: Decision, actor: Person | None, now: datetime) -> None:
    one.end_reason, one.ended_at, one.relayed_to = "", None, None
    match after:
        case Stage.ACCEPTED:
            one.status, one.waiting_reason = Status.ACCEPTED, Reason.MATCHING
        case Stage.ASKED_BACK:
            _keep_exchange(one)
            one.status, one.waiting_reason = Status.APPLIED, Reason.ASKED_BACK
            one.asked, one.replied = decision.words, ""
        case Stage.HELD:
            one.status, one.waiting_reason = Status.APPLIED, Reason.HELD
        case Stage.NEW:
            one.status, one.waiting_reason = Status.APPLIED, Reason.ACCEPTANCE
        case Stage.DECLINED:
            one.status, one.waiting_reason = Status.ENDED, ""
            one.end_reason, one.ended_at = Participation.EndReason.DECLINED, now
        case Stage.HANDED_ON if decision.to_term is not None:
            invite(one, to_term=decision.to_term, actor=actor, now=now)
            one.status, one.waiting_reason, one.relayed_to = Status.RELAYED, "", decision.to_term


def _keep_exchange(one: Participation) -> None:
    """Keep what was asked and answered before among the coordinators' notes, where a second question would hide it."""
    if one.replied:
        one.note = "\n\n".join(filter(None, [one.note, f"Q: {one.asked}\nA: {one.replied}"]))


@transaction.atomic
def reply(*, participation_id: int, words: str, now: datetime) -> Participation:
    """Keep a person's answer to what they were asked, and put their sign-up before the coordinators again.

    The same answer again changes nothing.

    Raises:
        NotAsked: nobody waits for an answer.
    """
    one = Participation.objects.select_for_update(of=("self",)).select_related("person").get(pk=participation_id)
    if stage_of_participation(one) is not Stage.ASKED_BACK:
        if one.replied and one.replied == words:
            return one
        raise NotAsked
    one.replied = words
    one.waiting_reason = _read([one]).reason_of(one)
    one.save(update_fields=["replied", "waiting_reason"])
    audit.record(actor=one.person, action="reception_replied", subject_key=subject_of(one), now=now)
    return one


@transaction.atomic
def write_note(*, participation_id: int, words: str, now: datetime, actor: Person | None = None) -> None:
    """Keep a note that the coordinators of the term read, in place of the one before."""
    one = Participation.objects.select_for_update(of=("self",)).get(pk=participation_id)
    if one.note != words:
        one.note = words
        one.save(update_fields=["note"])
        audit.record(actor=actor, action="note_written", subject_key=subject_of(one), now=now)

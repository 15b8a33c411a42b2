"""Ask a guardian, remind them once, and keep their answer."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone

from dialogue.announcing import DECISION_LETTERS, subject_of, tell_guardian_refused
from dialogue.core.mail_address import mail_address
from dialogue.core.reception import reason_when_accepted, reason_when_applied
from dialogue.core.sign_up import same_mailbox
from dialogue.core.text import person_name
from dialogue.core.wall_clock import zone_named
from dialogue.models import ConsentRecord, Guardianship, Participation, Person
from dialogue.outbox import Draft, queue_messages, void_messages
from dialogue.services import audit
from dialogue.services.cohorts import end_participation

GUARDIAN_TEXT: Final = "guardian-v1"
ASKED_FOR: Final = timedelta(days=60)
"""How long a guardian's link opens their page."""
NUDGED_AFTER: Final = timedelta(days=3)
TO_GUARDIANS: Final = ("guardian_asked", "guardian_nudged")

Status = Participation.Status
Reason = Participation.WaitingReason


class GuardianRefused(Exception):
    """This guardian cannot be asked. `reason`: name, address, own_address, takes_part, answered or ended."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LinkRefused(Exception):
    """A guardian's link that was never written, or that belongs to an earlier question."""


class LinkExpired(LinkRefused):
    """A guardian's link that was true once."""


class AlreadyAnswered(Exception):
    """The guardian has given the other answer before; the coordinators can ask them again."""


@transaction.atomic
def ask_guardian(
    *, participation: Participation, name: str, email: str, now: datetime, actor: Person | None = None
) -> Guardianship:
    """Write to the guardian at an address of their own, and let the participation wait for them.

    Asking the same guardian again changes and sends nothing while they think or agree; an answer that holds no more,
    because the participant had left meanwhile, is asked for anew. Another address takes the place of the first,
    whose link is void from then on.

    Raises:
        GuardianRefused: there is no name, the address is none, is the participant's own or belongs to somebody who
            takes part in the term; or there is an answer already, or the participation has ended.
    """
    one = Participation.objects.select_for_update(of=("self",)).select_related("person").get(pk=participation.pk)
    if one.status in {Status.ENDED, Status.RELAYED}:
        raise GuardianRefused("ended")
    called, address = _checked(one, name, email)
    known = Guardianship.objects.select_related("guardian").filter(participation=one).first()
    if known and known.guardian.email == address and (known.answered_at is None or _consents(one).exists()):
        return known
    if known and known.answered_at and known.guardian.email != address:
        raise GuardianRefused("answered")
    guardian, _new = Person.objects.get_or_create(
        email=address,
        defaults={
            "preferred_name": called,
            "language": one.person.language,
            "zone": one.person.zone,
            "password": make_password(None),
            "created_at": now,
        },
    )
    asked, _new = Guardianship.objects.update_or_create(
        participation=one,
        defaults={"guardian": guardian, "asked_at": now, "nudged_at": None, "answered_at": None, "agreed": None},
    )
    _write(asked, now, actor)
    return asked


@transaction.atomic
def ask_again(*, participation: Participation, now: datetime, actor: Person | None = None) -> Guardianship:
    """Take back what the guardian answered and put the question to them anew, with a new link and a new nudge.

    Raises:
        GuardianRefused: no guardian was asked, or the participant is placed or has ended.
    """
    one = Participation.objects.select_for_update(of=("self",)).select_related("person").get(pk=participation.pk)
    asked = Guardianship.objects.select_related("guardian").filter(participation=one).first()
    if asked is None or one.status not in {Status.APPLIED, Status.ACCEPTED}:
        raise GuardianRefused("ended")
    asked.asked_at, asked.nudged_at, asked.answered_at, asked.agreed = now, None, None, None
    asked.save(update_fields=["asked_at", "nudged_at", "answered_at", "agreed"])
    _consents(one).update(withdrawn_at=now)
    _write(asked, now, actor)
    return asked


def _checked(one: Participation, name: str, email: str) -> tuple[str, str]:
    called = person_name(name)
    if not called:
        raise GuardianRefused("name")
    try:
        address = mail_address(email)
    except ValueError as error:
        raise GuardianRefused("address") from error
    if same_mailbox(address, one.person.email):
        raise GuardianRefused("own_address")
    if Participation.objects.filter(term=one.term_id, person__email=address).exclude(status=Status.ENDED).exists():
        raise GuardianRefused("takes_part")
    return called[:80], address


def _write(asked: Guardianship, now: datetime, actor: Person | None) -> None:
    one = asked.participation
    Participation.objects.filter(pk=one.pk, status=Status.ACCEPTED).update(waiting_reason=Reason.GUARDIAN)
    void_messages(subject_key=subject_of(one), kinds_to_void=TO_GUARDIANS)
    queue_messages([_draft("guardian_asked", asked, now)], now=now)
    audit.record(actor=actor, action="guardian_asked", subject_key=subject_of(one), now=now)


def _draft(kind: str, asked: Guardianship, now: datetime) -> Draft:
    return Draft(
        kind=kind,
        recipient_id=asked.guardian_id,
        subject_key=f"participation:{asked.participation_id}",
        dedupe_key=f"{kind}:{asked.pk}:{question_of(asked)}",
        due_at=now,
        context={"question": question_of(asked)},
    )


def nudge_guardians(*, now: datetime) -> int:
    """Remind each guardian who has not answered for three days, once, and return how many were reminded."""
    silent = Guardianship.objects.filter(
        answered_at__isnull=True,
        nudged_at__isnull=True,
        asked_at__lte=now - NUDGED_AFTER,
        asked_at__gt=now - ASKED_FOR,
        participation__status__in=[Status.APPLIED, Status.ACCEPTED],
    )
    nudged = 0
    for asked in silent.order_by("asked_at", "pk")[:500]:
        with transaction.atomic():
            if Guardianship.objects.filter(pk=asked.pk, answered_at__isnull=True, nudged_at__isnull=True).update(
                nudged_at=now
            ):
                queue_messages([_draft("guardian_nudged", asked, now)], now=now)
                nudged += 1
    return nudged


def guardian_token(asked: Guardianship) -> str:
    """Return what stands in the guardian's link. It opens one page, for one guardian, about one question."""
    return _signer().sign(f"{asked.pk}-{question_of(asked)}")


def question_of(asked: Guardianship) -> str:
    """Return what tells one asking from a later one."""
    return f"{asked.asked_at.astimezone(UTC):%Y%m%d%H%M%S%f}"


def guardianship_of(*, token: str, now: datetime) -> Guardianship:
    """Return what a link is about.

    Raises:
        LinkExpired: it is older than sixty days, or a later question took its place.
        LinkRefused: it was not written here.
    """
    try:
        pk, _dash, question = _signer().unsign(token).partition("-")
    except BadSignature as error:
        raise LinkRefused from error
    rows = Guardianship.objects.select_related(
        "guardian", "participation__person", "participation__term__programme__organisation"
    )
    asked = rows.filter(pk=pk).first()
    if asked is None or question_of(asked) != question or asked.asked_at + ASKED_FOR <= now:
        raise LinkExpired
    return asked


def _signer() -> Signer:
    return Signer(salt="dialogue.guardian", sep=".")


@transaction.atomic
def answer_for_guardian(*, guardianship_id: int, agreed: bool, now: datetime) -> Guardianship:
    """Keep the guardian's answer: consent is recorded, or the participation ends kindly.

    The same answer again changes nothing.

    Raises:
        AlreadyAnswered: they answered differently before.
        GuardianRefused: the participation has ended.
    """
    found = Guardianship.objects.only("participation_id").get(pk=guardianship_id)
    one = Participation.objects.select_for_update(of=("self",)).select_related("term").get(pk=found.participation_id)
    # Answer by a conditional update: on databases without row locks it is what makes a second answer lose.
    first = Guardianship.objects.filter(pk=guardianship_id, answered_at__isnull=True).update(
        answered_at=now, agreed=agreed
    )
    asked = Guardianship.objects.select_related("guardian").get(pk=guardianship_id)
    if not first:
        if asked.agreed != agreed:
            raise AlreadyAnswered
        return asked
    if one.status in {Status.ENDED, Status.RELAYED}:
        raise GuardianRefused("ended")
    audit.record(
        actor=asked.guardian,
        action="guardian_agreed" if agreed else "guardian_did_not_agree",
        subject_key=subject_of(one),
        now=now,
    )
    if agreed:
        _keep_consent(one, asked.guardian, now)
    else:
        end_participation(participation_id=one.pk, now=now)
        Participation.objects.filter(pk=one.pk).update(end_reason=Participation.EndReason.GUARDIAN_REFUSED)
        void_messages(subject_key=subject_of(one), kinds_to_void=DECISION_LETTERS.values())
        tell_guardian_refused(participation=one, now=now)
    return asked


def _keep_consent(one: Participation, guardian: Person, now: datetime) -> None:
    _consents(one).update(withdrawn_at=now)
    ConsentRecord.objects.create(
        participation=one,
        purpose=ConsentRecord.Purpose.GUARDIAN,
        method=ConsentRecord.Method.GUARDIAN,
        text_version=GUARDIAN_TEXT,
        collected_by=guardian.preferred_name,
        given_on=timezone.localdate(now, timezone=zone_named(one.term.zone)),
        recorded_at=now,
    )
    if one.waiting_reason == Reason.GUARDIAN:
        has_consent = Participation.objects.filter(pk=one.pk).with_consent().exists()
        one.waiting_reason = (
            reason_when_applied(under_18=one.under_18, guardian_agreed=True)
            if one.status == Status.APPLIED
            else reason_when_accepted(has_consent=has_consent, under_18=one.under_18, guardian_agreed=True)
        )
        one.save(update_fields=["waiting_reason"])


def _consents(one: Participation) -> Any:
    return ConsentRecord.objects.filter(
        participation=one, purpose=ConsentRecord.Purpose.GUARDIAN, withdrawn_at__isnull=True
    )

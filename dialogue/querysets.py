"""Every way to ask for people, terms, participations and cohorts, named as a coordinator would say it.

`managed_by` is what a coordinator runs, `visible_to` what somebody's own pages may show. Both are the only
doors from a view to a row: what they leave out is a 404.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from dialogue.core.text import hiragana, narrow, visible

if TYPE_CHECKING:
    from dialogue.models import Person

UPLOAD_KEPT = timedelta(hours=1)
DRAFT_KEPT = timedelta(days=30)
TOO_LATE = "too late"
"""The trouble of a message that could not go out before it was of no use."""

TOO_LONG = timedelta(minutes=5)
"""A message that is due and has not left for longer shows that mail does not go out."""


class OfProgrammeQuerySet(models.QuerySet):
    """Rows of a programme. What its coordinator may see is said here once, since it opens people to a reader."""

    to_programme: ClassVar[str] = "term__programme__"
    """The way from a row to its programme, as a lookup goes."""

    def managed_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return the rows of the programmes that this person coordinates."""
        return self.filter(coordinated_by(reader, self.to_programme)) if reader.is_authenticated else self.none()


def coordinated_by(reader: "Person | AnonymousUser", to_programme: str) -> Q:
    """Return the condition that this person coordinates a row's programme.

    Person and role stand in one condition: apart, a role in one programme would open the people of another.
    """
    return Q((f"{to_programme}staff_roles__person", reader), (f"{to_programme}staff_roles__role", "coordinator"))


class PersonQuerySet(models.QuerySet):
    def managed_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return the people of the terms that this coordinator runs."""
        if not reader.is_authenticated:
            return self.none()
        of_participations = coordinated_by(reader, "participations__term__programme__")
        of_facilitations = coordinated_by(reader, "facilitations__term__programme__")
        return self.filter(of_participations | of_facilitations).distinct()


class NamedQuerySet(models.QuerySet):
    """Rows that each belong to a person."""

    def named_like(self, words: str) -> Self:
        """Return those of whom every word is a part of a name, its kana or the mail address, in any width."""
        found = self
        for word in narrow(visible(words[:200])).split():
            found = found.filter(_is_part_of_a_name(word))
        return found


def _is_part_of_a_name(word: str) -> Q:
    """Return the condition on a row that belongs to a person. Kana are stored in hiragana."""
    kana = hiragana(word)
    return (
        Q(person__family_name__icontains=word)
        | Q(person__given_name__icontains=word)
        | Q(person__preferred_name__icontains=word)
        | Q(person__email__icontains=word)
        | Q(person__family_kana__icontains=kana)
        | Q(person__given_kana__icontains=kana)
    )


class ProgrammeQuerySet(OfProgrammeQuerySet):
    to_programme = ""


class PromptQuerySet(OfProgrammeQuerySet):
    to_programme = "deck__programme__"

    def visible_to(self, reader: "Person | AnonymousUser") -> Self:
        """Return the library and the own prompts of the programmes that this person coordinates, drafts too."""
        if not reader.is_authenticated:
            return self.none()
        return self.filter(Q(deck__programme__isnull=True) | Q(pk__in=self.managed_by(reader)))

    def known_to(self, programme: int) -> Self:
        """Return the approved prompts of the library and the programme's own."""
        of_all, own = Q(deck__programme__isnull=True), Q(deck__programme=programme)
        return self.filter(of_all | own, status="approved")

    def drawn_for(self, programme: int, *, deck: int | None = None) -> Self:
        """Return what a programme's cohorts may be given: what it knows but for what it leaves out or has adapted.

        With `deck`, the key of an own deck, only what lies in that.
        """
        adapted = self.model.objects.filter(deck__programme=programme, status="approved", adapts__isnull=False)
        drawn = self.known_to(programme).exclude(left_out_by=programme).exclude(pk__in=adapted.values("adapts"))
        return drawn if deck is None else drawn.filter(own_decks=deck)

    def left_out_or_not(self, programmes: models.QuerySet) -> Self:
        """Say of each prompt in `is_left_out` whether one of these programmes leaves it out."""
        left_out = self.model.objects.filter(pk=OuterRef("pk"), left_out_by__in=programmes)
        return self.annotate(is_left_out=Exists(left_out))

    def alike(self, prompts: models.QuerySet) -> Self:
        """Return these prompts (given as a query of their keys) and all that were adapted from the same ones."""
        those = self.model.objects.filter(pk__in=prompts)
        originals = those.filter(adapts__isnull=False).values("adapts")
        roots = Q(pk__in=prompts) | Q(pk__in=originals)
        return self.filter(roots | Q(adapts__in=prompts) | Q(adapts__in=originals))


class OwnDeckQuerySet(OfProgrammeQuerySet):
    to_programme = "programme__"


class TermQuerySet(OfProgrammeQuerySet):
    to_programme = "programme__"

    def visible_to(self, reader: "Person | AnonymousUser") -> Self:
        """Return the terms that this person coordinates, facilitates in, or takes part in and has not left."""
        if not reader.is_authenticated:
            return self.none()
        return self.filter(
            Q(pk__in=self.model.objects.managed_by(reader).values("pk"))
            | Q(facilitations__person=reader)
            | Q(participations__person=reader, participations__ended_at__isnull=True)
        ).distinct()


class ParticipationQuerySet(NamedQuerySet, OfProgrammeQuerySet):
    def of(self, reader: "Person | AnonymousUser") -> Self:
        """Return this person's own participations."""
        return self.filter(person=reader) if reader.is_authenticated else self.none()

    def with_consent(self) -> Self:
        """Return those whose consent to take part is valid today. A plan on a file, which sends nothing, needs none."""
        if settings.PLAN_SEED:
            return self.all()
        return self.filter(consents__purpose="take_part", consents__withdrawn_at__isnull=True)

    def waiting(self) -> Self:
        """Return those who are neither placed, relayed nor ended."""
        return self.filter(status__in=["applied", "accepted"])

    def here(self) -> Self:
        """Return those who wait or have a place: whoever was neither handed on nor has left."""
        return self.exclude(status__in=["relayed", "ended"])

    def to_be_matched(self) -> Self:
        """Return accepted people with valid consent who have no cohort: those a match run may place.

        Whoever has a guardian to be asked is left out until that guardian agrees.
        """
        agreed = Q(guardianship__isnull=True) | Q(guardianship__agreed=True)
        return self.filter(agreed, status="accepted").exclude(waiting_reason="guardian").with_consent()

    def of_contact(self, reader: "Person | AnonymousUser") -> Self:
        """Return the people whom this contact's partner sent and who agree today to the partner knowing it."""
        if not reader.is_authenticated:
            return self.none()
        return self.filter(
            partner__contacts__person=reader,
            partner__contacts__role="partner_contact",
            term__programme=F("partner__contacts__programme"),
            consents__purpose="share_with_partner",
            consents__withdrawn_at__isnull=True,
        )

    def applied(self) -> Self:
        """Return those whom the coordinators have not decided about yet."""
        return self.filter(status="applied")


class FacilitationQuerySet(NamedQuerySet, OfProgrammeQuerySet):
    """Who leads cohorts in which term."""


class CohortQuerySet(OfProgrammeQuerySet):
    def visible_to(self, reader: "Person | AnonymousUser") -> Self:
        """Return the cohorts that this person coordinates, facilitates, or belongs to today."""
        if not reader.is_authenticated:
            return self.none()
        return self.filter(
            Q(pk__in=self.model.objects.managed_by(reader).values("pk"))
            | Q(facilitation__person=reader)
            | Q(memberships__participation__person=reader, memberships__left_at__isnull=True)
        ).distinct()

    def meeting_with(self, reader: "Person | AnonymousUser") -> Self:
        """Return the cohorts that this person belongs to today or facilitates: those whose circle they sit in."""
        if not reader.is_authenticated:
            return self.none()
        return self.filter(
            Q(facilitation__person=reader)
            | Q(memberships__participation__person=reader, memberships__left_at__isnull=True)
        ).distinct()

    def running(self) -> Self:
        """Return the cohorts that still meet."""
        return self.exclude(status="ended")


class OutboundMessageQuerySet(models.QuerySet):
    def managed_by(self, reader: "Person | AnonymousUser") -> Self:
        """Return the messages to people of the terms that this person coordinates."""
        if not reader.is_authenticated:
            return self.none()
        terms = reader.staff_roles.filter(role="coordinator").values("programme__terms")
        return self.filter(
            Q(recipient__participations__term__in=terms) | Q(recipient__facilitations__term__in=terms)
        ).distinct()

    def about(self, *rows: tuple[str, models.QuerySet]) -> Self:
        """Return the messages whose subject is one of these rows, given as ("session", rows) and the like."""
        wanted = Q(pk__in=[])
        for noun, some in rows:
            key = Concat(Value(f"{noun}:"), Cast("pk", models.CharField()), output_field=models.CharField())
            wanted |= Q(subject_key__in=some.order_by().annotate(key=key).values("key"))
        return self.filter(wanted)

    def due(self, now: datetime) -> Self:
        """Return what is to be sent at this moment, oldest first."""
        return self.filter(status="queued", due_at__lte=now).order_by("due_at", "pk")

    def longest_wait(self, now: datetime) -> timedelta:
        """Return for how long the oldest of what is due has not left; nothing where all has. One query."""
        oldest = self.due(now).values_list("due_at", flat=True).first()
        return now - oldest if oldest is not None else timedelta()

    def missed(self) -> Self:
        """Return what could not go out in time and was dropped: nobody got it."""
        return self.filter(status="void", trouble=TOO_LATE)

    def not_to(self, domains: Iterable[str]) -> Self:
        """Leave out what goes to these mail domains."""
        there = Q(pk__in=[])
        for domain in domains:
            there |= Q(recipient__email__endswith=f"@{domain}")
        return self.exclude(there)

    def under_way(self) -> Self:
        """Return what a sender has in its hands."""
        return self.filter(status="sending")

    def perhaps_arrived(self) -> Self:
        """Return what has left or may have: also what was tried, failed on the way, and waits or was taken back."""
        return self.exclude(status__in=["queued", "void", "held"], attempts=0)


class UploadedRosterQuerySet(models.QuerySet):
    def of(self, reader: "Person | AnonymousUser", now: datetime) -> Self:
        """Return the files that this person uploaded within the hour."""
        if not reader.is_authenticated:
            return self.none()
        return self.filter(uploader=reader, created_at__gt=now - UPLOAD_KEPT)

    def stale(self, now: datetime) -> Self:
        """Return the files that have waited for an hour."""
        return self.filter(created_at__lte=now - UPLOAD_KEPT)


class FormMappingQuerySet(OfProgrammeQuerySet):
    to_programme = "programme__"


class JoinLinkQuerySet(OfProgrammeQuerySet):
    def of_contact(self, reader: "Person | AnonymousUser") -> Self:
        """Return the links of the partner that this person is the contact of, in that role's programme."""
        if not reader.is_authenticated:
            return self.none()
        return self.filter(
            partner__contacts__person=reader,
            partner__contacts__role="partner_contact",
            term__programme=F("partner__contacts__programme"),
        )

    def open_on(self, day: date) -> Self:
        """Return the links by which somebody can sign up on this day."""
        return self.filter(closed_at__isnull=True).exclude(term__sign_up_until__lt=day)


class SignUpDraftQuerySet(models.QuerySet):
    def stale(self, now: datetime) -> Self:
        """Return what nobody has gone on with for thirty days."""
        return self.filter(updated_at__lte=now - DRAFT_KEPT)


class ApiTokenQuerySet(models.QuerySet):
    def valid(self, now: datetime) -> Self:
        """Return the tokens that open the API at this moment."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=now, person__is_active=True)

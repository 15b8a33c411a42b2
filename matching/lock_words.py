"""What is locked of running cohorts, in words."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dialogue.core.wording import format_name
from dialogue.models import Cohort, Person, Term
from matching.models import CohortLock


@dataclass(frozen=True, slots=True)
class Locked:
    """One lock in words, and the cohort it belongs to."""

    cohort: Cohort
    words: str


def locked_in(term: Term) -> list[Locked]:
    """Return what is locked of a term's running cohorts, by cohort. One query."""
    rows = CohortLock.objects.filter(cohort__term=term, cohort__in=term.cohorts.running())
    rows = rows.exclude(membership__left_at__isnull=False)
    rows = rows.select_related("cohort", "membership__participation__person").order_by("cohort__number", "kind", "pk")
    return [Locked(one.cohort, _words(one)) for one in rows]


def _words(lock: CohortLock) -> str:
    number = {"number": lock.cohort.number}
    if lock.kind == CohortLock.Kind.COHORT:
        return _("Cohort %(number)s as a whole") % number
    if lock.membership is None:
        return _("The time of cohort %(number)s") % number
    return _("%(name)s in cohort %(number)s") % {"name": called(lock.membership.participation.person), **number}


def called(person: Person) -> str:
    """Return the name that somebody goes by, with their full name where it is known."""
    name = format_name(name=person.preferred_name, language=get_language() or "ja")
    return _("%(name)s (%(whole)s)") % {"name": name, "whole": person.full_name} if person.full_name else name

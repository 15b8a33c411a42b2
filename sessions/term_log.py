"""Who did what in a term, and when: its audit entries in words, without anything that somebody wrote."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django import forms
from django.db.models import CharField, Model, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dialogue.addresses import address_of
from dialogue.core.wall_clock import moment_at, zone_named
from dialogue.forms.fields import DayField
from dialogue.models import AuditEntry, Cohort, Participation, Person, Term
from dialogue.reception_words import full_name_of
from matching.models import MatchRun
from sessions.log_words import GROUPS, WORDS
from sessions.models import DialogueSession, Gathering, SessionSeries

NOBODY = "0"
"""How it is asked for what Madoi did by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One thing that was done: `about` is whom or what it concerns, with the page where that stands (or nothing)."""

    at: datetime
    what: str | Promise
    about: str
    url: str
    by: str


class LogFilter(forms.Form):
    """What a log is narrowed to. What it does not know, it leaves out."""

    q = forms.CharField(label=gettext_lazy("Concerns whom (name or kana)"), required=False, max_length=200)
    what = forms.ChoiceField(
        label=gettext_lazy("Kind of change"),
        required=False,
        choices=[("", gettext_lazy("Everything")), *((name, label) for name, (label, _words) in GROUPS.items())],
    )
    by = forms.ChoiceField(label=gettext_lazy("By whom"), required=False)
    until = DayField(label=gettext_lazy("Up to this day"), required=False)

    def __init__(self, data: object, *, term: Term, today: date) -> None:
        super().__init__(data)
        self.fields["until"].today = today
        actors = Person.objects.filter(pk__in=_of_term(term).values("actor")).order_by(
            "family_kana", "given_kana", "pk"
        )
        people = [(f"{one.pk}", one.full_name or one.preferred_name) for one in actors]
        self.fields["by"].choices = [("", _("Anybody")), *people, (NOBODY, _("Madoi by itself"))]


def entries_of(term: Term, form: LogFilter) -> QuerySet[AuditEntry]:
    """Return what was done in a term, narrowed as the form says, the latest first."""
    form.is_valid()
    chosen = form.cleaned_data
    rows = _of_term(term)
    if words := chosen.get("q"):
        rows = rows.filter(subject_key__in=_keys("participation", term.participations.named_like(words)))
    if group := chosen.get("what"):
        rows = rows.filter(action__in=list(GROUPS[group][1]))
    if by := chosen.get("by"):
        rows = rows.filter(actor__isnull=True) if by == NOBODY else rows.filter(actor=int(by))
    if until := chosen.get("until"):
        day = until + timedelta(days=1)
        rows = rows.filter(at__lt=moment_at(day=day, minute=0, zone=zone_named(term.zone)))
    return rows.select_related("actor").order_by("-at", "-pk")


def log_lines(entries: Iterable[AuditEntry], term: Term) -> list[LogLine]:
    """Return entries in words. Costs a query for each kind of thing that they concern, however many they are."""
    rows = list(entries)
    abouts = _abouts([one.subject_key for one in rows], term)
    return [
        LogLine(
            at=one.at,
            what=WORDS[one.action],
            about=abouts.get(one.subject_key, ("", ""))[0],
            url=abouts.get(one.subject_key, ("", ""))[1],
            by=(one.actor.full_name or one.actor.preferred_name) if one.actor else "",
        )
        for one in rows
    ]


def _of_term(term: Term) -> QuerySet[AuditEntry]:
    """Return what was done to a term, to its people, cohorts, runs, sessions and gatherings, and to its programme."""
    of_cohorts = {"cohort__term": term}
    own = Q(subject_key__in=[f"term:{term.pk}", f"programme:{term.programme_id}"])
    for kind, subjects in (
        ("participation", term.participations.all()),
        ("cohort", term.cohorts.all()),
        ("run", MatchRun.objects.filter(term=term)),
        ("session", DialogueSession.objects.filter(**of_cohorts)),
        ("series", SessionSeries.objects.filter(**of_cohorts)),
        ("gathering", Gathering.objects.filter(term=term)),
    ):
        own |= Q(subject_key__in=_keys(kind, subjects))
    return AuditEntry.objects.filter(own, action__in=list(WORDS))


def _keys(kind: str, subjects: QuerySet) -> QuerySet:
    """Return the keys under which these subjects stand, as a query within a query."""
    named = subjects.order_by().annotate(key=Concat(Value(f"{kind}:"), Cast("pk", CharField())))
    return named.values("key")


def _abouts(keys: Iterable[str], term: Term) -> Mapping[str, tuple[str, str]]:
    """Return, by subject key, what is concerned and where it stands."""
    wanted: dict[str, set[int]] = {}
    for key in keys:
        kind, _colon, number = key.partition(":")
        wanted.setdefault(kind, set()).add(int(number))
    found: dict[str, tuple[str, str]] = {}

    def tell(kind: str, rows: Iterable[Model], words: object, page: str) -> None:
        found.update({f"{kind}:{row.pk}": (words(row), address_of(page, row.pk)) for row in rows})

    if people := wanted.get("participation"):
        rows = Participation.objects.filter(pk__in=people).select_related("person")
        tell("participation", rows.defer("crossroads", "note", "asked", "replied"), full_name_of, "reception_person")
    if cohorts := wanted.get("cohort"):
        tell("cohort", Cohort.objects.filter(pk__in=cohorts), _cohort, "cohort")
    if sessions := wanted.get("session"):
        rows = DialogueSession.objects.filter(pk__in=sessions).select_related("cohort")
        tell("session", rows, lambda one: f"{_cohort(one.cohort)} {_session(one)}", "session")
    if series := wanted.get("series"):
        for one in SessionSeries.objects.filter(pk__in=series).select_related("cohort"):
            found[f"series:{one.pk}"] = (_cohort(one.cohort), address_of("cohort", one.cohort_id))
    if gatherings := wanted.get("gathering"):
        rows = Gathering.objects.filter(pk__in=gatherings)
        tell("gathering", rows, lambda one: str(one.get_kind_display()), "gathering")
    return found


def _cohort(cohort: Cohort) -> str:
    return _("Cohort %(number)s") % {"number": cohort.number}


def _session(session: DialogueSession) -> str:
    return _("Session %(number)s") % {"number": session.number}

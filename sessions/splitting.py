"""A gathering that opens together and goes on in the cohorts: who goes where."""

from dataclasses import dataclass

from dialogue.core.room_lines import rooms_of
from dialogue.models import Cohort, Person
from sessions.core.slots import quarters
from sessions.models import BusyTime, Gathering


@dataclass(frozen=True, slots=True)
class Apart:
    """Where one cohort talks by itself. Without a link of its own: in a small room of the meeting where all are."""

    cohort: Cohort
    room_url: str


def cohorts_apart(gathering: Gathering) -> list[Apart]:
    """Return the term's cohorts in order, each with its link, if all of them have one. Two queries."""
    cohorts = list(gathering.term.cohorts.exclude(status=Cohort.Status.ENDED).order_by("number"))
    held = set(gathering.busy_times.exclude(room__in=["", gathering.room_url]).values_list("room", flat=True))
    links = [url for url in gathering.term.room_urls if url in held]
    own = links if len(links) >= len(cohorts) else [""] * len(cohorts)
    return [Apart(cohort, url) for cohort, url in zip(cohorts, own, strict=False)]


def apart_of(gathering: Gathering, person: Person) -> list[Apart]:
    """Return where a person goes: with their cohort as a participant, with each that they lead as a facilitator."""
    mine = set(
        Cohort.objects.filter(
            term=gathering.term_id, memberships__participation__person=person, memberships__left_at=None
        ).values_list("pk", flat=True)
    ) | set(Cohort.objects.filter(term=gathering.term_id, facilitation__person=person).values_list("pk", flat=True))
    return [one for one in cohorts_apart(gathering) if one.cohort.pk in mine]


def free_links_apart(gathering: Gathering) -> list[str]:
    """Return a link for each cohort that nothing else uses after the split; none at all where they do not suffice."""
    needed = gathering.term.cohorts.exclude(status=Cohort.Status.ENDED).count()
    apart = quarters(gathering.splits_at, gathering.ends_at)
    minutes = gathering.minutes - (gathering.together_minutes or 0)
    used = set(BusyTime.objects.filter(quarter__in=list(apart)).exclude(room="").values_list("room", flat=True))
    rooms = rooms_of(gathering.term.room_urls, gathering.term.room_notes)
    free = [one.url for one in rooms if one.allows(minutes) and one.url not in used | {gathering.room_url}]
    return free[:needed] if len(free) >= needed else []

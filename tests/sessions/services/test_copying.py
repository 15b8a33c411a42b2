"""A term that is made after another one: how it was run comes along, nothing of who took part."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from dialogue.core.named_slots import OfferedSlot
from dialogue.core.week import WeeklyWindow
from dialogue.models import (
    AuditEntry,
    ClosedDay,
    ContactChoice,
    Facilitation,
    JoinLink,
    OutboundMessage,
    OwnDeck,
    Participation,
    Partner,
    Person,
    Prompt,
    Term,
)
from dialogue.services.copying import copy_facilitations
from dialogue.services.join_links import close_link, open_link
from matching.models import MatchRun
from matching.services.wishing import keep_wishes
from matching.usual_wishes import usual_wishes
from matching.wishes import Respect, Wishes
from sessions.models import Gathering, QuorumSetting
from sessions.services.copying import copy_term
from sessions.services.quorum_settings import set_quorum
from sessions.services.seasons import queue_season_letters
from tests.dialogue.core.prompts.sample import library
from tests.factories import NOW, make_cohort, make_facilitation, make_person, make_programme, make_session, make_term

WISHES = Wishes(form_size=4, common_windows=2, not_alone=(Respect.PARTNER,))
LEAST = 5


@pytest.fixture
def lived(chika: Person, aoi: Person, takeshi: Person, fumi: Person) -> Term:
    """A term that was lived in: people, a cohort, a session, messages, a gathering, two partners, wishes, a quorum."""
    term = make_term(coordinator=chika, size_min=3, min_per_generation=1)
    cohort = make_cohort(term, students=(aoi,), alumni=(takeshi,), facilitator=fumi)
    make_session(cohort)
    for name in ("青海大学", "潮工業"):
        partner = Partner.objects.create(organisation=term.programme.organisation, name=name)
        open_link(term=term, partner=partner, now=NOW)
    open_link(term=term, now=NOW)
    close_link(link=JoinLink.objects.get(partner__name="潮工業"), now=NOW)
    MatchRun.objects.create(
        term=term, status=MatchRun.Status.PUBLISHED, published_at=NOW, wishes=WISHES.as_row(), created_at=NOW
    )
    set_quorum(term=term, least=LEAST, decides=QuorumSetting.Decides.AT_A_DAY, now=NOW)
    Gathering.objects.create(
        term=term, kind=Gathering.Kind.KICKOFF, uid="g", closes_at=NOW, created_at=NOW, changed_at=NOW
    )
    OutboundMessage.objects.create(
        kind="reminder_24h", recipient=aoi, subject_key="session:1", dedupe_key="one", due_at=NOW, created_at=NOW
    )
    return term


def copied(source: Term, name: str = "つぎの期", **changed) -> Term:
    given = {
        "values": {
            "name": name,
            "starts_on": date(2027, 4, 12),
            "size_min": source.size_min,
            "contact": "03-0000-0000",
        },
        "closed_days": {date(2027, 5, 20): "試験"},
        "slots": [OfferedSlot(WeeklyWindow(1, 1140, 1260), "火曜の夜")],
        "facilitators": list(source.facilitations.values_list("pk", flat=True)),
        "partners": list(source.join_links.exclude(partner=None).values_list("partner", flat=True)),
        "now": NOW,
    }
    return copy_term(source=source, **{**given, **changed})


def rows() -> Counter[str]:
    return Counter({model._meta.label: model._default_manager.count() for model in apps.get_models()})  # noqa: SLF001


def test_nobody_who_took_part_no_session_and_no_message_is_copied(lived: Term):
    before = rows()

    copied(lived)

    assert rows() - before == Counter(
        {
            "dialogue.Term": 1,
            "dialogue.NamedSlot": 1,
            "dialogue.ClosedDay": 1,
            "dialogue.Facilitation": 1,
            "dialogue.AvailabilityWindow": 1,
            "dialogue.JoinLink": 2,
            "matching.UsualWishes": 1,
            "dialogue_sessions.QuorumSetting": 1,
            "dialogue.AuditEntry": 7,
        }
    )


def test_facilitator_is_there_with_load_languages_and_weekly_times(lived: Term, fumi: Person):
    Facilitation.objects.filter(person=fumi).update(max_cohorts=3, languages=["ja", "en"])

    term = copied(lived)

    one = term.facilitations.get()
    assert (one.person, one.max_cohorts, one.languages) == (fumi, 3, ["ja", "en"])
    assert list(one.windows.values_list("weekday", "starts", "ends")) == [(1, 1080, 1320)]
    assert lived.facilitations.get().windows.count() == 1


def test_only_who_was_chosen_comes_along(lived: Term, fumi: Person):
    other = make_facilitation(lived)
    elsewhere = make_facilitation(make_term(programme=lived.programme))

    term = copied(lived, facilitators=[other.pk, elsewhere.pk], partners=[])

    assert list(term.facilitations.values_list("person", flat=True)) == [other.person_id]
    assert not term.join_links.exists()


def test_whose_account_is_closed_stays_behind(lived: Term, fumi: Person):
    Person.objects.filter(pk=fumi.pk).update(is_active=False)

    assert not copied(lived).facilitations.exists()


def test_bringing_facilitators_along_twice_brings_them_once(lived: Term):
    term = copied(lived)

    again = copy_facilitations(
        source=lived, target=term, chosen=list(lived.facilitations.values_list("pk", flat=True)), now=NOW
    )

    assert again == []
    assert term.facilitations.count() == 1


def test_each_partner_gets_a_new_open_link_and_the_term_none_of_its_own(lived: Term):
    term = copied(lived)

    links = term.join_links.order_by("partner__name")
    assert [(link.partner.name, link.closed_at) for link in links if link.partner] == [
        ("潮工業", None),
        ("青海大学", None),
    ]
    assert len(links) == 2
    assert not {link.code for link in links} & set(lived.join_links.values_list("code", flat=True))


def test_nobody_hears_of_the_next_term_before_its_own_link_is_opened(lived: Term, aoi: Person):
    ContactChoice.objects.create(person=aoi, next_terms_since=NOW)
    lived.join_links.filter(partner=None).update(closed_at=NOW)
    term = copied(lived)
    later = NOW + timedelta(days=10)  # after the only session

    queue_season_letters(now=later)
    assert not OutboundMessage.objects.filter(kind="next_term").exists()

    open_link(term=term, now=NOW)
    queue_season_letters(now=later)
    assert OutboundMessage.objects.get(kind="next_term").recipient == aoi


def test_wishes_and_the_quorum_come_along(lived: Term):
    term = copied(lived)

    assert usual_wishes(term) == WISHES
    assert (term.quorum_setting.least, term.quorum_setting.decides) == (LEAST, "24h")


@pytest.mark.parametrize("suffices", [True, False])
def test_the_deck_comes_along_where_it_suffices(lived: Term, suffices: bool):
    deck = OwnDeck.objects.create(programme=lived.programme, name="春の束")
    if suffices:
        deck.prompts.set(Prompt.objects.filter(slug__in=[one.slug for one in library().prompts]))
    Term.objects.filter(pk=lived.pk).update(own_deck=deck)
    lived.refresh_from_db()

    assert Term.objects.get(pk=copied(lived).pk).own_deck == (deck if suffices else None)


def test_copy_of_a_copy_that_was_never_formed_keeps_the_wishes(lived: Term):
    assert usual_wishes(copied(copied(lived), name="そのつぎ")) == WISHES


def test_usual_wishes_and_usual_quorum_leave_no_row(chika: Person):
    term = copied(make_term(coordinator=chika))

    assert usual_wishes(term) == Wishes()
    assert not QuorumSetting.objects.filter(term=term).exists()


def test_wishes_that_are_kept_already_are_not_written_again(term: Term):
    keep_wishes(term=term, wishes=WISHES, now=NOW)
    keep_wishes(term=term, wishes=WISHES, now=NOW)

    assert AuditEntry.objects.filter(action="usual_wishes_kept").count() == 1


def test_least_of_each_generation_is_the_source_s(lived: Term):
    assert copied(lived).min_per_generation == 1


def test_copying_twice_is_two_terms_that_share_nothing(lived: Term):
    first, second = copied(lived), copied(lived, name="そのつぎ")

    assert first.programme == second.programme == lived.programme
    first.facilitations.get().windows.all().delete()
    first.closed_days.all().delete()
    assert second.facilitations.get().windows.count() == second.closed_days.count() == 1


def test_second_press_of_one_button_makes_nothing(lived: Term):
    copied(lived)
    before = rows()

    with pytest.raises(ValidationError):
        copied(lived)

    assert rows() == before


def test_copy_that_fails_on_its_way_leaves_nothing(lived: Term, monkeypatch: pytest.MonkeyPatch):
    before = rows()
    QuorumSetting.objects.filter(term=lived).update(decides="2h")
    monkeypatch.setattr("sessions.services.copying.set_quorum", _stopped)

    with pytest.raises(KeyboardInterrupt):
        copied(lived)

    assert rows() == before


def _stopped(**_given: object) -> None:
    raise KeyboardInterrupt


def test_source_stays_as_it_was(lived: Term):
    ClosedDay.objects.create(term=lived, date=date(2027, 1, 20), reason="試験")
    before = Term.objects.filter(pk=lived.pk).values().get()

    copied(lived)

    assert Term.objects.filter(pk=lived.pk).values().get() == before
    assert lived.closed_days.count() == 1
    assert Participation.objects.filter(term=lived).count() == 4


def test_partner_of_another_host_gets_no_link(lived: Term):
    other = Partner.objects.create(organisation=make_programme().organisation, name="よその団体")

    assert not copied(lived, partners=[other.pk]).join_links.exists()
    assert make_person().pk

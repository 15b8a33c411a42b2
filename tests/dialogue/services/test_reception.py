"""Each decision tells a person once. What was seen of them decides who of two coordinators was first."""

from datetime import timedelta

import pytest

from dialogue.core.reception import Move, Stage
from dialogue.decisions import Decision, Result
from dialogue.delivery import deliver_due
from dialogue.models import AuditEntry, Organisation, OutboundMessage, Participation
from dialogue.services.guardians import answer_for_guardian, ask_guardian
from dialogue.services.handing_on import answer_invitation
from dialogue.services.reception import NotAsked, changes_of, decide, reply, write_note
from tests.factories import NOW, make_participation, make_person, make_programme, make_term
from tests.races import all_at_once

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def new(term, aoi) -> Participation:
    """Aoi, who has signed up."""
    return make_participation(term, aoi, status="applied", waiting_reason="acceptance")


def about(one: Participation, move: Move, *, seen: int | None = None, actor=None, now=NOW, **said):
    """Decide about one person; a question and another programme are said where the decision needs them."""
    if move is Move.ASK_BACK:
        said.setdefault("words", "火曜の夜は、何時から参加できますか。")
    if move is Move.POINT_ON:
        said.setdefault("elsewhere", "NPO法人みなとの対話会")
    (outcome,) = decide(
        term=one.term, chosen={one.pk: seen}, decision=Decision(move=move, **said), actor=actor, now=now
    )
    one.refresh_from_db()
    return outcome


def letters(*, status: str = "queued") -> list[str]:
    return list(OutboundMessage.objects.filter(status=status).order_by("pk").values_list("kind", flat=True))


DECISIONS = [
    (Move.ACCEPT, "accepted", "matching", "", "application_accepted"),
    (Move.ASK_BACK, "applied", "asked_back", "", "application_asked_back"),
    (Move.HOLD, "applied", "held", "", "application_held"),
    (Move.DECLINE, "ended", "", "declined", "application_declined"),
    (Move.POINT_ON, "ended", "", "declined", "application_pointed_on"),
]


@pytest.mark.parametrize(("move", "status", "reason", "end", "letter"), DECISIONS)
def test_decision_is_kept_and_told_once_however_often_it_is_pressed(new, chika, move, status, reason, end, letter):
    first = about(new, move, seen=0, actor=chika)
    second = about(new, move, seen=0, actor=chika)

    assert (new.status, new.waiting_reason, new.end_reason) == (status, reason, end)
    assert (first.result, second.result) == (Result.DONE, Result.ALREADY)
    assert (first.told, second.told) == (True, False)
    assert letters() == [letter]
    assert AuditEntry.objects.filter(actor=chika).count() == 1


def test_letter_leaves_five_minutes_later(new, mailoutbox):
    about(new, Move.ACCEPT)

    assert deliver_due(now=LATER - timedelta(seconds=1)) == 0
    assert deliver_due(now=LATER) == 1
    assert "aoi@example.org" in str(mailoutbox[0].to)


@pytest.mark.parametrize(
    ("under_18", "consent", "reason"),
    [(False, True, "matching"), (False, False, "consent"), (True, True, "guardian"), (True, False, "consent")],
)
def test_accepted_people_wait_for_what_is_missing(term, under_18, consent, reason):
    one = make_participation(term, status="applied", waiting_reason="acceptance", under_18=under_18, consent=consent)

    about(one, Move.ACCEPT)

    assert (one.status, one.waiting_reason) == ("accepted", reason)


def test_accepted_young_person_is_matched_once_the_guardian_agrees(term, new):
    Participation.objects.filter(pk=new.pk).update(under_18=True)
    asked = ask_guardian(participation=new, name="青井 蓮", email="ren@example.org", now=NOW)
    about(new, Move.ACCEPT)
    assert not term.participations.to_be_matched().exists()

    answer_for_guardian(guardianship_id=asked.pk, agreed=True, now=NOW)

    assert term.participations.to_be_matched().get() == new


# Asking back


def test_answer_brings_the_sign_up_back_to_the_coordinators(new):
    about(new, Move.ASK_BACK, words="何時からですか")

    reply(participation_id=new.pk, words="19時からです", now=NOW)
    reply(participation_id=new.pk, words="19時からです", now=NOW)

    new.refresh_from_db()
    assert (new.status, new.waiting_reason) == ("applied", "acceptance")
    assert (new.asked, new.replied) == ("何時からですか", "19時からです")
    assert AuditEntry.objects.filter(action="reception_replied").count() == 1


def test_nobody_answers_what_was_not_asked(new):
    with pytest.raises(NotAsked):
        reply(participation_id=new.pk, words="はい", now=NOW)


def test_second_question_keeps_the_first_exchange_among_the_notes(new):
    about(new, Move.ASK_BACK, words="一")
    reply(participation_id=new.pk, words="壱", now=NOW)

    about(new, Move.ASK_BACK, words="二")

    assert (new.asked, new.replied) == ("二", "")
    assert new.note == "Q: 一\nA: 壱"


def test_question_whose_answer_came_first_is_not_mailed(new, mailoutbox):
    about(new, Move.ASK_BACK)
    reply(participation_id=new.pk, words="はい", now=NOW)

    deliver_due(now=LATER)

    assert mailoutbox == []


def test_words_are_stored_sealed(new):
    about(new, Move.DECLINE, words="たいへん迷いました")

    stored = str(OutboundMessage.objects.get().context)
    assert "迷" not in stored
    assert "\\u8ff7" not in stored


# Taking back, and opening again


@pytest.mark.parametrize("move", [row[0] for row in DECISIONS])
def test_decision_that_nobody_has_read_of_is_taken_back_without_a_mail(new, move, mailoutbox):
    about(new, move)

    outcome = about(new, Move.REOPEN)

    assert (outcome.taken_back, outcome.told) == (True, False)
    assert (new.status, new.waiting_reason, new.end_reason, new.ended_at) == ("applied", "acceptance", "", None)
    assert (letters(), letters(status="void")) == ([], [f"application_{LETTER_NAMES[move]}"])
    assert deliver_due(now=LATER) == 0


LETTER_NAMES = {row[0]: row[4].removeprefix("application_") for row in DECISIONS}


@pytest.mark.parametrize("move", [row[0] for row in DECISIONS])
def test_opening_again_after_the_mail_has_left_is_told(new, move, mailoutbox):
    about(new, move)
    deliver_due(now=LATER)

    outcome = about(new, Move.REOPEN, now=LATER)

    assert (outcome.taken_back, outcome.told) == (False, True)
    assert (new.status, new.waiting_reason) == ("applied", "acceptance")
    assert letters() == ["application_reopened"]


def test_taking_back_restores_the_decision_before_and_its_letter(new):
    about(new, Move.ACCEPT)
    about(new, Move.DECLINE)
    assert letters() == ["application_declined"]

    about(new, Move.REOPEN)

    assert (new.status, new.waiting_reason) == ("accepted", "matching")
    assert letters() == ["application_accepted"]


def test_same_decision_after_opening_again_is_told_again(new):
    about(new, Move.ACCEPT)
    deliver_due(now=LATER)
    about(new, Move.REOPEN, now=LATER)

    about(new, Move.ACCEPT, now=LATER)

    assert letters() == ["application_accepted"]
    assert OutboundMessage.objects.filter(kind="application_accepted").count() == 2


def test_letter_that_is_being_sent_cannot_be_taken_back(new):
    about(new, Move.ACCEPT)
    OutboundMessage.objects.update(status="sending", leased_until=LATER)

    outcome = about(new, Move.REOPEN)

    assert (outcome.taken_back, outcome.told) == (False, True)


def test_guardians_refusal_can_be_opened_again(term, new):
    Participation.objects.filter(pk=new.pk).update(under_18=True)
    asked = ask_guardian(participation=new, name="青井 蓮", email="ren@example.org", now=NOW)
    about(new, Move.ACCEPT)
    answer_for_guardian(guardianship_id=asked.pk, agreed=False, now=NOW)
    assert letters() == ["guardian_asked", "application_without_guardian"]

    new.refresh_from_db()
    about(new, Move.REOPEN)

    assert (new.status, new.waiting_reason) == ("applied", "guardian")


# What is refused


@pytest.mark.parametrize("move", [move for move in Move if move not in {Move.HAND_ON, Move.ACCEPT}])
def test_somebody_with_a_cohort_is_not_decided_about(cohort, aoi, move):
    one = Participation.objects.get(person=aoi)

    outcome = about(one, move)

    assert (outcome.result, one.status, letters()) == (Result.NOT_POSSIBLE, "placed", [])


@pytest.mark.parametrize(
    "said", [{"move": Move.ASK_BACK, "words": " "}, {"move": Move.HAND_ON}, {"move": Move.POINT_ON}]
)
def test_decision_says_what_it_needs(said):
    with pytest.raises(ValueError, match=r"needs words|names"):
        Decision(**said)


def test_coordinator_who_has_not_seen_a_decision_is_told_who_was_quicker(new, chika):
    about(new, Move.ACCEPT, seen=0, actor=chika)

    outcome = about(new, Move.DECLINE, seen=0, actor=make_person("ゆき"))

    assert (outcome.result, outcome.stage, outcome.changed_by) == (Result.CHANGED, Stage.ACCEPTED, chika)
    assert new.status == "accepted"
    assert letters() == ["application_accepted"]


def test_decision_does_not_pass_over_an_answer_that_was_not_seen(new, aoi):
    about(new, Move.ASK_BACK)
    reply(participation_id=new.pk, words="はい", now=NOW)

    outcome = about(new, Move.DECLINE, seen=1)

    assert (outcome.result, outcome.changed_by) == (Result.CHANGED, aoi)


def test_many_are_decided_at_once_each_with_an_outcome(term):
    new = [make_participation(term, status="applied", waiting_reason="acceptance") for _ in range(3)]
    placed = make_participation(term, status="placed")
    stranger = make_participation(make_term(), status="applied", waiting_reason="acceptance")
    chosen = {one.pk: 0 for one in (*new, placed, stranger)} | {10**9: 0, new[2].pk: 7}

    outcomes = decide(term=term, chosen=chosen, decision=Decision(move=Move.DECLINE), now=NOW)

    found = {outcome.participation.pk: outcome.result.value for outcome in outcomes}
    assert found == {new[0].pk: "done", new[1].pk: "done", new[2].pk: "changed", placed.pk: "not_possible"}
    stranger.refresh_from_db()
    assert stranger.status == "applied"
    assert OutboundMessage.objects.count() == 2


def test_note_is_for_coordinators_and_audited_without_its_words(new, chika):
    write_note(participation_id=new.pk, words="電話で話した", actor=chika, now=NOW)
    write_note(participation_id=new.pk, words="電話で話した", actor=chika, now=NOW)

    entry = AuditEntry.objects.get(action="note_written")
    assert entry.detail == {}
    assert changes_of([new]) == {}


# Handing on


@pytest.fixture
def next_term(term):
    """The same host's next term, of another programme."""
    return make_term(programme=make_programme(), starts_on=NOW.date() + timedelta(days=60))


def test_handing_on_gives_away_nothing_before_the_person_agrees(new, next_term):
    Participation.objects.filter(pk=new.pk).update(
        interests={"旅": 3}, field="文学", note="メモ", asked="問", replied="答", crossroads="岐路"
    )
    outcome = about(new, Move.HAND_ON, to_term=next_term)

    there = Participation.objects.get(term=next_term)
    assert (outcome.result, new.status, new.relayed_to) == (Result.DONE, "relayed", next_term)
    assert (there.status, there.waiting_reason) == ("applied", "consent")
    assert (there.interests, there.field, there.note, there.crossroads) == ({}, "", "", "")
    assert (there.windows.count(), there.consents.count()) == (0, 0)


def test_agreeing_brings_the_answers_over_but_not_what_is_private(new, next_term):
    Participation.objects.filter(pk=new.pk).update(interests={"旅": 3}, note="メモ", crossroads="岐路")
    about(new, Move.HAND_ON, to_term=next_term)
    there = Participation.objects.get(term=next_term)

    answer_invitation(participation_id=there.pk, agrees=True, now=NOW)
    answer_invitation(participation_id=there.pk, agrees=True, now=NOW)

    there.refresh_from_db()
    assert (there.status, there.waiting_reason) == ("applied", "acceptance")
    assert (there.interests, there.note, there.crossroads) == ({"旅": 3}, "", "")
    assert there.windows.count() == 1
    assert there.consents.get().purpose == "take_part"


def test_saying_no_to_another_term_ends_the_place_there(new, next_term):
    about(new, Move.HAND_ON, to_term=next_term)
    there = Participation.objects.get(term=next_term)

    answer_invitation(participation_id=there.pk, agrees=False, now=NOW)

    there.refresh_from_db()
    assert (there.status, there.end_reason) == ("ended", "withdrew")


def test_nobody_is_handed_on_to_where_they_have_signed_up(new, next_term, aoi):
    make_participation(next_term, aoi)

    outcome = about(new, Move.HAND_ON, to_term=next_term)

    assert (outcome.result, new.status, letters()) == (Result.NOT_POSSIBLE, "applied", [])


def test_nobody_is_handed_on_to_another_host(new):
    foreign = make_term()
    foreign.programme.organisation = Organisation.objects.create(name="別の団体")
    foreign.programme.save()

    with pytest.raises(ValueError, match="one host"):
        about(new, Move.HAND_ON, to_term=foreign)


def test_handing_on_is_taken_back_while_the_person_has_not_agreed(new, next_term):
    about(new, Move.HAND_ON, to_term=next_term)

    about(new, Move.REOPEN)

    assert (new.status, new.relayed_to) == ("applied", None)
    assert not Participation.objects.filter(term=next_term).exists()


@pytest.mark.parametrize("mailed", [False, True])
def test_handing_on_stands_once_the_person_has_agreed(new, next_term, mailed):
    about(new, Move.HAND_ON, to_term=next_term)
    if mailed:
        deliver_due(now=LATER)
    answer_invitation(participation_id=Participation.objects.get(term=next_term).pk, agrees=True, now=NOW)

    outcome = about(new, Move.REOPEN)

    assert (outcome.result, new.status) == (Result.NOT_POSSIBLE, "relayed")
    assert "application_reopened" not in letters()


def two_decide_at_one_moment() -> None:
    for _ in range(5):
        one = make_participation(make_term(), status="applied", waiting_reason="acceptance")
        moves = (Move.ACCEPT, Move.DECLINE, Move.ACCEPT, Move.DECLINE)

        found = all_at_once(
            [
                lambda move=move, one=one: (
                    decide(term=one.term, chosen={one.pk: 0}, decision=Decision(move=move), now=NOW)[0].result
                )
                for move in moves
            ]
        )

        assert sorted(found) == [Result.ALREADY, Result.CHANGED, Result.CHANGED, Result.DONE]
        assert OutboundMessage.objects.filter(subject_key=f"participation:{one.pk}").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_coordinators_at_one_moment_one_decides_and_the_other_is_told():
    two_decide_at_one_moment()


@pytest.mark.slow
@pytest.mark.postgres
def test_of_two_coordinators_at_one_moment_one_decides_on_postgresql_too(postgres_url):
    two_decide_at_one_moment()

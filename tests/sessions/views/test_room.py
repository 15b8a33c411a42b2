"""The page of a room: who gets it, what they meet on the way, and its forms without a script."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.models import ConsentRecord, Participation
from sessions.core.guide.arcs import Kind
from sessions.core.room import Event
from sessions.core.room.rights import last_reader
from sessions.models import DialogueSession, Room, RoomSignal
from sessions.services.agreeing import agree
from sessions.services.rooms import act, enter
from sessions.services.writing import keep_step
from tests.factories import NOW, make_cohort, make_person, make_session
from tests.sessions.rooms import fill, state, to_first_turn

JSON = {"Accept": "application/json"}


@pytest.fixture
def now(session, at):
    moment = session.starts_at
    at(moment)
    return moment


@pytest.fixture
def running(session, now) -> Room:
    for one in Participation.objects.filter(memberships__cohort=session.cohort):
        agree(session=session, person=one.person, now=now)
    return fill(session, now=now)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def post(client: Client, session: DialogueSession, **fields):
    return client.post(reverse("room", args=[session.pk]), fields, headers=JSON)


@pytest.mark.parametrize("address", ["room", "room_signal"])
def test_a_stranger_meets_no_room(session, now, sam, address):
    client, url = signed_in(sam), reverse(address, args=[session.pk])

    assert client.get(url).status_code in {404, 405}
    assert client.post(url, {"action": "arrive"}).status_code == 404


def test_who_takes_part_agrees_once_and_then_sees_the_room(session, now, aoi):
    client, url = signed_in(aoi), reverse("room", args=[session.pk])
    assert "agree_to_rules" in client.get(url).text

    answer = client.post(url, {"action": "agree_to_rules"}, follow=True)

    assert "data-room" in answer.text
    assert ConsentRecord.objects.get(purpose="agreements").participation.person == aoi


def test_nobody_does_anything_in_a_room_before_they_agree(session, now, aoi):
    client = signed_in(aoi)

    client.post(reverse("room", args=[session.pk]), {"action": "arrive"})

    assert not Room.objects.exists()


def test_before_the_door_opens_the_page_says_when(session, at, aoi):
    at(session.starts_at - timedelta(minutes=16))

    answer = signed_in(aoi).get(reverse("room", args=[session.pk]))

    assert "data-room" not in answer.text
    assert "19:15" in answer.text


def test_looking_at_the_page_changes_nothing(session, now, fumi):
    signed_in(fumi).get(reverse("room", args=[session.pk]))

    assert not Room.objects.exists()


def test_the_page_shows_names_and_the_prompt_and_nobody_s_seconds(running, session, now, aoi, takeshi):
    text = signed_in(aoi).get(reverse("room", args=[session.pk])).text

    assert "たけしさん" in text
    assert "spoken" not in text
    assert takeshi.email not in text


def test_a_form_without_a_script_leads_back_to_the_page(running, session, now, fumi):
    client, url = signed_in(fumi), reverse("room", args=[session.pk])

    answer = client.post(url, {"action": "next", "version": running.version}, follow=True)

    assert answer.redirect_chain == [(url, 302)]
    assert state(Room.objects.get()).step.kind == "agreements"


def test_a_refused_tap_says_why_and_brings_the_newest_state(running, session, now, aoi):
    answer = post(signed_in(aoi), session, action="next", version=running.version)

    assert answer.status_code == 409
    assert answer.json()["room"]["v"] == running.version
    assert answer.json()["words"]


def test_a_tap_that_is_sent_again_is_not_done_again(running, session, now, fumi):
    client = signed_in(fumi)
    first = post(client, session, action="next", version=running.version)

    again = post(client, session, action="next", version=running.version)

    assert (first.status_code, again.status_code) == (204, 409)
    assert state(Room.objects.get()).at == 1


@pytest.mark.parametrize("fields", [{"action": "no such thing"}, {}], ids=["unknown", "none"])
def test_an_action_that_is_none_is_not_found(running, session, now, aoi, fields):
    assert post(signed_in(aoi), session, **fields).status_code == 404


def test_after_the_close_the_page_thanks(running, session, now, aoi, fumi):
    act(room_id=running.pk, by=fumi.pk, event=Event.CLOSE, now=now)
    client = signed_in(aoi)

    assert "data-room" not in client.get(reverse("room", args=[session.pk])).text
    assert post(client, session, action="pause").status_code == 409


def test_a_signal_is_passed_on_in_one_line_and_only_to_who_is_there(running, session, now, aoi, takeshi, sam):
    client, url = signed_in(aoi), reverse("room_signal", args=[session.pk])

    assert client.post(url, {"to": takeshi.pk, "data": '{"a":\n\n1}'}).status_code == 204
    assert client.post(url, {"to": sam.pk, "data": "1"}).status_code == 409
    assert client.post(url, {"to": takeshi.pk, "data": "event: room"}).status_code == 400
    assert client.post(url, {"to": "x", "data": "1"}).status_code == 400
    assert [one.payload for one in RoomSignal.objects.all()] == ['{"a": 1}']


def test_cohorts_that_meet_together_share_one_room(cohort, term, at, takeshi):
    other = make_person("よそ")
    host = make_session(cohort)
    guest = make_session(make_cohort(term, students=(other,)), joint_with=host)
    at(host.starts_at)
    client = signed_in(other)
    client.post(reverse("room", args=[guest.pk]), {"action": "agree_to_rules"})

    client.post(reverse("room", args=[guest.pk]), {"action": "arrive"})

    assert Room.objects.get().session == host
    assert state(Room.objects.get()).here == (other.pk,)
    assert client.get(reverse("room", args=[host.pk])).status_code == 404


def test_the_way_in_leads_to_the_room_where_there_is_no_link(cohort, at, fumi, aoi):
    session = make_session(cohort)
    at(session.starts_at)

    for person in (aoi, fumi):
        answer = signed_in(person).get(reverse("session_enter", args=[session.pk]))
        assert answer.headers["Location"] == reverse("room", args=[session.pk])


def test_a_pasted_link_stays_one_tap_away_and_the_room_offers_it(running, session, now, aoi):
    client = signed_in(aoi)

    entered = client.get(reverse("session_enter", args=[session.pk]))
    page = client.get(reverse("session", args=[session.pk]))
    room = client.get(reverse("room", args=[session.pk]))

    assert entered.headers["Location"] == session.room_url
    assert reverse("room", args=[session.pk]) in page.text
    assert reverse("session_video", args=[session.pk]) in room.text
    assert client.get(reverse("session_video", args=[session.pk])).headers["Location"] == session.room_url


def test_the_guide_leads_its_facilitator_to_the_room(session, at, fumi):
    at(session.starts_at)

    assert reverse("room", args=[session.pk]) in signed_in(fumi).get(reverse("session_guide", args=[session.pk])).text


def test_whoever_closed_it_opens_it_again_from_the_page_and_the_others_read_that(running, session, now, at, aoi, fumi):
    act(room_id=running.pk, by=fumi.pk, event=Event.CLOSE, now=now)
    url = reverse("room", args=[session.pk])
    assert 'value="reopen"' in signed_in(fumi).get(url).text
    others = signed_in(aoi).get(url).text
    assert "data-await-room" in others
    assert 'value="reopen"' not in others
    assert post(signed_in(aoi), session, action="reopen").status_code == 409

    answer = signed_in(fumi).post(url, {"action": "reopen"}, follow=True)

    assert "data-room" in answer.text
    assert "data-room" in signed_in(aoi).get(url).text


def test_when_the_minutes_are_over_the_page_offers_nothing_any_more(running, session, now, at, fumi):
    act(room_id=running.pk, by=fumi.pk, event=Event.CLOSE, now=now)
    at(now + timedelta(minutes=5))

    page = signed_in(fumi).get(reverse("room", args=[session.pk])).text

    assert 'value="reopen"' not in page
    assert post(signed_in(fumi), session, action="reopen").status_code == 409


def options(page: str, select: str = "takers") -> list[str]:
    """Return whom 「番を渡す」 offers, or another select."""
    select = page.split(f"data-{select}>")[1].split("</select>")[0]
    return re.findall(r'<option value="(\d+)"', select)


def test_the_turn_is_offered_only_to_those_whom_it_is_not_refused(running, session, now, fumi):
    room, _now = to_first_turn(running, now=now)
    client, url = signed_in(fumi), reverse("room", args=[session.pk])
    before = state(room)
    offered = options(client.get(url).text)

    assert set(map(int, offered)) == set(before.here) - {before.speaker}
    for key in offered:
        assert post(client, session, action="give_turn", whom=key).status_code == 204
    post(client, session, action="leave", whom=offered[0])
    assert offered[0] not in options(client.get(url).text)


def test_only_who_came_in_and_is_still_here_can_be_said_to_have_gone(session, now, aoi, takeshi, fumi):
    for person in (aoi, takeshi):
        agree(session=session, person=person, now=now)
    enter(session_id=session.pk, person=fumi, now=now)
    client, url = signed_in(fumi), reverse("room", args=[session.pk])
    form = re.compile(r'<form class="pick"[^>]*data-when="goes" (hidden)?>')
    nobody = client.get(url).text
    assert options(nobody, "goers") == []
    assert form.search(nobody)[1]

    enter(session_id=session.pk, person=aoi, now=now)

    page = client.get(url).text
    assert options(page, "goers") == [str(aoi.pk)]
    assert not form.search(page)[1]
    post(client, session, action="leave", whom=aoi.pk)
    assert options(client.get(url).text, "goers") == []


def test_whoever_went_again_is_not_said_to_be_still_to_come(running, session, now, aoi, fumi):
    url = reverse("room", args=[session.pk])
    post(signed_in(fumi), session, action="leave", whom=aoi.pk)

    page = signed_in(fumi).get(url).text
    item = page.partition("data-order>")[2].partition(f'data-key="{aoi.pk}"')[2].partition("</li>")[0]

    assert re.findall(r'data-when="!?begun" (hidden)?>([^<]+)<', item) == [("hidden", "まだ"), ("", "いまいません")]


def test_only_whoever_reads_the_last_line_or_leads_is_shown_the_button_that_ends_the_reading(
    running, session, now, aoi, takeshi, fumi
):
    room = act(room_id=running.pk, by=fumi.pk, event=Event.NEXT, now=now)
    names = {aoi.pk: "あおい", takeshi.pk: "たけし"}
    reader = last_reader(state(room))

    for person in (aoi, takeshi, fumi):
        text = signed_in(person).get(reverse("room", args=[session.pk])).text
        button = re.search(r'value="agree" data-when="[^"]*" (hidden)?', text)
        assert bool(button[1]) is (person.pk not in {reader, fumi.pk})
        assert f"最後の1行を読む{names[reader]}さんが、みんなを代表して確かめます。" in text
    other = aoi if reader != aoi.pk else takeshi
    assert post(signed_in(other), session, action="agree").status_code == 409


def test_a_call_for_help_is_its_callers_to_take_back_and_others_do_not_read_whose_it_is(
    running, session, now, aoi, takeshi
):
    url = reverse("room", args=[session.pk])
    post(signed_in(aoi), session, action="help")

    assert '"called": true' in html.unescape(signed_in(aoi).get(url).text)
    assert '"called": false' in html.unescape(signed_in(takeshi).get(url).text)
    assert post(signed_in(takeshi), session, action="help").status_code == 409
    assert post(signed_in(aoi), session, action="help").status_code == 204
    assert not state(Room.objects.get()).help


def test_where_nobody_leads_yet_the_others_read_what_the_office_is_told(session, now, aoi, takeshi):
    for one in (aoi, takeshi):
        agree(session=session, person=one, now=now)
        enter(session_id=session.pk, person=one, now=now)
    post(signed_in(aoi), session, action="help")

    text = signed_in(takeshi).get(reverse("room", args=[session.pk])).text

    assert re.search(r'data-when="alone" >助けを求めている人がいます。</p>', text)


def test_before_the_beginning_one_control_takes_the_seconds_off_every_page(come, session, now, fumi):
    text = signed_in(fumi).get(reverse("room", args=[session.pk])).text

    assert re.search(r'data-when="!gently" ><input type="checkbox" name="gently"', text)
    assert re.search(r'value="gently" data-when="!gently begun" hidden>', text)


def test_whoever_is_seated_beside_somebody_for_the_first_time_agrees_once_on_that_device(
    session, now, aoi, takeshi, fumi
):
    client, url = signed_in(aoi), f"{reverse('room', args=[session.pk])}?table=1"
    post(client, session, action="agree_to_rules")
    post(client, session, action="arrive")
    assert "たけしさんです。同意します" in client.get(url).text

    refused = post(client, session, action="arrive", whom=takeshi.pk)
    assert (refused.status_code, state(Room.objects.get()).here) == (409, (aoi.pk,))
    assert not ConsentRecord.objects.filter(participation__person=takeshi, purpose="agreements").exists()
    for _twice in range(2):
        assert post(client, session, action="arrive", whom=takeshi.pk, agrees="1").status_code == 204
    assert post(client, session, action="arrive", whom=fumi.pk).status_code == 204

    room = state(Room.objects.get())
    assert (room.here, room.leader_here) == ((aoi.pk, takeshi.pk), True)
    assert ConsentRecord.objects.filter(participation__person=takeshi, purpose="agreements").count() == 1
    assert "たけしさんです。同意します" not in client.get(url).text


def test_a_refused_seat_leaves_no_consent_behind(session, now, aoi, takeshi):
    client = signed_in(aoi)
    post(client, session, action="agree_to_rules")
    post(client, session, action="arrive")
    post(client, session, action="leave")

    assert post(client, session, action="arrive", whom=takeshi.pk, agrees="1").status_code == 409
    assert not ConsentRecord.objects.filter(participation__person=takeshi, purpose="agreements").exists()


def test_with_somebody_under_18_the_facilitator_is_not_seated_by_others(running, session, now, aoi, fumi):
    Participation.objects.filter(person=aoi).update(under_18=True)
    client = signed_in(aoi)
    Room.objects.all().delete()
    post(client, session, action="arrive")

    assert "ふみさんはここにいます" not in client.get(f"{reverse('room', args=[session.pk])}?table=1").text
    assert post(client, session, action="arrive", whom=fumi.pk).status_code == 409


def test_a_tap_by_mistake_is_taken_back_and_not_twice(running, session, now, fumi):
    room, _now = to_first_turn(running, now=now)
    first = state(room).speaker
    act(room_id=room.pk, by=first, event=Event.DONE, now=now)
    version = Room.objects.get().version
    client = signed_in(fumi)

    assert post(client, session, action="back", version=version).status_code == 204
    assert state(Room.objects.get()).speaker == first
    assert post(client, session, action="back", version=version).status_code == 409
    assert state(Room.objects.get()).speaker == first


@pytest.fixture
def come(session, now) -> Room:
    """Everybody is there, and nobody has begun."""
    for one in Participation.objects.filter(memberships__cohort=session.cohort):
        agree(session=session, person=one.person, now=now)
        enter(session_id=session.pk, person=one.person, now=now)
    enter(session_id=session.pk, person=session.facilitator, now=now)
    return Room.objects.get()


def test_what_the_guide_was_told_is_ticked_beside_begin_and_holds_for_everybody(come, session, now, fumi, aoi):
    url = reverse("room", args=[session.pk])
    asked = signed_in(fumi).get(f"{url}?gently=on&without_third=on").text
    assert 'name="gently" value="on" checked' in asked
    assert 'name="without_third" value="on" checked' in asked
    assert "checked" not in signed_in(fumi).get(url).text.partition('name="gently"')[2].partition(">")[0]

    answer = post(signed_in(fumi), session, action="begin", version=come.version, gently="on", without_third="on")

    assert answer.status_code == 204
    room = state(Room.objects.get())
    assert (room.phase, room.gently) == ("running", True)
    assert "shift" not in [step.kind for step in room.steps]
    clock = signed_in(aoi).get(url).text.partition("data-clock")[2].partition("</p>")[0]
    assert "あと4分ほど" in clock
    assert "4:00" not in clock


def test_what_was_ticked_before_the_door_opened_is_still_there_when_looking_again(session, at, fumi):
    at(session.starts_at - timedelta(minutes=30))
    url = f"{reverse('room', args=[session.pk])}?gently=on"

    assert f'href="{url}"' in signed_in(fumi).get(url).text


def test_somebody_else_than_who_leads_sets_nothing_by_beginning(come, session, now, aoi):
    assert post(signed_in(aoi), session, action="begin", version=come.version, gently="on").status_code == 409
    assert not state(Room.objects.get()).gently


def test_whoever_leads_leaves_out_a_later_step_by_its_name(running, session, now, fumi):
    page = signed_in(fumi).get(reverse("room", args=[session.pk])).text
    options = page.partition("data-later>")[2].partition("</select>")[0]
    place = options.partition("三巡め")[0].rpartition('value="')[2].partition('"')[0]
    assert "おわり" not in options

    assert post(signed_in(fumi), session, action="skip", steps=place, version=running.version).status_code == 204

    assert "shift" not in [step.kind for step in state(Room.objects.get()).steps]


def test_a_wish_for_captions_is_there_for_who_comes_late_and_outlives_other_taps(
    running, session, now, aoi, takeshi, fumi
):
    url = reverse("room", args=[session.pk])
    hidden = 'captions" hidden'
    assert hidden in signed_in(takeshi).get(url).text

    old = running.version
    post(signed_in(fumi), session, action="next", version=old)
    assert post(signed_in(aoi), session, action="wish_captions", version=old).status_code == 204

    page = signed_in(takeshi).get(url).text
    assert "字幕を希望している人がいます。" in page
    assert hidden not in page
    assert str(aoi.pk) not in str(state(Room.objects.get()).captions)
    assert post(signed_in(aoi), session, action="captions_seen_to").status_code == 409
    assert post(signed_in(fumi), session, action="captions_seen_to").status_code == 204
    assert not state(Room.objects.get()).captions


def test_in_the_own_room_nobody_is_sent_to_captions_that_there_are_not(running, session, now, term, aoi):
    url = reverse("room", args=[session.pk])
    assert "ビデオの字幕をつけてください" in signed_in(aoi).get(url).text
    DialogueSession.objects.filter(pk=session.pk).update(room_url="")
    term.video = "own"
    term.save()

    page = signed_in(aoi).get(url).text

    assert "ビデオの字幕をつけてください" not in page
    assert "この部屋には字幕がありません" in page


def test_ones_own_step_stands_in_the_check_in_and_on_no_other_page_nor_on_a_shared_device(
    cohort, at, aoi, takeshi, fumi
):
    before = make_session(cohort, starts_at=NOW)
    held = make_session(cohort, starts_at=NOW + timedelta(weeks=2))
    keep_step(session=before, author=aoi, text="隣の席の人にあいさつ", now=NOW)
    at(held.starts_at)
    for person in (aoi, takeshi):
        agree(session=held, person=person, now=held.starts_at)
    url = reverse("room", args=[held.pk])

    part = signed_in(aoi).get(url).text.partition('data-part="check_in"')[2].partition("data-part=")[0]
    assert "隣の席の人にあいさつ" in part
    for person, query in ((aoi, "?table=1"), (takeshi, ""), (fumi, "")):
        assert "隣の席の人にあいさつ" not in signed_in(person).get(url + query).text

    fill(held, now=held.starts_at)
    act(room_id=Room.objects.get().pk, by=takeshi.pk, event=Event.LEAVE, now=held.starts_at)
    held_by = Room.objects.get()
    held_by.state["shares"] = {str(takeshi.pk): aoi.pk}
    held_by.save()
    assert "隣の席の人にあいさつ" not in signed_in(aoi).get(url).text


def test_the_last_step_and_the_closed_room_lead_to_the_three_questions(running, session, now, aoi, fumi):
    url, questions = reverse("room", args=[session.pk]), reverse("session_reflection", args=[session.pk])
    assert questions in signed_in(aoi).get(url).text
    act(room_id=running.pk, by=fumi.pk, event=Event.CLOSE, now=now)

    assert questions in signed_in(aoi).get(url).text
    assert questions not in signed_in(fumi).get(url).text


def test_the_room_of_a_session_that_was_put_off_says_that_a_date_is_looked_for(session, now, aoi):
    DialogueSession.objects.filter(pk=session.pk).update(status="proposed")

    for page in (reverse("room", args=[session.pk]), reverse("session_enter", args=[session.pk])):
        said = signed_in(aoi).get(page, follow=True).text
        assert "この回は延期になりました" in said
        assert "取りやめ" not in said


def test_open_questions_say_who_begins_by_asking_whom_of_those_who_are_there(session, running, now, aoi):
    room, now = to_first_turn(running, now=now)
    while state(room).step.kind is not Kind.OPEN_QUESTIONS:
        room = act(room_id=room.pk, by=session.facilitator_id, event=Event.SKIP, now=now)

    client, url, asks = (
        signed_in(aoi),
        reverse("room", args=[session.pk]),
        re.compile('">今回、まずたずね合うのは：(.+?)。'),
    )
    said = asks.search(client.get(url).text)[1]
    act(room_id=room.pk, by=aoi.pk, event=Event.LEAVE, now=now)
    without = asks.search(client.get(url).text)[1]

    assert "あおいさん" in said
    assert " ⇄ " in said
    assert "あおいさん" not in without

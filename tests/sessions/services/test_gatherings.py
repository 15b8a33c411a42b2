"""Gatherings: who is invited, when nobody is booked twice, and what each change sends."""

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as post
from django.db import IntegrityError, transaction
from icalendar import Calendar

from dialogue.core.wording import format_moment
from dialogue.delivery import composed, deliver_due
from dialogue.message_kinds import kinds
from dialogue.models import AuditEntry, OutboundMessage, Participation, Person
from dialogue.services.cohorts import end_participation
from dialogue.services.reaching import choose_contact
from sessions.commitments import booked_sessions
from sessions.gathering_announcing import gathering_by_mail_again, hand_over_gathering, subject_of_gathering
from sessions.models import BusyTime, Gathering, GatheringAnswer, GatheringChoice
from sessions.services.booking import TimeTaken
from sessions.services.changing import ChangedMeanwhile, TooSoon, move_session
from sessions.services.feeds import feed_body, feed_of
from sessions.services.gathering_answers import answer_gathering, choose_times
from sessions.services.gatherings import (
    ClosesBadly,
    GatheringOrder,
    GatheringRefused,
    cancel_gathering,
    change_gathering,
    extend_choice,
    fix_date,
    invite_newcomers,
    open_gathering,
    write_page_version,
)
from tests.factories import NOW, make_cohort, make_participation, make_session, make_term
from tests.races import all_at_once
from tests.sessions.calendar_clients import MailCalendar

DAY = timedelta(days=1)
AT = NOW + 5 * DAY
ROOM = "https://meet.example.org/all"


def opened(term, *starts, **fields) -> Gathering:
    fields = {"kind": "kickoff", "audience": "everybody", "minutes": 60, **fields}
    return open_gathering(term=term, order=GatheringOrder(starts=starts or (AT,), **fields), now=NOW)


def answers(gathering) -> dict[str, str]:
    return dict(gathering.answers.values_list("person__preferred_name", "answer"))


def queued(kind) -> Counter:
    rows = OutboundMessage.objects.filter(kind=kind, status="queued")
    return Counter(rows.values_list("recipient__preferred_name", flat=True))


def changed(gathering, **fields):
    gathering.refresh_from_db()
    said = {"starts_at": gathering.starts_at, "minutes": 60, "place": "", "room_url": "", "note": ""} | fields
    said.setdefault("together_minutes", gathering.together_minutes)
    return change_gathering(gathering_id=gathering.pk, **{"seen": gathering.sequence, "now": NOW, **said})


def everything() -> tuple:
    return (
        list(Gathering.objects.values()),
        sorted(GatheringAnswer.objects.values_list("person", "answer")),
        sorted(BusyTime.objects.values_list("person", "room", "quarter"), key=str),
        sorted(OutboundMessage.objects.values_list("dedupe_key", "status")),
        AuditEntry.objects.count(),
    )


# Who is invited


@pytest.mark.django_db
@pytest.mark.parametrize(("audience", "number"), [("everybody", 5), ("student", 2), ("alumni", 2), ("facilitators", 1)])
def test_each_audience_is_invited_once_and_reminded_a_day_ahead(cohort, audience, number):
    gathering = opened(cohort.term, audience=audience)

    assert len(answers(gathering)) == number
    assert list(queued("gathering_invited").values()) == [1] * number
    reminders = OutboundMessage.objects.filter(kind="gathering_reminder")
    assert set(reminders.values_list("due_at", flat=True)) == {AT - DAY}
    assert BusyTime.objects.filter(gathering=gathering).count() == 4 * number


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "ahead"), [("gathering_reminder_72h", 3 * DAY), ("gathering_reminder_1h", timedelta(hours=1))]
)
def test_three_days_and_an_hour_ahead_only_those_who_said_yes_are_reminded(cohort, aoi, takeshi, kind, ahead):
    gathering = opened(cohort.term, AT + 7 * DAY)
    answer_gathering(gathering_id=gathering.pk, person=aoi, comes=True, now=NOW)
    answer_gathering(gathering_id=gathering.pk, person=takeshi, comes=False, now=NOW)

    due = gathering.starts_at - ahead
    OutboundMessage.objects.exclude(kind=kind).delete()
    assert deliver_due(now=due - timedelta(seconds=1)) == 0
    deliver_due(now=due)

    [mail] = post.outbox
    assert mail.to == [aoi.email]
    assert "あおい 様" in mail.body
    assert OutboundMessage.objects.filter(status="void").count() == len(answers(gathering)) - 1


@pytest.mark.django_db
def test_who_wants_the_day_before_alone_is_reminded_of_a_gathering_then_and_not_else(cohort, aoi):
    choose_contact(person=aoi, channel="mail", reminders="day", next_terms=False, now=NOW)
    gathering = opened(cohort.term, AT + 7 * DAY)
    answer_gathering(gathering_id=gathering.pk, person=aoi, comes=True, now=NOW)
    OutboundMessage.objects.exclude(recipient=aoi, kind__startswith="gathering_reminder").delete()

    for hours in (72, 24, 1):
        deliver_due(now=gathering.starts_at - timedelta(hours=hours))

    assert set(OutboundMessage.objects.values_list("kind", "status")) == {
        ("gathering_reminder_72h", "void"),
        ("gathering_reminder", "sent"),
        ("gathering_reminder_1h", "void"),
    }


@pytest.mark.django_db
def test_who_comes_after_all_gets_the_invitation_with_its_entry_once(cohort, aoi, settings):
    settings.BASE_URL = "https://madoi.example.org"
    gathering = opened(cohort.term)
    for comes in (True, False, True, False, True):
        answer_gathering(gathering_id=gathering.pk, person=aoi, comes=comes, now=NOW)

    assert queued("gathering_invited")["あおい"] == 2
    assert set(queued("gathering_invited").values()) == {1, 2}
    row = OutboundMessage.objects.select_related("recipient").filter(kind="gathering_invited", recipient=aoi).last()
    [event] = Calendar.from_ical(composed(row, kinds()[row.kind], NOW).calendar).walk("VEVENT")
    assert (str(event["UID"]), event["SEQUENCE"]) == (gathering.uid, 0)
    assert answers(gathering)["あおい"] == "yes"


@pytest.mark.django_db
def test_who_chooses_the_settled_date_late_comes_and_who_chooses_another_is_told(cohort, aoi, takeshi):
    gathering = opened(cohort.term, AT, AT + DAY)
    first, second = gathering.options.order_by("starts_at")
    assert not choose_times(gathering_id=gathering.pk, person=takeshi, options=[first.pk], now=NOW)
    fix_date(gathering_id=gathering.pk, option_id=first.pk, now=NOW)

    assert choose_times(gathering_id=gathering.pk, person=aoi, options=[first.pk, second.pk], now=NOW)
    with pytest.raises(GatheringRefused):
        choose_times(gathering_id=gathering.pk, person=takeshi, options=[second.pk], now=NOW)

    assert (answers(gathering)["あおい"], answers(gathering)["たけし"]) == ("yes", "yes")


@pytest.mark.django_db
def test_who_waits_to_be_accepted_comes_to_an_information_meeting_only(cohort):
    make_participation(cohort.term, status="applied", waiting_reason="acceptance")

    assert len(answers(opened(cohort.term, kind="briefing"))) == 6
    assert len(answers(opened(cohort.term, AT + DAY))) == 5


@pytest.mark.django_db
def test_nobody_is_no_audience(term):
    with pytest.raises(GatheringRefused):
        opened(term)

    assert not Gathering.objects.exists()


# Nobody twice


@pytest.mark.django_db
def test_who_is_booked_already_is_not_booked_twice_but_told(cohort, aoi, settings):
    settings.BASE_URL = "https://madoi.example.org"
    other = make_session(make_cohort(make_term()), starts_at=AT)
    other.busy_times.filter(person=other.facilitator).update(person=aoi)

    gathering = opened(cohort.term)

    assert answers(gathering)["あおい"] == "no"
    assert not BusyTime.objects.filter(gathering=gathering, person=aoi).exists()
    row = OutboundMessage.objects.select_related("recipient").get(kind="gathering_invited", recipient=aoi)
    mail = composed(row, kinds()[row.kind], NOW)
    assert mail.calendar is None
    assert "ご欠席として承っています" in mail.body
    with pytest.raises(TimeTaken):
        answer_gathering(gathering_id=gathering.pk, person=aoi, comes=True, now=NOW)


@pytest.mark.django_db
def test_a_session_cannot_be_moved_onto_a_gathering(cohort):
    session = make_session(cohort)
    opened(cohort.term)

    with pytest.raises(TimeTaken):
        move_session(session_id=session.pk, starts_at=AT, now=NOW)


@pytest.mark.django_db
def test_forming_cohorts_knows_who_is_at_a_gathering(cohort, aoi):
    opened(cohort.term)

    assert [span.starts_at for _, span in booked_sessions([aoi.pk], NOW, NOW + 9 * DAY, None)] == [AT]


@pytest.mark.django_db
def test_a_link_that_is_in_use_leaves_nothing_behind(cohort):
    opened(cohort.term, room_url=ROOM)
    before = everything()

    with pytest.raises(TimeTaken):
        opened(make_cohort(make_term()).term, room_url=ROOM)

    assert everything() == before


@pytest.mark.django_db
def test_a_gathering_within_the_hour_is_refused(cohort):
    with pytest.raises(TooSoon):
        opened(cohort.term, NOW + timedelta(minutes=59))


# Alternatives


@pytest.fixture
def asking(cohort) -> Gathering:
    return opened(cohort.term, AT, AT + DAY, AT + 2 * DAY)


def options_of(gathering) -> list[int]:
    return list(gathering.options.order_by("starts_at").values_list("pk", flat=True))


@pytest.mark.django_db
def test_people_are_asked_which_dates_suit_and_only_who_has_not_said_is_asked_once_more(asking, aoi, takeshi):
    choose_times(gathering_id=asking.pk, person=aoi, options=options_of(asking)[:2], now=NOW)
    choose_times(gathering_id=asking.pk, person=aoi, options=options_of(asking)[1:2], now=NOW)

    assert asking.starts_at is None
    assert list(GatheringChoice.objects.values_list("option", "person")) == [(options_of(asking)[1], aoi.pk)]
    again = OutboundMessage.objects.filter(kind="gathering_asked", due_at__gt=NOW).select_related("recipient")
    wanted = {row.recipient.preferred_name: kinds()[row.kind].still_wanted(row, row.due_at) for row in again}
    assert (wanted["あおい"], wanted["たけし"]) == (False, True)
    assert not BusyTime.objects.exists()


@pytest.mark.django_db
def test_the_date_that_is_settled_invites_all_and_knows_who_could_come(asking, aoi):
    second = options_of(asking)[1]
    choose_times(gathering_id=asking.pk, person=aoi, options=[second], now=NOW)

    fixed = fix_date(gathering_id=asking.pk, option_id=second, now=NOW)

    assert (fixed.status, fixed.starts_at) == ("confirmed", AT + DAY)
    assert Counter(answers(asking).values()) == {"yes": 1, "none": 4}
    assert len(queued("gathering_invited")) == 5
    assert not queued("gathering_asked")
    with pytest.raises(GatheringRefused):
        choose_times(gathering_id=asking.pk, person=aoi, options=[], now=NOW)


@pytest.mark.django_db
def test_settling_twice_changes_nothing_and_another_date_is_refused(asking):
    first, second, _ = options_of(asking)
    fix_date(gathering_id=asking.pk, option_id=first, now=NOW)
    before = everything()

    fix_date(gathering_id=asking.pk, option_id=first, now=NOW)
    with pytest.raises(GatheringRefused):
        fix_date(gathering_id=asking.pk, option_id=second, now=NOW)
    with pytest.raises(GatheringRefused):
        fix_date(gathering_id=asking.pk, option_id=0, now=NOW)

    assert everything() == before


@pytest.mark.django_db
def test_only_who_is_invited_chooses_and_answers(asking, sam):
    with pytest.raises(GatheringRefused):
        choose_times(gathering_id=asking.pk, person=sam, options=options_of(asking), now=NOW)
    fix_date(gathering_id=asking.pk, option_id=options_of(asking)[0], now=NOW)
    with pytest.raises(GatheringRefused):
        answer_gathering(gathering_id=asking.pk, person=sam, comes=True, now=NOW)


@pytest.mark.django_db
def test_nobody_is_asked_any_more_once_choosing_has_closed_or_no_date_is_left(asking, aoi):
    first, again = OutboundMessage.objects.filter(kind="gathering_asked", recipient=aoi).order_by("due_at")
    wanted = kinds()["gathering_asked"].still_wanted

    assert {first.expires_at, again.expires_at} == {asking.closes_at}
    assert NOW < again.due_at < asking.closes_at < AT
    assert wanted(again, asking.closes_at - timedelta(seconds=1))
    assert not wanted(again, asking.closes_at)
    Gathering.objects.update(closes_at=AT + 9 * DAY)
    assert wanted(again, AT + 2 * DAY - timedelta(hours=1))
    assert not wanted(again, AT + 2 * DAY)


@pytest.mark.django_db
def test_who_is_asked_again_reads_the_dates_that_are_left_alone(asking, aoi):
    Gathering.objects.update(closes_at=AT + 2 * DAY)
    row = OutboundMessage.objects.filter(kind="gathering_asked", recipient=aoi).last()

    body = composed(row, kinds()[row.kind], AT).body

    assert [f"date={pk}\n" in body for pk in options_of(asking)] == [False, True, True]


@pytest.mark.django_db
def test_after_the_closing_no_choice_is_kept_and_nobody_more_is_asked(asking, aoi):
    make_participation(asking.term, status="accepted", waiting_reason="matching")
    before = everything()

    with pytest.raises(GatheringRefused):
        choose_times(gathering_id=asking.pk, person=aoi, options=options_of(asking), now=asking.closes_at)
    with pytest.raises(GatheringRefused):
        invite_newcomers(gathering_id=asking.pk, now=asking.closes_at)

    assert everything() == before
    assert not GatheringChoice.objects.exists()


@pytest.mark.django_db
def test_a_date_that_has_passed_is_not_chosen_and_who_had_chosen_it_keeps_that(asking, aoi, takeshi):
    Gathering.objects.update(closes_at=AT + 2 * DAY)
    first, second, _ = options_of(asking)
    choose_times(gathering_id=asking.pk, person=aoi, options=[first], now=NOW)

    for person in (aoi, takeshi):
        choose_times(gathering_id=asking.pk, person=person, options=[first, second], now=AT)

    kept = GatheringChoice.objects.order_by("option__starts_at", "person").values_list("option", "person")
    assert list(kept) == [(first, aoi.pk), *((second, pk) for pk in sorted([aoi.pk, takeshi.pk]))]
    with pytest.raises(TooSoon):
        fix_date(gathering_id=asking.pk, option_id=first, now=AT)


@pytest.mark.django_db
@pytest.mark.parametrize("closes", [NOW, AT + DAY])
def test_choosing_cannot_close_before_it_opens_nor_with_the_last_date(cohort, closes):
    with pytest.raises(ClosesBadly):
        opened(cohort.term, AT, AT + DAY, closes_at=closes)

    assert not Gathering.objects.exists()


@pytest.mark.django_db
def test_a_gathering_that_looks_for_a_date_has_a_closing(asking):
    with pytest.raises(IntegrityError), transaction.atomic():
        Gathering.objects.update(closes_at=None)


# More time to choose


LATER = AT - timedelta(hours=1)
"""The latest moment at which whoever chooses last still hears in time of the first date."""


def mails_by_name() -> dict[str, list[str]]:
    found = {}
    for mail in post.outbox:
        found.setdefault(mail.to[0].partition("@")[0], []).append(mail.subject)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("after", [timedelta(hours=1), 3 * DAY])
def test_with_more_time_only_who_has_not_chosen_is_told_and_once(asking, aoi, after):
    """Before the closing and after it; who would have been asked once more is not asked beside it."""
    deliver_due(now=NOW)
    post.outbox.clear()
    choose_times(gathering_id=asking.pk, person=aoi, options=options_of(asking)[:1], now=NOW)
    now = NOW + after

    told = extend_choice(gathering_id=asking.pk, closes_at=LATER, now=now)
    again = extend_choice(gathering_id=asking.pk, closes_at=LATER, now=now)
    deliver_due(now=now)
    deliver_due(now=LATER)

    assert (told, again) == (4, 0)
    assert "aoi" not in mails_by_name()
    assert sorted(map(len, mails_by_name().values())) == [1] * 4
    asking.refresh_from_db()
    assert asking.closes_at == LATER
    choose_times(gathering_id=asking.pk, person=aoi, options=[], now=LATER - timedelta(minutes=1))


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_mail_says_until_when_they_could_choose_and_can_now(asking, aoi, language):
    Person.objects.filter(pk=aoi.pk).update(zone="America/New_York", language=language)
    extend_choice(gathering_id=asking.pk, closes_at=LATER, now=NOW)

    row = OutboundMessage.objects.get(kind="gathering_asked", recipient=aoi, status="queued")
    letter = composed(row, kinds()[row.kind], NOW)

    here = {"zone": ZoneInfo("America/New_York"), "language": language, "show_zone": True}
    before, now = (format_moment(at=at, **here) for at in (asking.closes_at, LATER))
    assert letter.body.index(before) < letter.body.index(now)
    assert {"ja": "期限をのばしました", "en": "More time to choose"}[language] in letter.subject
    assert [f"date={pk}\n" in letter.body for pk in options_of(asking)] == [True] * 3


@pytest.mark.django_db
@pytest.mark.parametrize("closes", [NOW - DAY, NOW + timedelta(hours=3), LATER + timedelta(minutes=1)])
def test_choosing_gets_no_less_time_and_none_beyond_the_notice_of_the_first_date(asking, closes):
    before = everything()

    with pytest.raises(ClosesBadly):
        extend_choice(gathering_id=asking.pk, closes_at=closes, now=NOW)

    assert everything() == before


@pytest.mark.django_db
def test_once_the_first_date_has_passed_there_is_time_until_the_next(asking):
    with pytest.raises(ClosesBadly):
        extend_choice(gathering_id=asking.pk, closes_at=LATER + DAY, now=LATER - DAY)

    extend_choice(gathering_id=asking.pk, closes_at=LATER + DAY, now=AT)

    asking.refresh_from_db()
    assert asking.closes_at == LATER + DAY


@pytest.mark.django_db
def test_what_has_a_date_is_off_or_has_no_date_left_gets_no_more_time(cohort, asking):
    settled, off = (opened(cohort.term, AT + 20 * DAY, AT + 21 * DAY) for _ in range(2))
    fix_date(gathering_id=settled.pk, option_id=options_of(settled)[0], now=NOW)
    cancel_gathering(gathering_id=off.pk, now=NOW)
    before = everything()

    for gathering, now in ((settled, NOW), (off, NOW), (asking, AT + 2 * DAY)):
        with pytest.raises(GatheringRefused):
            extend_choice(gathering_id=gathering.pk, closes_at=now + DAY, now=now)

    assert everything() == before


# Changes


@pytest.mark.django_db
def test_a_no_gives_the_hours_back_and_a_yes_takes_them(cohort, aoi):
    gathering = opened(cohort.term)

    answer_gathering(gathering_id=gathering.pk, person=aoi, comes=False, now=NOW)
    assert not BusyTime.objects.filter(person=aoi).exists()
    answer_gathering(gathering_id=gathering.pk, person=aoi, comes=True, now=NOW)
    assert BusyTime.objects.filter(person=aoi).count() == 4


@pytest.mark.django_db
def test_another_time_keeps_the_uid_raises_the_sequence_and_asks_again(cohort, aoi):
    gathering = opened(cohort.term, room_url=ROOM)
    uid = gathering.uid
    answer_gathering(gathering_id=gathering.pk, person=aoi, comes=True, now=NOW)

    assert changed(gathering, starts_at=AT + DAY, room_url=ROOM)

    gathering.refresh_from_db()
    assert (gathering.uid, gathering.sequence, gathering.ends_at) == (uid, 1, AT + DAY + timedelta(hours=1))
    assert set(answers(gathering).values()) == {"none"}
    assert len(queued("gathering_changed")) == 5
    assert not queued("gathering_invited")
    assert BusyTime.objects.filter(gathering=gathering).count() == 4 * 6


@pytest.mark.django_db
def test_another_place_keeps_the_answers_and_other_words_tell_nobody(cohort, aoi):
    gathering = opened(cohort.term)
    answer_gathering(gathering_id=gathering.pk, person=aoi, comes=True, now=NOW)

    assert changed(gathering, note="飲みものをお持ちください。")
    assert not queued("gathering_changed")
    assert not changed(gathering, note="飲みものをお持ちください。")
    assert changed(gathering, note="飲みものをお持ちください。", place="本郷")

    assert answers(gathering)["あおい"] == "yes"
    assert len(queued("gathering_changed")) == 5


def change_mail(person):
    row = OutboundMessage.objects.select_related("recipient").get(
        kind="gathering_changed", recipient=person, status="queued"
    )
    return composed(row, kinds()[row.kind], NOW).body


@pytest.mark.django_db
def test_the_mail_says_where_and_how_it_was_and_is(cohort, aoi):
    gathering = opened(cohort.term, place="本郷の和室")
    changed(gathering, place="公民館", room_url=ROOM, together_minutes=20)

    body = change_mail(aoi)

    for former, present in (
        ("■ 場所（変更前）\n本郷の和室", "■ 場所（変更後）\n公民館とオンライン"),
        ("■ 進め方（変更前）\n終わりまで全員で", "■ 進め方（変更後）\nはじめの20分は全員で"),
    ):
        assert body.index(former) < body.index(present)
    assert "日時はこれまでのとおり" in body
    assert ROOM not in body


@pytest.mark.django_db
def test_a_second_change_before_the_mail_left_names_what_the_reader_heard_of(cohort, aoi):
    gathering = opened(cohort.term, place="本郷の和室")
    changed(gathering, place="公民館", starts_at=AT + DAY)
    changed(gathering, place="図書館", starts_at=AT + 2 * DAY)

    body = change_mail(aoi)

    assert "本郷の和室" in body
    assert "公民館" not in body
    days = [f"{(AT + n * DAY).astimezone(ZoneInfo('Asia/Tokyo')):%-m月%-d日}" for n in range(3)]
    assert [day in body for day in days] == [True, False, True]


@pytest.mark.django_db
def test_another_place_leaves_the_reminders_standing(cohort, aoi):
    gathering = opened(cohort.term)

    changed(gathering, place="会議室")

    reminders = OutboundMessage.objects.filter(kind="gathering_reminder", recipient=aoi)
    assert [(one.status, kinds()[one.kind].still_wanted(one, NOW)) for one in reminders] == [("queued", True)]


def test_a_change_of_what_changed_meanwhile_is_refused(cohort):
    gathering = opened(cohort.term)
    before = everything()

    with pytest.raises(ChangedMeanwhile):
        changed(gathering, seen=4, place="x")
    with pytest.raises(TooSoon):
        changed(gathering, starts_at=NOW)

    assert everything() == before


@pytest.mark.django_db
def test_calling_off_frees_the_hours_and_cancels_in_calendars_that_have_it(cohort, aoi, takeshi, settings):
    settings.BASE_URL = "https://madoi.example.org"
    gathering = opened(cohort.term)
    OutboundMessage.objects.filter(kind="gathering_invited", recipient=aoi).update(status="sent", sent_at=NOW)

    cancel_gathering(gathering_id=gathering.pk, now=NOW)
    before = everything()
    cancel_gathering(gathering_id=gathering.pk, now=NOW)

    assert everything() == before
    assert not BusyTime.objects.exists()
    assert len(queued("gathering_cancelled")) == 5
    assert not queued("gathering_reminder")
    mails = {}
    for person in (aoi, takeshi):
        row = OutboundMessage.objects.select_related("recipient").get(kind="gathering_cancelled", recipient=person)
        mails[person] = composed(row, kinds()[row.kind], NOW)
    [event] = Calendar.from_ical(mails[aoi].calendar).walk("VEVENT")
    assert (str(event["UID"]), event["SEQUENCE"], event["STATUS"]) == (gathering.uid, 1, "CANCELLED")
    assert mails[takeshi].calendar is None


@pytest.mark.django_db
def test_who_leaves_the_term_is_out_of_its_gatherings_and_alone_hears_of_it(cohort, aoi):
    gathering = opened(cohort.term)
    OutboundMessage.objects.filter(kind="gathering_invited", recipient=aoi).update(status="sent", sent_at=NOW)

    end_participation(participation_id=Participation.objects.get(person=aoi).pk, now=NOW)

    assert "あおい" not in answers(gathering)
    assert not BusyTime.objects.filter(person=aoi).exists()
    assert queued("gathering_cancelled") == {"あおい": 1}
    row = OutboundMessage.objects.select_related("recipient").get(kind="gathering_cancelled")
    assert kinds()[row.kind].still_wanted(row, NOW)
    [event] = Calendar.from_ical(composed(row, kinds()[row.kind], NOW).calendar).walk("VEVENT")
    assert (event["SEQUENCE"], event["STATUS"]) == (1, "CANCELLED")
    assert "あおい" not in queued("gathering_reminder")


@pytest.mark.django_db
def test_who_leaves_and_is_taken_back_finds_the_gathering_again(cohort, aoi, settings):
    settings.BASE_URL = "https://madoi.example.org"
    gathering, client = opened(cohort.term), MailCalendar(aoi.email)
    place = Participation.objects.get(person=aoi, term=cohort.term)

    def read() -> set[str]:
        post.outbox.clear()
        deliver_due(now=NOW)
        for letter in post.outbox:
            if letter.to == [aoi.email] and letter.calendar:
                client.receive(letter.calendar)
        return set(client.shown())

    assert read() == {gathering.uid}
    for _ in range(2):
        end_participation(participation_id=place.pk, now=NOW)
        assert read() == set()
        Participation.objects.filter(pk=place.pk).update(status="accepted", waiting_reason="matching", ended_at=None)
        invite_newcomers(gathering_id=gathering.pk, now=NOW)
        assert read() == {gathering.uid}
    assert queued("gathering_reminder")[aoi.preferred_name] == 1


def test_who_came_into_the_term_since_is_invited_on_request_once(cohort):
    gathering = opened(cohort.term)
    make_participation(cohort.term)

    assert invite_newcomers(gathering_id=gathering.pk, now=NOW) == 1
    assert invite_newcomers(gathering_id=gathering.pk, now=NOW) == 0
    assert len(queued("gathering_invited")) == 6


# Afterwards


@pytest.mark.django_db
def test_the_short_version_goes_once_to_who_was_not_there(cohort, aoi):
    gathering = opened(cohort.term)
    answer_gathering(gathering_id=gathering.pk, person=aoi, comes=True, now=NOW)
    over = AT + timedelta(hours=2)
    with pytest.raises(GatheringRefused):
        write_page_version(gathering_id=gathering.pk, text="要点", now=NOW)

    assert write_page_version(gathering_id=gathering.pk, text="要点", now=over) == 4
    assert write_page_version(gathering_id=gathering.pk, text="要点（訂正）", now=over) == 0

    assert "あおい" not in queued("gathering_page")
    assert len(queued("gathering_page")) == 4


# Calendars and mails


@pytest.mark.django_db
def test_a_feed_holds_the_gathering_under_its_uid_and_a_no_takes_it_out(cohort, aoi):
    gathering = opened(cohort.term)

    def in_feed() -> list[str]:
        body = bytes(feed_body(feed=feed_of(person=aoi, now=NOW), now=NOW).body)
        return [str(event["UID"]) for event in Calendar.from_ical(body).walk("VEVENT")]

    assert in_feed() == [gathering.uid]
    answer_gathering(gathering_id=gathering.pk, person=aoi, comes=False, now=NOW)
    assert in_feed() == []


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "japanese"), [("ja", True), ("en", False)])
def test_every_mail_about_a_gathering_reads_whole_and_names_nobody(cohort, aoi, language, japanese, settings):
    settings.BASE_URL = "https://madoi.example.org"
    aoi.language = language
    aoi.save()
    term = cohort.term
    asked = opened(term, AT + 2 * DAY, AT + 3 * DAY, note="note", place="Hall")
    gathering = opened(term, room_url=ROOM, place="Hall")
    changed(gathering, starts_at=AT + DAY, place="Hall")
    write = OutboundMessage.objects.filter(recipient=aoi)
    mails = {}
    for row in write.select_related("recipient"):
        mails[row.kind] = composed(row, kinds()[row.kind], NOW)
    cancel_gathering(gathering_id=asked.pk, now=NOW)
    third = opened(term, AT + 8 * DAY)
    write_page_version(gathering_id=third.pk, text="text", now=AT + 9 * DAY)
    hand_over_gathering(gathering=third, person_id=aoi.pk, now=NOW)
    gathering_by_mail_again(gathering=third, person_id=aoi.pk, now=NOW)
    later = ["gathering_cancelled", "gathering_page", "gathering_by_feed", "gathering_by_mail"]
    for row in write.filter(kind__in=later).select_related("recipient"):
        mails[row.kind] = composed(row, kinds()[row.kind], NOW)

    assert {kind for kind in kinds() if kind.startswith("gathering_")} == set(mails)
    for kind, mail in mails.items():
        said = mail.subject + mail.body
        assert ("様" in said) == japanese, kind
        assert not any(mark in said for mark in ("{{", "{%", "None", "たけし", "ふみ", "@example.org")), kind
        assert "https://madoi.example.org/g/" in said, kind
    [event] = Calendar.from_ical(mails["gathering_changed"].calendar).walk("VEVENT")
    assert event["ATTENDEE"] == f"mailto:{aoi.email}"
    assert subject_of_gathering(gathering) == f"gathering:{gathering.pk}"


# Races


@pytest.mark.postgres
def test_two_gatherings_that_want_one_person_at_one_time_never_book_them_twice(fumi):
    terms = [make_cohort(make_term(), facilitator=fumi).term for _ in range(2)]

    found = all_at_once([lambda term=term: opened(term) for term in terms])

    assert {type(one).__name__ for one in found} <= {"Gathering", "TimeTaken"}
    rows = Counter(BusyTime.objects.filter(person__isnull=False).values_list("person", "quarter"))
    assert max(rows.values()) == 1


@pytest.mark.postgres
def test_two_who_settle_at_once_settle_one_date(cohort):
    asking = opened(cohort.term, AT, AT + DAY)
    calls = [lambda pk=pk: fix_date(gathering_id=asking.pk, option_id=pk, now=NOW) for pk in options_of(asking)]

    found = all_at_once(calls)

    assert sorted(type(one).__name__ for one in found) == ["Gathering", "GatheringRefused"]
    assert OutboundMessage.objects.filter(kind="gathering_invited").count() == 5

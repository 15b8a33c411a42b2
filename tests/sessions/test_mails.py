"""Every kind of mail, for a member, for the facilitator, and for somebody in New York."""

import re
from datetime import timedelta
from email.header import decode_header, make_header
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings as site
from django.utils import timezone, translation

from dialogue.delivery import composed
from dialogue.message_kinds import kinds
from dialogue.models import OutboundMessage
from dialogue.outbox import Draft, queue_messages
from dialogue.services.join_links import open_link
from sessions.announcing import (
    announce_booked_series,
    announce_by_mail_again,
    announce_handed_over,
    announce_joining,
    announce_move,
)
from sessions.services.changing import cancel_session
from tests.factories import NOW, make_cohort, make_participation, make_person, make_session, make_term

TEXTS = sorted(path for path in Path(site.BASE_DIR).glob("templates/*/email/*.ja.txt"))
PLACEHOLDER = re.compile(r"{{\s*([^}]+?)\s*}}|{%\s*((?:if|for) [^%]+?)\s*%}")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
LINK = re.compile(r"https?://[^\s<>\"]+")


OF_COHORTS = {
    "not_placed",
    "cohort_formed",
    "invitation",
    "session_moved",
    "session_cancelled",
    "calendar_by_feed",
    "calendar_by_mail",
    "reminder_72h",
    "reminder_24h",
    "reminder_1h",
    "record_due",
    "facilitator_briefing",
    "session_thanks",
    "mid_term",
    "goodbye",
    "next_term",
    "staff_digest",
}
FOR_MEMBERS = {"session_thanks", "reminder_24h", "next_term", "not_placed"}
FOR_FACILITATORS = {"facilitator_briefing", "record_due"}
FOR_COORDINATORS = {"staff_digest"}
OF_SIGN_UPS = {
    "application_received",
    "application_without_guardian",
    "application_accepted",
    "application_asked_back",
    "application_held",
    "application_declined",
    "application_handed_on",
    "application_pointed_on",
    "application_reopened",
    "guardian_asked",
    "guardian_nudged",
    "partner_invited",
}
"""Read in tests/dialogue: they reach people who have no cohort yet."""
OF_RESCUES = {
    "quorum_danger",
    "alone_asked",
    "stand_in_asked",
    "facilitator_changed",
    "standby_asked",
    "guest_joins",
    "session_mini",
    "session_joint",
    "dates_asked",
    "dates_nudged",
    "dates_kept",
}
"""Read in test_rescue_mails: most reach only some."""


OF_SERIES = {
    "series_moved",
    "series_cancelled",
    "session_postponed",
    "session_returned",
    "place_changed",
    "cohort_facilitator_changed",
}
"""Read in test_series_mails.py: they tell of several sessions at once."""


OF_GATHERINGS = {
    "gathering_asked",
    "gathering_invited",
    "gathering_changed",
    "gathering_cancelled",
    "gathering_reminder_72h",
    "gathering_reminder",
    "gathering_reminder_1h",
    "gathering_page",
    "gathering_by_feed",
    "gathering_by_mail",
}
"""Read in services/test_gatherings.py."""
OF_ASKING = {"time_asked"}
"""Read in tests/matching/test_asking.py."""
OF_SEVERAL = {"bulk_mail", "bulk_mail_trial"}
"""Read in views/test_bulk_mail.py."""
OF_STAFF = {"coordinator_named"}
"""Read in tests/dialogue/views/test_staff.py."""
OF_NOTES = {"note_reported"}
"""Read in views/test_notes.py."""
OF_SAFETY = {"safety_contact_named", "safety_marked", "safety_unheard"}
"""Read in views/test_safety.py: they say nothing of what they are about."""
OF_CALLS = {"help_called"}
"""Read in today/test_call_mail.py."""


def test_every_kind_is_known():
    of_staff = OF_NOTES | OF_SAFETY | OF_CALLS | OF_STAFF
    elsewhere = OF_RESCUES | OF_SERIES | OF_GATHERINGS | OF_ASKING | OF_SEVERAL
    assert set(kinds()) == OF_COHORTS | OF_SIGN_UPS | of_staff | elsewhere


def test_there_are_as_many_texts_as_kinds():
    # They say how long it is until then; a trial is the mail itself.
    share_a_text = {"gathering_reminder_72h", "gathering_reminder_1h", "bulk_mail_trial"}
    assert len(TEXTS) == len(set(kinds()) - share_a_text)


@pytest.mark.parametrize("japanese", TEXTS, ids=lambda path: path.name.split(".")[0])
def test_both_languages_tell_the_same_things(japanese):
    english = japanese.with_name(japanese.name.replace(".ja.", ".en."))
    told = [{one or two for one, two in PLACEHOLDER.findall(path.read_text())} for path in (japanese, english)]

    assert {_plain(one) for one in told[0]} == {_plain(one) for one in told[1]}


def _plain(placeholder: str) -> str:
    return placeholder.split("|")[0]


@pytest.fixture
def new_yorker(db):
    return make_person("Riley", email="riley@example.org", language="en", zone="America/New_York")


@pytest.fixture
def everything(settings, chika, aoi, takeshi, fumi, new_yorker):
    """A row of each kind for each person, by (kind, address)."""
    settings.BASE_URL = "https://madoi.example.org"
    term = make_term(coordinator=chika, contact="03-0000-0000 (D'Arcy & Sons)")
    cohort = make_cohort(term, students=(aoi, new_yorker), alumni=(takeshi,), facilitator=fumi)
    cohort.shared_interests = ["旅", "<b>料理</b>"]
    cohort.save()
    session = make_session(cohort)
    announce_booked_series(cohort=cohort, sessions=[session], now=NOW)
    for person in (aoi, takeshi, fumi, new_yorker):
        announce_handed_over(until={session: session.ends_at}, person_id=person.pk, now=NOW)
        announce_by_mail_again(sessions=[session], person_id=person.pk, now=NOW)
    announce_move(session=session, previous_start=session.starts_at - timedelta(days=7), now=NOW)
    waiting = make_participation(make_term(coordinator=chika), new_yorker)
    waiting_too = make_participation(make_term(coordinator=chika), aoi)
    _of_the_season(session, members=(aoi, takeshi, new_yorker), fumi=fumi, chika=chika)
    queue_messages(
        (
            Draft(
                kind="not_placed",
                recipient_id=one.person_id,
                subject_key=f"participation:{one.pk}",
                dedupe_key=f"not-placed:1:{one.pk}",
                due_at=NOW,
            )
            for one in (waiting, waiting_too)
        ),
        now=NOW,
    )
    made = {}
    rows = OutboundMessage.objects.select_related("recipient")
    for row in rows.exclude(kind="session_cancelled"):
        made[row.kind, row.recipient.email] = composed(row, kinds()[row.kind], row.due_at)
    cancel_session(session_id=session.pk, now=NOW)
    for row in rows.filter(kind="session_cancelled"):
        made[row.kind, row.recipient.email] = composed(row, kinds()[row.kind], row.due_at)
    return made


def _of_the_season(session, *, members, fumi, chika):
    """Queue what a term brings with it; its next term is open for signing up."""
    term = make_term(programme=session.cohort.term.programme, sign_up_until=NOW.date())
    open_link(term=term, partner=None, now=NOW)
    cohort, programme = f"cohort:{session.cohort_id}", f"programme:{term.programme_id}"
    told = [
        *(("session_thanks", f"session:{session.pk}", person) for person in members),
        *((kind, cohort, person) for kind in ("mid_term", "goodbye") for person in (*members, fumi)),
        *(("next_term", f"term:{term.pk}", person) for person in members),
        ("staff_digest", programme, chika),
    ]
    queue_messages(
        (
            Draft(
                kind=kind,
                recipient_id=person.pk,
                subject_key=subject,
                dedupe_key=f"{kind}:{subject}:{person.pk}",
                due_at=NOW,
            )
            for kind, subject, person in told
        ),
        now=NOW,
    )


def shown(header: str) -> str:
    return str(make_header(decode_header(header)))


class Words(HTMLParser):
    """The words and links of an HTML body."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


def read_html(html: str) -> Words:
    words = Words()
    words.feed(html[html.index("<main>") : html.index("</main>")])
    return words


def test_every_kind_is_written_for_everybody_it_may_reach(everything):
    kinds_by_person = {}
    for kind, address in everything:
        kinds_by_person.setdefault(address, set()).add(kind)

    assert kinds_by_person["fumi@example.org"] == OF_COHORTS - FOR_MEMBERS - FOR_COORDINATORS
    assert kinds_by_person["riley@example.org"] == OF_COHORTS - FOR_FACILITATORS - FOR_COORDINATORS
    assert kinds_by_person["aoi@example.org"] == OF_COHORTS - FOR_FACILITATORS - FOR_COORDINATORS
    assert kinds_by_person["chika@example.org"] == FOR_COORDINATORS


def test_each_mail_has_a_subject_in_one_line_and_two_bodies_that_say_the_same(everything):
    for key, mail in everything.items():
        subject = shown(mail.message()["Subject"])
        html = read_html(str(mail.alternatives[0][0]))
        assert subject, key
        assert len(subject.splitlines()) == 1, key
        assert subject == mail.subject, key
        assert "".join("".join(html.words).split()) == "".join((subject + mail.body).split()), key
        assert not re.search(r"{[{%]|[%}]}|None|&#|&amp;", subject + mail.body), key


def test_each_mail_links_to_this_site_alone(everything):
    for key, mail in everything.items():
        links = {*LINK.findall(mail.body), *read_html(str(mail.alternatives[0][0])).links}
        assert links, key
        assert all(link.startswith("https://madoi.example.org/") for link in links), (key, links)


def test_each_mail_names_nobody_but_its_reader_and_the_facilitator(everything):
    people = {row.recipient for row in OutboundMessage.objects.select_related("recipient")}
    for (kind, address), mail in everything.items():
        said = f"{mail.subject}\n{mail.body}\n{mail.alternatives[0][0]}\n{(mail.calendar or b'').decode()}"
        for person in people:
            if person.email == address:
                continue
            if person.preferred_name != "ふみ":
                assert person.preferred_name not in said, (kind, address)
            assert person.full_name not in said, (kind, address)
            assert person.email not in said, (kind, address)


def test_each_mail_writes_no_address_in_its_text(everything):
    for key, mail in everything.items():
        assert set(ADDRESS.findall(mail.subject + mail.body)) <= {"madoi@example.org"}, key


def test_each_mail_speaks_the_language_of_its_reader(everything):
    for (kind, address), mail in everything.items():
        frame = mail.body.replace("灯を囲む対話", "")
        is_japanese = bool(
            re.search(r"[ぁ-ん]", re.sub(r"「.*?」|\".*?\"|Waits.*|一般社団法人ほたび|ふみ|たけし", "", frame))
        )
        assert is_japanese == (address != "riley@example.org"), (kind, address)


def test_somebody_abroad_reads_their_own_clock_and_the_home_clock(everything):
    invitation = everything["invitation", "riley@example.org"]

    assert "5:30" in invitation.body
    assert "19:30" in invitation.body
    assert "19:30" not in invitation.subject
    assert "America/New_York" in everything["cohort_formed", "riley@example.org"].body


def test_a_mail_leaves_the_language_and_zone_of_the_worker_as_they_were(everything):
    assert translation.get_language() == site.LANGUAGE_CODE
    assert str(timezone.get_current_timezone()) == site.TIME_ZONE


def test_only_the_mails_that_change_a_calendar_carry_one(everything):
    carrying = {kind: mail.method for (kind, _), mail in everything.items() if mail.calendar}

    assert carrying == {
        "invitation": "REQUEST",
        "session_moved": "REQUEST",
        "session_cancelled": "CANCEL",
        "calendar_by_feed": "CANCEL",
        "calendar_by_mail": "REQUEST",
    }


def test_mails_about_one_session_stay_together_in_a_mail_program(everything):
    first = everything["invitation", "aoi@example.org"].message_id

    for kind in ("session_moved", "session_cancelled", "reminder_72h", "reminder_24h", "reminder_1h"):
        assert everything[kind, "aoi@example.org"].message()["References"] == first


@pytest.mark.parametrize("name", ["invitation", "moved", "series_moved", "gathering_invited", "gathering_changed"])
def test_who_is_asked_with_buttons_in_the_calendar_reads_which_answer_counts(name):
    folder = Path(site.BASE_DIR) / "templates/sessions/email"

    assert "「承諾」ボタン" in (folder / f"{name}.ja.txt").read_text()
    assert '"accept" button' in (folder / f"{name}.en.txt").read_text()


def test_whoever_leads_reads_how_to_take_it_along_and_where_to_say_that_they_cannot(everything):
    invitation = everything["invitation", "fumi@example.org"]
    eve = everything["facilitator_briefing", "fumi@example.org"]
    away = re.compile(r"^https://madoi\.example\.org/s/\d+/away/$", re.MULTILINE)

    assert away.search(invitation.body)
    assert away.search(eve.body)
    assert "/add/google/" in invitation.body
    assert all(
        "出欠の返事" not in everything[kind, "fumi@example.org"].body for kind in ("invitation", "session_moved")
    )
    assert "出欠の返事" in everything["invitation", "aoi@example.org"].body
    assert "ボタンのお返事は、こちらに届きません" in invitation.body
    assert "/away/" not in everything["invitation", "aoi@example.org"].body


def test_where_replies_of_calendars_are_read_the_invitation_does_not_say_that_they_are_not(settings, fumi):
    settings.REPLIES_FROM = "maildir:///var/mail/replies"
    cohort = make_cohort(make_term(), facilitator=fumi)
    announce_booked_series(cohort=cohort, sessions=[make_session(cohort)], now=NOW)

    row = OutboundMessage.objects.select_related("recipient").get(kind="invitation", recipient=fumi)

    assert "こちらに届きません" not in composed(row, kinds()[row.kind], NOW).body


def test_whoever_comes_later_is_welcomed_with_the_dates_to_come_by_their_own_numbers(aoi):
    cohort = make_cohort(make_term(), students=(aoi,))
    sessions = [make_session(cohort, starts_at=NOW + timedelta(days=7 * week)) for week in (-2, -1, 1, 2)]
    sessions[2].delete()
    announce_joining(cohort=cohort, sessions=[sessions[3]], people=[aoi.pk], now=NOW)

    row = OutboundMessage.objects.select_related("recipient").get(kind="cohort_formed", recipient=aoi)
    body = composed(row, kinds()[row.kind], NOW).body

    assert re.findall(r"^第(\d)回", body, re.MULTILINE) == ["4"]

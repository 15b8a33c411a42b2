"""Set up a term."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dialogue.models import AuditEntry, NamedSlot, Person, Programme, SlotAnswer, Term
from dialogue.services.terms import TermRefused, change_term
from tests.factories import NOW, make_cohort, make_facilitation, make_participation, make_programme, make_term

ANSWERS: dict[str, Any] = {
    "name": "2027年 第1期",
    "starts_on": "2027-04-05",
    "cadence": "weekly",
    "session_count": "8",
    "session_minutes": "90",
    "zone": "Asia/Tokyo",
    "closed_sets": ["public_holidays", "obon"],
    "closed_days": "2027-05-20 試験\n\n６月１日",
    "size_min": "4",
    "size_max": "6",
    "min_per_generation": "2",
    "student_affiliation": "off",
    "alumni_affiliation": "soft",
    "met_before": "soft",
    "video": "link",
    "room_urls": "https://meet.example.com/a\nhttps://meet.example.com/a\nhttps://meet.example.com/b",
    "contact": "03-0000-0000",
    "fiscal_year": "",
    "sign_up_until": "",
    "introduction": "火を囲むように語り合います。",
    "introduction_en": "",
    "checks_identity": "on",
}
SLOT_FIELDS = ("weekday", "starts", "ends", "name")


def with_slots(*rows: tuple[str, ...]) -> dict[str, str]:
    """The weekly times as their form sends them: weekday, from, to, name."""
    sent = {"slots-TOTAL_FORMS": str(len(rows)), "slots-INITIAL_FORMS": "0"}
    for place, row in enumerate(rows):
        sent |= {f"slots-{place}-{name}": value for name, value in zip(SLOT_FIELDS, row, strict=True)}
    return sent


ANSWERS |= with_slots(("1", "19:00", "21:00", ""), ("5", "１０時", "12:00", "土曜の朝"), ("", "", "", ""))


@pytest.fixture
def programme(chika: Person, client: Client) -> Programme:
    client.force_login(chika)
    return make_programme(coordinator=chika)


def test_term_is_made_as_it_was_filled_in(programme: Programme, client: Client) -> None:
    response = client.post(reverse("term_new"), {**ANSWERS, "programme": programme.pk})

    term = Term.objects.get()
    assert response.headers["Location"] == reverse("term", args=[term.pk])
    assert (term.programme, term.name, term.starts_on) == (programme, "2027年 第1期", date(2027, 4, 5))
    assert term.room_urls == ["https://meet.example.com/a", "https://meet.example.com/b"]
    assert (term.min_per_generation, term.met_before) == (2, "soft")
    assert {day.date.month: day.reason for day in term.closed_days.all()} == {5: "試験", 6: ""}


def test_form_opens_with_the_usual_answers(programme: Programme, client: Client) -> None:
    form = client.get(reverse("term_new")).context["form"]

    shown = {name: form[name].value() for name in ("size_min", "size_max", "session_minutes", "zone", "closed_sets")}
    assert shown == {
        "size_min": 4, "size_max": 6, "session_minutes": 90, "zone": "Asia/Tokyo",
        "closed_sets": ["public_holidays", "year_end", "obon"],
    }  # fmt: skip


def test_more_of_each_generation_need_a_larger_cohort(programme: Programme, client: Client) -> None:
    three = {**ANSWERS, "programme": programme.pk, "min_per_generation": "3", "met_before": "hard"}

    refused = client.post(reverse("term_new"), three).context["form"]
    client.post(reverse("term_new"), {**three, "size_min": "6", "size_max": "8"})

    assert list(refused.errors) == ["size_min"]
    term = Term.objects.get()
    assert (term.min_per_generation, term.size_min, term.met_before) == (3, 6, "hard")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("starts_on", "next spring"),
        ("starts_on", "2027-02-30"),
        ("starts_on", "2026-11-23"),
        ("starts_on", "2098-01-01"),
        ("sign_up_until", "2026-11-23"),
        ("fiscal_year", "27"),
        ("introduction", "長" * 2001),
        ("name", "\u200b"),
        ("zone", "Tokyo/Asia"),
        ("zone", "../../etc/passwd"),
        ("session_count", "25"),
        ("session_minutes", "29"),
        ("session_minutes", "9" * 30),
        ("size_min", "3"),
        ("size_max", "3"),
        ("size_max", "13"),
        ("cadence", "daily"),
        ("closed_sets", "full_moon"),
        ("closed_days", "soon"),
        ("closed_days", "2027-05-20 " + "長" * 81),
        ("closed_days", "2027-05-20\n" * 201),
        ("closed_days", "2027-05-26〜2027-05-20 試験"),
        ("closed_days", "2027-05-20〜2027-10-20 試験"),
        ("closed_days", "\n".join(f"20{year}-05-01〜20{year}-08-20" for year in range(27, 32))),
        ("room_urls", "meet.example.com/a"),
        ("room_urls", "javascript:alert(1)"),
        ("room_urls", "https://["),
        ("alumni_affiliation", "never"),
        ("min_per_generation", "1"),
        ("min_per_generation", "9" * 30),
        ("met_before", "always"),
        ("video", "jitsi"),
        ("video", "telepathy"),
        ("contact", "あ" * 201),
        ("programme", "-1"),
    ],
)
def test_mistake_is_named_at_its_field_and_nothing_typed_is_lost(
    field: str, value: str, programme: Programme, client: Client
) -> None:
    response = client.post(reverse("term_new"), {**ANSWERS, "programme": programme.pk, field: value})

    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["contact"].value() == (value if field == "contact" else ANSWERS["contact"])
    assert not Term.objects.exists()


def test_a_way_to_meet_that_does_not_work_here_is_explained_and_not_offered(
    programme: Programme, client: Client, settings: Any
) -> None:
    settings.VIDEO_WITHOUT_RELAY = False
    field = client.get(reverse("term_new")).context["form"].fields["video"]

    assert [value for value, _label in field.choices] == ["link"]
    assert all(words in field.help_text for words in ("Jitsi", "リレー"))


def test_a_way_to_meet_that_the_site_has_can_be_chosen_and_stays(
    programme: Programme, client: Client, settings: Any
) -> None:
    settings.JITSI_URL, settings.JITSI_APP_ID, settings.JITSI_APP_SECRET = "https://meet.example.org", "madoi", "sample"
    client.post(reverse("term_new"), {**ANSWERS, "programme": programme.pk, "video": "jitsi"})
    term = Term.objects.get()
    settings.JITSI_URL = ""

    form = client.get(reverse("term_edit", args=[term.pk])).context["form"]
    copy = client.get(reverse("term_copy", args=[term.pk])).context["form"]
    assert (term.video, form["video"].value()) == ("jitsi", "jitsi")
    assert "jitsi" in dict(form.fields["video"].choices)
    assert ("jitsi" in dict(copy.fields["video"].choices), copy["video"].value()) == (False, "link")


def test_going_over_to_links_while_sessions_are_booked_is_warned_of_once(programme: Programme, client: Client) -> None:
    term = make_term(programme=programme, video="own")
    make_cohort(term)
    address = reverse("term_edit", args=[term.pk])

    warned = client.post(address, {**ANSWERS, "video": "link"})
    assert [one.key for one in warned.context["warnings"]][-1] == "no-links"
    client.post(address, {**ANSWERS, "video": "link", "seen": warned.context["seen"]})

    term.refresh_from_db()
    assert term.video == "link"


def test_name_is_used_once_in_a_programme(programme: Programme, client: Client) -> None:
    make_term(programme=programme, name=ANSWERS["name"])

    response = client.post(reverse("term_new"), {**ANSWERS, "programme": programme.pk})

    assert list(response.context["form"].errors) == ["name"]


def test_programme_of_somebody_else_cannot_be_chosen(programme: Programme, client: Client, sam: Person) -> None:
    other = make_programme(coordinator=sam)

    response = client.post(reverse("term_new"), {**ANSWERS, "programme": other.pk})

    assert list(response.context["form"].errors) == ["programme"]


# Times that a term offers


def test_term_offers_the_times_that_were_filled_in(programme: Programme, client: Client) -> None:
    client.post(reverse("term_new"), {**ANSWERS, "programme": programme.pk})

    term = Term.objects.get()
    slots = term.slots.order_by("weekday").values_list("weekday", "starts", "ends", "name")
    assert list(slots) == [(1, 1140, 1260, ""), (5, 600, 720, "土曜の朝")]
    assert (term.fiscal_year, term.introduction, term.checks_identity) == (2027, "火を囲むように語り合います。", True)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (("1", "25:00", "26:00", ""), "starts"),
        (("1", "19:00", "18:00", ""), "ends"),
        (("1", "19:00", "19:00", ""), "ends"),
        (("1", "19:10", "21:00", ""), "starts"),
        (("1", "19:00", "20:00", ""), "ends"),
        (("1", "19:00", "30:00", ""), "ends"),
        (("1", "夕方", "21:00", ""), "starts"),
        (("", "19:00", "21:00", ""), "weekday"),
        (("7", "19:00", "21:00", ""), "weekday"),
        (("1", "", "21:00", ""), "starts"),
        (("1", "19:00", "21:00", "長" * 61), "name"),
        (("5", "11:30", "13:00", ""), "starts"),
        (("5", "10:00", "12:00", ""), "starts"),
    ],
)
def test_time_that_no_week_has_is_named_in_its_row(
    row: tuple[str, ...], field: str, programme: Programme, client: Client
) -> None:
    sent = {**ANSWERS, **with_slots(("5", "10:00", "12:00", ""), row), "programme": programme.pk}

    response = client.post(reverse("term_new"), sent)

    assert [list(form.errors) for form in response.context["slots"].forms] == [[], [field]]
    assert response.context["form"].errors == {}
    assert not Term.objects.exists()


def test_time_may_reach_past_midnight(programme: Programme, client: Client) -> None:
    client.post(reverse("term_new"), {**ANSWERS, **with_slots(("4", "22:00", "25:00", "")), "programme": programme.pk})

    assert NamedSlot.objects.values_list("starts", "ends").get() == (1320, 1500)


def test_adding_a_time_keeps_all_that_was_typed_and_checks_nothing(programme: Programme, client: Client) -> None:
    sent = {**ANSWERS, "programme": programme.pk, "name": "", "starts_on": "soon", "do": "add", "slots-0-DELETE": "on"}

    response = client.post(reverse("term_new"), sent)

    form, slots = response.context["form"], response.context["slots"]
    assert not form.is_bound
    assert (form["starts_on"].value(), form["contact"].value()) == ("soon", "03-0000-0000")
    assert form["closed_sets"].value() == ["public_holidays", "obon"]
    assert [(row["starts"].value() or "") for row in slots.forms] == ["１０時", "", ""]
    assert "slots-2-weekday" in response.content.decode()
    assert not Term.objects.exists()


def test_time_that_is_taken_out_is_not_offered(programme: Programme, client: Client) -> None:
    client.post(reverse("term_new"), {**ANSWERS, "programme": programme.pk, "slots-0-DELETE": "on"})

    assert NamedSlot.objects.get().weekday == 5


def test_too_many_times_are_refused(programme: Programme, client: Client) -> None:
    rows = [(str(day), f"{hour}:00", f"{hour + 2}:00", "") for day in range(7) for hour in (10, 14)]

    response = client.post(reverse("term_new"), {**ANSWERS, **with_slots(*rows), "programme": programme.pk})

    assert response.status_code == 200
    assert not Term.objects.exists()


@pytest.mark.parametrize("total", ["-1", "9" * 20, "x", ""])
def test_made_up_number_of_times_breaks_nothing(total: str, programme: Programme, client: Client) -> None:
    for do in ("", "add", "look"):
        sent = {**ANSWERS, "programme": programme.pk, "slots-TOTAL_FORMS": total, "do": do}

        assert client.post(reverse("term_new"), sent).status_code < 400


def test_each_time_says_how_many_facilitators_can_take_it(programme: Programme, client: Client) -> None:
    earlier = make_term(programme=programme)
    make_facilitation(earlier)  # Tuesdays 18:00 to 22:00
    abroad = make_facilitation(earlier)
    abroad.person.zone = "Europe/London"  # their Tuesday evening is no Japanese one
    abroad.person.save()
    sent = {**ANSWERS, "programme": programme.pk, "do": "look"}

    response = client.post(reverse("term_new"), sent)

    assert [takers for _row, takers in response.context["rows"]] == [1, 0, None]


# Templates


@pytest.mark.parametrize(
    ("template", "shape"), [("4", ("fortnightly", 4, 90)), ("8", ("weekly", 8, 90)), ("12", ("monthly", 12, 120))]
)
def test_template_fills_in_the_rest(
    template: str, shape: tuple[Any, ...], programme: Programme, client: Client
) -> None:
    response = client.get(reverse("term_new"), {"template": template})

    form = response.context["form"]
    assert tuple(form[name].value() for name in ("cadence", "session_count", "session_minutes")) == shape
    assert form["name"].value() == "2026年度 後期"
    assert form["checks_identity"].value() is True
    assert 3 <= len(response.context["slots"].forms) <= 6
    assert response.context["outlook"].last > response.context["outlook"].first


@pytest.mark.parametrize("template", ["5", "' OR 1", "8\x00"])
def test_made_up_template_is_the_usual_form(template: str, programme: Programme, client: Client) -> None:
    assert client.get(reverse("term_new"), {"template": template}).status_code == 200


def test_form_leads_to_copying_an_earlier_term(programme: Programme, client: Client) -> None:
    earlier = make_term(programme=programme)

    assert reverse("term_copy", args=[earlier.pk]) in client.get(reverse("term_new")).content.decode()


# Warnings


def test_term_that_passes_march_or_april_is_saved_only_once_that_was_read(programme: Programme, client: Client) -> None:
    sent = {**ANSWERS, "programme": programme.pk, "starts_on": "2027-02-15"}

    first = client.post(reverse("term_new"), sent)

    assert [warning.key for warning in first.context["warnings"]] == ["graduation-2027", "new_fiscal_year-2027"]
    assert not Term.objects.exists()
    client.post(reverse("term_new"), {**sent, "seen": first.context["seen"]})
    assert Term.objects.get().starts_on == date(2027, 2, 15)


def test_another_warning_than_the_one_that_was_read_asks_again(programme: Programme, client: Client) -> None:
    sent = {**ANSWERS, "programme": programme.pk, "starts_on": "2027-02-15", "seen": "graduation-2027"}

    client.post(reverse("term_new"), sent)

    assert not Term.objects.exists()


def test_name_of_another_fiscal_year_is_pointed_out(programme: Programme, client: Client) -> None:
    sent = {**ANSWERS, "programme": programme.pk, "name": "2026年度 後期"}

    response = client.post(reverse("term_new"), sent)

    assert [warning.key for warning in response.context["warnings"]] == ["fiscal-year"]


def test_looking_at_the_dates_saves_nothing(programme: Programme, client: Client) -> None:
    response = client.post(reverse("term_new"), {**ANSWERS, "programme": programme.pk, "do": "look"})

    assert response.context["outlook"].last == date(2027, 6, 8)  # eight Tuesdays from 6 April, two of them closed
    assert not Term.objects.exists()


# Changing a term


@pytest.fixture
def made(programme: Programme, client: Client) -> Term:
    client.post(reverse("term_new"), {**ANSWERS, "programme": programme.pk})
    return Term.objects.get()


def test_term_without_cohorts_can_be_changed_whole(made: Term, client: Client) -> None:
    form = client.get(reverse("term_edit", args=[made.pk])).context["form"]
    assert form["closed_days"].value() == "2027-05-20 試験\n2027-06-01"

    client.post(
        reverse("term_edit", args=[made.pk]),
        {**ANSWERS, **with_slots(("3", "19:00", "21:00", "")), "name": "あたらしい期", "starts_on": "2027-05-10"},
    )

    made.refresh_from_db()
    assert (made.name, made.starts_on) == ("あたらしい期", date(2027, 5, 10))
    assert made.slots.get().weekday == 3
    assert AuditEntry.objects.get(action="term_changed").detail == {"changed": ["name", "slots", "starts_on"]}


def test_exam_weeks_are_typed_in_a_line_passed_over_and_shown_as_they_were_typed(
    programme: Programme, client: Client
) -> None:
    typed = "2027-05-17〜2027-05-23 期末試験\n2027-06-01"
    client.post(reverse("term_new"), {**ANSWERS, "programme": programme.pk, "closed_days": typed})

    made = Term.objects.get()
    days = dict(made.closed_days.order_by("date").values_list("date", "reason"))
    assert days == {**dict.fromkeys((date(2027, 5, day) for day in range(17, 24)), "期末試験"), date(2027, 6, 1): ""}
    assert client.get(reverse("term_edit", args=[made.pk])).context["form"]["closed_days"].value() == typed


def test_every_line_that_cannot_be_read_is_named(programme: Programme, client: Client) -> None:
    typed = "2027-05-17〜2027-05-10 試験\n2027-06-01\nそのうち"

    response = client.post(reverse("term_new"), {**ANSWERS, "programme": programme.pk, "closed_days": typed})

    page = response.content.decode()
    assert "「2027-05-17〜2027-05-10 試験」は、終わりの日がはじめの日より前です。" in page
    assert "「そのうち」は日付で始まっていません。" in page
    assert typed in page.replace("\r", "")


def test_saving_a_term_unchanged_writes_nothing(made: Term, client: Client) -> None:
    client.post(reverse("term_edit", args=[made.pk]), {**ANSWERS, "fiscal_year": "2027"})

    assert not AuditEntry.objects.filter(action="term_changed").exists()
    assert made.closed_days.count() == 2


def test_dates_and_rhythm_stay_once_cohorts_exist_and_texts_do_not(made: Term, client: Client) -> None:
    make_cohort(made)

    shown = client.get(reverse("term_edit", args=[made.pk]))
    client.post(
        reverse("term_edit", args=[made.pk]),
        {**ANSWERS, "starts_on": "2028-05-08", "session_count": "3", "closed_days": "", "contact": "090-0000-0000"},
    )

    assert "starts_on" not in shown.context["form"].fields
    before = (made.starts_on, made.session_count, made.closed_days.count())
    made.refresh_from_db()
    assert (made.starts_on, made.session_count, made.closed_days.count()) == before
    assert made.contact == "090-0000-0000"


def test_service_refuses_new_dates_once_cohorts_exist(made: Term) -> None:
    make_cohort(made)

    with pytest.raises(TermRefused, match="cohorts_exist"):
        change_term(term=made, values={"cadence": "monthly"}, slots=[], now=NOW)
    with pytest.raises(TermRefused, match="cohorts_exist"):
        change_term(term=made, values={}, closed_days={}, slots=[], now=NOW)
    assert made.slots.count() == 2


def test_time_that_was_answered_can_be_renamed_and_nothing_else(made: Term, client: Client) -> None:
    slot = made.slots.get(weekday=1)
    SlotAnswer.objects.create(slot=slot, participation=make_participation(made), answer="yes")
    address = reverse("term_edit", args=[made.pk])

    refused = client.post(address, {**ANSWERS, **with_slots(("1", "19:30", "21:00", ""))})
    assert refused.context["slots"].non_form_errors()
    assert SlotAnswer.objects.count() == 1
    with pytest.raises(TermRefused, match="slot_answered"):
        change_term(term=made, values={}, slots=[], now=NOW)

    client.post(address, {**ANSWERS, **with_slots(("1", "19:00", "21:00", "火曜の夜"))})
    slot.refresh_from_db()
    assert slot.name == "火曜の夜"
    assert SlotAnswer.objects.count() == 1


def test_first_day_that_has_passed_may_stay(made: Term, client: Client) -> None:
    Term.objects.filter(pk=made.pk).update(starts_on=date(2026, 10, 5))
    sent = {**ANSWERS, "starts_on": "2026-10-05", "fiscal_year": "2026", "contact": "090-0000-0000"}

    client.post(reverse("term_edit", args=[made.pk]), sent)

    made.refresh_from_db()
    assert made.contact == "090-0000-0000"
    assert client.post(reverse("term_edit", args=[made.pk]), {**sent, "starts_on": "2026-10-04"}).status_code == 200


def test_number_of_queries_does_not_grow_with_facilitators(programme: Programme, client: Client) -> None:
    counts = []
    for more in (1, 3):
        for _ in range(more):
            make_facilitation(make_term(programme=programme))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("term_new"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_form_as_it_opens_can_be_sent(programme: Programme, client: Client) -> None:
    page = client.get(reverse("term_new"), {"template": "8"})
    form, slots = page.context["form"], page.context["slots"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    sent |= with_slots(*((row["weekday"].value(), row["starts"].value(), row["ends"].value(), "") for row in slots))

    client.post(reverse("term_new"), {**sent, "seen": page.context["seen"]})

    assert Term.objects.get().slots.count() == len(slots.forms)


def test_counting_how_long_people_speak_is_off_and_works_in_the_own_room_alone(
    programme: Programme, client: Client, settings: Any
) -> None:
    settings.VIDEO_WITHOUT_RELAY = True
    made = make_term(programme=programme)
    address = reverse("term_edit", args=[made.pk])
    assert client.get(address).context["form"]["measures_speaking"].value() is False

    refused = client.post(address, {**ANSWERS, "measures_speaking": "on"})
    assert list(refused.context["form"].errors) == ["measures_speaking"]

    answers = {**ANSWERS, "measures_speaking": "on", "video": "own"}
    client.post(address, answers)
    made.refresh_from_db()
    if not made.measures_speaking:  # a changed video is asked about once
        client.post(address, {**answers, "seen": client.post(address, answers).context["seen"]})
        made.refresh_from_db()
    assert (made.video, made.measures_speaking) == ("own", True)


def test_counting_is_not_offered_where_there_is_no_own_room(
    programme: Programme, client: Client, settings: Any
) -> None:
    settings.VIDEO_WITHOUT_RELAY, settings.TURN_URLS = False, []

    assert "measures_speaking" not in client.get(reverse("term_new")).context["form"].fields

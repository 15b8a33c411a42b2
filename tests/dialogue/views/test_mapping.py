"""The page on which a coordinator says how a file is read: nothing is taken in unread, nothing of others is shown."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from dialogue.models import FormMapping, Person, Term, UploadedRoster
from dialogue.services.uploads import mapping_of
from tests.dialogue.views.test_exports import answers
from tests.factories import make_coordinator

HEAD = "お名前は？,ご連絡先（メール）,どちら側ですか（学生・社会人）,月曜日,好きなこと\n"
FIRST = "青井 葵,aoi@example.org,現役生です,19:00-21:00,<script>alert(1)</script>\n"
ROWS = FIRST + "竹田 武,takeshi@example.com,ベテラン,よる,=1+1\n"


@pytest.fixture
def page(term: Term, client: Client, chika: Person) -> str:
    client.force_login(chika)
    return choose(client, term, HEAD + ROWS)


def choose(client: Client, term: Term, text: str) -> str:
    file = SimpleUploadedFile("people.csv", text.encode())
    sent = client.post(reverse("term_import", args=[term.pk]), {"kind": "participants", "roster": file})
    return sent.headers["Location"]


def send(client: Client, page: str, **changed: str) -> HttpResponse:
    form = client.get(page).context["form"]
    return client.post(page, {**answers(form), "upload": page.partition("upload=")[2], "look": "1", **changed})


def field_of(client: Client, page: str, label: str) -> str:
    return next(field.html_name for field in client.get(page).context["form"] if label in str(field.label))


def test_each_column_shows_its_proposed_meaning_its_cells_and_what_they_become(page: str, client: Client) -> None:
    columns = client.get(page).context["columns"]

    assert [column["use"].value() for column in columns] == ["full_name", "email", "generation", "slot", ""]
    assert columns[2]["samples"][0][0] == "現役生です"
    assert columns[3]["detail"].value() == "月"
    assert [text for text, _ in columns[3]["samples"]] == ["19:00-21:00", "よる"]
    assert columns[4]["is_read"] is False


def test_what_cannot_be_read_stands_with_row_column_and_a_field_for_what_was_meant(page: str, client: Client) -> None:
    problems = client.get(page).context["problems"]

    assert [(one["error"].line, one["error"].column, one["error"].value) for one in problems] == [
        (3, "どちら側ですか（学生・社会人）", "ベテラン"),
        (3, "月曜日", "よる"),
    ]
    assert [one["field"] is not None for one in problems] == [False, True]  # a generation is asked for above


def test_what_only_the_file_can_say_leads_back_to_choosing_it_again(page: str, client: Client, term: Term) -> None:
    way_back = f'<a href="{reverse("term_import", args=[term.pk])}">ファイルをもう一度選ぶ</a>'

    assert client.get(page).content.decode().count(way_back) == 1


def test_answers_are_given_a_meaning_and_cells_what_was_meant(page: str, client: Client, term: Term) -> None:
    side, times = field_of(client, page, "ベテラン"), field_of(client, page, "よる")

    sent = send(client, page, **{side: "alumni", times: "19:00-21:00"}, go="1")

    assert sent.headers["Location"].startswith(reverse("term_import", args=[term.pk]) + "?upload=")
    preview = client.get(sent.headers["Location"])
    assert preview.context["total"] == 2
    assert not term.participations.exists()


def test_file_with_something_unread_does_not_go_on(page: str, client: Client, term: Term) -> None:
    assert send(client, page, go="1").headers["Location"] == page
    upload = UploadedRoster.objects.get()
    client.post(reverse("term_import", args=[term.pk]), {"upload": upload.pk})

    assert not term.participations.exists()
    assert not FormMapping.objects.exists()


def test_what_stands_in_a_file_is_never_a_part_of_the_page(page: str, client: Client) -> None:
    text = client.get(page).content.decode()

    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"use_4": "email"}, "use_4"),
        ({"use_4": "no such column"}, "use_4"),
        ({"detail_3": "つきようび"}, "detail_3"),
        ({"slot": "99999"}, "slot"),
        ({"clock": "13"}, "clock"),
        ({"new_word": "1限"}, "new_word"),
        ({"new_word": "1限", "new_word_hours": "朝"}, "new_word_hours"),
        ({"says": "busy", "detail_3": "月 19:00-21:00"}, "detail_3"),
        ({"same_generation": "mentor"}, "same_generation"),
        ({"same_partner": "x" * 200}, "same_partner"),
    ],
)
def test_answer_that_no_mapping_can_have_is_told_at_its_field_and_loses_nothing(
    page: str, client: Client, changed: dict[str, str], wrong: str
) -> None:
    before = mapping_of(UploadedRoster.objects.get())

    response = send(client, page, **changed, same_affiliation="みなも大学")

    assert response.status_code == 200
    assert wrong in response.context["form"].errors
    assert response.context["form"]["same_affiliation"].value() == "みなも大学"
    assert mapping_of(UploadedRoster.objects.get()) == before


def test_column_can_be_left_out_or_read_as_something_else(page: str, client: Client) -> None:
    send(client, page, use_3="", use_4="interests")

    mapping = mapping_of(UploadedRoster.objects.get())
    assert mapping.times == {}
    assert mapping.columns["好きなこと"] == "interests"
    send(client, page, use_4="rating")
    assert mapping_of(UploadedRoster.objects.get()).interests == {"好きなこと": "好きなこと"}
    send(client, page, use_3="slot")
    assert mapping_of(UploadedRoster.objects.get()).times["月曜日"].days == (0,)


def test_hours_when_people_are_busy_are_asked_for_their_day(page: str, client: Client) -> None:
    send(client, page, says="busy")
    send(client, page, day="09:00-21:00", empty="free", new_word="よる", new_word_hours="18:00-24:00")

    response = client.get(page)

    rules = mapping_of(UploadedRoster.objects.get()).rules
    assert (rules.day, rules.empty_is_free, rules.words["よる"]) == ((540, 1260), True, (1080, 1440))
    assert response.context["is_busy"] is True
    assert len(response.context["problems"]) == 1


def test_people_who_share_an_address_are_offered_a_second_one(term: Term, client: Client, chika: Person) -> None:
    client.force_login(chika)
    text = "氏名,メール,世代\n青井 葵,pair@example.org,学生\n竹田 武,pair@example.org,社会人\n"
    page = choose(client, term, text)
    field = field_of(client, page, "竹田 武")

    assert send(client, page, **{field: "not an address"}).context["form"].errors
    sent = send(client, page, **{field: "ｐａｉｒ＋２@example.org"}, go="1")

    client.post(reverse("term_import", args=[term.pk]), {"upload": sent.headers["Location"].partition("upload=")[2]})
    assert set(term.participations.values_list("person__email", flat=True)) == {
        "pair@example.org", "pair+2@example.org",
    }  # fmt: skip


@pytest.mark.parametrize("route", ["term_import_mapping", "term_import_toml"])
def test_file_of_another_coordinator_is_not_shown(
    route: str, page: str, client: Client, term: Term, sam: Person
) -> None:
    make_coordinator(term.programme, sam)
    client.force_login(sam)
    address = reverse(route, args=[term.pk]) + "?" + page.partition("?")[2]

    assert client.get(address).headers["Location"] == reverse("term_import", args=[term.pk])
    client.logout()
    assert client.get(address).status_code == 302


@pytest.mark.slow
def test_two_hundred_columns_with_long_heads_are_one_page(term: Term, client: Client, chika: Person) -> None:
    client.force_login(chika)
    heads = ["氏名", "メール", "世代", *(f"質問{number} " + "長" * 300 for number in range(197))]
    row = ["青井 葵", "aoi@example.org", "学生", *("答" * 400 for _ in range(197))]

    preview = choose(client, term, ",".join(heads) + "\n" + ",".join(row) + "\n")
    page = f"{reverse('term_import_mapping', args=[term.pk])}?{preview.partition('?')[2]}"

    response = client.get(page)
    assert response.status_code == 200
    assert send(client, page, use_5="field").headers["Location"] == page


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_the_database_alike_for_one_row_and_three(
    rows: int, term: Term, client: Client, chika: Person, django_assert_max_num_queries
) -> None:
    client.force_login(chika)
    text = HEAD + "".join(f"例田 {number},x{number}@example.org,ベテラン,よる,\n" for number in range(rows))
    page = choose(client, term, text)

    with django_assert_max_num_queries(9):
        client.get(page)


def test_rows_and_columns_of_people_are_exchanged_and_back_again(page: str, client: Client) -> None:
    as_guessed = client.get(page).context

    send(client, page, turn="1")
    turned = client.get(page).context
    send(client, page, turn="1")
    back = client.get(page).context

    assert [one["people_in_columns"] for one in (as_guessed, turned, back)] == [False, True, False]
    assert turned["people"] != as_guessed["people"]
    assert back["people"] == as_guessed["people"]


def test_a_file_that_is_no_table_the_other_way_round_stays_as_it_was(client: Client, term: Term, chika: Person) -> None:
    client.force_login(chika)
    page = choose(client, term, ",あおい,たけし\nメール,aoi@example.org,takeshi@example.com\n世代,学生,社会人\n")
    before = mapping_of(UploadedRoster.objects.get())

    answer = client.get(send(client, page, turn="1").headers["Location"])

    assert [str(one) for one in answer.context["messages"]]
    assert before.people_in_columns
    assert mapping_of(UploadedRoster.objects.get()) == before

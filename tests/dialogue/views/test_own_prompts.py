"""A programme's own prompts: the same rules, said beside each field; another coordinator approves; versions."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from dialogue.models import AuditEntry, Prompt
from tests.factories import make_coordinator, make_person, make_term

WRITTEN = {
    "ja": "散歩の途中で引き返した日、そのあと道ばたで何に出会いましたか。",
    "en": "On a day you turned back from a walk, what did you meet by the road after that?",
    "follow_ups_ja": "足もとには何がありましたか。\n風はどんなふうでしたか。\n帰ってから何をしましたか。",
    "follow_ups_en": "What lay at your feet?\nWhat was the wind like?\nWhat did you do back home?",
    "domain": "health",
    "depth": "2",
    "stage": "aftermath",
    "value": "humility",
    "anchor": "scene",
    "sensitivity": "none",
}
WITH_WHY = WRITTEN["follow_ups_ja"].replace("何をし", "なぜ何をし")
WITH_AN_ANSWER = WRITTEN["follow_ups_ja"].replace("足もとには", "花とか、足もとには")


@pytest.fixture
def programme(term):
    return term.programme


@pytest.fixture
def chikas(client, chika, programme):
    client.force_login(chika)
    return client


@pytest.fixture
def nao(programme):
    """Another coordinator of Chika's programme."""
    person = make_person("なお")
    make_coordinator(programme, person)
    return person


def write(client, programme, **changes):
    return client.post(reverse("prompt_new"), {**WRITTEN, "programme": programme.pk, **changes}, follow=True)


def own(status: str) -> list[Prompt]:
    return list(Prompt.objects.filter(deck__programme__isnull=False, status=status).order_by("version"))


def test_a_prompt_is_written_as_a_draft_and_drawn_once_another_has_approved_it(chikas, client, programme, nao):
    page = write(chikas, programme)
    [draft] = own("draft")

    assert "下書きとして保存しました" in page.content.decode()
    assert draft not in Prompt.objects.drawn_for(programme.pk)
    client.force_login(nao)
    client.post(reverse("prompt_approve", args=[draft.slug]))
    assert draft in Prompt.objects.drawn_for(programme.pk)
    assert AuditEntry.objects.filter(action="prompt_approved", actor=nao).count() == 1


def test_whoever_wrote_it_does_not_approve_it(chikas, programme, chika):
    write(chikas, programme)
    [draft] = own("draft")

    page = chikas.post(reverse("prompt_approve", args=[draft.slug]), follow=True).content.decode()

    assert "ご自身が書いた問いなので" in page
    assert own("approved") == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Prompt.objects.filter(pk=draft.pk).update(approved_by=chika)


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"ja": "散歩のあと、楽しかったですか。"}, "ja", "「はい」「いいえ」では答えられない問い"),
        ({"ja": "散歩のあと、何をするべきでしたか。"}, "ja", "「べき」は、助言や一般論"),
        ({"ja": "散歩のあと、上司は何と言いましたか。"}, "ja", "「上司」は、決まった人生の道すじ"),
        (
            {"depth": "3", "follow_ups_ja": WRITTEN["follow_ups_ja"].replace("何をし", "なぜ何をし")},
            "follow_ups_ja",
            "責める",
        ),
        ({"ja": "散" * 60 + "のあと、何をしましたか。"}, "ja", "長すぎます"),
        ({"depth": "1", "en": "After the walk, what was the best view?"}, "en", "順位をたずねません"),
        (
            {"follow_ups_ja": "花とか、何がありましたか。\n風はどうでしたか。\n何をしましたか。"},
            "follow_ups_ja",
            "答えの候補",
        ),
        ({"follow_ups_en": "What lay at your feet?"}, "follow_ups_en", "3つ、1行に1つずつ"),
        ({"en": "On a day you turned back from a walk, what do you meet?"}, "en", "そろえてください"),
        ({"student_ja": "歩くことは大切だと思います。", "student_en": "One morning I walked."}, "student_ja", "場面か"),
        ({"student_ja": "夏の朝、坂で休みました。"}, "student_en", "両方の言葉で"),
        ({"ja": "最近、空の色や風にふと気づいたとき、何をしている途中でしたか。"}, "ja", "よく似ています"),
    ],
)
def test_what_breaks_a_rule_is_said_beside_its_field_and_what_was_typed_stays(chikas, programme, changes, field, told):
    page = write(chikas, programme, **changes)
    errors = page.context["form"].errors

    assert told in " ".join(errors[field])
    assert own("draft") == []
    assert WRITTEN["follow_ups_en"].splitlines()[0] in page.content.decode()


def test_an_approved_prompt_is_changed_by_a_new_version_that_takes_its_place(chikas, client, programme, nao, chika):
    write(chikas, programme)
    [first] = own("draft")
    client.force_login(nao)
    client.post(reverse("prompt_approve", args=[first.slug]))
    changed = {**WRITTEN, "value": "hedonism"}

    client.post(reverse("prompt_edit", args=[first.slug]), changed)
    client.post(reverse("prompt_edit", args=[first.slug]), {**changed, "value": "stimulation"})

    [second] = own("draft")
    assert own("approved") == [first]
    assert (second.follows, second.version, second.value) == (first, 2, "stimulation")
    client.force_login(chika)
    client.post(reverse("prompt_approve", args=[second.slug]))
    assert [own("approved"), own("retired")] == [[second], [first]]
    page = client.get(reverse("prompt", args=[second.slug])).content.decode()
    assert "第2版（承認済み）" in page
    assert "第1版（使わなくなった問い）" in page


def test_a_prompt_that_was_taken_out_is_drawn_no_more_and_listed_no_more(chikas, programme):
    write(chikas, programme)
    [draft] = own("draft")

    chikas.post(reverse("prompt_retire", args=[draft.slug]))

    assert own("retired") == [draft]
    assert chikas.get(reverse("prompts")).context["prompts"].paginator.count == 160
    assert [one.slug for one in chikas.get(reverse("prompts"), {"whose": "out"}).context["lines"]] == [draft.slug]


def test_another_programme_neither_sees_nor_draws_it(chikas, client, programme):
    write(chikas, programme)
    [draft] = own("draft")
    other = make_person("よそ")
    there = make_term(coordinator=other).programme
    Prompt.objects.filter(pk=draft.pk).update(status="approved")
    client.force_login(other)

    assert client.get(reverse("prompt", args=[draft.slug])).status_code == 404
    assert client.get(reverse("prompt_edit", args=[draft.slug])).status_code == 404
    assert draft not in Prompt.objects.drawn_for(there.pk)
    assert write(client, programme).context["form"].errors["programme"]


def test_the_librarys_own_prompts_are_not_changed_on_the_site(chikas):
    assert chikas.get(reverse("prompt_edit", args=["someone-at-work"])).status_code == 404


LIBRARY = "someone-at-work"


def approved(client, nao, draft: Prompt) -> Prompt:
    client.force_login(nao)
    client.post(reverse("prompt_approve", args=[draft.slug]))
    draft.refresh_from_db()
    return draft


def adapt(client, programme, **changes):
    """Send the form as it comes, with a few words changed."""
    address = reverse("prompt_adapt", args=[LIBRARY])
    words = client.get(address).context["form"].initial
    return client.post(address, {**words, "programme": programme.pk, **changes}, follow=True)


def drawn(programme) -> set[str]:
    return set(Prompt.objects.drawn_for(programme.pk).values_list("slug", flat=True))


@pytest.mark.parametrize("was_approved", [False, True])
def test_a_prompt_that_was_taken_out_is_taken_in_again_as_what_it_was(chikas, client, programme, nao, was_approved):
    write(chikas, programme)
    [prompt] = own("draft")
    if was_approved:
        approved(client, nao, prompt)
    page = client.post(reverse("prompt_retire", args=[prompt.slug]), follow=True).content.decode()
    assert "元に戻す" in page

    for _twice in range(2):
        client.post(reverse("prompt_restore", args=[prompt.slug]))

    assert own("approved" if was_approved else "draft") == [prompt]
    assert (prompt.slug in drawn(programme)) is was_approved
    assert AuditEntry.objects.filter(action="prompt_restored").count() == 1


def test_a_version_that_another_has_replaced_is_not_taken_in_beside_it(chikas, client, programme, nao, chika):
    write(chikas, programme)
    first = approved(client, nao, *own("draft"))
    client.post(reverse("prompt_edit", args=[first.slug]), {**WRITTEN, "value": "hedonism"})
    [second] = own("draft")
    approved(client, chika, second)

    page = client.post(reverse("prompt_restore", args=[first.slug]), follow=True).content.decode()

    assert "その間に代わりに入っています" in page
    assert [own("approved"), own("retired")] == [[second], [first]]


def test_what_is_much_like_one_written_meanwhile_is_not_taken_in_beside_it(chikas, client, programme, nao):
    write(chikas, programme)
    first = approved(client, nao, *own("draft"))
    client.post(reverse("prompt_retire", args=[first.slug]))
    write(client, programme, value="hedonism")
    [copy] = own("draft")
    Prompt.objects.filter(pk=copy.pk).update(status="approved")

    client.post(reverse("prompt_restore", args=[first.slug]))

    assert own("approved") == [copy]


def test_an_approved_draft_replaces_whichever_version_is_drawn(chikas, client, programme, nao, chika):
    """The first version was taken in again while the third was being written."""
    write(chikas, programme)
    first = approved(client, nao, *own("draft"))
    client.post(reverse("prompt_edit", args=[first.slug]), {**WRITTEN, "value": "hedonism"})
    second = approved(client, chika, *own("draft"))
    client.post(reverse("prompt_edit", args=[second.slug]), {**WRITTEN, "value": "stimulation"})
    client.post(reverse("prompt_retire", args=[second.slug]))
    client.post(reverse("prompt_restore", args=[first.slug]))
    assert own("approved") == [first]

    third = approved(client, nao, *own("draft"))

    assert own("approved") == [third]


def test_an_adapted_prompt_stands_in_the_librarys_place_once_approved_for_its_programme_alone(
    chikas, client, programme, nao
):
    there = make_term(coordinator=make_person("よそ")).programme
    page = adapt(chikas, programme, value="hedonism")
    [draft] = own("draft")

    assert "下書きとして保存しました" in page.content.decode()
    assert draft.adapts.slug == LIBRARY
    assert LIBRARY in drawn(programme)
    approved(client, nao, draft)
    assert LIBRARY not in drawn(programme)
    assert draft.slug in drawn(programme)
    assert LIBRARY in drawn(there)
    page = client.get(reverse("prompt", args=[LIBRARY])).content.decode()
    assert "代わりに、自分たちの版が使われます" in page
    assert "このプログラムでは使わない" not in page


def test_versions_of_an_adapted_prompt_keep_its_place_and_without_them_the_library_comes_back(
    chikas, client, programme, nao, chika
):
    adapt(chikas, programme)
    first = approved(client, nao, *own("draft"))
    words = client.get(reverse("prompt_edit", args=[first.slug])).context["form"].initial
    client.post(reverse("prompt_edit", args=[first.slug]), {**words, "value": "stimulation"})
    second = approved(client, chika, *own("draft"))

    assert (second.adapts.slug, second.follows) == (LIBRARY, first)
    assert own("approved") == [second]
    assert LIBRARY not in drawn(programme)
    client.post(reverse("prompt_retire", args=[second.slug]))
    assert LIBRARY in drawn(programme)


def test_an_adapted_prompt_is_held_to_every_other_rule(chikas, programme):
    [other] = Prompt.objects.filter(slug="laying-out-the-tools")

    page = adapt(chikas, programme, ja=other.text_ja, en=other.text_en)

    assert "よく似ています" in " ".join(page.context["form"].errors["ja"])
    assert own("draft") == []


def test_a_programme_adapts_a_prompt_once(chikas, programme):
    adapt(chikas, programme)

    page = chikas.get(reverse("prompt_adapt", args=[LIBRARY]), follow=True).content.decode()

    assert "もう自分たちの版があります" in page
    [draft] = own("draft")
    with pytest.raises(IntegrityError), transaction.atomic():
        Prompt.objects.create(deck=draft.deck, slug="other", position=99, adapts=draft.adapts, status="draft", depth=1)


def test_a_prompt_of_the_library_is_left_out_for_a_programme_alone_and_taken_in_again(chikas, programme):
    there = make_term(coordinator=make_person("よそ")).programme
    place = [LIBRARY, programme.pk]

    for _twice in range(2):
        page = chikas.post(reverse("prompt_leave_out", args=place), follow=True).content.decode()

    assert "元に戻す" in page
    assert LIBRARY not in drawn(programme)
    assert LIBRARY in drawn(there)
    assert AuditEntry.objects.filter(action="prompt_left_out").count() == 1
    out = chikas.get(reverse("prompts"), {"whose": "out"}).context["lines"]
    assert [(one.slug, one.badge) for one in out] == [(LIBRARY, "使わない問い")]
    chikas.post(reverse("prompt_take_in", args=place))
    assert LIBRARY in drawn(programme)


def test_nobody_leaves_a_prompt_out_for_another_programme(chikas):
    there = make_term(coordinator=make_person("よそ")).programme

    assert chikas.post(reverse("prompt_leave_out", args=[LIBRARY, there.pk])).status_code == 404
    assert LIBRARY in drawn(there)


def test_own_prompts_are_neither_adapted_nor_left_out(chikas, programme):
    write(chikas, programme)
    [draft] = own("draft")

    assert chikas.get(reverse("prompt_adapt", args=[draft.slug])).status_code == 404
    assert chikas.post(reverse("prompt_leave_out", args=[draft.slug, programme.pk])).status_code == 404

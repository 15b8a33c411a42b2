"""Who may open a coordinator's page: the coordinators of its programme, and nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.models import Cohort, Participation, Person, Term
from matching.models import CohortProposal, MatchRun
from tests.factories import NOW, make_session, make_term

TERM_PAGES = [
    "term", "term_people", "term_import", "term_runs", "term_cohorts", "term_sessions", "term_messages",
]  # fmt: skip
RUN_PAGES = ["run", "run_progress", "run_discard", "run_publish"]


@pytest.fixture
def addresses(cohort: Cohort) -> dict[str, str]:
    """One address of each page, all about Chika's term."""
    run = MatchRun.objects.create(
        term=cohort.term, status=MatchRun.Status.READY, engine_version="v1", created_at=NOW, finished_at=NOW
    )
    CohortProposal.objects.create(
        run=run, number=1, facilitation=cohort.facilitation, weekday=1, starts=1170, quality=1.0
    )
    session = make_session(cohort)
    member = Participation.objects.filter(term=cohort.term).first()
    return {
        **{name: reverse(name, args=[cohort.term_id]) for name in TERM_PAGES},
        **{name: reverse(name, args=[run.pk]) for name in RUN_PAGES},
        "terms": reverse("terms"),
        "term_new": reverse("term_new"),
        "cohort": reverse("cohort", args=[cohort.pk]),
        "session_move": reverse("session_move", args=[session.pk]),
        "session_cancel": reverse("session_cancel", args=[session.pk]),
        "participation_end": reverse("participation_end", args=[member.pk]),
    }


def answers(client: Client, addresses: dict[str, str], *, method: str = "get") -> dict[str, int]:
    return {page: getattr(client, method)(address).status_code for page, address in addresses.items()}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_open_for_their_coordinator_with_one_heading(
    language: str, addresses: dict[str, str], client: Client, chika: Person
) -> None:
    chika.language = language
    chika.save()
    client.force_login(chika)

    for page, address in addresses.items():
        response = client.get(address)

        assert (page, response.status_code) == (page, 200)
        assert response.headers["Content-Language"] == language
        assert response.content.decode().count("<h1") == (0 if page == "run_progress" else 1)


@pytest.mark.parametrize("role", ["sam", "aoi", "fumi"])
def test_pages_are_not_there_for_strangers_participants_and_facilitators(
    role: str, addresses: dict[str, str], client: Client, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))

    assert answers(client, addresses) == dict.fromkeys(addresses, 404)
    assert answers(client, addresses, method="post") == dict.fromkeys(addresses, 404)


def test_pages_of_a_term_are_not_there_for_the_coordinator_of_another_programme(
    addresses: dict[str, str], client: Client, sam: Person
) -> None:
    make_term(coordinator=sam)
    client.force_login(sam)
    of_the_term = {page: address for page, address in addresses.items() if page not in ("terms", "term_new")}

    assert answers(client, of_the_term) == dict.fromkeys(of_the_term, 404)
    assert answers(client, of_the_term, method="post") == dict.fromkeys(of_the_term, 404)


def test_terms_of_another_programme_are_not_listed(client: Client, term: Term, sam: Person) -> None:
    make_term(coordinator=sam, name="Sam's own")
    client.force_login(sam)

    page = client.get(reverse("terms")).content.decode()

    assert "Sam&#x27;s own" in page
    assert term.name not in page


def test_pages_ask_an_unknown_visitor_to_sign_in(addresses: dict[str, str], client: Client) -> None:
    for address in addresses.values():
        response = client.get(address)

        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("number", ["-1", "0", "99999999999999999999999999", "abc"])
def test_row_that_cannot_exist_is_not_found(number: str, client: Client, chika: Person, term: Term) -> None:
    client.force_login(chika)

    for path in ("terms/{}/", "terms/{}/people/", "runs/{}/", "cohorts/{}/", "s/{}/move/", "participations/{}/end/"):
        assert client.get("/" + path.format(number)).status_code == 404

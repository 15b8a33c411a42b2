"""Coordinators show a second proof of who they are; nobody else is asked."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from dialogue.models import AuditEntry, Organisation, Partner, StaffRole
from dialogue.services.tokens import make_token
from tests.authz.routes import routes
from tests.dialogue.test_sign_in_limits import CONFIRM, ask, at, is_in, newest_number
from tests.factories import NOW, make_programme

SET_UP = "/account/2fa/"


pytestmark = pytest.mark.django_db(transaction=True)  # what follows a set-up follows its commit


@pytest.fixture(autouse=True)
def _demanded(settings, transactional_db) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    settings.NUMBER_MAIL_PAUSE = 0
    cache.clear()


def six_digits(secret: str, *, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def signs_in(person) -> Client:
    client = at()
    ask(client, person.email)
    client.post(CONFIRM, {"code": newest_number(person.email, before=0)})
    return client


def sets_up(client: Client):
    client.get(reverse("mfa_activate_totp"))
    return client.post(reverse("mfa_activate_totp"), {"code": six_digits(client.session["mfa.totp.secret"])})


def test_coordinator_is_led_to_set_up_and_then_sees_the_recovery_codes_and_the_pages(chika, term):
    client = signs_in(chika)
    assert is_in(client)
    assert client.get("/").url == SET_UP
    assert client.get(SET_UP).status_code == 200

    codes = sets_up(client)
    page = client.get(codes.url)

    assert codes.url == reverse("mfa_view_recovery_codes")
    assert all(code in page.content.decode() for code in page.context["unused_codes"])
    assert len(page.context["unused_codes"]) == 10
    assert client.get(f"/terms/{term.pk}/").status_code == 200


def test_no_page_of_the_site_opens_before_that(chika, term):
    client = signs_in(chika)
    closed = [
        pattern
        for pattern, name in routes().items()
        if not pattern.startswith(("account/", "api/", "language/", "health")) and "<" not in pattern
    ]
    assert len(closed) >= 4

    for pattern in closed:
        for method in (client.get, client.post):
            answer = method(f"/{pattern}")
            assert (answer.status_code, answer.headers.get("Location")) == (302, SET_UP), pattern
    for path in (f"/terms/{term.pk}/", f"/terms/{term.pk}/participants/", "/terms/999/", "/no-such-page/"):
        assert client.get(path).url == SET_UP


def test_second_factor_is_asked_for_at_every_later_sign_in(chika, term):
    sets_up(signs_in(chika))
    cache.clear()
    later = at()
    ask(later, chika.email)
    time.sleep(0.1)
    answer = later.post(CONFIRM, {"code": newest_number(chika.email, before=1)})

    assert answer.url == reverse("mfa_authenticate")
    assert not is_in(later)
    assert later.get(f"/terms/{term.pk}/").status_code == 302

    secret = Authenticator.objects.get(user=chika, type="totp").wrap()
    assert later.post(answer.url, {"code": six_digits(_plain(secret), steps=0)}).status_code == 302
    assert later.get(f"/terms/{term.pk}/").status_code == 200


def _plain(totp: TOTP) -> str:
    from allauth.mfa.utils import decrypt  # noqa: PLC0415

    return decrypt(totp.instance.data["secret"])


def test_recovery_code_opens_once(chika, term):
    sets_up(signs_in(chika))
    code = Authenticator.objects.get(user=chika, type="recovery_codes").wrap().get_unused_codes()[0]
    statuses = []
    for before in (1, 2):
        cache.clear()
        later = at()
        ask(later, chika.email)
        later.post(CONFIRM, {"code": newest_number(chika.email, before=before)})
        later.post(reverse("mfa_authenticate"), {"code": code})
        statuses.append(is_in(later))

    assert statuses == [True, False]


def test_session_from_before_the_set_up_is_asked_too(chika, term):
    """Somebody who reads the coordinator's mail may have come in first, and waits."""
    waiting = signs_in(chika)
    cache.clear()
    hers = at()
    ask(hers, chika.email)
    hers.post(CONFIRM, {"code": newest_number(chika.email, before=1)})
    sets_up(hers)

    answer = waiting.get(f"/terms/{term.pk}/")

    assert answer.url.startswith(reverse("mfa_reauthenticate"))
    assert waiting.get(answer.url).status_code == 200
    waiting.post(answer.url, {"code": "000000"})
    assert waiting.get(f"/terms/{term.pk}/").status_code == 302
    again = waiting.get(reverse("mfa_view_recovery_codes"))
    assert again.status_code == 302
    assert waiting.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert Authenticator.objects.filter(user=chika, type="totp").exists()


def test_mark_of_one_person_opens_nothing_for_another_in_the_same_browser(chika, term, fumi):
    client = signs_in(chika)
    sets_up(client)
    client.post("/account/logout/")
    StaffRole.objects.create(programme=term.programme, person=fumi, role="coordinator")
    client.defaults["REMOTE_ADDR"] = "192.0.2.77"
    ask(client, fumi.email)
    client.post(CONFIRM, {"code": newest_number(fumi.email, before=0)})

    assert is_in(client)
    assert client.get("/").url == SET_UP


@pytest.mark.parametrize("who", ["aoi", "fumi", "sam"])
def test_who_takes_part_or_facilitates_is_not_asked(request, cohort, who):
    client = signs_in(request.getfixturevalue(who))

    assert client.get("/").status_code == 200


def test_partner_contact_is_not_asked(sam):
    programme = make_programme()
    partner = Partner.objects.create(organisation=Organisation.objects.get(), name="Northgate")
    StaffRole.objects.create(programme=programme, person=sam, role="partner_contact", partner=partner)

    assert signs_in(sam).get("/").status_code == 200


def test_nobody_is_asked_where_the_site_does_not_demand_it(chika, term, settings):
    settings.REQUIRE_SECOND_FACTOR = False

    assert signs_in(chika).get(f"/terms/{term.pk}/").status_code == 200


def test_programs_with_a_token_go_on(chika, term):
    token = make_token(person=chika, now=NOW.now(NOW.tzinfo))
    answer = Client(headers={"authorization": f"Bearer {token}"}).get("/api/v1/terms/")

    assert answer.status_code == 200
    assert signs_in(chika).get("/api/v1/terms/").status_code == 401


def test_signing_out_and_the_language_stay_open(chika):
    StaffRole.objects.create(programme=make_programme(), person=chika, role="coordinator")
    client = signs_in(chika)

    assert client.post("/language/setlang/", {"language": "en"}).headers.get("Location") != SET_UP
    assert client.get("/account/logout/").status_code == 200


def test_secrets_are_stored_encrypted(chika, term):
    client = signs_in(chika)
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": six_digits(secret)})

    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert len(Authenticator.objects.get(user=chika, type="recovery_codes").wrap().get_unused_codes()) == 10


def test_coordinator_who_lost_everything_begins_anew_by_command(chika, term, capsys):
    client = signs_in(chika)
    sets_up(client)

    call_command("reset_second_factor", " Chika@example.org")
    call_command("reset_second_factor", "chika@example.org")

    assert not Authenticator.objects.filter(user=chika).exists()
    assert client.get(f"/terms/{term.pk}/").url.startswith("/account/login/")
    assert list(AuditEntry.objects.filter(action="second_factor_reset").values_list("detail", flat=True)) == [
        {"authenticators": 2},
        {"authenticators": 0},
    ]
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody@example.org")

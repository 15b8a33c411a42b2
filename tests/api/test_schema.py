"""The OpenAPI description: whole, without warnings, and true."""

import re
from io import StringIO

import pytest
import yaml
from django.core.management import call_command

from matching.models import MatchRun
from tests.authz.routes import routes
from tests.factories import NOW, make_session

METHODS = ["get", "head", "post", "put", "patch", "delete", "options", "trace"]


def described() -> dict[str, dict[str, object]]:
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    return yaml.safe_load(out.getvalue())["paths"]


def test_schema_is_valid_and_made_without_warnings(db, client):
    assert len(described()) == 12
    served = client.get("/api/schema/")
    assert served.status_code == 200
    assert yaml.safe_load(served.content)["paths"].keys() == described().keys()


def test_schema_holds_every_route_of_the_api(db):
    described_routes = {re.sub(r"\{\w+\}", "{}", path) for path in described()}

    assert described_routes == {
        "/" + re.sub(r"<int:\w+>", "{}", route) for route in routes() if route.startswith("api/v1/")
    }


@pytest.fixture
def addresses(cohort):
    run = MatchRun.objects.create(
        term=cohort.term, status=MatchRun.Status.READY, engine_version="v1", created_at=NOW, finished_at=NOW
    )
    return {"terms": cohort.term_id, "cohorts": cohort.pk, "sessions": make_session(cohort).pk, "runs": run.pk}


@pytest.mark.slow
def test_described_methods_work_and_others_are_not_allowed(program, addresses, chika):
    for path, operations in described().items():
        address = re.sub(r"(\w+)/\{id\}", lambda found: f"{found[1]}/{addresses[found[1]]}", path)
        for method in METHODS:
            body = {"content_type": "application/json"} if method == "post" else {}
            answer = getattr(program(chika), method)(address, **body)
            known = method in operations or (method == "head" and "get" in operations)
            told = {int(code) for code in operations.get(method, {}).get("responses", {200: None})}
            assert answer.status_code in (told if known else {405}), (method, address)

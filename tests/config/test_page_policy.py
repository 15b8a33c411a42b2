"""The policy of what a page may load is kept, and still a page's own where it has one."""

import pytest
from csp.constants import NONCE
from csp.decorators import csp_exempt, csp_update
from csp.middleware import CSPMiddleware
from django.http import HttpResponse

from config.page_policy import PagePolicyMiddleware

HEADER = "Content-Security-Policy"


def plain(request):
    return HttpResponse("text")


@csp_update({"frame-src": "https://video.example.org"})
def framing(request):
    return HttpResponse("text")


@csp_exempt()
def open_to_all(request):
    return HttpResponse("text")


def with_nonce(request):
    return HttpResponse(f"<script nonce={request.csp_nonce}>")


@pytest.mark.parametrize("view", [plain, framing, open_to_all])
def test_header_is_what_the_library_would_say(rf, view):
    kept, written = (kind(view)(rf.get("/")).headers.get(HEADER) for kind in (PagePolicyMiddleware, CSPMiddleware))

    assert kept == written
    assert (kept is None) == (view is open_to_all)


def test_page_with_its_own_policy_leaves_the_next_pages_alone(rf):
    before = PagePolicyMiddleware(plain)(rf.get("/")).headers[HEADER]

    assert "video.example.org" in PagePolicyMiddleware(framing)(rf.get("/")).headers[HEADER]
    assert PagePolicyMiddleware(plain)(rf.get("/")).headers[HEADER] == before


def test_nonce_that_a_page_uses_stands_in_its_policy(rf, settings):
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"script-src": [NONCE]}}
    answer = PagePolicyMiddleware(with_nonce)(rf.get("/"))
    nonce = answer.content.decode().removeprefix("<script nonce=").removesuffix(">")

    assert f"'nonce-{nonce}'" in answer.headers[HEADER]

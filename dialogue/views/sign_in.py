"""Asking for a number, and typing it: what happens to a wrong, an old and a missing one."""

import time
from functools import partial
from typing import Any, Final, cast
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue import sign_in_limits as limits
from dialogue.accounts import NUMBER_DIGITS
from dialogue.in_app_browser import outside_url
from dialogue.kept_page import is_same_for_all, kept_page
from dialogue.mail import site_mailbox

RESEND_SECONDS: Final = 30
"""How long somebody waits before another number leaves: mail that is merely slow would make the newer one late too."""


class AskForNumberView(RequestLoginCodeView):
    """allauth's own page, which notices LINE's browser and says whom to ask."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page. Nothing is asked more often, so what is the same for all is put together once."""
        make = partial(super().get, request, *args, **kwargs)
        return kept_page(request, make) if is_same_for_all(request) else make()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tell the way out of LINE, and the mailbox in which coordinators read answers to these mails.

        The links of allauth's own entrance, to sign-up and to passwords, lead to pages that this site does not have.
        """
        return {
            **super(RequestLoginCodeView, self).get_context_data(**kwargs),
            "outside_url": outside_url(self.request),
            "contact_address": site_mailbox().address,
            "PASSKEY_LOGIN_ENABLED": settings.MFA_PASSKEY_LOGIN_ENABLED,
        }


ask_for_number = AskForNumberView.as_view()


class EnterNumberView(ConfirmLoginCodeView):
    """allauth's own page, with limits that its session cannot outrun, and a resend that keeps to them."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check the number, or send another, within the limits."""
        if self._action == "resend":
            return self._send_another()
        if not limits.may_check(request):
            messages.error(request, get_adapter().error_messages["rate_limited"])
            return self._same_page()
        form = self.get_form()
        if not form.typed:  # a slip, which counts for nothing
            return self.render_to_response(self.get_context_data(form=form))
        address, mailed_at = self._address, float(self._process.state["at"])
        if limits.is_worn_out(request, address=address, digits=self._digits):
            return self._start_over()
        if not limits.has_a_try_left(request, address=address, mailed_at=mailed_at):
            return self._start_over()
        return cast(HttpResponse, super().post(request, *args, **kwargs))

    def form_valid(self, form: Form) -> HttpResponse:
        """Let the person in, and know their browser from now on."""
        address = self._address
        response = cast(HttpResponse, super().form_valid(form))
        limits.remember_browser(self.request, response, address)
        return response

    def form_invalid(self, form: Form) -> HttpResponse:
        """Count a wrong number."""
        limits.count_wrong(self.request, address=self._address, digits=self._digits)
        return cast(HttpResponse, super().form_invalid(form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tell how long the number is and lives, and whose mail has to be let through."""
        sender = site_mailbox().address
        more = {
            "contact_address": sender,
            "digits": self._digits,
            "minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60,
            "sender_domain": sender.partition("@")[2],
            "wait_seconds": RESEND_SECONDS,
        }
        return {**super().get_context_data(**kwargs), **more}

    @property
    def _address(self) -> str:
        return str(self._process.state["email"])

    @property
    def _digits(self) -> int:
        # For an unknown address there is no number, so the session's word for it has to do; it opens nothing.
        return len(self._process.code) or int(self.request.session.get(NUMBER_DIGITS, limits.SHORT))

    def _send_another(self) -> HttpResponse:
        process, request = self._process, self.request
        wait = RESEND_SECONDS - int(time.time() - process.state["at"])
        if wait > 0:
            waiting = ngettext(
                "The mail is on its way. Please wait %(count)s more second before you ask for a new number.",
                "The mail is on its way. Please wait %(count)s more seconds before you ask for a new number.",
                wait,
            )
            messages.info(request, waiting % {"count": wait})
        elif not process.can_resend or not limits.may_be_mailed(request, self._address):
            messages.error(request, get_adapter().error_messages["rate_limited"])
        else:
            request.session[NUMBER_DIGITS] = limits.digits_for(request, self._address)
            process.state |= {"at": time.time(), "failed_attempts": 0}
            if process.user is None:
                get_adapter().write_for_nobody(self._address)
            process.send(skip_enumeration_mails=True)
            process.record_resend()
            process.persist()
        return self._same_page()

    def _same_page(self) -> HttpResponse:
        return HttpResponseRedirect(self.passthrough_next_url(reverse("account_confirm_login_code")))

    def _start_over(self) -> HttpResponse:
        self._process.abort()
        messages.info(self.request, _("This number no longer counts. Please ask for a new one."))
        return HttpResponseRedirect(reverse("account_request_login_code"))


_enter_number = EnterNumberView.as_view()


def enter_number(request: HttpRequest) -> HttpResponseBase:
    """Show the page; say why when it sends somebody back to the start, and keep in mind where they were going."""
    said_before = len(messages.get_messages(request))
    answer = _enter_number(request)
    start = reverse("account_request_login_code")
    started_over = answer.status_code == HttpResponseRedirect.status_code and answer.headers["Location"] == start
    if started_over and len(messages.get_messages(request)) == said_before:
        messages.info(request, _("The number has run out. Please ask for a new one."))
    wanted = request.POST.get("next") or request.GET.get("next")
    if started_over and wanted:
        answer.headers["Location"] = f"{start}?{urlencode({'next': wanted})}"
    return answer

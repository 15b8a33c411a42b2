"""How allauth signs people in: by a number in a mail that leaves after the answer, whoever asked."""

import logging
import random
import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import make_msgid
from smtplib import SMTPException
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as of_request
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import get_random_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue import clock
from dialogue.core.mailbox import Mailbox
from dialogue.mail import PersonalMail, site_mailbox
from dialogue.models import Person
from dialogue.sign_in_limits import SHORT

log = logging.getLogger(__name__)

NUMBER_DIGITS: Final = "sign_in_digits"
"""Where the browser session keeps how many digits its newest number has, known address or not."""

_post: Final = ThreadPoolExecutor(max_workers=16, thread_name_prefix="number-mail")
"""Mail leaves from here, because a page that waits for the mail server tells whose addresses it knows.

Not through the broker or the outbox: signing in works without a worker, and the number is stored in no mail queue.
"""


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; a page says the same to known and unknown addresses, mail server or not."""

    error_messages: Final[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("This is not the number from our latest mail. Please look again."),
        "too_many_login_attempts": _("That was too often in a short time. Please wait a little and try again."),
        "rate_limited": _("That was too often in a short time. Please wait a little and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by a roster, never by a form."""
        return False

    def generate_login_code(self) -> str:
        """Return a number as long as this visit needs it; phones show a keypad for digits."""
        digits = of_request.request.session.get(NUMBER_DIGITS, SHORT)
        return get_random_string(digits, allowed_chars="0123456789")

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """Return the mail as the house sends it: carriers' addresses that Django would refuse are fine."""
        sender = site_mailbox()
        return PersonalMail(
            sender=sender,
            to=Mailbox("", email),
            subject=render_to_string(f"{template_prefix}_subject.txt", context).strip(),
            text=render_to_string(f"{template_prefix}_message.txt", context).strip(),
            html=render_to_string(f"{template_prefix}_message.html", context).strip(),
            message_id=make_msgid(domain=sender.address.partition("@")[2]),
            date=clock.now(),
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail in its reader's language, now, and have it leave in the background."""
        _post.submit(_leave, self._written(template_prefix, email, context), to_somebody=True)

    def write_for_nobody(self, email: str) -> None:
        """Do for an unknown address what a known one costs, and send nothing: the answer takes as long."""
        letter = self._written("account/email/login_code", email, {"code": self.generate_login_code()})
        _post.submit(_leave, letter, to_somebody=False)

    def _written(self, template_prefix: str, email: str, context: dict[str, Any]) -> EmailMessage:
        language = Person.objects.filter(email=email).values_list("language", flat=True).first()
        with translation.override(language or translation.get_language()):
            return self.render_mail(template_prefix, email, {**context, "email": email, "code": _readable(context)})


def _readable(context: dict[str, Any]) -> str:
    """Return the number as people read it aloud: a long one in two halves. Spaces do not matter when it is typed."""
    number = str(context.get("code", ""))
    return number if len(number) <= SHORT else f"{number[: len(number) // 2]} {number[len(number) // 2 :]}"


def _leave(message: EmailMessage, *, to_somebody: bool) -> None:
    """Send the mail a moment later: sent at once, it would slow the very answer that is not to tell of it."""
    time.sleep(settings.NUMBER_MAIL_PAUSE * (0.5 + random.random()))  # noqa: S311  a pause, no secret
    try:
        if to_somebody:
            message.send()
        else:
            message.message().as_bytes()
    except (OSError, SMTPException) as error:
        # The page offers a new number; the log says why, without the address.
        log.error("a sign-in number could not be mailed: %s", type(error).__name__)

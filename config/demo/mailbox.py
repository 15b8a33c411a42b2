"""The demo sends nothing: each mail is kept, whole, for the mail page."""

from collections.abc import Sequence
from email.header import decode_header, make_header

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from config.demo.models import SentMail
from dialogue import clock


class KeptMailBackend(BaseEmailBackend):
    """Keeps mails in the demo's database."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        now = clock.now()
        for mail in email_messages:
            message = mail.message()
            SentMail.objects.create(
                message_id=str(message["Message-ID"]),
                at=now,
                to=mail.to[0],
                subject=str(make_header(decode_header(str(message["Subject"])))),
                raw=message.as_bytes(),
            )
        return len(email_messages)

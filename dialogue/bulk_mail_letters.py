"""How a mail to several people reads for one of them."""

from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dialogue.fields import unseal
from dialogue.letters import write_letter
from dialogue.message_kinds import Letter, MessageKind, register
from dialogue.models import BulkMail, OutboundMessage, Participation, Term
from dialogue.services.bulk_mail import KIND, TRIAL, participation_of

Purpose = BulkMail.Purpose
PREPARED: Final[dict[str, tuple[Promise, Promise]]] = {
    Purpose.TIMES: (
        _("When could you come?"),
        _(
            "We have not heard yet at which times of the week you could come.\nTwo or three times are enough. Once we "
            "know them, we look for a cohort for you.\nThe page below is yours; a reply to this mail is fine too."
        ),
    ),
    Purpose.CONSENT: (
        _("Your consent to take part"),
        _(
            "We do not have your consent to take part yet.\nIf you would like to take part, please tell us by a reply "
            "to this mail.\nIf something is unclear, ask us. And if you would rather not take part, that is fine too."
        ),
    ),
}
"""Subject and text to begin with, where a mail asks for something usual."""


def bulk_letter(subject: str, text: str, *, term: Term, name: str, page: str) -> Letter:
    """Return the letter in the language that is active. It is what a preview shows, too."""
    return write_letter(
        "dialogue/email/bulk_mail",
        {
            "subject": subject,
            "text": text,
            "name": name,
            "page": page,
            "programme": term.programme.title,
            "term": term.name,
            "organisation": term.programme.organisation.name,
            "contact": term.contact,
        },
    )


def page_for(purpose: str, participation: int | None) -> str:
    """Return the page that a mail names: where times are given, or the first page; none with words of one's own."""
    if purpose == Purpose.TIMES and participation is not None:
        return urljoin(settings.BASE_URL, reverse("answers_times", args=[participation]))
    return urljoin(settings.BASE_URL, reverse("home")) if purpose == Purpose.TIMES else ""


def letter_to(one: Participation, *, purpose: str, subject: str, text: str) -> Letter:
    """Return what one person of a term gets, in the language that is active."""
    page = page_for(purpose, one.pk)
    return bulk_letter(subject, text, term=one.term, name=one.person.preferred_name, page=page)


def _mail_of(row: OutboundMessage) -> BulkMail:
    return BulkMail.objects.select_related("term__programme__organisation").get(pk=row.subject_key.partition(":")[2])


def _wanted(row: OutboundMessage, now: datetime) -> bool:
    return participation_of(_mail_of(row), row.recipient_id) is not None


def _written(row: OutboundMessage, now: datetime) -> Letter:
    mail = _mail_of(row)
    one = participation_of(mail, row.recipient_id)
    if one is None:
        raise Participation.DoesNotExist(row.subject_key)
    subject, text = mail.words_in(get_language() or "ja")
    return letter_to(one, purpose=mail.purpose, subject=subject, text=text)


def _tried(row: OutboundMessage, now: datetime) -> Letter:
    term = Term.objects.select_related("programme__organisation").get(pk=row.subject_key.partition(":")[2])
    subject, text = unseal(row.context["subject"]), unseal(row.context["text"])
    with translation.override(row.context["language"]):
        page = page_for(row.context["purpose"], None)
        return bulk_letter(subject, text, term=term, name=row.recipient.preferred_name, page=page)


def _always(row: OutboundMessage, now: datetime) -> bool:
    return True


register(MessageKind(KIND, repeatable=True, still_wanted=_wanted, render=_written))
register(MessageKind(TRIAL, repeatable=True, still_wanted=_always, render=_tried))

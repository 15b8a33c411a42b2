"""What goes out with a join link: its address, its QR code, texts to send, and how many have come by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Count, Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from dialogue.core.wording import format_date
from dialogue.models import ConsentRecord, JoinLink, Person, Term
from dialogue.qr import modules_of, path_of

LANGUAGES: Final = (Person.Language.JAPANESE, Person.Language.ENGLISH)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyText:
    """A text to copy: in a chat window or a mail. `subject` is empty for a chat."""

    key: str
    language: str
    language_name: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handout:
    """All that somebody needs to pass a link on."""

    link: JoinLink
    address: str
    qr_path: str
    qr_side: int
    texts: Sequence[ReadyText]


def address_of_link(link: JoinLink) -> str:
    """Return the whole address at which people sign up."""
    return urljoin(settings.BASE_URL, reverse("join", args=[link.code]))


def handout_of(link: JoinLink) -> Handout:
    """Return the handout of a link, whose term, programme, host and partner are at hand."""
    address = address_of_link(link)
    modules = modules_of(address)
    return Handout(
        link=link,
        address=address,
        qr_path=path_of(modules),
        qr_side=len(modules),
        texts=[_ready(kind, language, link, address) for kind in ("chat", "mail") for language in LANGUAGES],
    )


def words_for(link: JoinLink, language: str) -> dict[str, Any]:
    """Return what texts and flyers say of a term, in one language."""
    term = link.term
    with translation.override(language):
        return {
            "programme": term.programme.title,
            "term": term.name,
            "host": term.programme.organisation.name,
            "partner": link.partner.name if link.partner else "",
            "introduction": (term.introduction if language == "ja" else term.introduction_en).strip(),
            "first": format_date(day=term.starts_on, language=language, year=True),
            "until": format_date(day=term.sign_up_until, language=language) if term.sign_up_until else "",
            "cadence": term.cadence,
            "count": term.session_count,
            "minutes": term.session_minutes,
        }


def _ready(kind: str, language: str, link: JoinLink, address: str) -> ReadyText:
    context = {**words_for(link, language), "address": address}
    # Plain text for a chat or a mail: nothing is escaped here; the page that shows it does.
    written = render_to_string(f"dialogue/links/{kind}.{language}.txt", context).strip()
    subject, _, body = written.partition("\n") if kind == "mail" else ("", "", written)
    return ReadyText(
        key=f"{kind}-{language}",
        language=language,
        language_name=Person.Language(language).label,
        subject=subject.strip(),
        text=f"{body.strip()}\n",
    )


def signed_up(term: Term) -> Mapping[int | None, int]:
    """Return how many people signed up on the site, by partner; under None those without one."""
    by_site = ConsentRecord.objects.filter(
        participation=OuterRef("pk"), purpose=ConsentRecord.Purpose.TAKE_PART, method=ConsentRecord.Method.SITE
    )
    rows = term.participations.filter(Exists(by_site)).order_by().values_list("partner")
    return dict(rows.annotate(number=Count("pk")))

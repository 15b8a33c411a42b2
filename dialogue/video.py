"""How the people of a term can see and hear each other: what works on this site, and why something does not."""

from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue.models import Term

Video = Term.Video

WHY_NOT: Final[dict[str, str | Promise]] = {
    Video.JITSI: _("Jitsi cannot be chosen: this site has no Jitsi server set up. Whoever runs it can add one."),
    Video.OWN: _(
        "Madoi's own room cannot be chosen: it needs a relay, so that nobody learns another's address."
        " Whoever runs this site can add one."
    ),
}


def works(video: str) -> bool:
    """Tell whether this site has what this way needs."""
    if video == Video.JITSI:
        return bool(settings.JITSI_URL and settings.JITSI_APP_ID and settings.JITSI_APP_SECRET)
    if video == Video.OWN:
        return bool(settings.TURN_URLS and settings.TURN_SECRET) or settings.VIDEO_WITHOUT_RELAY
    return True


def offered(*, kept: str = Video.LINK) -> list[tuple[str, str | Promise]]:
    """Return the ways to choose from, with their labels: those that work, and the one that a term has already."""
    return [(value, label) for value, label in Video.choices if works(value) or value == kept]


def why_others_do_not() -> list[str | Promise]:
    """Return a sentence for each way that does not work here."""
    return [words for video, words in WHY_NOT.items() if not works(video)]

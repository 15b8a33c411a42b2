"""Why somebody sits in this cohort, in one sentence for the people in it: the time and the interests they share."""

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dialogue.core.interests import name_of
from sessions.people_reading import Expected

MOST_TOPICS = 3


def why_here(me: Expected) -> str:
    """Return why the reader is in this session: what brought their cohort together, or that they step in."""
    if me.steps_in:
        return _("You step in here this once, for somebody of another cohort who cannot come. Thank you.")
    return why_together(me.topics)


def why_together(topics: Sequence[str]) -> str:
    """Return the sentence. It names no person, and only topics that both generations chose."""
    if not topics:
        return _("You are together because all of you can come at this time.")
    language = get_language() or "ja"
    words = {"topics": _(", ").join(name_of(topic, language) for topic in topics[:MOST_TOPICS])}
    return (
        _("You are together because all of you can come at this time, and both generations chose: %(topics)s.") % words
    )

"""Why somebody sits in this cohort, in one sentence for the people in it: the time and the interests they share."""

from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dialogue.core.interests import name_of
from dialogue.models import Cohort
from dialogue.prepared import Prepared

MOST_TOPICS = 3

_SHARED: Final = Prepared(lambda cohort: Cohort.objects.filter(pk=cohort).values_list("shared_interests"), cohort=int)


def why_together(cohort_id: int) -> str:
    """Return the sentence. It names no person, and only topics that both generations chose. Costs one query."""
    [(shared,)] = _SHARED.rows(cohort=cohort_id)
    topics = shared[:MOST_TOPICS]
    if not topics:
        return _("You are together because all of you can come at this time.")
    language = get_language() or "ja"
    words = {"topics": _(", ").join(name_of(topic, language) for topic in topics)}
    return (
        _("You are together because all of you can come at this time, and both generations chose: %(topics)s.") % words
    )

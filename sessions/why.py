"""Why somebody sits in this cohort, in one sentence for the people in it: the time and the interests they share."""

from django.utils.translation import gettext as _

from dialogue.models import Cohort

MOST_TOPICS = 3


def why_together(cohort_id: int) -> str:
    """Return the sentence. It names no person, and only topics that both generations chose. Costs one query."""
    topics = Cohort.objects.values_list("shared_interests", flat=True).get(pk=cohort_id)[:MOST_TOPICS]
    if not topics:
        return _("You are together because all of you can come at this time.")
    words = {"topics": _(", ").join(topics)}
    return (
        _("You are together because all of you can come at this time, and both generations chose: %(topics)s.") % words
    )

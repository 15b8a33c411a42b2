"""Where something was held and is held now, in words."""

from django.utils.translation import gettext as _

from sessions.last_heard import Place


def from_where_to_where(before: Place | None, after: Place) -> dict[str, str]:
    """Return both places in words. The former one is empty where it is not known, or is the present one."""
    there = in_words(after)
    if before in {None, after}:
        return {"before": "", "after": there}
    formerly = in_words(before)
    if formerly == there and after.is_online:
        there = _("%(place)s (by another link)") % {"place": there}
    return {"before": formerly, "after": there}


def in_words(one: Place) -> str:
    """Return a place in words, without its link."""
    if one.place and one.is_online:
        return _("%(place)s, and online") % {"place": one.place}
    return one.place or (_("Online") if one.is_online else _("Not settled yet"))

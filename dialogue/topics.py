"""What people may like to talk about: offered as topics at sign-up.

The key is stored, whatever language somebody reads in, so that two people with one topic have it in common.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOPICS: Final[Mapping[str, Promise]] = {
    "働くこと": _("Working"),
    "学ぶこと": _("Learning"),
    "家族": _("Family"),
    "友だち・人づきあい": _("Friends and company"),
    "住む場所・ふるさと": _("Where to live, where we come from"),
    "お金と暮らし": _("Money and everyday life"),
    "からだとこころ": _("Body and mind"),
    "好きなこと・趣味": _("Things we love to do"),
    "地域・ボランティア": _("Neighbourhood and volunteering"),
    "海外・ことば": _("Other countries and languages"),
    "失敗とやり直し": _("Failing and starting again"),
    "年を重ねること": _("Growing older"),
}

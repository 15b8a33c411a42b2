"""Why a publication stays, in words."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from sessions.services.unpublishing import TooLate

NOT_TAKEN_BACK: Final[dict[TooLate, Promise]] = {
    TooLate.NOT_HELD: gettext_lazy("This was published without a holding time, so that it cannot be taken back."),
    TooLate.LEFT: gettext_lazy(
        "It was not taken back: the first mails are leaving. From now on a change is a new one: open a cohort to move "
        "or cancel its sessions. Everybody concerned is told."
    ),
    TooLate.CHANGED: gettext_lazy(
        "It was not taken back: somebody has changed or answered something since. Open a cohort to move or cancel its "
        "sessions."
    ),
}

"""What the sets of closed days are called."""

from django.utils.translation import gettext_lazy as _

from dialogue.core.closed_days import ClosedSet

CLOSED_SETS = {
    ClosedSet.PUBLIC_HOLIDAYS: _("Public holidays of Japan"),
    ClosedSet.YEAR_END: _("Year end, 29 December to 3 January"),
    ClosedSet.OBON: _("Obon, 13 to 16 August"),
}

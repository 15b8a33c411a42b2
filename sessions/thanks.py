"""What somebody is told when they have answered."""

from typing import Final

from django.utils.translation import gettext_noop

from sessions.models import Attendance

THANKS: Final = {
    Attendance.Answer.YES: gettext_noop("Thank you. We look forward to seeing you."),
    Attendance.Answer.LATE: gettext_noop("Thank you. Come in whenever you get there."),
    Attendance.Answer.NO: gettext_noop("Thank you for telling us. If things change, please answer again."),
}

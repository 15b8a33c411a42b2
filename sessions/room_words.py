"""Why something may not happen in a room now, in plain words; and why it cannot be entered."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from sessions.core.room import Reason
from sessions.services.rooms import Shut

NOT_NOW: Final = {
    Reason.CLOSED: _("The dialogue has been closed."),
    Reason.NOT_BEGUN: _("It has not begun yet."),
    Reason.ALREADY_BEGUN: _("It has begun already."),
    Reason.PAUSED: _("There is a pause. It goes on when somebody says so."),
    Reason.NOT_PAUSED: _("It is going on already."),
    Reason.NOT_IN_CIRCLE: _("You look on here. The circle goes on by itself."),
    Reason.NOT_HERE: _("They are not in the room at the moment."),
    Reason.NOBODY_HERE: _("Nobody is in the room yet."),
    Reason.NEEDS_LEADER: _("It goes on when whoever facilitates is here."),
    Reason.LEADERS_ALONE: _("Whoever facilitates does this."),
    Reason.OTHERS_TURN: _("Somebody else has the word at the moment."),
    Reason.TIME_RUNS: _("There is still time for this turn."),
    Reason.OTHER_STEP: _("That is not part of the step that runs now."),
    Reason.NOT_AGREED: _("The agreements are confirmed first."),
    Reason.ONCE_ONLY: _("There is one more sentence in a turn, and it was taken."),
    Reason.NO_TIME_LEFT: _("There is no time left for it, so that it ends when it was said to end."),
    Reason.NOT_WAITING: _("They have the word already, or are not in the room."),
    Reason.LAST_STEP: _("This is the last step."),
    Reason.OTHERS_CONFIRM: _("Whoever reads the last line confirms this, or whoever leads."),
    Reason.NOTHING_BACK: _("There is nothing that you can take back any more."),
    Reason.LEADER_COMES_IN: _("Somebody is under 18 here: whoever facilitates comes in on a device of their own."),
}

SHUT: Final = {
    Shut.NOT_YET: _("The room is not open yet"),
    Shut.OVER: _("This session is over"),
    Shut.CLOSED: _("This dialogue has been closed"),
    Shut.CANCELLED: _("This session was cancelled"),
    Shut.PUT_OFF: _("This session was put off"),
    Shut.NO_LEADER: _("It cannot begin without somebody who facilitates"),
    Shut.NOBODY: _("Nobody belongs to this circle any more"),
}

READ_FIRST: Final = _("They are here for the first time: they read what we agree to, and confirm it on this device.")
"""Said where somebody is seated who has not agreed yet."""

OUTRUN: Final = _("It has moved on already. This is how it stands now.")
"""Said to whoever tapped about a step or turn that was over."""

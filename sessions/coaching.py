"""A card for the hard moments of a session: a sentence to say, and what helps. Words alone, about nobody."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that whoever leads may meet: its name, a sentence to say, and what helps beside it."""

    name: Promise
    say: Promise
    note: Promise


COACHING: Final = (
    Moment(
        _("When advice is given"),
        _("Thank you. From what experience of your own does that come?"),
        _("This leads back to a scene of the one who spoke. Whoever it was said to need not answer."),
    ),
    Moment(
        _("When somebody is upset"),
        _("We stop for a moment. To go on, only to listen, to step out: each is fine."),
        _("Pause the time for everyone. Nobody is asked why. Afterwards a mark for safety tells the contacts."),
    ),
    Moment(
        _("When one person speaks for long"),
        _("Thank you. With one more sentence, where does it end today?"),
        _("Nobody is cut off. One more sentence is offered, and then the turn goes on."),
    ),
    Moment(
        _("When the silence is long"),
        _("It may stay quiet. Whoever has words begins; we are not in a hurry."),
        _("Silence is no failure. After half a minute the prompt is read aloud once more."),
    ),
    Moment(
        _("When somebody drops out"),
        _("We keep the place and go on. Whoever comes back begins by listening."),
        _("The guide fits the time to those who are there. If they do not come back, tell the contact of the day."),
    ),
)

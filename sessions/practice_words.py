"""ひとり練習 in words: who is played, what they say, and what there is to notice. All of it is made up."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sessions.core.guide.arcs import Kind
from sessions.core.room.practice import ADVICE, OPEN_LINES, PASSES, Played

NAMES: Final = {
    Played.MIZUKI: _("Mizuki"),
    Played.SORA: _("Sora"),
    Played.ROKURO: _("Rokuro"),
    Played.NOBUE: _("Nobue"),
    Played.IZUMI: _("Izumi"),
}

PROMPTS: Final = {
    Kind.SCENE: _("Which scene made you stop and look, these days?"),
    Kind.DECISION: _("How did you spend a time in which you could not settle on one or the other?"),
}

FOLLOW_UPS: Final = {
    Kind.SCENE: (_("What was there to hear?"), _("What went on in you just then?")),
    Kind.DECISION: (_("Who knew of it at that time?"), _("When did something move?")),
}

ADVISES: Final = _("You really should go and talk to the teacher of the other seminar, too.")
"""The one line of all that Madoi shows which advises: that it is noticed is what a practice is for."""

_ROUNDS: Final[dict[tuple[Played, Kind], Promise]] = {
    (Played.SORA, Kind.CHECK_IN): _("“Cloudy.” I have been sleepy since this morning and had two coffees."),
    (Played.ROKURO, Kind.CHECK_IN): _("“Restless.” Talking through a screen is still new to me."),
    (Played.NOBUE, Kind.CHECK_IN): _("“Relieved.” The washing was dry before the rain came."),
    (Played.MIZUKI, Kind.SCENE): _(
        "Sorry to be late. At the station a small child stood gazing at the fountain. I stopped beside it, "
        "and my train left without me."
    ),
    (Played.SORA, Kind.SCENE): _(
        "At night in a shop, somebody silently wiped up a broken egg. I saw my own hands at work, and did not"
        " move for a while."
    ),
    (Played.ROKURO, Kind.SCENE): _(
        "Where the factory stood that I went to for thirty years, there were cosmos flowers. It was like a "
        "place I had never been to."
    ),
    (Played.NOBUE, Kind.SCENE): _(
        "I was clearing out old diaries and found my handwriting from my twenties. It was so full of life "
        "that I stopped and held it."
    ),
    (Played.MIZUKI, Kind.DECISION): _(
        "I wavered between two seminars and carried the form in my bag for a week. On the last day I wrote "
        "down the one I had laughed about with a friend. I still think of the other now and then."
    ),
    (Played.SORA, Kind.DECISION): _(
        "I did not know whether to stay in the club. After morning practice I walked home one station, in "
        "tears. On the day I said I was leaving, I could taste my dinner again."
    ),
    (Played.ROKURO, Kind.DECISION): _(
        "I was past fifty when another company called. At home I said nothing, and walked the same road with "
        "the dog every night. I remember the green of the telephone from which I said no. And then… I am "
        "sorry, this is getting long."
    ),
    (Played.NOBUE, Kind.DECISION): _(
        "When we gave up my mother's house, I could not decide about the piano. The tuner played one piece on"
        " it, and that night I let it go. I can still hear it."
    ),
    (Played.MIZUKI, Kind.APPRECIATION): _("Rokuro and the green telephone: I felt as if I stood there too. Thank you."),
    (Played.SORA, Kind.APPRECIATION): _(
        "Mizuki, who wrote down the one she had laughed about. I saw her face. Thank you."
    ),
    (Played.ROKURO, Kind.APPRECIATION): _("Mizuki's sheet of paper in the bag. I felt how heavy it was. Thank you."),
    (Played.NOBUE, Kind.APPRECIATION): _("Mizuki at the fountain. For a moment I stood there as well. Thank you."),
    (Played.MIZUKI, Kind.CHECK_OUT): _("“The sound of water.”"),
    (Played.SORA, Kind.CHECK_OUT): _("“Walking.”"),
    (Played.ROKURO, Kind.CHECK_OUT): _("“Green.”"),
    (Played.NOBUE, Kind.CHECK_OUT): _("“An echo.”"),
}

_OPEN: Final = (
    _("Mizuki, that week with the form in your bag: what was it like to carry it?"),
    _("Heavy, for a sheet of paper. I saw it each time I opened the bag, and wondered about another bag."),
    ADVISES,
    _(
        "I am sorry. Let me say it of myself: after I had said no, I went as far as the door of that company,"
        " once. I did not go in."
    ),
    _("On that way home, what did you see?"),
)

_ANSWERS: Final = _("I have seen that somebody asks. Take your time; we can also stop for a moment.")

_PASSES: Final = _("I pass for now. My turn can come later.")

SAYS: Final[dict[tuple[int, str], Promise]] = {
    (int(Played.IZUMI), "help"): _ANSWERS,
    **{(int(who), "pass"): _PASSES for who in PASSES},
    **{(int(who), kind.value): words for (who, kind), words in _ROUNDS.items()},
    **{
        (int(who), f"open_{number}"): words
        for number, ((_part, who), words) in enumerate(zip(OPEN_LINES, _OPEN, strict=True), start=1)
    },
}
"""By who says it and the name of their line, as `sessions.core.room.practice.says` gives them."""

NOTICE: Final = {
    f"open_{ADVICE}": (
        _("Did you notice? That was advice. Nobody is blamed for it: one question leads back to what was lived."),
        _("For whoever facilitates, to say: “What you say now, from which experience of your own does it come?”"),
    ),
}
"""What there is to notice in a line: for everybody, and what whoever leads can say."""

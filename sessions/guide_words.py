"""The session guide in words: what a step is called, what whoever leads can say, and what everybody does in it."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sessions.core.guide.arcs import Kind
from sessions.core.guide.fitting import next_to_go
from sessions.core.guide.steps import Caution, Guide


@dataclass(frozen=True, slots=True)
class Words:
    """One kind of step: its name, what everybody does, and the sentences that open it."""

    name: Promise
    note: Promise
    say: Promise


STEPS: Final = {
    Kind.ARRIVE: Words(
        gettext_lazy("Arrive"),
        gettext_lazy("Check your sound. Nothing is recorded."),
        gettext_lazy(
            "Welcome. Can everybody hear? If captions help you, switch them on now on your device. Nothing is recorded."
        ),
    ),
    Kind.AGREEMENTS: Words(
        gettext_lazy("Agreements"),
        gettext_lazy("We read them aloud, one each."),
        gettext_lazy("We read what we agree to, one line each, and say yes to it together."),
    ),
    Kind.CHECK_IN: Words(
        gettext_lazy("Check-in"),
        gettext_lazy("One word and one sentence from everyone."),
        gettext_lazy("One word for how we are today, and one sentence with it. You may always pass."),
    ),
    Kind.SCENE: Words(
        gettext_lazy("Round one: a scene"),
        gettext_lazy("Each tells a scene in turn. The others listen."),
        gettext_lazy("The first prompt. Each of us tells one scene. We listen, and leave it as it was told."),
    ),
    Kind.SILENCE: Words(
        gettext_lazy("Quiet"),
        gettext_lazy("A pause with a drink or a note for yourself."),
        gettext_lazy("Now it is quiet for a while. Have a drink, or write a note for yourself."),
    ),
    Kind.DECISION: Words(
        gettext_lazy("Round two: unsure, choosing, after"),
        gettext_lazy("Everyone has the same time. You may pass."),
        gettext_lazy("The second prompt: being unsure, choosing, and what came after. We all have the same time."),
    ),
    Kind.OPEN_QUESTIONS: Words(
        gettext_lazy("Open questions"),
        gettext_lazy("Only questions whose answer the asker cannot know."),
        gettext_lazy("Now for questions, and only those whose answer we cannot know. Whoever is asked may pass."),
    ),
    Kind.SHIFT: Words(
        gettext_lazy("Round three: what moved in me"),
        gettext_lazy("What looks a little different now, in a few sentences."),
        gettext_lazy("While you listened, what began to look a little different? A few sentences about yourself."),
    ),
    Kind.APPRECIATION: Words(
        gettext_lazy("Thanks"),
        gettext_lazy("Thanks for something that was told today."),
        gettext_lazy("What somebody told today, and what it did in you. We say thank you, and judge nothing."),
    ),
    Kind.CHECK_OUT: Words(
        gettext_lazy("Check-out"),
        gettext_lazy("One word to go home with."),
        gettext_lazy("One word that you take home today."),
    ),
    Kind.CLOSE: Words(
        gettext_lazy("Close"),
        gettext_lazy("What was told here stays here."),
        gettext_lazy("Thank you. What was told here stays here. The next date is on your page."),
    ),
    Kind.SURVEY: Words(
        gettext_lazy("A note for yourself"),
        gettext_lazy("Three short questions and, if you like, a reflection, which nobody else reads."),
        gettext_lazy("The last minutes are your own: three short questions and, if you like, a reflection."),
    ),
}

LAST_GOODBYE: Final = gettext_lazy(
    "Thank you. What was told here stays here. This was the last session of this dialogue."
)
"""What opens the close of the last session of a series, after which there is no next date."""

CAUTIONS: Final = {
    Caution.TIGHT: gettext_lazy("There is hardly a minute to spare."),
    Caution.OPEN_SHORTENED: gettext_lazy("Open questions are shorter than usual, so that it ends on time."),
    Caution.SHIFT_DROPPED: gettext_lazy("Round three is left out, so that it ends on time."),
    Caution.TURNS_SHORTENED: gettext_lazy("Everybody's turns are shorter than usual, all by the same part."),
    Caution.STEPS_DROPPED: gettext_lazy("There is not enough time for every step. Think about another date."),
}


def say(kind: Kind, *, is_last: bool) -> Promise:
    """Return the sentences that open a step; `is_last` in the last session of a series."""
    return LAST_GOODBYE if is_last and kind is Kind.CLOSE else STEPS[kind].say


def cautions_in_words(guide: Guide) -> list[str]:
    """Return what whoever leads should know, in the reader's language."""
    return [_hardly_a_minute(guide) if each is Caution.TIGHT else str(CAUTIONS[each]) for each in guide.cautions]


def _hardly_a_minute(guide: Guide) -> str:
    """Return with the warning which step of this guide gives way first, where one does."""
    kind = next_to_go(guide.steps)
    if kind is None:
        return str(CAUTIONS[Caution.TIGHT])
    return _("There is hardly a minute to spare. If the turns run over, leave out “%(step)s”.") % {
        "step": STEPS[kind].name
    }


def length_in_words(seconds: int, *, gently: bool) -> str:
    """Return a length of time: to the second, or gently, as so many minutes or so."""
    minutes, rest = divmod(seconds, 60)
    if gently:
        about = max(minutes + (rest >= 30), 1)
        return ngettext("about a minute", "about %(count)s minutes", about) % {"count": about}
    if not minutes:
        return _("%(count)s seconds") % {"count": rest}
    whole = ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    return _("%(minutes)s %(seconds)s seconds") % {"minutes": whole, "seconds": rest} if rest else whole

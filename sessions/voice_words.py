"""How time was shared, in words and one gentle picture: for everybody the same, no number and no name."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sessions.core.voices import EVEN_BETWEEN, Band, Next, Voices, band_of, next_time
from sessions.models import DialogueSession, VoiceFigure


@dataclass(frozen=True, slots=True)
class Picture:
    """A line that closes: rounder the more evenly time was shared. `path` lies in a square of 96."""

    path: str
    title: Promise
    text: Promise


PICTURES: Final = {
    Band.BALANCED: Picture(
        "M48 9a39 39 0 1 1 0 78a39 39 0 1 1 0-78Z",
        _("A round circle"),
        _("Everybody's time was almost the same."),
    ),
    Band.WATCH: Picture(
        (
            "M62.8 10.0C68.6 12.2 74.2 19.0 77.3 24.5C80.4 29.9 80.7 36.8 81.4 42.9C82.1 48.9 82.9 55.0 81.4 "
            "61.0C79.9 66.9 77.0 74.4 72.4 78.4C67.8 82.4 59.9 84.7 53.7 85.2C47.5 85.6 40.9 83.5 35.1 "
            "81.2C29.3 78.9 23.0 76.1 18.7 71.5C14.4 67.0 10.1 60.0 9.5 53.9C8.8 47.9 11.7 40.4 14.6 "
            "35.0C17.5 29.6 22.2 25.7 26.8 21.6C31.4 17.6 36.3 12.8 42.3 10.8C48.3 8.9 56.9 7.7 62.8 10.0Z"
        ),
        _("A circle with soft waves"),
        _("Some turns were a little longer, some a little shorter."),
    ),
    Band.REVIEW: Picture(
        (
            "M62.9 9.7C68.2 12.3 71.8 21.5 74.0 27.2C76.1 32.8 74.9 38.2 75.8 43.7C76.7 49.2 79.9 54.6 79.2 "
            "60.1C78.4 65.7 75.7 73.7 71.4 77.1C67.0 80.6 58.9 80.8 53.1 80.9C47.2 81.0 42.1 79.3 36.4 "
            "77.7C30.8 76.1 23.2 75.3 19.0 71.3C14.8 67.3 10.8 59.4 11.1 53.7C11.3 48.0 17.2 41.9 20.5 "
            "37.3C23.7 32.7 26.7 30.4 30.4 26.1C34.0 21.7 36.9 14.0 42.3 11.2C47.8 8.5 57.6 7.0 62.9 9.7Z"
        ),
        _("A soft shape like a pebble"),
        _("Turns were of many lengths this time."),
    ),
}

NEXT_TIME: Final = {
    Next.KEEP: _("Time was shared evenly. The form of this session can stay as it is."),
    Next.STUDENTS_OPEN: _("A student opens each round."),
    Next.ALUMNI_OPEN: _("Somebody of the second career opens each round."),
    Next.SHORTER_QUESTIONS: _(
        "Open questions are a little shorter, and more of the time lies in turns of the same length."
    ),
    Next.GENTLY: _("The guide runs without seconds, and a moment of quiet comes before each turn."),
}
"""What a facilitator reads before the next session: about its form, never about somebody in it."""

BETWEEN_GENERATIONS: Final = {
    "none": _("not worked out, because one generation had a single voice"),
    "students": _("students had more"),
    "alumni": _("the second career had more"),
    "even": _("about the same"),
}


RESTS_ON: Final = {
    VoiceFigure.Basis.TURNS: _("From how long the turns were, of the circle as a whole."),
    VoiceFigure.Basis.SPEAKING: _(
        "From how long people were heard in Madoi's own room, of the circle as a whole. Everybody had agreed to it."
    ),
}
"""What a figure comes from, for whoever leads and for coordinators."""


def rests_on(figure: VoiceFigure | None) -> Promise | str:
    """Return what the figure comes from, as a sentence; nothing where there is none."""
    return RESTS_ON[VoiceFigure.Basis(figure.basis)] if figure else ""


def figure_of(session_id: int) -> VoiceFigure | None:
    """Return the figure of a session, if one was kept. One query."""
    return VoiceFigure.objects.filter(session=session_id).first()


def last_figure_before(session: DialogueSession) -> VoiceFigure | None:
    """Return the figure of the cohort's latest session before this one that has one. One query."""
    rows = VoiceFigure.objects.filter(session__cohort=session.cohort_id, session__number__lt=session.number)
    return rows.order_by("-session__number").first()


def picture_of(figure: VoiceFigure | None) -> Picture | None:
    """Return what the circle sees."""
    return PICTURES[band_of(float(figure.gini))] if figure else None


def hints_of(figure: VoiceFigure | None) -> list[str]:
    """Return what whoever leads may try next time, in the reader's language."""
    return [str(NEXT_TIME[one]) for one in next_time(_voices(figure))] if figure else []


def between_generations(figure: VoiceFigure) -> Promise:
    """Return which generation had more time, in words."""
    if figure.balance is None:
        return BETWEEN_GENERATIONS["none"]
    fewest, most = EVEN_BETWEEN
    balance = float(figure.balance)
    return BETWEEN_GENERATIONS["alumni" if balance < fewest else "students" if balance > most else "even"]


def _voices(figure: VoiceFigure) -> Voices:
    return Voices(
        students=figure.students,
        alumni=figure.alumni,
        gini=float(figure.gini),
        balance=None if figure.balance is None else float(figure.balance),
        passes=None if figure.passes is None else float(figure.passes),
    )

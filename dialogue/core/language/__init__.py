"""Advice or sharing: which passages of a text tell somebody what to do, and how to say it as one's own experience.

The labelling rule stands in `docs/advice.md`. Nothing here keeps a text or learns from it.
"""

from dialogue.core.language.finding import advice_in
from dialogue.core.language.passage import Passage
from dialogue.core.language.pieces import Language

__all__ = ["Language", "Passage", "advice_in"]

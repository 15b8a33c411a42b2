"""Topics as somebody ticks them: broad ones at once, the others group by group, and those near to their own words."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dialogue.core.interests import TAXONOMY, TOPICS, Proposal, Topic, name_of

BROAD: Final = tuple(topic for topic in TOPICS.values() if topic.of is None)
NARROWER: Final = tuple(topic for topic in TOPICS.values() if topic.of is not None)


@dataclass(frozen=True, slots=True)
class TopicBox:
    """One box to tick."""

    id: str
    value: str
    label: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class TopicFold:
    """The narrower topics of one group, and what is ticked of them in words."""

    name: str
    boxes: tuple[TopicBox, ...]
    chosen: str


def named(topics: Sequence[Topic]) -> list[tuple[str, str]]:
    """Return topics as choices of a field, named in the reader's language."""
    language = get_language() or "ja"
    return [(topic.key, name_of(topic.key, language)) for topic in topics]


class TopicsField(forms.MultipleChoiceField):
    """Broad topics first, so that their boxes keep their ids; `first` are choices that stand before all topics."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, first: Sequence[tuple[str, Any]] = (), **options: Any) -> None:
        self.first = tuple(first)
        super().__init__(choices=self.offered, **options)

    def offered(self) -> Iterator[tuple[str, Any]]:
        """Yield every choice in its order."""
        yield from self.first
        yield from named(BROAD)
        yield from named(NARROWER)

    def boxes(self, *, ticked: Collection[str], name: str) -> tuple[tuple[TopicBox, ...], tuple[TopicFold, ...]]:
        """Return the boxes that show at once, and the folds with the rest."""
        every = [
            TopicBox(f"id_{name}_{number}", value, str(label), value in ticked)
            for number, (value, label) in enumerate(self.offered())
        ]
        at_once = len(self.first) + len(BROAD)
        language = "ja" if (get_language() or "ja").startswith("ja") else "en"
        folds = []
        for group in TAXONOMY.groups:
            boxes = tuple(box for box in every[at_once:] if TOPICS[box.value].group == group.key)
            chosen = _(", ").join(box.label for box in boxes if box.ticked)
            folds.append(TopicFold(group.names[language], boxes, chosen))
        return tuple(every[:at_once]), tuple(folds)


class NearForm(forms.Form):
    """Topics that lie near to own words: nothing is ticked beforehand, and nothing has to be."""

    near = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, proposals: Sequence[Proposal], **options: Any) -> None:
        super().__init__(*args, **options)
        self.proposals = proposals
        keys = [key for proposal in proposals for key in proposal.topics]
        self.fields["near"].choices = named([TOPICS[key] for key in keys])

    def asked(self) -> list[tuple[str, tuple[TopicBox, ...]]]:
        """Return each own word with the boxes of the topics that lie near to it."""
        numbered = iter(enumerate(self.fields["near"].choices))
        ticked = set(self.data.getlist("near")) if self.is_bound else set()
        return [
            (
                proposal.text,
                tuple(
                    TopicBox(f"id_near_{number}", value, str(label), value in ticked)
                    for number, (value, label) in (next(numbered) for _key in proposal.topics)
                ),
            )
            for proposal in self.proposals
        ]

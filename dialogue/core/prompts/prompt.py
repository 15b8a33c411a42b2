"""A prompt: one open question to share values by, in Japanese and English, with what the planner knows of it."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from dialogue.core.generation import Generation


class Value(StrEnum):
    """The nineteen values of Schwartz's refined theory (2012), as tags: the theory only, none of its questionnaires."""

    SELF_DIRECTION_THOUGHT = "self_direction_thought"
    SELF_DIRECTION_ACTION = "self_direction_action"
    STIMULATION = "stimulation"
    HEDONISM = "hedonism"
    ACHIEVEMENT = "achievement"
    POWER_DOMINANCE = "power_dominance"
    POWER_RESOURCES = "power_resources"
    FACE = "face"
    SECURITY_PERSONAL = "security_personal"
    SECURITY_SOCIETAL = "security_societal"
    TRADITION = "tradition"
    CONFORMITY_RULES = "conformity_rules"
    CONFORMITY_INTERPERSONAL = "conformity_interpersonal"
    HUMILITY = "humility"
    BENEVOLENCE_CARING = "benevolence_caring"
    BENEVOLENCE_DEPENDABILITY = "benevolence_dependability"
    UNIVERSALISM_CONCERN = "universalism_concern"
    UNIVERSALISM_NATURE = "universalism_nature"
    UNIVERSALISM_TOLERANCE = "universalism_tolerance"


class Domain(StrEnum):
    """The part of life a prompt looks at."""

    WORK = "work"  # 仕事
    LEARNING = "learning"  # 学び
    FAMILY = "family"  # 家族
    FRIENDS = "friends"  # 友人
    COMMUNITY = "community"  # 地域
    LIVING = "living"  # お金・暮らし
    HEALTH = "health"  # 健康
    CREATION = "creation"  # 創造・趣味
    SOCIETY_NATURE = "society_nature"  # 社会・自然
    FAILURE = "failure"  # 失敗と回復


class Depth(IntEnum):
    """How much of oneself an answer shows, from light to deep."""

    PREFERENCE = 1  # a liking, or a scene of these days
    SCENE = 2  # a past scene that one can still see
    DILEMMA = 3  # a dilemma and what it cost
    REGRET = 4  # regret, loss or a changed belief: only for a cohort that has said it is ready


class Stage(StrEnum):
    """The part of a decision a prompt asks about: 背景 → 迷い → 選択 → その後."""

    BACKGROUND = "background"
    HESITATION = "hesitation"
    CHOICE = "choice"
    AFTERMATH = "aftermath"


class Anchor(StrEnum):
    """Where in time the answer stands: one scene, something often repeated, or a scene yet to come."""

    SCENE = "scene"
    HABIT = "habit"
    FUTURE = "future"


class Sensitivity(StrEnum):
    """What a prompt may touch, said beside it when it is shown a day ahead, so that nobody is surprised."""

    NONE = "none"
    FAMILY = "family"
    HEALTH = "health"
    MONEY = "money"
    LOSS = "loss"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """How somebody of one generation might answer, made up: shown only to who asks for it."""

    generation: Generation
    ja: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One prompt in both languages, with follow-ups of the same order and meaning.

    Depth and stage belong to the pair of texts, never to one language, so a bilingual cohort answers one question.
    """

    slug: str
    value: Value
    domain: Domain
    depth: Depth
    stage: Stage
    anchor: Anchor
    sensitivity: Sensitivity
    ja: str
    en: str
    follow_ups_ja: tuple[str, ...]
    follow_ups_en: tuple[str, ...]
    samples: tuple[Sample, ...] = ()

    def texts_ja(self) -> tuple[tuple[str, str], ...]:
        """Return every Japanese text with the name of its field, follow-ups counted from 1."""
        return ("ja", self.ja), *((f"follow_ups_ja.{n}", text) for n, text in enumerate(self.follow_ups_ja, 1))

    def texts_en(self) -> tuple[tuple[str, str], ...]:
        """Return every English text with the name of its field, follow-ups counted from 1."""
        return ("en", self.en), *((f"follow_ups_en.{n}", text) for n, text in enumerate(self.follow_ups_en, 1))

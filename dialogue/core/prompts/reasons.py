"""Why a prompt stands where it stands, in codes; the words for them are found outside the core."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dialogue.core.prompts.cohort_profile import CohortProfile
from dialogue.core.prompts.kept import Sessions
from dialogue.core.prompts.prompt import Depth, Sensitivity, Stage
from dialogue.core.prompts.ramp import DepthRange


class ReasonCode(StrEnum):
    """What may speak for a prompt in a place. `detail` of the reason is said behind each."""

    WISHED_DEPTH = "wished_depth"  # the depth
    SHARED_TOPIC = "shared_topic"  # the topic's key
    NAMED_VALUE = "named_value"  # the value
    OPENS_LIGHTLY = "opens_lightly"
    SCENE_FIRST = "scene_first"
    REACHES_DEPTH = "reaches_depth"  # the depth
    CALMS_DOWN = "calms_down"
    LOOKS_BACK = "looks_back"
    PARTS_LIGHTLY = "parts_lightly"
    BRINGS_STAGE = "brings_stage"  # the stage
    NEW_PART_OF_LIFE = "new_part_of_life"  # the domain
    NOBODY_MET = "nobody_met"
    LEAVES_OUT = "leaves_out"


@dataclass(frozen=True, slots=True)
class Reason:
    code: ReasonCode
    detail: str = ""


def reasons_for(
    sessions: Sessions, *, session: int, round: int, ramp: Sequence[DepthRange], cohort: CohortProfile
) -> tuple[Reason, ...]:
    """Return what speaks for the prompt in one place, the weightiest first. Counted from 0; never empty."""
    return (
        *_from_the_cohort(sessions, session, round, cohort),
        *_from_the_place(sessions, session, round, ramp),
        *_from_the_series(sessions, session, round),
        *_from_care(sessions, session, round, cohort),
    )


def _from_the_cohort(sessions: Sessions, session: int, round: int, cohort: CohortProfile) -> Iterator[Reason]:
    prompt = sessions[session][round]
    for topic in cohort.topics.get(prompt.domain, ())[:1]:
        yield Reason(ReasonCode.SHARED_TOPIC, topic)
    if prompt.value in cohort.values:
        yield Reason(ReasonCode.NAMED_VALUE, prompt.value)


def _from_the_place(sessions: Sessions, session: int, round: int, ramp: Sequence[DepthRange]) -> Iterator[Reason]:
    prompt, is_last = sessions[session][round], session == len(sessions) - 1
    closes_session = round == len(sessions[session]) - 1
    if is_last and closes_session and prompt.stage == Stage.AFTERMATH:
        yield Reason(ReasonCode.LOOKS_BACK)
    elif is_last:
        yield Reason(ReasonCode.PARTS_LIGHTLY)
    elif closes_session:
        after_depth = session > 0 and any(one.depth == Depth.REGRET for one in sessions[session - 1])
        yield Reason(ReasonCode.CALMS_DOWN) if after_depth else Reason(ReasonCode.REACHES_DEPTH, str(int(prompt.depth)))
    elif prompt.depth == Depth.PREFERENCE:
        yield Reason(ReasonCode.OPENS_LIGHTLY)
    else:
        yield Reason(ReasonCode.SCENE_FIRST)


def _from_the_series(sessions: Sessions, session: int, round: int) -> Iterator[Reason]:
    prompt = sessions[session][round]
    before = [one for those in sessions[:session] for one in those] + list(sessions[session][:round])
    if session and all(one.domain != prompt.domain for one in before):
        yield Reason(ReasonCode.NEW_PART_OF_LIFE, prompt.domain)
    rounds = [one for those in sessions for one in those]
    stages = Counter(one.stage for one in rounds)
    if stages[prompt.stage] == len(rounds) // len(Stage):  # without it the stage would have less than its share
        yield Reason(ReasonCode.BRINGS_STAGE, prompt.stage)


def _from_care(sessions: Sessions, session: int, round: int, cohort: CohortProfile) -> Iterator[Reason]:
    prompt = sessions[session][round]
    if cohort.met and prompt.slug not in cohort.met:
        yield Reason(ReasonCode.NOBODY_MET)
    if cohort.left_out and prompt.sensitivity == Sensitivity.NONE:
        yield Reason(ReasonCode.LEAVES_OUT)

"""Who speaks of whom in an English sentence, and in whose mouth the words are."""

import re
from typing import Final

from dialogue.core.language.rule import Sighting

TOLD: Final = re.compile(
    r"\b(?:told|tells?|said|says|saying|asked|asks|advised|advises|warned|suggested|suggests|"
    r"insisted|insists|reminded|taught|wrote|writes|whispered|shouted|convinced|encouraged"
    r"|recommended|urged|ordered|promised|according to|heard that|heard|read that|reads|claimed|"
    r"believed|thought|think(?:s|ing)? that (?:he|she|they)|used to|wondered|realised|realized|"
    r"decided|learn(?:ed|t)|figured|knew|felt|feel like i|asking myself|telling me|tell me|"
    r"telling myself)\b",
    re.I,
)
REFLECTED: Final = re.compile(
    r"(?:\b(?:so|and|then|for you|in your mind|at (?:that|the) time|part of you|"
    r"a part of you)\b[,]?\s*(?:you|part of you|it)\s?(?:'re|'ve|were|was|are|"
    r"have)?\s?(?:\w+\s)?(?:felt|feel|thought|think|believe[sd]?|thinks|feels|knows|wants|were|"
    r"was|had|knew|decided|worried|wanted|want|wish|wished|told|saying|sense|wondered|worrying|"
    r"hoping|hoped|learned|afraid|torn|carried|grew|ought|must|should|need)\b"
    r"|sounds? (?:like|as if|as though)|seems? (?:like|to you|as if|as though|you|that you)|"
    r"seemed|you(?:'re| are| were) (?:saying|telling|feeling|wondering|hearing|describing|worried|"
    r"afraid|torn)|(?:i|what i) hear|i'm hearing|if i understand|you (?:feel|felt|thought|think|"
    r"believed?|mentioned|said|told|knew|worried|were told|sense|sensed|decided|wondered|grew up|"
    r"noticed|realised|realized|learned|were afraid|always had|described|had the feeling)\b|"
    r"makes you feel|made you feel|left you|as if you (?:had|needed|were)|one part of you|"
    r"on (?:the )?one hand)",
    re.I,
)
SELF: Final = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|my|me|myself|we|we'd|our)\b", re.I)
LISTENER: Final = re.compile(r"\b(?:you|your|yourself|yours|you'?(?:re|ll|d|ve)|yourselves)\b", re.I)
THIRD: Final = re.compile(
    r"\b(?:he|she|they|his|her|their|my \w+|our \w+|the (?:teacher|boss|doctor|company|coach|owner|nurse))\b", re.I
)
PAST: Final = re.compile(
    r"\b(?:was|were|had|did|went|came|took|gave|got|made|left|kept|began|when i was|back then|"
    r"in those days|at the time|years ago|used to|as a (?:child|kid|student)|growing up|"
    r"that (?:night|day|year|summer|winter|evening|morning)|in my (?:day|youth|twenties|thirties|"
    r"first)|once (?:i|we|upon))\b",
    re.I,
)
MEETING: Final = re.compile(
    r"\b(?:mute|unmute|muted|camera|microphone|mic|screen|share your screen|chat|slides?|"
    r"connection|headphones|audio|volume|link|zoom|hear me|hear us|speak up (?:a|please)|"
    r"please speak up|louder|slower|closer to the|a seat|your coat|coffee|tea|toilet|restroom|"
    r"the door|breakout room|waiting room|minutes? (?:each|left)|two minutes|one minute|in turn|"
    r"next speaker|a round|round|go around|pass|silence|a break|check in|agreements?|"
    r"in this circle|here stays|own experience|first person|i statements|question(?:s)? (?:only|"
    r"for)|next question|prompt|sign (?:in|the)|name tag|introduce|recording|the schedule|(?:this|"
    r"the|next) session|answer if|rather not|leave (?:the|this) (?:call|session)|step out|"
    r"raise your hand|one word|listen to (?:each|the person)|interrupt(?:ing)?|clap|start without|"
    r"wait for me|wait here|wait a|hold on|have to share|want to share|to share|wait in|"
    r"park (?:in|behind|on)|stairs|the step|jacket|coats?|over there|one scene|begin there|scene|"
    r"bathroom|reception|postcode|the form|email me|call me|text me|send me|tell me|tell us|"
    r"show me|remind me|forgive me|excuse me|pardon|bear with|let me|give me|join us|come in|"
    r"help yourself|make yourself|sit (?:down|here|wherever|anywhere)|follow me|worry about (?:me|"
    r"the time)|don't worry|never mind|take care|take your time|feel free|congratulations|welcome|"
    r"have a (?:good|nice|great|lovely|[s]afe)|enjoy (?:the|your) (?:meal|weekend|trip|holiday|"
    r"evening|day)|sleep well|get well|see you (?:next|soon|then|there|at|in|on|tomorrow|again|"
    r"all)|thank|thanks|sorry to|sorry for|good luck|look(?:ing)? forward)\b",
    re.I,
)
GOOD_WISH: Final = re.compile(
    r"\b(?:feel better|get well|enjoy|had a|have a|are well|are doing|is well|doing well|"
    r"good time|[s]afe|luck|pass(?:es)? (?:the|your)|goes well|go well|works? out|sleep|soon|"
    r"can (?:come|make it|join)|see you|hear (?:from )?you|come back|joined?|don't mind|"
    r"understand|like it|know (?:how|what|that)|weather|recover|liked?|arrive|birthday|"
    r"get the (?:job|place))\b",
    re.I,
)


def told_by_another(seen: Sighting) -> bool:
    """Somebody said, thought or wrote it, or the speaker did so before."""
    return bool(TOLD.search(seen.before))


def reflected(seen: Sighting) -> bool:
    """The other's own feeling is given back: "so you felt you had to…"."""
    return bool(REFLECTED.search(seen.sentence)) and not re.search(r"\bi think\b", seen.before, re.I)


def about_me(seen: Sighting) -> bool:
    """The nearest subject before the marker is the speaker."""
    return bool(SELF.search(seen.before)) and not LISTENER.search(seen.before)


def mine(seen: Sighting) -> bool:
    """The sentence speaks of the speaker and never of the listener."""
    return bool(SELF.search(seen.sentence)) and not LISTENER.search(seen.sentence)


def about_another(seen: Sighting) -> bool:
    """Somebody who is not here is spoken of, and the listener is not."""
    return bool(THIRD.search(seen.sentence)) and not LISTENER.search(seen.sentence)


def past(seen: Sighting) -> bool:
    """It is told in the past."""
    return bool(PAST.search(seen.sentence))


def past_before(seen: Sighting) -> bool:
    """What leads to the marker is told in the past."""
    return bool(PAST.search(seen.before))


def of_the_meeting(seen: Sighting) -> bool:
    """It serves the meeting, or is a courtesy."""
    return bool(MEETING.search(seen.sentence))


def good_wish(seen: Sighting) -> bool:
    """A wish for what nobody can choose: health, luck, weather."""
    return bool(GOOD_WISH.search(seen.tail))


def a_question(seen: Sighting) -> bool:
    """The sentence is asked."""
    return seen.sentence.rstrip("\"') \n").endswith("?")


def experience_before(seen: Sighting) -> bool:
    """The speaker's own story stands before the marker."""
    return bool(re.search(r"\b(?:i|i'd|i've|me|my|we)\b", seen.earlier + seen.before, re.I))

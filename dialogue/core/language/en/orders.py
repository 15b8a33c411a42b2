"""English: orders, and what "you should", "need to" or "could"."""

import re
from typing import Final

from dialogue.core.language.en.scope import (
    LISTENER,
    a_question,
    about_another,
    about_me,
    of_the_meeting,
    past,
    past_before,
    reflected,
    told_by_another,
)
from dialogue.core.language.rule import Rule, Sighting

_LEAD: Final = (
    r"(?:^|[.!?;:]\s+|^[\"'(\s]*|(?:[,:–—-]|\.\.\.)\s*(?:so |and |but |then )?(?=(?:just|please|"
    r"definitely|don't|do not|never) ))(?:(?:so|and|but|well|first(?: of all)?|second|then|next|"
    r"okay|ok|honestly|seriously|please|just|also|now|maybe|perhaps|above all|most of all|instead"
    r"|simply|only|for now|if (?:you can|possible|in doubt|it helps)|in the meantime|"
    r"whatever you do|when in doubt|believe me|trust me|in (?:that|this) case|for starters|"
    r"at least|look|hey|yes|no|oh|in the end|always|either way|once in a while|every now and then|"
    r"from time to time|even if [^,]{3,40},|when (?:you|it|things|people|someone)[^,]{2,50},|"
    r"if (?:you|it|things|people|they|he|she|someone|your)[^,]{2,60},|before (?:you|it|the|"
    r"your)[^,]{2,50},|next time[^,]{0,30},|if so|if not),?\s+){0,3}"
)


_VERBS: Final = (
    r"accept|act|admit|aim|allow|apologi[sz]e|apply|appreciate|approach|ask|assume|avoid|be|"
    r"become|begin|believe|book|break|breathe|bring|build|buy|call|carry|cut|change|check|cherish|"
    r"choose|clean|come|compare|concentrate|confront|consider|contact|cook|count|create|cry|dare|"
    r"decide|deal"
    r"|demand|develop|discuss|ditch|do|dream|drink|drop|eat|embrace|encourage|exercise|expect|"
    r"explain|explore|face|fight|figure|find|finish|fix|focus|follow|forget|forgive|get|give|go|"
    r"grab|grow|hang|hold|hire|hug|ignore|invest|invite|join|keep|kick|know|laugh|lean|learn|"
    r"leave|lend|let|limit|listen|live|look|love|lower|make|meet|mind|move|negotiate|notice|offer|"
    r"open|own"
    r"|pack|pay|phone|pick|plan|play|practi[sc]e|pray|prepare|prioriti[sz]e|protect|prove|pull|"
    r"push|put|quit|reach|read|reflect|refuse|rely|remember|remind|remove|replace|report|research|"
    r"respect|rest|run|save|say|schedule|search|seek|sell|set|share|show|sit|skip|sleep|slow|"
    r"smile|speak|spend|split|stand|start|stay|step|stick|stop|study|surround|swallow|switch|take|"
    r"talk|teach|tell|think|throw|travel|treat|trust|try|turn|use|visit|volunteer|wait|wake|walk|"
    r"wash|watch|wear|work|write"
)


_NOT_ORDER: Final = re.compile(
    r"^(?:love|work|rest|change|dreams?|plans?|study|walks?|sleep|play|talk|place)\s+(?:is|was|"
    r"are|were|has|had|that|of|can|makes?|made|came|and)\b|\b(?:know (?:that )?(?:i|we)|"
    r"show(?:ing)? up|say (?:what|that)|live and|come to think|look (?:at (?:that|me|us)|what)|"
    r"believe it or not|go figure|guess|speaking of|let's|let us|thank)\b|^(?:think|believe|guess|"
    r"hope|wish|love|miss|know|remember|forgot|feel|want|need|like|loved|forget it|come on|do you|"
    r"did you|does|do (?:i|we|they)|be(?:ing)|be(?:cause|fore|en))\b(?!\s+(?:that you|yourself|"
    r"your|about what|of it|to|in|on))",
    re.I,
)


_SHOULD: Final = (
    r"(?:really |definitely |certainly |absolutely |probably |always |never |also |just |"
    r"at least |still |maybe |honestly |simply |only )*"
)


def _generic_past(seen: Sighting) -> bool:
    return bool(
        re.search(
            r"\b(?:back then|in those days|when i was|in my (?:day|village|first|family|school)|"
            r"those days|at that school|at the time|used to|then,? you)\b",
            seen.sentence,
            re.I,
        )
    )


def _condition(seen: Sighting) -> bool:
    return bool(
        re.search(
            r"\b(?:if|whether|when(?:ever)?|that|what|how|why|where|who|than|because|like) (?:\w+ )?$",
            seen.before,
            re.I,
        )
    ) and not re.search(r"\b(?:think|feel|say|know|sure|believe|suggest|certain|afraid) that $", seen.before, re.I)


def _a_heading(seen: Sighting) -> bool:
    """One or two words without an end are a heading or a tag, and "Open questions" is one with it."""
    told = seen.sentence[seen.start :].strip()
    short = len(told.split()) < 3 and not told.endswith((".", "!"))
    return short or bool(re.match(r"open (?:questions?|end)", told, re.I))


ORDERS: Final = (
    Rule(
        "en-order",
        "own_step",
        re.compile(
            _LEAD + r"(?:don't|do not|never|always|do|just|really|ever|try and|"
            rf"go and)?\s*(?<![\w'])(?P<verb>{_VERBS})\b(?!['’]s?\b|[-:]|\s+(?:is|was|are|were|has been|i\b|"
            r"he\b|she\b|we\b|they\b))",
            re.I,
        ),
        (
            told_by_another,
            of_the_meeting,
            a_question,
            _a_heading,
            lambda seen: bool(_NOT_ORDER.search(seen.sentence[seen.start :].strip(" .!?,"))),
            lambda seen: (
                bool(re.search(r"\b(?:i|we|my|he|she|they)\b", seen.sentence[seen.start : seen.end], re.I))
                and not re.search(r"\b(?:if|when|before|even if)\b", seen.marker, re.I)
            ),
            lambda seen: bool(re.match(r"\s*(?:,|ing\b)", seen.tail)),
        ),
    ),
    Rule(
        "en-do-not",
        "own_step",
        re.compile(
            r"^[\"'\s]*(?:please )?don't (?!know|think|mind|worry|have|want|like|need|you|really|we|they)\w+ \w+|"
            r"\b(?:(?:please )?(?:don't|do not|never) (?:you )?(?:ever |be |let |give |take |get |make |"
            r"forget |go |ask |settle |wait |rush |waste |beat |blame |lose |hold |be afraid)|"
            r"make sure (?:you|to|that)|be sure to|let go of|stop \w+ing)\b",
            re.I,
        ),
        (
            told_by_another,
            of_the_meeting,
            reflected,
            about_me,
            about_another,
            past_before,
            lambda seen: bool(
                re.search(
                    r"\b(?:i|we|you|they|to|he|she|who|people|\w+s|this|would|will|could|can|did|had|has|have|it)\s*$",
                    seen.before,
                    re.I,
                )
            ),
            a_question,
        ),
    ),
    Rule(
        "en-remember-that",
        "own_step",
        re.compile(
            r"\b(?:remember|keep in mind|bear in mind|don't forget|know) that (?:you|your|it|nobody|"
            r"no one|everyone|life|there)\b",
            re.I,
        ),
        (
            told_by_another,
            of_the_meeting,
            about_me,
            a_question,
            reflected,
            lambda seen: bool(re.search(r"\b(?:to|i|you|we|they)\s*$", seen.before, re.I)),
        ),
    ),
)


MODALS: Final = (
    Rule(
        "en-you-should",
        "own_choice",
        re.compile(
            rf"\byou(?:'d| would| guys| all| both| two)? {_SHOULD}(?:should(?:n't)?|ought to|"
            r"must(?:n't)?(?! (?:have|be (?:so )?(?:tired|proud|happy|hungry|relieved|exhausted|joking|"
            r"cold)))|'?d? ?better(?! (?:off|than|at))|have got to|'ve got to|gotta|are supposed to|"
            r"'re supposed to)\b(?! have (?:seen|been there|heard))",
            re.I,
        ),
        (
            told_by_another,
            reflected,
            _generic_past,
            of_the_meeting,
            _condition,
            lambda seen: bool(re.search(r"\bhad\b", seen.marker)),
        ),
    ),
    Rule(
        "en-you-need-to",
        "own_choice",
        re.compile(
            rf"\byou(?:'ll|'re| will| are)? {_SHOULD}(?:need to|need a|need some|have to|going to have to|"
            r"gonna have to|don't have to|don't need to|needn't|don't need|don't owe|want to (?:make sure|"
            r"avoid|be careful|think about|look at)|are allowed to|'re allowed to|deserve)\b",
            re.I,
        ),
        (told_by_another, reflected, _generic_past, of_the_meeting, a_question, _condition, past),
    ),
    Rule(
        "en-you-could",
        "own_choice",
        re.compile(
            rf"\byou {_SHOULD}(?:could|can|might|may)(?! have| not have) (?:also |always |just |simply |"
            r"at least |still |easily |perhaps |maybe |even |both )*(?:want to |like to )?(?!see|hear|"
            r"feel the|smell|imagine)\w+",
            re.I,
        ),
        (
            told_by_another,
            reflected,
            _generic_past,
            of_the_meeting,
            _condition,
            lambda seen: bool(
                re.search(
                    r"\b(?:you (?:can|could|may|might) (?:never|hardly|barely|be forgiven|tell|say|guess|find it|"
                    r"get there|read|think of|call|trust me|rely on me|count on me|ask me|stop here|leave|know|"
                    r"notice|remember))\b",
                    seen.sentence,
                    re.I,
                )
            ),
            past_before,
            lambda seen: (
                bool(re.search(r"\b(?:could|can|would) you\b|\b(?:so|such)\b.*\bthat you could", seen.sentence, re.I))
                and a_question(seen)
            ),
        ),
    ),
    Rule(
        "en-why-not",
        "own_question",
        re.compile(
            r"\b(?:why (?:don't|didn't|haven't|won't|not|wouldn't|can't|aren't) ?(?:you|just|try|ask|go|"
            r"take|give|start|let|call|tell|do|make|see|write)?|what's stopping you|what is stopping you|"
            r"how come you (?:don't|never|didn't))\b",
            re.I,
        ),
        (
            told_by_another,
            about_me,
            about_another,
            lambda seen: not LISTENER.search(seen.sentence) and not re.search(r"why not \w", seen.sentence, re.I),
        ),
    ),
)

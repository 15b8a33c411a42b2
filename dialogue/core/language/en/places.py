"""English: "if I were you", "I'd suggest", "trust me"."""

import re
from typing import Final

from dialogue.core.language.en.scope import (
    a_question,
    about_another,
    past,
    told_by_another,
)
from dialogue.core.language.rule import Rule

PLACES: Final = (
    Rule(
        "en-if-i-were-you",
        "own_choice",
        re.compile(
            r"\b(?:if i (?:were|was) (?:you|in your)|were i (?:you|in your)|if it (?:were|was) (?:me|"
            r"up to me)|if that (?:were|was) me|in your (?:shoes|place|position|situation|case)|"
            r"if i had your|personally,? i(?:'d| would)|(?<!so )i(?:'d| would) (?:go (?:and|for|with|see)|"
            r"talk to|take (?:the|it|that)|just|definitely|start (?:by|with)|try|wait|tell (?:him|her|"
            r"them)|stay|keep|leave|ask (?:him|her|them)|say no|not (?:bother|worry|take|do|go|let)|avoid|"
            r"stick|call|sleep on|let (?:it|him|her|them)))\b",
            re.I,
        ),
        (
            told_by_another,
            lambda seen: bool(re.search(r"\bwhat would you\b|\bin my place\b", seen.sentence, re.I)),
            lambda seen: (
                bool(
                    re.search(
                        r"\b(?:if i (?:could|had to|ever|went|get|found|got|lived)|back then|again|as a (?:child|"
                        r"student|boy|girl)|every (?:day|night|morning|evening|summer|time|week|year)|when (?:i|my|"
                        r"we)|on (?:sundays|saturdays|weekends)|often|sometimes|usually|i wish)\b",
                        seen.sentence,
                        re.I,
                    )
                )
                and not re.search(r"\byou\b", seen.sentence, re.I)
            ),
        ),
    ),
    Rule(
        "en-i-suggest",
        "own_choice",
        re.compile(
            r"\b(?:(?:i(?:'d| would| can| could| might)?|we) (?:\w+ly |only |also |really |"
            r"still )?(?:suggest|recommend|advise|urge|encourage|propose|vote for|caution|say go|say do|"
            r"say take)|my (?:advice|tip|suggestion|recommendation|two cents|rule of thumb for you|"
            r"only advice|best advice)|a (?:word|piece|bit) of advice|(?:pro |hot |quick )tip:?|"
            r"take it from me|mark my words|if you ask me|for what it's worth,? (?:i think )?you|"
            r"highly recommend(?:ed)?|do yourself a favou?r|the best advice)\b",
            re.I,
        ),
        (
            told_by_another,
            a_question,
            past,
            lambda seen: bool(
                re.search(r"\b(?:gave|got|received|was|i (?:used to|always) (?:tell|say))\b", seen.sentence, re.I)
            ),
            lambda seen: bool(
                re.search(
                    r"\bcan you\b|\bany advice\b|\bfor any\b|\byour advice\b|\bgrateful\b|no advice|give advice",
                    seen.sentence,
                    re.I,
                )
            ),
        ),
    ),
)


TRUST: Final = (
    Rule(
        "en-trust-me",
        "own_story",
        re.compile(r"\b(?:trust|believe|take it from) me\b,? (?!i\b|it was|we|he|she|they)", re.I),
        (told_by_another, about_another),
    ),
)

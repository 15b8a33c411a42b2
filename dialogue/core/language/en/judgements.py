"""English: judging the listener so that a change is implied."""

import re
from typing import Final

from dialogue.core.language.en.scope import (
    a_question,
    about_another,
    mine,
    of_the_meeting,
    past_before,
    reflected,
    told_by_another,
)
from dialogue.core.language.rule import Rule

JUDGEMENTS: Final = (
    Rule(
        "en-you-are-too",
        "own_turn",
        re.compile(
            r"\b(?:you(?:'re| are)(?: just| being| a little| only| really| simply| still| always| clearly|"
            r" probably| kind of| a bit| maybe| far| way| so| much| rather)* (?:over\w*(?:thinking|doing|"
            r"reacting|complicating|estimating)|underestimating|too\b|hard on yourself|being (?:hard|"
            r"harsh|unfair|naive|selfish|silly|dramatic|stubborn|ridiculous|unreasonable|lazy|childish|"
            r"difficult|paranoid|a bit|far|too|so)|running away|hiding|making (?:excuses|it|this|"
            r"a mistake|things|too)|wasting|avoiding|kidding yourself|fooling|letting (?:him|her|them|"
            r"fear|it|people|yourself|others|your)|selling yourself|holding yourself back|giving up|"
            r"missing the|looking at (?:it|this) (?:the wrong|wrong)|blaming|in denial|wrong|better than|"
            r"capable of|allowed|stronger than|not (?:being|giving|trying|listening|the (?:only|first)|"
            r"alone|too (?:old|late|young)|obliged|supposed|responsible)|young|still young|lucky|"
            r"only (?:\d+|twenty|thirty)|setting yourself|the one who|throwing|cut out|made for|meant|"
            r"spoiled|taking (?:it|this|things) (?:too|so)|jumping|torturing|comparing|stuck in|"
            r"living in the past|expecting too))\b",
            re.I,
        ),
        (
            told_by_another,
            reflected,
            past_before,
            of_the_meeting,
            a_question,
            lambda seen: bool(
                re.search(
                    r"\btoo kind\b|\btoo (?:quiet|far|soft|close|faint)\b|young man|\byou're (?:too|so) (?:kind|"
                    r"nice|sweet)\b",
                    seen.sentence,
                    re.I,
                )
            ),
        ),
    ),
    Rule(
        "en-you-do-too-much",
        "own_turn",
        re.compile(
            r"\b(?:you've (?:got )?(?:so much|your whole life|plenty of time|all the time|nothing to|"
            r"a lot to learn|no (?:reason|right|excuse))|(?:someone|somebody|a (?:man|woman|"
            r"person)) (?:like you|with your|of your)|could it be that you|you (?:\w+ )?(?:worry|think|"
            r"care|work|apologi[sz]e|give(?: up| in)?|expect|complain|talk|ask|do|doubt|try|criticize|"
            r"rely|spend|eat|analy[sz]e) (?:yourself |far |way |about (?:it|this|that) )?too (?:much|"
            r"often|hard|little|easily)|you (?:lack|seem to lack|don't (?:believe|trust|value|"
            r"give yourself|see how|seem|try|listen|stand up)|never (?:listen|let|stand|give yourself|"
            r"finish|think about yourself|ask for help)|always (?:put|give in|find|let|run|blame|do this|"
            r"make|say yes|expect)|keep (?:putting|making|letting|running|blaming|waiting|doing|choosing|"
            r"saying|finding)|just (?:need|want attention|haven't)|haven't (?:really |even )?(?:tried|"
            r"given|grown|learned|met the right|found the right)|(?:have|'ve) (?:got )?(?:so much|"
            r"your whole life|plenty of time|all the time|nothing to|a lot to learn|no (?:reason|right|"
            r"excuse|idea how|business))|would(?:n't)? (?:be (?:a (?:great|wonderful|good)|wasted|crazy|"
            r"a fool)|make a)|'d (?:make a|be a (?:great|wonderful|good|fool))|sell yourself short|"
            r"could (?:do|have done|be doing) (?:better|more)|can do better|(?:are|'re) better off))\b",
            re.I,
        ),
        (
            told_by_another,
            reflected,
            of_the_meeting,
            a_question,
            lambda seen: bool(re.search(r"\b(?:back then|i (?:love|like|admire)|thank)\b", seen.sentence, re.I)),
        ),
    ),
    Rule(
        "en-that-is",
        "own_turn",
        re.compile(
            r"\b(?:that(?:'s| is| sounds| seems| would be| was)(?: just| only| really| a bit| rather|"
            r" surely| hardly| simply| like| such)*(?: to me)? (?:no (?:reason|excuse|way to|life|"
            r"big deal)|(?:an|just an|like an|a poor|a lame) excuse|a (?:mistake|big mistake|bad idea|"
            r"terrible idea|waste|shame|cop-?out|red flag|trap|recipe for)|not (?:how|the (?:way|answer|"
            r"solution|end of)|a reason|healthy|a healthy|a good way|fair to|good for|worth|your (?:fault|"
            r"job|problem|responsibility|burden))|silly|foolish|childish|selfish|naive|unreasonable|"
            r"nonsense|unhealthy|the wrong|(?:your )?(?:fear|pride|anger|guilt|shame|stress|"
            r"habit) talking|up to you|on you|your choice|all in your head|asking for trouble|"
            r"beneath you)|a shame (?:to|you|that you)|such a (?:waste|shame)|what a (?:waste|"
            r"shame) (?:to|that you)|pull yourself together|grow up|get over it|cheer up|lighten up|"
            r"snap out of it|get real|man up|toughen up)\b",
            re.I,
        ),
        (told_by_another, reflected, past_before, mine, about_another, a_question),
    ),
)

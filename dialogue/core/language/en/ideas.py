"""English: suggestions framed as an idea ("one thing that might help", "what if you", "worth a try")."""

import re
from typing import Final

from dialogue.core.language.en.scope import (
    LISTENER,
    a_question,
    about_another,
    about_me,
    mine,
    of_the_meeting,
    past,
    reflected,
    told_by_another,
)
from dialogue.core.language.rule import Rule

IDEAS: Final = (
    Rule(
        "en-what-if-you",
        "own_choice",
        re.compile(
            r"\b(?:what if (?:you|that|it|there|the answer|nothing|this|instead)|how about|"
            r"what about (?:an? \w+|(?:you )?\w+ing)|what would happen if you|suppose you|imagine if you|"
            r"what do you (?:think|say) (?:about|to) (?:\w+ing|a)|how would it be if you|what if,)\b",
            re.I,
        ),
        (
            told_by_another,
            about_me,
            of_the_meeting,
            lambda seen: bool(
                re.match(
                    r"\s*(?:you\W*$|i\b|we\b|my\b|your (?:family|parents|brother|sister)\?|you, )", seen.tail, re.I
                )
            ),
        ),
    ),
    Rule(
        "en-have-you-thought",
        "own_question",
        re.compile(
            r"\b(?:(?:have|had|did) you (?:ever |perhaps |already |maybe |at least |even |"
            r"also )*(?:(?:thought|think) (?:of|about) (?:\w+ing|whether|a|an|getting|asking|seeing|"
            r"taking|just|how|what would)|consider(?:ed)?|tr(?:y|ied)|looked into|look into|"
            r"talked to (?:a|an|someone|anyone|your)|asked (?:him|her|them|anyone|around|for|your)|"
            r"spoken to)|ever (?:thought|think) (?:of|about) \w+ing|would you (?:ever )?consider|"
            r"could you (?:perhaps |maybe |not |just |possibly )*(?:try|ask|talk to|take|consider|find|"
            r"get|let|start)|can't you (?:just)?|couldn't you|can you not|do you ever think (?:of|"
            r"about) (?:just )?\w+ing)\b",
            re.I,
        ),
        (told_by_another, of_the_meeting, about_me),
    ),
    Rule(
        "en-might-help",
        "own_choice",
        re.compile(
            r"\b(?:(?:might|may|could|can|would|will|'ll|'d) (?:\w+ )?(?:really |actually |definitely |"
            r"probably |also |even )*(?:help|be (?:helpful|useful|worth|good|better|wise|wiser|best|"
            r"easier|healthier|nice|an idea|a good|the best|a better|smart|smarter|kinder|beneficial|time|"
            r"enough|an option|a way|a start|a first|interesting to try|the thing|possible)|"
            r"work (?:better|well|for you)|make (?:things|it|a (?:big |huge )?difference|sense)|"
            r"do you good|do wonders|pay off|suit you)|(?:has|have) been known to help|works wonders|"
            r"goes a long way|does wonders|helps a lot|really helps|helps if you|would go a long way)\b",
            re.I,
        ),
        (
            told_by_another,
            reflected,
            a_question,
            past,
            about_another,
            lambda seen: about_me(seen) and not LISTENER.search(seen.sentence),
            lambda seen: bool(
                re.search(
                    r"\b(?:i'd|i would|it would) (?:be|help) (?:nice|good|better|helpful|grateful)?\s*(?:if (?:i|"
                    r"we|someone)|to (?:have|see|travel|live|be|meet))|\bhow i\b|\b(?:for|help|helps|"
                    r"helped) (?:me|us)\b|\bto me\b|\bif (?:i|we|someone|they|he|she)\b",
                    seen.sentence,
                    re.I,
                )
            ),
            of_the_meeting,
            lambda seen: bool(re.search(r"\b(?:wondered|hoped|thinking|hoping|wish|hope|glad)\b", seen.before, re.I)),
        ),
    ),
    Rule(
        "en-worth-a-try",
        "own_choice",
        re.compile(
            r"\b(?:(?:it's|it is|that's|is|are|be|seems|sounds|still|always|well) (?:always |certainly |"
            r"definitely |probably |really |well |maybe |perhaps )?worth (?:a (?:try|shot|go|look|visit|"
            r"thought)|\w+ing|it to|considering)|worth (?:a (?:try|shot|thought)|trying|considering|"
            r"asking|looking into|exploring|checking)|(?:wouldn't|won't|doesn't|can't|couldn't|"
            r"never) hurts? (?:to|you)|no harm in|(?:nothing|little) to lose|what have you got to lose|"
            r"would do no harm|never too late|not too late|always time to)\b",
            re.I,
        ),
        (
            told_by_another,
            reflected,
            past,
            about_another,
            lambda seen: (
                bool(re.search(r"\bfor me\b|\bi(?:'ve| have)? (?:think|thought|hoped|believe)\b", seen.sentence, re.I))
                and not LISTENER.search(seen.sentence)
                and not re.search(r"worth", seen.marker, re.I)
            ),
        ),
    ),
    Rule(
        "en-an-option",
        "own_choice",
        re.compile(
            r"\b(?:(?:another|one|a good first|a good|a better|the best|the other|your best|the easiest|"
            r"the simplest|a nice|a gentle|an alternative|one small|a first|the first|one possible|one|"
            r"a possible|the safest|a simple) (?:good |possible |useful |obvious |easy |small |[s]afe |"
            r"real )?(?:option|possibility|approach|way (?:forward|out|to|around)|thing (?:to (?:try|do|"
            r"consider|remember|keep)|you (?:can|could|might)|that (?:might|could|may|helps|can|works)|"
            r"is to)|step|idea|place to start|bet|move|route|solution|strategy|trick|starting point|"
            r"choice|thought)\b(?! (?:i|we|he|she|they|that i|was|were))|there(?:'s| is| are) (?:always |"
            r"also |still )?(?:the option|another way|the possibility|other ways|plenty of (?:ways|time|"
            r"other|people|jobs|fish)|no shame|no rush|nothing wrong with|nothing stopping|no need|"
            r"no point|no law|a lot to be said|something to be said|more than one way|no reason (?:to|"
            r"you))|something (?:to (?:consider|think about|try|keep in mind)|you (?:could|might) (?:try|"
            r"consider))|food for thought)\b",
            re.I,
        ),
        (
            told_by_another,
            reflected,
            past,
            a_question,
            about_another,
            lambda seen: mine(seen) and not re.search(r"there", seen.marker, re.I),
            of_the_meeting,
        ),
    ),
    Rule(
        "en-maybe-do",
        "own_choice",
        re.compile(
            r"(?:^|[.!?;,]\s*)(?:maybe|perhaps|possibly)\b,? (?:it's time|it is time|(?:just |also |"
            r"first |you (?:should|could|can|need|might|ought|just|don't|'re)|your \w+ (?:could|should|"
            r"needs)|a (?:\w+ ){0,2}(?:would|could|might|is)|that's (?:a sign|something you|what you)|"
            r"there's (?:a|another) way|it would be (?:good|better|best|easier|wise|worth|an idea)|try|"
            r"ask|start|begin|take|talk|write|go|give|let|look|think about|find|get|see|tell|call|sleep|"
            r"wait|consider|leave|keep))\b",
            re.I,
        ),
        (
            told_by_another,
            reflected,
            past,
            a_question,
            about_another,
            of_the_meeting,
            lambda seen: bool(re.search(r"\bi\b", seen.marker, re.I)),
        ),
    ),
    Rule(
        "en-it-is-time",
        "own_choice",
        re.compile(
            r"\b(?:it(?:'s| is| may be| might be)|isn't it|it's about|isn't it about|maybe it's|"
            r"it's high) (?:perhaps |maybe |probably |about |high )?time (?:to|you|that you|for you)\b",
            re.I,
        ),
        (
            told_by_another,
            reflected,
            past,
            of_the_meeting,
            lambda seen: bool(re.search(r"time for me|i (?:think|felt|guess|decided) it", seen.sentence, re.I)),
        ),
    ),
)

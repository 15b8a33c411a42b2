"""English: advice dressed as a hope, and warnings."""

import re
from typing import Final

from dialogue.core.language.en.scope import (
    a_question,
    about_another,
    good_wish,
    mine,
    of_the_meeting,
    past,
    past_before,
    reflected,
    told_by_another,
)
from dialogue.core.language.rule import Rule

HOPES: Final = (
    Rule(
        "en-i-hope-you",
        "own_wish",
        re.compile(
            r"\b(?:(?:i(?:'d| would)?|we(?:'d| would)?|hopefully|my (?:only |one )?(?:hope|"
            r"wish)(?: for you)?(?: is)?(?: that)?) ?(?:really |just |only |do |so |truly |"
            r"sincerely )*(?:hope|wish|pray|'d love|would love|want|like|rather|trust|expect)?(?: to see|"
            r" for| that| if)? ?you(?:'ll| will|'d| would| can| could| find| give| take| learn| let| keep|"
            r" make| stop| start| get| don't| won't| to| stay| talk| choose| realise| realize| consider|"
            r" know| never| see| manage| ever| allow| reach| didn't| were| weren't| had| feel free| treat|"
            r" trust| stand| open| say| tell| try| think| put| rest)\b)",
            re.I,
        ),
        (
            told_by_another,
            reflected,
            good_wish,
            past_before,
            of_the_meeting,
            a_question,
            lambda seen: (
                bool(
                    re.search(
                        r"\b(?:here|there with|hear|be there|were here|could (?:come|hear|see|meet|have)|meet)\b",
                        seen.tail,
                        re.I,
                    )
                )
                or not re.search(r"hope|wish|pray|love|want|like|rather|trust|expect", seen.marker, re.I)
            ),
            lambda seen: bool(
                re.search(r"\bwant you to know\b|\blike you to (?:meet|know|start|read|begin)\b", seen.sentence, re.I)
            ),
        ),
    ),
    Rule(
        "en-it-would-be-nice-if-you",
        "own_wish",
        re.compile(
            r"\b(?:it(?:'d| would)(?: really| just)? (?:be|do|make|mean)[^.?!]{0,40}\b(?:if you|"
            r"to see you|for you to|to have you)|i(?:'d| would) (?:be (?:so |really )?(?:happy|glad|"
            r"relieved|proud)|feel better|sleep better|love it) (?:if you|to see you|when you)|"
            r"nothing would make (?:me|us|them) happier|i(?:'d| would) (?:love|like|rather) (?:to see you|"
            r"for you|you))\b",
            re.I,
        ),
        (told_by_another, good_wish, of_the_meeting),
    ),
)


WARNINGS: Final = (
    Rule(
        "en-or-you-will",
        "own_turn",
        re.compile(
            r"\b(?:(?:if you (?:don't|do not|keep|wait|never|stay|leave|go on|carry on|quit|give|let|"
            r"ignore|stop|work|rush|start|want|just|can't|won't|are(?:n't)?|really|take|ask|say|do|put|"
            r"try|look|push|only|always|begin|stick|marry|spend|think)[^.?!]{2,60}?,? (?:you(?:'ll| will|"
            r"'re| can| won't| may| might| could)|it(?:'ll| will| won't)|nobody|no one|things (?:will|"
            r"won't)|they(?:'ll| will)|everything|there (?:will|won't)|life|people|that(?:'ll| will)|"
            r"the \w+ (?:will|comes?))|(?:otherwise|or|or else|before) you(?:'ll| will|'re going to|"
            r" might| may| could)?(?: just| only| really)? (?:regret|end up|burn|lose|fail|miss|get|never|"
            r"be|become|break|waste|hurt|know it|find yourself|wear)|(?:unless|"
            r"until) you \w+[^.?!]{0,40}?,? (?:you|nothing|it|nobody|they)|you(?:'ll| will|'re going to|"
            r"'re gonna| might| may| could| are going to| would)(?: only| just| probably| always|"
            r" certainly| soon| surely| really| definitely| one day)* (?:regret|end up|burn out|lose|fail|"
            r"never (?:know|find|forgive|be|get|have|learn|know)|hurt yourself|miss (?:out|your|it)|"
            r"be sorry|wear yourself|ruin|drive yourself|make yourself (?:ill|sick)|get (?:hurt|sick|ill|"
            r"stuck|burned|used)|find yourself|pay for|understand (?:one day|when|someday)|see (?:one day|"
            r"that|in time)|get (?:there|through|used|over|better)|be (?:fine|okay|ok|all right|alright|"
            r"lonely|alone|better|glad|surprised|stronger|happier)|feel better|thank|look back|come out|"
            r"grow|learn to|manage|make it|figure it out))|(?:may|might|will) never (?:do it|"
            r"get (?:another|the) chance|come (?:back|again))|will come back to haunt|(?:puts?|"
            r"putting) it off any longer)\b",
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
                    r"\bif you (?:don't mind|ask me,? i|saw|had|want to (?:hear|know|see)|need me)\b",
                    seen.sentence,
                    re.I,
                )
            ),
        ),
    ),
    Rule(
        "en-beware",
        "own_turn",
        re.compile(
            r"(?:^|[.!]\s)careful,|\b(?:be (?:very |really |extra |a little )?(?:careful|wary|cautious|"
            r"mindful|prepared|patient|honest|gentle|kind|brave|proud|yourself|realistic|grateful)|"
            r"watch (?:out|your)|beware|look out|keep an eye|stay away|steer clear|mind (?:your|how)|"
            r"think twice|don't (?:ever )?(?:trust|underestimate))\b",
            re.I,
        ),
        (
            told_by_another,
            past,
            of_the_meeting,
            reflected,
            a_question,
            lambda seen: (
                bool(
                    re.search(
                        r"\b(?:to|i|i'd|i'll|we|he|she|they|would|could|should|must|will|i'm|not|can|it's|had|"
                        r"and)\s*(?:always |just |also |more |only )?$",
                        seen.before,
                        re.I,
                    )
                )
                and not re.search(r"\byou (?:should|must|need to|have to|ought to) $", seen.before, re.I)
            ),
            about_another,
        ),
    ),
    Rule(
        "en-bound-to",
        "own_turn",
        re.compile(
            r"\b(?:(?:that|this|it|such|these|those) ?(?:kind|sort|path|job|people|things|relationships?|"
            r"kinds?|sorts?)?(?: of \w+)? (?:will|'ll|is going to|is bound to|eats?|always|never|only|"
            r"can only|tends? to|won't|rarely|usually)[^.?!]{0,30} (?:you|end|fail|last|work out|well|"
            r"badly|worse|pay|tears|backfire|catch up)|waiting (?:only )?makes it|running away (?:never|"
            r"won't|doesn't|only)|nothing (?:will )?(?:changes?|ever) (?:if|unless|until)|silence only|"
            r"bottling|holding (?:it in|a grudge))\b",
            re.I,
        ),
        (told_by_another, past, a_question, mine, reflected, about_another),
    ),
)

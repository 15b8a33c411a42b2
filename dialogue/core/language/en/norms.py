"""English: how things are done, by whom it concerns."""

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

_SHOULD: Final = (
    r"(?:really |definitely |certainly |absolutely |probably |always |never |also |just |"
    r"at least |still |maybe |honestly |simply |only )*"
)


NORMS: Final = (
    Rule(
        "en-people-should",
        "own_value",
        re.compile(
            r"\b(?:(?:every(?:one|body)|people (?:of )?your age|people|no ?(?:one|body)|any(?:one|body)|"
            r"one|we(?: all)?|"
            r"young people|students|parents|a (?:man|woman|person|parent|father|mother|good \w+|real \w+|"
            r"friend|son|daughter|student|grown-up|leader)|children|kids|men|women|friends|couples|"
            r"families|adults|your generation|grown-ups|graduates|at your age|those who \w+|"
            rf"if you're \w+) {_SHOULD}(?:should(?:n't)?|must(?:n't)?|need(?:s)? to|ought to|has to|"
            r"have to|can't (?:just )?(?:expect|always|wait)|don't get to|doesn't get to)|it(?:'s|"
            r" is) (?:your|a (?:man's|woman's|son's|daughter's|parent's|person's)) (?:duty|job|"
            r"responsibility))\b",
            re.I,
        ),
        (
            told_by_another,
            past_before,
            a_question,
            reflected,
            of_the_meeting,
            lambda seen: bool(re.search(r"\b(?:in my|i (?:used to|believed|thought|grew))\b", seen.sentence, re.I)),
        ),
    ),
    Rule(
        "en-it-is-better-to",
        "own_value",
        re.compile(
            r"\b(?:it(?:'s| is)(?:n't)? (?:always |usually |often |much |far |really |so |very |"
            r"generally |absolutely |perfectly |totally |also |probably |not |never |only )*(?:better|"
            r"best|important|essential|vital|crucial|wise|wiser|smart|healthy|healthier|safer|good|okay|"
            r"ok|fine|all right|alright|natural|normal|necessary|wrong|selfish|rude|foolish|a mistake|"
            r"dangerous|risky|unhealthy|silly|a waste|a bad idea|a good idea|cheaper|a shame|too (?:late|"
            r"early|soon|young)|best if you|the (?:little|small) things) (?:for (?:you|people|someone|"
            r"anyone|a \w+|young people|your \w+) )?(?:to|if you|not to|when you|that you|of \w+ to|"
            r"\w+ing)|better (?:safe than|late than|to (?:\w+ )|an? )|(?:the )?(?:sooner|earlier|more you|"
            r"less you|harder you|longer you) [^.]{0,40}\b(?:the better|the (?:more|less|easier|harder))|"
            r"there(?:'s| is) no (?:point|use|sense|shame|harm) (?:in )?)\b",
            re.I,
        ),
        (
            told_by_another,
            past_before,
            a_question,
            reflected,
            of_the_meeting,
            lambda seen: bool(
                re.search(
                    r"\b(?:be|being) (?:here|back|home|with|together)\b|good to (?:see|hear|meet|know|talk)|nice to",
                    seen.sentence,
                    re.I,
                )
            ),
            lambda seen: (
                mine(seen)
                and bool(re.search(r"\b(?:for|to|with) me\b|here with|\b(?:i|my|we|us|our)\b", seen.sentence, re.I))
            ),
            about_another,
        ),
    ),
    Rule(
        "en-the-key-is",
        "own_value",
        re.compile(
            r"\b(?:the (?:key|trick|secret|important thing|main thing|most important thing|best (?:thing|"
            r"way|time|revenge|cure|medicine|part)|only (?:thing|way)|point|first rule|golden rule|thing|"
            r"answer|wise thing|sensible thing|right thing|best you can do|least you can do|real test|"
            r"kind thing) (?:\w+ ){0,3}?(?:is|to do is|you can do is|for you is)\b(?! (?:that i|what i|"
            r"how i|my|when i)\b)|(?:what|all that) (?:matters|counts|helps|works|you (?:need|want|"
            r"have to do)|people need|really matters)(?: most| in the end| is| in)?(?: (?:is|are))|"
            r"all you (?:need|have to)|rule (?:number one|one)|consistency is|patience is|honesty is|"
            r"communication is|practice makes)\b",
            re.I,
        ),
        (
            told_by_another,
            past_before,
            a_question,
            reflected,
            lambda seen: bool(
                re.search(
                    r"\b(?:for|to) me\b|\bi('ve| have)? (?:like|love|remember|miss|keep|value|learned)\b|\bmy\b",
                    seen.sentence,
                    re.I,
                )
            ),
            of_the_meeting,
        ),
    ),
    Rule(
        "en-maxim",
        "own_value",
        re.compile(
            r"\b(?:life(?:'s| is) (?:too short|short|what|about|not)|you (?:only live once|"
            r"never know (?:until|unless|if)|can't (?:please|have|expect|pour|change|love|help|always|"
            r"keep|let|put|live|be everything)|get out what|get what|never (?:turn|stop|give|say|lend|"
            r"regret|quit|let)|learn more|don't (?:become|get|turn|quit|leave|walk|throw|find|marry|"
            r"need \w+ to)|reap|make your own)|no pain|hard work (?:pays|always|beats)|time heals|"
            r"money (?:isn't|can't|doesn't)|real (?:friends|men|women|love|courage|leaders)|a (?:good|"
            r"real|true|decent|grown) (?:man|woman|daughter|son|friend|parent|father|mother|leader|"
            r"teacher|host|worker|student|person) \w+s|(?:true|good) (?:friends|love|parents|leaders)|"
            r"(?:nobody|no one) (?:gets|becomes|makes|succeeds|learns)|never hurt any|"
            r"nobody ever (?:regrets|died|got)|no one ever|everyone (?:makes mistakes|fails|goes through|"
            r"feels)|failure is|family (?:comes|is)|success (?:comes|is)|happiness (?:is|comes)|"
            r"health (?:is|comes)|blood is|slow and steady|actions speak|first impressions|"
            r"at your age (?:one|people|you)|that's (?:just )?(?:what|how) (?:friends|families|adults|"
            r"parents|grown-ups|life|you)|(?<![a-z] )those who|he who|people who (?:\w+ ){1,6}(?:always|never|get|"
            r"end up|succeed|fail|regret|win|lose))\b",
            re.I,
        ),
        (
            told_by_another,
            past_before,
            a_question,
            reflected,
            of_the_meeting,
            about_another,
            lambda seen: bool(
                re.search(r"\b(?:for me|to me|i (?:believe|think|value|find|love|feel|used)|my)\b", seen.sentence, re.I)
            ),
        ),
    ),
    Rule(
        "en-would-be-better-off",
        "own_choice",
        re.compile(
            r"\b(?:you(?:'d| would|'ll| will) (?:be|feel|do|make|look|get|find|save|sleep|learn|probably|"
            r"surely|certainly|have (?:more|a better)|thank|love|enjoy|benefit|see|be (?:better|happier|"
            r"fine|surprised|glad|safer|great|amazed)|never regret|only)|you'd (?:be better|do better|"
            r"do well))\b",
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
                    r"\b(?:said|say|think you'd|never guess|if you (?:saw|had seen|met|knew|had)|know (?:it|him|"
                    r"her)|laugh|hear|have to excuse|be missed|be (?:late|next|on))\b",
                    seen.sentence,
                    re.I,
                )
            ),
        ),
    ),
)

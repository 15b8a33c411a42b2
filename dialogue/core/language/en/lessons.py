"""English: one's own story tied to the listener, and questions that hold their answer."""

import re
from typing import Final

from dialogue.core.language.en.scope import (
    LISTENER,
    a_question,
    about_me,
    experience_before,
    mine,
    of_the_meeting,
    reflected,
    told_by_another,
)
from dialogue.core.language.rule import Rule

LESSONS: Final = (
    Rule(
        "en-so-you-too",
        "own_story",
        re.compile(
            r"\b(?:so (?:can|could|will|should|do|must|might|would) you|(?:so|and|then|that's why|"
            r"which is why|therefore|because of that),? (?:i'm sure |i think |i believe |i know |"
            r"believe me |trust me |maybe |perhaps |of course )*you(?:'ll| will| can| could|"
            r" should(?:n't)?| might| may| too|'re going to| must| ought| don't| need)|you (?:can|could|"
            r"will|should|might|may)[^.?!]{0,30}\b(?:too|as well)\b|the same (?:could|can|will|might|"
            r"would|goes|may) (?:work |be true |happen |help )?(?:for|to|with)? ?you|(?:help|work for|"
            r"works for|helped|do|happen to) you (?:too|as well|if|in)|(?:work|works|do it|"
            r"happen) for you|if i (?:can|could|did|managed|made)[^.?!]{0,30}\b(?:you|anyone|anybody|"
            r"everyone)|learn from my|don't (?:make|repeat) (?:the same|my) mistakes?|i don't want you to|"
            r"i(?:'d| would) hate (?:for you|to see you)|save yourself|spare yourself|"
            r"so (?:that )?you (?:don't|won't|needn't|can|could)|(?:could|can|might|may|"
            r"will) \w+ (?:yours|you)\b|take (?:a leaf|a page)|what (?:helped|worked for|got|saved|"
            r"changed things for) me[^.?!]{0,60}\byou\b)\b",
            re.I,
        ),
        (told_by_another, reflected, a_question, of_the_meeting),
        (experience_before,),
    ),
    Rule(
        "en-leading-question",
        "own_question",
        re.compile(
            r"\b(?:(?:don't|do|wouldn't|would|didn't) you (?:ever |really |not |honestly |also |"
            r"even )*(?:think (?:you|it|that|he|she|they|maybe|this|your)|feel (?:you should|it's time)|"
            r"agree|believe (?:you|it)|want to (?:be|live|try|at least|make|give)|see (?:that|how)|"
            r"realise|realize|owe|rather|be (?:better|happier|easier|more)|prefer to|need (?:to|more|some|"
            r"a)|have to (?:at least|start)|say (?:it's|you))|(?:isn't|wouldn't|won't|couldn't|shouldn't|"
            r"doesn't|wasn't|isn't that|can't|aren't) (?:it|that|you|there|this|your|she|he|"
            r"they)\b[^?]{0,80}|are you (?:sure|certain|really (?:going|sure|happy|ready|willing)|being|"
            r"not (?:just|being|afraid|simply)|just|ready to (?:admit|let|give)|going to (?:keep|let|just|"
            r"regret|wait)|giving)|is (?:that|it|this) (?:really|truly|honestly|actually|worth|fair to|"
            r"healthy|necessary|what you (?:really )?want|so (?:bad|wrong))|(?:who|what) (?:says|"
            r"said) you|what(?:'s| is) (?:the (?:worst|harm)|wrong with (?:\w+ing|a|just))|"
            r"when (?:are you going to|will you (?:finally|learn|start|stop)|did you last)|"
            r"when was the last time you|how long (?:are you going to|will you keep|do you want to)|"
            r"is there (?:any|a|really any|some) (?:reason|chance|way) you|have you (?:really|truly|"
            r"honestly) (?:tried|done|given)|do you (?:really|honestly|actually|even|not) (?:think|want|"
            r"need|believe|have to|expect)|you (?:do )?(?:know|realise|realize) (?:that )?you (?:can|"
            r"could|should|don't|have|need|'re)|why (?:would you|do you (?:always|keep|let|even|care|"
            r"insist|need)|are you (?:still|so|always|letting|doing)|should you)|should(?:n't)? you|"
            r"shouldn't|ever thought that)\b",
            re.I,
        ),
        (
            told_by_another,
            mine,
            of_the_meeting,
            lambda seen: (
                not re.search(
                    r"\?|you (?:do )?(?:know|realise|realize) (?:that )?you", seen.sentence[seen.start :], re.I
                )
            ),
            lambda seen: bool(
                re.search(
                    r"\b(?:isn't it|wasn't it|aren't they|isn't that) (?:a |so |such a )?(?:lovely|beautiful|nice|"
                    r"funny|strange|cold|hot|great|wonderful|amazing|odd|late|the (?:one|place)|where)|"
                    r"^\W*(?:can't|couldn't) you (?:hear|see)|are you (?:sure (?:it's ok|i can|about the time)|"
                    r"ready to (?:start|begin))|that you, \w+\?",
                    seen.sentence,
                    re.I,
                )
            ),
            lambda seen: (
                not LISTENER.search(seen.sentence)
                and not re.search(r"wouldn't it|isn't it|what's the", seen.marker, re.I)
            ),
            about_me,
        ),
    ),
)

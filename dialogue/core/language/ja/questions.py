"""Japanese: questions that hold their answer (「どうして〜しないんですか」「本当にそれでいい?」)."""

import re
from typing import Final

from dialogue.core.language.ja.scope import (
    about_another,
    about_me,
    mine_so_far,
    of_the_meeting,
    open_question,
    own_thought,
    past,
    reported,
)
from dialogue.core.language.rule import Rule

QUESTIONS: Final = (
    Rule(
        "ja-why-not",
        "own_question",
        re.compile(
            r"(?:なぜ|どうして|なんで|何で|何故)[^。?]{0,30}?(?:ない|なかった)(?:ん|の)(?:です|でしょう|"
            r"だろう)?(?:か|[?]|。*$)|(?:どうして|なんで)[^。?]{0,6}(?:一人で|ばかり|わざわざ|"
            r"そんなに)[^。?]{0,16}(?:か|の)[?]"
        ),
        (
            about_me,
            about_another,
            mine_so_far,
            reported,
            lambda seen: bool(re.search(r"(?:と思|と(?:聞|言)|雨|電車|店|バス|自分でも)", seen.tail + seen.marker)),
        ),
    ),
    Rule(
        "ja-not-thinking-of",
        "own_question",
        re.compile(
            r"(?:うと(?:は|か|も)?|とは|ことは|という(?:選択|手|道|考え|の)は|のは|とか)(?:少しも|全く|"
            r"もう|まだ|一度も)?[、]?(?:思わ|考え|しない|頭に|検討し)(?:なかった|ない|ません(?:でした)?|"
            r"てい?ない|てみ(?:ました|ない|ませんか))(?:ん|の)?(?:です|でしょう)?(?:か(?:な)?)?[?。]*$"
        ),
        (
            about_me,
            about_another,
            reported,
            mine_so_far,
            lambda seen: not re.search(r"(?:か|かな|の|[?])[?。]*$", seen.sentence),
        ),
    ),
    Rule(
        "ja-do-you-not-think",
        "own_question",
        re.compile(r"と?(?:は)?(?:思い|おもい|思わ|感じ)(?:ません|ない)(?:か|[?]|の[?]|$)"),
        (about_me, reported, open_question),
        (
            lambda seen: bool(
                re.search(
                    r"いい|良い|べき|ほうが|方が|なきゃ|なければ|ないと|大丈夫|遅く|変わ(?:ら|れ)|大事|大切|"
                    r"できる|必要|もったいな|もっと|早い|たいと|しよう|みよう|よう$|おかし|甘",
                    seen.before,
                )
            ),
        ),
    ),
    Rule(
        "ja-is-that-all-right",
        "own_question",
        re.compile(
            r"(?:本当に|ほんとうに|ほんとに|ほんまに|マジで)[^。]{0,14}?(?:それ|この|その|今|このまま|"
            r"そのまま)[^。]{0,8}?(?:でいい|後悔し|満足|納得|やっていけ|大丈夫)(?:な)?(?:ん|の)?(?:です|"
            r"でしょう)?(?:か|[?]|$)|後悔しません(?:か|[?])|(?:このまま|それ)で(?:本当に|ほんとに)(?:いい|"
            r"後悔し)"
        ),
        (about_me, reported, own_thought, mine_so_far),
    ),
    Rule(
        "ja-have-you-tried",
        "own_question",
        re.compile(
            r"[てで]み(?:まし?た(?:か|[?])|た(?:の|[?]|こと[がは]?(?:あり|ある|ない)|んですか))|"
            r"(?:ちゃんと|きちんと|しっかり|本気で|十分に?)[^。、]{0,16}?(?:ます|ました|てます|ている|"
            r"てる|できて(?:い)?ます?|た|る)(?:ん|の)?(?:です)?(?:か[?。]*$|[?])|(?:全部|一通り|"
            r"ひととおり)[^。、]{0,10}た(?:ん|の)?(?:です)?(?:か|[?])|(?:試し|検討し|相談し)(?:たこと|"
            r"まし?た(?:か|[?]))(?:は|が)?(?:ある|あり|ない)?"
        ),
        (
            about_me,
            reported,
            open_question,
            of_the_meeting,
            lambda seen: not re.search(r"(?:か|の|[?])[?。]*$", seen.sentence),
            about_another,
        ),
    ),
    Rule(
        "ja-is-it-needed",
        "own_question",
        re.compile(
            r"(?:そんなに|わざわざ|今すぐ|無理に|そこまで|いま|今)[^。]{0,16}?(?:必要|こと|意味)(?:が|は|"
            r"って|、)?[、]?(?:本当に)?(?:あり|ある)(?:ます)?(?:かな|か|の|[?]|でしょうか|だろうか)|(?:から|"
            r"く)(?:って|といって)[、]?[^。]{1,14}(?:ます|です|る|ない)?(?:か|の)?[?]"
        ),
        (about_me, reported, own_thought, mine_so_far),
    ),
    Rule(
        "ja-really-you-want",
        "own_question",
        re.compile(
            r"(?:本当は|ほんとは|ほんとうは|実は|心の(?:中|底|どこか)で?は|要は|要するに|つまり|"
            r"結局(?:は)?)[^。]{0,24}?(?:んじゃ|のでは|のじゃ|んや|だけじゃ|だけでは|だけなん|"
            r"ないんです(?:よ|[。]))(?:ない|ありません|ないです|ないん)?"
        ),
        (
            about_me,
            mine_so_far,
            about_another,
            past,
            reported,
            own_thought,
            lambda seen: bool(re.search(r"分から|わから|寂し|さみし|怖|悲し|つら|嬉し|うれし|悔し", seen.marker)),
        ),
    ),
    Rule(
        "ja-could-you-not",
        "own_question",
        re.compile(
            r"(?:もっと|もう少し|まだ|いくらでも|少しは|もうちょっと)[^。]{0,24}?(?:でき|られ|"
            r"[えけせてねめれげべ])(?:る|た)(?:ん|の)(?:じゃ|では)(?:ない|ありません)?|(?:もっと|もう少し|"
            r"もうちょっと|少しは)[^。]{0,24}?ない(?:かな[あぁ]?|もの(?:です|でしょう)か|の[?])[。?]*$|"
            r"ば(?:よかった|良かった|済んだ|すんだ)[^。]{0,4}?(?:じゃ|では)(?:ない|ありません)|"
            r"ば[、][^。]{1,14}(?:んじゃ|のでは)ない|なら(?:今|いま)(?:しか|のうち)|た?(?:ほう|"
            r"方)がよかったん(?:じゃ|では)|(?:てい?たら|なければ)[^。]{0,14}?(?:違った|変わった)(?:ん|"
            r"の)(?:じゃ|では)"
        ),
        (about_me, mine_so_far, about_another, reported, own_thought),
    ),
)

"""Japanese: what would be better (「〜たほうがいい」), and what must be done (「〜べき」「〜ないと」)."""

import re
from typing import Final

from dialogue.core.language.ja.scope import (
    ELSEWHERE,
    MINE,
    about_another,
    about_me,
    asked,
    embedded,
    for_people,
    given_back,
    mine_so_far,
    of_the_meeting,
    open_question,
    own_thought,
    past,
    past_throughout,
    pressed,
    reported,
    to_listener,
)
from dialogue.core.language.rule import Rule, Sighting


def _wants_nothing(seen: Sighting) -> bool:
    """Time words of one's own errands: 「明日は早いので寝なきゃ」."""
    return (
        bool(
            re.search(
                r"明日|あした|今日(?!こそ)|今夜|今週|来週|月末|までに|そろそろ|週末|のに|ので|から、|卒論|"
                r"締切|面接なの",
                seen.sentence,
            )
        )
        and not to_listener(seen)
        and not bool(re.search(r"よ[。!…]*$", seen.sentence))
    )


COMPARISONS: Final = (
    Rule(
        "ja-better",
        "own_choice",
        re.compile(
            r"(?:[ただぬるうくすつむぶぐ]|ない|早い|若い|遅くない)(?:ほう|方|ほー)(?:が|は)?(?:よっぽど|"
            r"絶対に?|ずっと|まだ|きっと|断然|かえって|お互い(?:に|の)?|本人の|自分の)?"
            r"(?:いい|良い|よい|よさ|良さ|ええ|よろし|無難|賢明|得(?!意)|安全|身のため|正解|ベター|望まし|"
            r"健全|利口|良く|よく(?:ない|あり)|いく(?:ない|ね)|お(?:すすめ|勧め)|ためにな)"
        ),
        (
            *ELSEWHERE,
            asked,
            about_another,
            lambda seen: (
                about_me(seen) and not re.match(r"(?:です)?(?:よ|と思(?:う|います))|んじゃ|かもしれ", seen.tail)
            ),
            lambda seen: bool(re.search(r"のか(?:どうか)?|なら|場合|とき|って(?:わか|分か|知)", seen.clause_tail)),
            lambda seen: bool(
                re.match(
                    r"という|っていう|と思い?ます(?:か|[?])|とは(?:思|限)|(?:です)?けど、?(?:でき|なかなか)|(?:の|ん)(?:だろう|でしょう)か",
                    seen.tail,
                )
            ),
            lambda seen: mine_so_far(seen) and asked(seen),
        ),
    ),
    Rule(
        "ja-easier",
        "own_choice",
        re.compile(
            r"[一-龥ァ-ヶぁ-ん][のな](?:ほう|方)が(?:いい|無難|安心|得(?!意))|(?:[ただぬるうくすつむぶぐ]|"
            r"ない)(?:ほう|方)が(?:[^。、]{0,6})(?:にいい|に良い|頭に入|はかど|楽|早い|速い|幸せ|うまくい|強い|伸び|喜|"
            r"相手のため|後悔し(?:ない|ません)|続く|続き|効|近道|力にな|ため(?:です|だ|に)|信頼|"
            r"気持ちいい)"
        ),
        (*ELSEWHERE, asked, *MINE),
        (pressed,),
    ),
)


OBLIGATIONS: Final = (
    Rule(
        "ja-should",
        "own_choice",
        re.compile(
            r"べき(?!か(?!も|と思|な?って)|なのか|なんだろうか|とき|ところ|人|もの(?!です|だ)|時|道|こと(?!です|だ)|だった|"
            r"でした|では?なか|じゃなか|と[思考](?![うい]ま?す?)|だ?と?(?:思っ|思い込|考え|信じ)|という|"
            r"っていう|姿)"
        ),
        (
            reported,
            own_thought,
            past,
            asked,
            about_another,
            lambda seen: about_me(seen) and not re.search(r"と思(?:う|います)", seen.tail),
            lambda seen: mine_so_far(seen) and asked(seen),
            of_the_meeting,
            open_question,
            embedded,
            given_back,
        ),
    ),
    Rule(
        "ja-must",
        "own_choice",
        re.compile(
            r"な(?:ければ|けりゃ|くては|くちゃ|きゃ|ければな|いと|けれ)(?!よか|いい|何|で)(?:なら|いけ|"
            r"いか|だめ|駄目|ダメ|あか|ねえ?[。!]|な[。!あ]|意味が|[。!…]*$|、)?|(?:な|ん)(?:あかん|"
            r"いかん)|ねば(?:なら)?|(?:う|る|く|す|つ|む)(?:必要|義務|責任)(?:が|は)あ(?:る|り)"
        ),
        (
            *ELSEWHERE,
            asked,
            about_me,
            mine_so_far,
            about_another,
            _wants_nothing,
            of_the_meeting,
            given_back,
            lambda seen: seen.tail.startswith("ず") and past_throughout(seen),
            lambda seen: (
                bool(re.search(r"ない(?:ん|の)(?:です|だ)よ", seen.marker + seen.tail))
                and not to_listener(seen)
                and not for_people(seen)
            ),
            lambda seen: (
                bool(
                    re.search(
                        r"(?:いけ|なら|だめ|必要が?あ)(?:ない|る)?(?:ん|の)(?:です|だ)|(?:いけ|なら|だめ)(?:ない|"
                        r"ません)(?:ん)?(?:です|だ)?(?:けど|が|ので|し)",
                        seen.marker + seen.tail,
                    )
                )
                and not pressed(seen)
            ),
            lambda seen: (
                not seen.marker.endswith(
                    (
                        "なら",
                        "いけ",
                        "いか",
                        "だめ",
                        "駄目",
                        "ダメ",
                        "あか",
                        "あかん",
                        "いかん",
                        "ねば",
                        "意味が",
                        "あり",
                        "ある",
                        "ね。",
                        "ね!",
                        "ちゃ",
                        "くて",
                        "え。",
                        "え!",
                        "な。",
                        "あ",
                        "きゃ",
                        "くちゃ",
                        "ないと",
                        "いと",
                        "。",
                        "!",
                        "…",
                    )
                )
            ),
        ),
        (
            lambda seen: (
                to_listener(seen)
                or for_people(seen)
                or bool(re.search(r"(?:よ|よね|ね|で|でしょう?|ぞ|わ|じゃない(?:です)?か?)[。!?…]*$", seen.sentence))
                or bool(re.search(r"もっと|まず|自分[^。]*くらい|くらい[^。]*自分", seen.before))
            ),
            lambda seen: not re.search(r"ないと、?$", seen.marker) or bool(re.match(r"[。!…]*$", seen.tail)),
        ),
    ),
)

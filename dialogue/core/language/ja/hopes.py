"""Japanese: advice dressed as a hope (「〜てくれたらうれしい」「〜といいですね」), and 「私なら…」."""

import re
from typing import Final

from dialogue.core.language.ja.scope import (
    about_another,
    about_me,
    asked,
    courteous,
    happens,
    lacking,
    mine_so_far,
    of_the_meeting,
    open_question,
    own_thought,
    past,
    past_throughout,
    reported,
    tell_me,
    to_another,
    to_listener,
)
from dialogue.core.language.rule import Rule

_ME: Final = r"(?:私|わたし|わたくし|俺|おれ|オレ|僕|ぼく|ボク|あたし|わし|ワシ|うち|ウチ|自分)"


HOPES: Final = (
    Rule(
        "ja-i-want-you-to",
        "own_wish",
        re.compile(
            r"[てで](?:ほしい|欲しい|ほしく|もらいたい|いただきたい|頂きたい|(?:もらえ|いただけ|くれ|"
            r"くださっ?|もらえる|くれる|いただける|くださる)(?:たら|れば|ると|と|ば)(?:[、]?(?:うれし|"
            r"嬉し|いい|ありがた|助か|安心|幸い|と思|良い|よい|な[あぁ。]|[^。]{0,6}安心|[^。]{0,6}喜|"
            r"それが(?:一番|いちばん|何より)|なあ))|やってほしい)"
        ),
        (
            reported,
            lambda seen: (
                (past(seen) or past_throughout(seen)) and not re.search(r"と(?:思|感じ)い?ました[。]?$", seen.tail)
            ),
            tell_me,
            of_the_meeting,
            to_another,
            courteous,
            asked,
            lambda seen: (
                bool(
                    re.search(
                        r"(?:手伝っ|助け|待っ|ほめ|聞い|分かっ|わかっ|知っ|許し|認め|褒め|見守っ|そばにい|覚えてい|"
                        r"付き合っ|返し|会っ|来|代わっ|そっとしておい|見つけ|呼ん|直し|貸し)$",
                        seen.before,
                    )
                )
                and not to_listener(seen)
            ),
            lambda seen: (
                about_me(seen)
                and bool(re.match(r"(?:ん|の)?(?:です|だ)?(?:[。]|と(?:き|い)|もの|人|言葉)", seen.tail))
                and not lacking(seen)
            ),
            lambda seen: bool(re.match(r"(?:人|言葉|もの|こと|とき|気持ち|だけ)", seen.tail)),
            lambda seen: bool(re.search(r"と思ってしま", seen.tail)) and not to_listener(seen),
        ),
    ),
    Rule(
        "ja-it-would-be-nice",
        "own_wish",
        re.compile(
            r"(?:[うくすつぬむぶぐる]と|[えけせてねめれげべ]ば|[ただ]ら)(?:いい|良い|よい|うれしい|"
            r"嬉しい)(?:です|ん(?:です|だ))?(?:よ?ね|な[あぁ]?|けど|けれど|が|のに(?:な|ね)?|かな|なと思)"
        ),
        (
            reported,
            past,
            happens,
            open_question,
            about_me,
            mine_so_far,
            about_another,
            own_thought,
            of_the_meeting,
            past_throughout,
            courteous,
            lambda seen: (
                bool(re.search(r"(?:な[あぁ]?|けど|が|かな|なと思)$", seen.marker))
                and not (
                    to_listener(seen)
                    or re.search(r"(?:くれ|もらえ|くださ|いただけ)", seen.before[-6:] + seen.marker[:3])
                )
            ),
        ),
        (lambda seen: lacking(seen) or to_listener(seen),),
    ),
    Rule(
        "ja-i-pray-you",
        "own_wish",
        re.compile(
            r"(?:こと|の|よう(?:に)?)(?:を|、)?(?:心から|切に|陰ながら)?(?:願って|祈って|期待して|"
            r"望んで)(?:い|お)?(?:ます|る|ります)"
        ),
        (
            reported,
            past,
            happens,
            about_another,
            courteous,
            lambda seen: bool(
                re.search(r"(?:元気|健康|無事|幸せ|成功|合格|活躍|会え|平和|治|回復|うまく|実り)", seen.before)
            ),
        ),
        (lambda seen: lacking(seen) or to_listener(seen) or bool(re.search(r"(?:くれる|くださる)$", seen.before)),),
    ),
)


IN_YOUR_PLACE: Final = (
    Rule(
        "ja-if-i-were-you",
        "own_choice",
        re.compile(
            rf"(?:(?<![の今昔なる]){_ME}(?:だったら|なら(?!な|ば|で|んで)|でしたら|やったら|ならば)|(?:私|"
            r"わたし|俺|僕|ぼく|自分)が(?:あなた|君|きみ|お前|その立場|同じ立場|その状況|そっちの立場|"
            r"逆の立場)(?:だったら|なら|でしたら)|(?:その|同じ|あなたの|君の|あなたくらいの|"
            r"君くらいの)(?:立場|身|歳|年|年齢|年頃|状況|場面)(?:だったら|なら|でしたら|に戻れ(?:たら|"
            r"るなら)))"
        ),
        (
            reported,
            open_question,
            lambda seen: bool(
                re.search(r"(?:昔|今|当時|以前|頃|ころ|これまで|いつも|普段|前|去年|若い(?:頃|とき))の?$", seen.before)
            ),
            lambda seen: bool(
                re.match(
                    r"[、]?(?:[^。]{0,10})(?:大丈夫|平気|元気です|ここに|いつでも|空い|行けます|参加でき|出られ|"
                    r"間に合)",
                    seen.tail,
                )
            ),
            lambda seen: bool(re.search(r"(?:どう|何|どんな|どこ|誰)[^。]*(?:か|の|[?])[?。]*$", seen.tail)),
            lambda seen: bool(re.search(r"た(?:と思|でしょう|だろう|かも|はず|に違)", seen.tail)),
            past_throughout,
        ),
    ),
)

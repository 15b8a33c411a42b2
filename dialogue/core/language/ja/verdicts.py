"""Japanese: customs without a verb of duty (「〜が一番」「〜ってもんだ」), verdicts and what they threaten."""

import re
from typing import Final

from dialogue.core.language.ja.scope import (
    MINE,
    about_another,
    about_me,
    asked,
    for_people,
    given_back,
    handed,
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
from dialogue.core.language.rule import Condition, Rule

_TOLD: Final[tuple[Condition, ...]] = (
    reported,
    own_thought,
    *MINE,
    past,
    past_throughout,
    given_back,
    asked,
    of_the_meeting,
)

CUSTOMS: Final = (
    Rule(
        "ja-that-is-how-it-goes",
        "own_value",
        re.compile(
            r"(?:って|という|てえ|ちゅう)(?:もん|もの)(?:だ|です|じゃ|や|ばい|さ|でしょう?)|[うくすつむぶぐる](?:もん|もの)(?:ばい|たい|やで|"
            r"じゃけん|じゃ(?!な)|。)|が(?:一番|いちばん|肝心|すべて|全て|勝負|常識|今の常識|礼儀|親切|役目|仕事|財産|ちょうどいい|花)"
            r"(?:だ|です|よ(?!く)|や|ばい|でしょう?|なん|というもの|だから|[。]|ん)|(?:第一|あるのみ|勝負)(?:だ|です|や|よ|だから)?(?:よ|ね|から)*"
            r"[。!]*$|って(?:よく)?言う(?:じゃ(?:ない|ん)|でしょ|やん)"
        ),
        (
            *_TOLD,
            open_question,
            lambda seen: bool(re.search(r"私|僕|俺|うち|自分|わが家|今日|好き|楽し", seen.sentence)),
        ),
    ),
    Rule(
        "ja-goes-without-saying",
        "own_value",
        re.compile(
            r"(?:損|おしまい|当たり前|あたりまえ|常識|十分|勢い|経験|一度きり|一回きり|手に職|通用しません|なし|当然|義理|約束|宝|感謝)"
            r"(?:だ|です|なの|なん|や|よ|)(?:よ|から|ね|、|ぞ|で|だ)*[。!、]|より(?:も)?[^。、]{1,6}[。]|より(?:も)?[^。、]{1,6}(?:だ|です)(?:よ|から)"
        ),
        (
            *_TOLD,
            open_question,
            lambda seen: bool(
                re.search(r"私|僕|俺|うち|自分|わが家|今日|好き|楽し|前より|思ったより|昔より", seen.sentence)
            ),
        ),
        (lambda seen: for_people(seen) or pressed(seen),),
    ),
)


VERDICTS: Final = (
    Rule(
        "ja-over-the-top",
        "own_turn",
        re.compile(
            r"[ぁ-ん一-龥](?:がすぎ|すぎ|過ぎ)(?:て(?:い)?(?:る|ます|ない)|です|だ|や|かも|では|じゃ|ちゃ|なん|でしょう|る(?:ん|気|よ|と|の|さ)|"
            r"ます|よ|て(?:、|動|聞))"
        ),
        (
            reported,
            own_thought,
            past,
            past_throughout,
            *MINE,
            of_the_meeting,
            given_back,
            lambda seen: bool(
                re.search(
                    r"[暑寒熱遠重狭忙酒]|おいし|うま|かわい|美し|似|食べ|飲み|高|多|うれし|嬉し|素敵|すてき|好き|私|僕|俺",
                    seen.before + seen.marker[:1],
                )
            ),
        ),
        (
            lambda seen: (
                to_listener(seen)
                or handed(seen)
                or bool(
                    re.search(
                        r"さんは|さんの|なんて|のは|と思い?ま|気が|ちゃう|では[?]|かも|ように|やて", seen.sentence
                    )
                )
            ),
        ),
    ),
    Rule(
        "ja-to-be-blunt",
        "own_turn",
        re.compile(
            r"(?:ちょっと|少し|さすがに|いくらなんでも|ただの|それは|それって)[、]?[^。、]{0,8}?(?:甘え|過保護|乱暴|わがまま|言い訳|"
            r"のんびり|無責任|大げさ|贅沢|幼い|甘い|古い|古か|失礼|無謀|極端|ずるい|逃げ|勝手)(?:だ|です|か|と思|よ|ね|んじゃ|では|な|に)|"
            r"なんて[、]?[^。]{0,8}?(?:さびし|寂し|大げさ|乱暴|早[いす]|無責任|無茶|情けな)|時間の無駄|計画性がな|"
            r"(?:逃げ|言い訳|甘え|信用して(?:い)?な|うかがっ|完璧|強が|無理)[^。]{0,12}(?:ように|風に|ふうに)(?:聞こえ|見え|思え)|"
            r"愚痴が|言い方がきつ|から(?:苦し|つら|うまくいかな|しんど)[^。]{0,6}(?:よ|だ)"
        ),
        (reported, own_thought, *MINE, past, given_back, of_the_meeting, lambda seen: "私" in seen.sentence),
    ),
    Rule(
        "ja-it-will-end-badly",
        "own_turn",
        re.compile(
            r"(?:だまされ|騙され|壊し(?!た)|壊す|共倒れ|燃え尽き|老け|泣く(?=で|よ|ぞ)|身につか|抜け出せ|取り戻せ|ついてこ|呼ばな|裏があ|"
            r"落とし穴|間違い(?=だよ|です)|手遅れ|(?:では|じゃ)間に合|響き|一生残|終わる(?!ま)|終わり|来るぞ|後悔する|言いにくく)[^。]{0,10}?"
            r"(?:よ|から|ぞ|で|ばい|んじゃない|ます|ません|だ)(?:ね|よ|かな[あぁ]?)?[。!…w笑]*$|ご用心|手を出すな|地獄|しても知らな|"
            r"いつまでも[^。]{1,10}(?:ない|ません|と思)"
        ),
        (*_TOLD, open_question, lambda seen: bool(re.search(r"私|僕|俺|うち|電車|試合|授業|会議", seen.sentence))),
    ),
)


PROBES: Final = (
    Rule(
        "ja-why-always",
        "own_question",
        re.compile(
            r"(?:なぜ|(?<![ぁ-ん一-龥])なんで|どうして|なして|何で|何故)[^。?]{0,30}?(?:(?:へん|せん|[らわ]ん|ねえ|ねぇ)(?:の|ん|と)?(?:です|"
            r"でしょう|だろう)?(?:か|ね)?|(?:全部|ぜんぶ|一人|ひとり|自分|いつも|もっと早|無理|決め)[^。?]{0,20}?(?:の|ん)(?:よ|です|"
            r"でしょう|だろう)?(?:か|ね)?|りゃあせんの|しなかったの)[?。]*$"
        ),
        (
            about_me,
            about_another,
            mine_so_far,
            reported,
            lambda seen: bool(re.search(r"と思|わから|分から|だろうと", seen.sentence)),
        ),
    ),
    Rule(
        "ja-is-it-not-so",
        "own_question",
        re.compile(
            r"(?:先|頃|ころ|時期|場面|番|言い訳|甘え|(?:こと|もの)(?:が|も)?ある|遅い|早い|待って(?:い)?る|すぎ|十分|言って(?:い)?ない|"
            r"(?:でき[たる]|すむ|済む|楽になる|伝わる|くれる)(?=ん|の)|済むこと)(?:な)?(?:ん|の)?(?:じゃ|では)(?:ない|ありません)(?:です|の|でしょう|"
            r"だろう|ん)*(?:か(?:な[あぁ]?|ね)?)?[?。…]*$"
        ),
        (about_me, about_another, mine_so_far, reported, own_thought, past_throughout),
    ),
    Rule(
        "ja-how-long-yet",
        "own_question",
        re.compile(
            r"いつまで(?!も)[^。?]{0,24}(?:つもり|気)|なくて(?:も)?(?:大丈夫|平気|よくない|いつ)[^。]{0,14}(?:か|の|[?])[?。]*$|"
            r"ば(?:よく|良く|いく)ない(?:です)?か?[?]|(?:その|そんな|それ)[^。?]{0,24}と(?:本当に)?思い?(?:ます|って(?:い)?る)(?:か|の|ん)|"
            r"みたらどう|みなくて(?:も)?いいの|(?:よ|と)くないですか[?]"
        ),
        (about_me, about_another, mine_so_far, reported, own_thought, past_throughout, of_the_meeting),
    ),
    Rule(
        "ja-not-even",
        "own_question",
        re.compile(
            r"(?:少し|一度|一回|一言|ひとこと|ひと言|くらい|ぐらい|一つも|ひとつも|まだ|選択肢は|気は|(?:て|で)あげることは|うとは)[^。?]{0,20}?"
            r"(?:ない|ません)(?:ん|の)?(?:です|でしょう)?(?:か|[?]|の[?])[?。]*$"
        ),
        (
            about_me,
            about_another,
            mine_so_far,
            reported,
            own_thought,
            past_throughout,
            of_the_meeting,
            open_question,
            lambda seen: bool(
                re.search(
                    r"[てで]みま|くれ|もらえ|いただ|くださ|たこと[はが]?(?:ない|ありません)|来ま|行きま|願え|聞か|かまい|構い|よろし",
                    seen.marker,
                )
            ),
        ),
    ),
    Rule(
        "ja-kindly-change",
        "own_wish",
        re.compile(
            r"(?:控え|やめ|止め|よし|改め|見直し|直し|勘弁し|遮ら|変え|減らし|ほめ|褒め|認め|許し|信じ|休ん|甘え|手放し|抜い|謝っ|"
            r"生かし|続け|見守っ|応援し|大事にし|知っ|考え|受け|見せ|声をかけ|しようと|ように?し|聞い|会っ|話し)(?:てあげ|てみ|てお)?[てで]"
            r"(?:もらえ|いただけ|頂け|くださ|くれ)(?:ないか|ません?か|ない(?:です)?か|んか|へん(?:か|や)|(?:っ)?たら|れば|ると|ます(?:か|[?]))"
        ),
        (
            reported,
            past_throughout,
            of_the_meeting,
            about_another,
            lambda seen: bool(re.search(r"詳しく|ゆっくり話|ご家族のこと|助かり", seen.sentence)),
        ),
        (
            lambda seen: (
                to_listener(seen)
                or bool(
                    re.search(
                        r"もう少し|もうちょっと|少し|たまには|そろそろ|一度|一回|自分|お母|お父|息子|娘|家族|年配|若い|若者|世代|奥さん|"
                        r"控え|やめ|改め|見直し|[^っ]直し|勘弁|部下|検診|お子さん|素直|才能",
                        seen.before + seen.marker,
                    )
                )
            ),
        ),
    ),
    Rule(
        "ja-were-i-there",
        "own_choice",
        re.compile(
            r"(?:^|[、。\s])(?:おい|おら|わし|わい|わて)(?:なら|だったら|やったら)|(?:もし)?(?:私|僕|俺|わたし|自分|あたし)(?:が|の)[^。、]{1,14}?"
            r"(?:さん|母親|父親|親|する側|立場|娘|息子|部下|若か|いつか|あなた|座る)[^。、]{0,6}?(?:だったら|でしたら|なら|ったら)|同い年だったら|"
            r"もし(?:娘|息子|自分)[^。、]{1,20}(?:だったら|なら|たら)"
        ),
        (reported, past_throughout, asked, open_question),
    ),
)

"""Japanese: telling somebody what to do, from 「〜してください」 to 「〜しましょう」."""

import re
from typing import Final

from dialogue.core.language.ja.scope import (
    MINE,
    about_another,
    about_me,
    asked,
    courteous,
    embedded,
    mine_so_far,
    of_the_meeting,
    own_thought,
    past,
    past_throughout,
    reported,
    some_day,
    tell_me,
    to_listener,
    together,
)
from dialogue.core.language.rule import Rule, Sighting

_STOP: Final = r"(?:[よねなぞさわ]|よね|って|の|や|で)?[。!…〜ー♪☆笑\s]*$"


def _narrated(seen: Sighting) -> bool:
    """「父が倒れてね。」 tells a story; the same ending asks in 「早く寝てね。」."""
    return (
        about_me(seen)
        or about_another(seen)
        or bool(
            re.search(r"(?:われ|まし|ちゃっ)[てで]", seen.before[-2:] + seen.marker)
            or re.search(
                r"(?:あの頃|あのころ|当時|昔|そのとき|その時|あるとき|若い頃|年前|そしたら|急に|結局)|"
                r"(?:って|と)[^。、]{0,12}言って[きく]?$",
                seen.sentence[: seen.start + 1],
            )
            or (
                re.search(
                    r"(?:くっ?|られ|され|(?<!い)れ|ちゃっ|しまっ|だっ|なっ|困っ|驚い|思っ|あっ|がっ|てい|てっ|"
                    r"泣い|っ)$",
                    seen.before,
                )
                and not re.search(
                    r"(?:やっ|行っ|待っ|言っ|使っ|頼っ|休ん|作っ|とっ|取っ|持っ|守っ|誘っ|入れ|もらっ|笑っ)$",
                    seen.before,
                )
            )
        )
    )


def _urged(seen: Sighting) -> bool:
    return bool(
        re.search(
            r"一緒に|さあ|さぁ|ほら|じゃあ|じゃぁ|では|そろそろ|もう|みんなで|ちゃんと|まず|もっと|"
            r"少し(?:は|ずつ)|今日こそ|早く|無理せ|とりあえず|ぜひ|どうか|絶対|とにかく|必ず|だから|"
            r"ゆっくり|自信",
            seen.before,
        )
        or to_listener(seen)
        or re.search(r"[!よねぜ]", seen.sentence[seen.start :])
    )


def _to_begin(seen: Sighting) -> bool:
    """「では始めましょう」「話を聞きましょう」 lead the meeting."""
    return bool(
        re.search(
            r"(?:始め|終わり|終え|進め|戻り|移り|回り|回し|続け|会い|集まり|出し合い|分かち合い|見合い|"
            r"話し|聞き|伺い|待ち|紹介し|乾杯し|確認し|共有し|黙り|過ごし|(?:こと|だけ|なし)にし|置いて帰り|ここまでにし|交代し)$",
            seen.before,
        )
        and not re.search(
            r"(?:親|家族|奥さん|上司|先生|友だち|自分|身近|一歩|小さ|早起き|できること|相手)", seen.before
        )
    )


DIRECTIVES: Final = (
    Rule(
        "ja-please",
        "own_step",
        re.compile(r"[てで](?:ください|下さい|頂戴|ちょうだい|おくれ|くれたまえ)(?!いま|ます|った|る|れ)"),
        (
            reported,
            embedded,
            of_the_meeting,
            tell_me,
            courteous,
            lambda seen: bool(
                re.search(
                    r"(?:聞か|さ|言わ|やら|行か|読ま|使わ|話さ|取ら|待た|休ま|帰ら|入ら|座ら|払わ|持た)せ$|"
                    r"(?:見てい|待ってい|見守っ|い(?:っ|ら)しっ?)$|^(?:(?:まあ|ねえ|ちょっと|よく|私の|僕の|話を|"
                    r"、)*聞い)$",
                    seen.before,
                )
            ),
            lambda seen: bool(re.search(r"^(?:と|って|る|い[とっ])", seen.tail)),
        ),
    ),
    Rule(
        "ja-nasai",
        "own_step",
        re.compile(
            r"(?<!ごめん)(?<!おやすみ)(?<!お帰り)(?<!おかえり)(?:なさい(?!ま)(?:よ|な|ね|って|や)?|たまえ|"
            r"なはれ)(?=[。!、,…\s]|$)"
        ),
        (reported, courteous),
    ),
    Rule(
        "ja-try-it",
        "own_step",
        re.compile(
            r"[てで](?:やって[。!…]*$|あげて[。!…ねよ]*$|おいで(?:よ|な|なさい|ね)?[。!…]*$|"
            rf"み(?:て(?:は?[。!…よねや]|$)|な(?:よ|さい)?{_STOP}|い(?:や|な)?{_STOP}|{_STOP})|"
            rf"ごらん(?:なさい|よ|ね)?{_STOP})|う?てみ{_STOP}"
        ),
        (reported, of_the_meeting),
    ),
    Rule(
        "ja-imperative",
        "own_step",
        re.compile(
            r"(?:(?<!おも)(?<!む)(?<!う)しろ|せよ|やれ|行け|いけ|読め|動け|休め|持て|立て|書け|言え|使え|"
            r"走れ|作れ|取れ|頼れ|笑え|進め|聞け|働け|学べ|遊べ|選べ|挑め|守れ|変われ|見ろ|寝ろ|出ろ|着ろ|"
            r"来い|[てで](?:しまえ|みろ|おけ|いけ|やれ|こい)|やめとけ|(?:し|"
            r"[んえけせめれねべみ])と[けき](?:や|なはれ|いや)?|"
            rf"(?<!こ)(?<!だ)[えけせてねめれげぜべきぎじちびみり]ろ){_STOP}"
        ),
        (
            reported,
            lambda seen: bool(re.search(r"(?:おもし|むし|うし|[はが]い|で)$|ところ$", seen.before + seen.marker[:1])),
            about_me,
        ),
    ),
    Rule(
        "ja-prohibition",
        "own_step",
        re.compile(
            r"(?:(?<!だ)[ぁ-ん]なよ|(?:言い|行き|やり|食べ|寝|休み|聞き|出|読み|書き|作り|使い|頼り|帰り|"
            r"話し|入り|選び|覚え|考え|辞め|やめ|見せ|逃げ|[てで](?:い|おき|いき|やり|もらい))な|(?:諦め|"
            r"あきらめ|負け|逃げ|忘れ|焦|無理す|頼|やめ|遠慮す|甘え|怖が|恐れ|くよくよす|気にす|投げ出|"
            r"舐め|なめ|慌て)[るす]?な(?:って)?)[。!…]*$"
        ),
        (reported,),
    ),
    Rule(
        "ja-do-not",
        "own_step",
        re.compile(r"(?:ない|せん)で(?:[ね!。よ]|あげて|いて|おいて|ほしい|ちょうだい|$)"),
        (
            reported,
            of_the_meeting,
            courteous,
            about_me,
            past_throughout,
            lambda seen: bool(re.search(r"し(?:て|た)|る", seen.clause_tail)),
            lambda seen: (
                bool(re.search(r"^[。]?$", seen.tail))
                and not re.search(
                    r"焦ら|悩ま|責め|無理し|諦め|あきらめ|遠慮し|怖がら|抱え込ま|我慢し|比べ|考え|落ち込ま|逃げ|"
                    r"頑張ら|急が|気負わ|思いつめ|忘れ|恐れ",
                    seen.before,
                )
            ),
        ),
    ),
    Rule(
        "ja-te",
        "own_step",
        re.compile(
            r"(?:(?:[ぁ-ん一-龥](?<![くっ])|(?<![るただうくすつむぶぐよねいな])っ)て|[んい]で)(?:ね|よ|よね)?[。!…♪]*$"
        ),
        (
            reported,
            of_the_meeting,
            tell_me,
            courteous,
            _narrated,
            lambda seen: bool(
                re.search(
                    r"(?:待っ|させ|につい|におい|にとっ|に対し|に関し|放っておい|ほっとい|ほうってお|返し|許し|"
                    r"やめ|助け|寝かせ)$",
                    seen.sentence[: seen.start + 1],
                )
            ),
            lambda seen: (
                bool(
                    re.search(
                        r"[らなしに][いく]?$|(?:に|くれ|もう一回|何で|なん|みんな|それ|どう|ま|の|人)$|(?:だっ|なん|"
                        r"くっ|そし)$",
                        seen.sentence[: seen.start + 1],
                    )
                )
                and not re.search(r"し$", seen.sentence[: seen.start + 1])
            ),
        ),
        (_urged,),
    ),
    Rule(
        "ja-so-that",
        "own_step",
        re.compile(
            r"(?:る|ない|[くすつむうぐ])(?<!ます)(?<!せん)よう(?:に)(?:して(?:ね|くださ|みて|ごらん)|"
            rf"しなさい|しましょう|しようね|しないと|した[らい]|すると|すれば|ね)?{_STOP}"
        ),
        (
            reported,
            own_thought,
            of_the_meeting,
            about_me,
            lambda seen: not re.search(r"し|ない|ね|よ", seen.marker),
            lambda seen: bool(re.search(r"になる$|いく$|られる$", seen.sentence[: seen.start + 1])),
        ),
    ),
    Rule(
        "ja-let-us",
        "own_step",
        re.compile(r"ましょう(?!か)(?:よ|ね|や|ぜ)?(?!と(?:いう|言))"),
        (
            reported,
            of_the_meeting,
            _to_begin,
            together,
            courteous,
            lambda seen: bool(re.search(r"(?:でき|あり|い|なり|が)$", seen.before)),
        ),
    ),
    Rule(
        "ja-volitional",
        "own_step",
        re.compile(
            r"(?:(?<!だ)(?<!で)(?:[いえきけしせてねべめれげじぎびみり寝見出来着])よう|(?:[一-龥]|や|が|お|"
            r"しま|ま|か|さ|ら|な|わ|ば)(?<!あ)[おこそとのもろごぼ]う)(?:よ|ね|ぜ|や|な|よね|"
            r"っと)?[!。…〜]*$"
        ),
        (
            about_me,
            mine_so_far,
            of_the_meeting,
            some_day,
            _narrated,
            lambda seen: bool(
                re.search(r"ありがとう|おはよう|だろう|でしょう|ほんとう|[^一-龥]そう[よね]|さような", seen.sentence)
            ),
            lambda seen: bool(
                re.search(r"(?:話そ|聞こ|待と|会お|また|今度|来年|春にな|いつか)", seen.before)
                and not re.search(r"よ[!。]*$", seen.sentence)
            ),
        ),
        (_urged,),
    ),
)


BARE_ORDERS: Final = (
    Rule(
        "ja-koto",
        "own_step",
        re.compile(r"(?:(?<=[をにと])[^をにとはが。]{1,10}[うくすつぬむぶぐる]|ない)こと[。!]+$"),
        (
            reported,
            *MINE,
            lambda seen: (
                bool(re.search(r"は|が|とい", seen.before[-14:]) and not re.search(r"では|には|とは", seen.before))
                and not re.search(r"は信じ|を守", seen.before)
            ),
            lambda seen: bool(re.search(r"私|僕|俺|決めて", seen.whole)),
        ),
    ),
    Rule(
        "ja-that-is-enough",
        "own_permission",
        re.compile(
            r"(?:それ|今|この|その|ありの|あなたの|そのままの)[^。、]{0,6}で(?:いい|十分|大丈夫|ええ|"
            r"構わない)(?:ん)?(?:です|だ)?(?:よ|から|と思(?:う|います)|んじゃ|のでは)"
        ),
        (reported, *MINE, past, own_thought, asked, of_the_meeting),
    ),
)

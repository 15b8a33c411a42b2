"""Japanese: offered ways (「〜という手もあります」「〜のもありかも」) and suggestions (「〜してみたら?」)."""

import re
from typing import Final

from dialogue.core.language.ja.scope import (
    ELSEWHERE,
    MINE,
    about_another,
    about_me,
    asked,
    happens,
    mine_so_far,
    of_the_meeting,
    open_question,
    own_thought,
    past,
    past_throughout,
    pressed,
    reported,
    together,
)
from dialogue.core.language.rule import Rule, Sighting


def _permission_for_me(seen: Sighting) -> bool:
    return bool(
        re.match(
            r"(?:です|でしょう|ん(?:です|だ)|の)?(?:か(?!も)|かな|かしら|よね|でしょ|だろ|じゃん|じゃないか|もん|[?])",
            seen.tail,
        )
    ) and not re.match(r"(?:ん)?(?:じゃない(?:です|かな|でしょう|[?])|のでは|んじゃ)", seen.tail)


_HEDGE: Final = (
    r"(?:かも|かと|と思|と思(?:い?ます|う)|んじゃ|のでは|のじゃ|ん(?:です|だ|や)|です(?:よ|"
    r"[。!…]|$)|よ|し|けど|が|で|や|だ|ですし|[。!…]|$)"
)


def _outing(seen: Sighting) -> bool:
    """An invitation to do something together."""
    return (together(seen) or "お茶" in seen.before) and not re.match(r"[てで]み", seen.marker)


OPTIONS: Final = (
    Rule(
        "ja-may",
        "own_permission",
        re.compile(
            r"なくて(?:いい|ええ)(?=ん?(?:です|だ)よ|と思(?:う|い))|"
            r"(?:[いきしちにみりぎびえけせてねめれげぜべっ]て|(?<!な)[んい]で|なくて(?:も)?|く(?:た)?て|"
            r"っ(?:たって)?)も[、]?(?:別に|全然|ちっとも)?(?:いい|良い|よい|ええ|よろしい|かまわ|構わ|"
            r"大丈夫|問題な|OK|損は|損し|遅くな|面白い|おもしろい|楽しい|ばち|罰|バチ|悪くな|平気|許され)|"
            r"(?:ても|たって|だって)[、]?(?:誰も|だれも)[^。]{1,8}(?:ません|ない)|くらいで?(?:で|"
            r"が)ちょうど(?:いい|良い)|(?:てしまっ|ちゃっ)(?:ても|たって)(?:いい|構わ)|[てで](?:いい|"
            r"ええ)(?=のに|んだよ|んですよ|んじゃ|と思(?:う|い))"
        ),
        (
            reported,
            own_thought,
            past,
            _permission_for_me,
            of_the_meeting,
            about_me,
            mine_so_far,
            about_another,
            lambda seen: bool(
                re.match(r"(?:から|という|と(?:言|許|気|知|わか|分か)|くらい|ほど|[一-龥]|ように|ので)", seen.tail)
            ),
            open_question,
            lambda seen: bool(
                re.search(
                    r"カメラ|答え|話さなくて|パス|見え|名前|聞いて|入っ|使っ|座っ|食べ|飲|撮|途中|書かなくて|"
                    r"言わなくて",
                    seen.before,
                )
            ),
        ),
    ),
    Rule(
        "ja-another-way",
        "own_choice",
        re.compile(
            r"(?:という|っていう|って|とゆう|みたいな|ような|る|ない|す|く|む|ぶ|う|つ|ぐ)(?:手|道|方法|"
            r"選択肢?|やり方|手段|考え方|生き方|案|形|働き方|暮らし方|逃げ道)(?:も|が|は|だって|なんか|"
            r"、)?(?:また)?(?:あり|ある|アリ|なくはな|一つ|ひとつ|残って|考え|悪くな|捨てたもん|"
            r"捨てたもの|いくらでも|や|です|だ)"
        ),
        (
            *ELSEWHERE,
            asked,
            *MINE,
            open_question,
            lambda seen: (
                bool(re.search(r"何か|なにか|ほかに|他に|もし", seen.before))
                and bool(re.search(r"ない|か[?。]*$", seen.tail))
            ),
            lambda seen: bool(re.match(r"(?:ります|る)?(?:ましょう|でしょう)?か|(?:ない|ません)", seen.tail)),
            past_throughout,
        ),
    ),
    Rule(
        "ja-that-too",
        "own_choice",
        re.compile(
            r"(?:の|こと)も、?(?:また|全然|意外と|実は|一応)?(?:あり|アリ|有り|一つ|ひとつ|1つ|手|一案|"
            r"一手|一考|おすすめ|お勧め|悪く(?:は)?ない|いい|良い|よい|ええ|面白い|おもしろい|"
            r"無駄では?ない|方法|選択肢|解決策)(?:か(?=と)|だと|かな[と]?|と)?(?=の(?:手|方法|道|考え|案)|"
            rf"{_HEDGE})"
        ),
        (
            *ELSEWHERE,
            *MINE,
            asked,
            past_throughout,
            lambda seen: (
                bool(re.match(r"(?:です)?(?:ね|なあ|な[。…]|な(?:と|って))", seen.tail))
                and bool(re.search(r"いい|良い|よい|面白い", seen.marker))
            ),
            open_question,
        ),
    ),
    Rule(
        "ja-some-people-do",
        "own_choice",
        re.compile(
            r"(?:[うくすつぬむぶぐる]|ない|た)(?:人|方|ひと)(?:も|だって)(?:い(?:ます|る)|多い|少なくな|"
            r"結構|けっこう|たくさん)[^。]{0,8}?(?:よ|し|から(?:ね)?|んだから)[。!…]*$|こと(?:も|"
            r"だって)でき(?:ます|る)(?:よ|し[。]|から|と思|んじゃ|んです)"
        ),
        (reported, *MINE, past, past_throughout, asked, of_the_meeting, open_question),
    ),
    Rule(
        "ja-that-is-also",
        "own_choice",
        re.compile(
            r"(?:の|こと|という)(?:の)?(?:も|だって)[、]?[^。、]{1,10}?(?:かもしれ(?:ない|ません)|"
            r"の(?:うち|一つ)|だと思(?:う|います)よ)"
        ),
        (reported, *MINE, past, past_throughout, asked, own_thought, open_question),
    ),
    Rule(
        "ja-such-as",
        "own_choice",
        re.compile(
            r"(?:て|で)?(?:み|もらう|しまう|おく|する|いく|る|う|く|す)(?:る)?とか[、。…]*(?:$|どう|"
            r"いい(?:かも|と思|んじゃ)|やりよう|ありかも|試し|手も)|やりよう(?:は|なら|"
            r"が)?(?:いくらでも)?(?:ある|あり)"
        ),
        (*ELSEWHERE, *MINE, past_throughout, asked),
    ),
)


SUGGESTIONS: Final = (
    Rule(
        "ja-how-about",
        "own_choice",
        re.compile(
            r"(?:[ただ]ら|て(?:みて)?は|の(?:は|も|って)|とか(?:は)?|なんて(?:の)?(?:は)?|(?:てみ)?ちゃ|"
            r"うて)(?:、)?(?:どう|いかが|どない)(?:か(?:な|しら|と)|です|でしょう|だろう|や(?:ろ)?|なの|"
            r"かね|よ|[?。!…]|$)"
        ),
        (
            reported,
            past,
            about_me,
            lambda seen: bool(re.search(r"(?:お体|調子|具合|お加減|感想|最近)(?:の|は)", seen.before)),
            lambda seen: bool(
                re.match(r"(?:です|でしょう|だろう)?か?(?:と(?:迷|考|悩|思っ))|(?:でした|だった)|し[たて]", seen.tail)
            ),
        ),
    ),
    Rule(
        "ja-tara",
        "own_choice",
        re.compile(
            r"(?<!し)(?<!た)(?:てみ|でみ|し|っ|い|ん|え|け|せ|て|ね|め|れ|げ|べ|り|き|み)[ただ]ら(?:[?]|"
            r"[。!…]*$|って[。!]*$)|[てで]みては(?:[?。]|$)"
        ),
        (
            about_me,
            lambda seen: bool(
                re.search(
                    r"(?:もしかし|そし|だっ|それだっ|ひょっとし|だとし|やっ|じゃ|だけ)$",
                    seen.sentence[: seen.start + 1],
                )
                and not re.search(r"みたら|してみ", seen.marker)
            ),
            lambda seen: (
                bool(re.search(r"もし|万が一|(?:が|も|は)[^。]{0,8}$", seen.before))
                and "?" in seen.tail + seen.marker
                and not re.search(r"たら[?]?$", seen.marker)
            ),
            about_another,
        ),
    ),
    Rule(
        "ja-will-you-not",
        "own_step",
        re.compile(r"(?:[てで]み|[いきしちにみりぎびけせてねめれげぜべえ])(?:ませんか|ましょうか)(?=[?。!…]*$)"),
        (
            reported,
            of_the_meeting,
            _outing,
            about_me,
            lambda seen: bool(
                re.search(
                    r"(?:あり|てい|わかり|分かり|聞こえ|いただけ|くれ|もらえ|くださ|下さ|い|思い|でき|疲れ|困り|"
                    r"要り|いり|いけ|かかり|見え|なり|できて|知り|すみ|構い|かまい|違い|過ぎ|感じ|覚え|てき|寂しくあり|"
                    r"つらくあり|せ|食べられ)$",
                    seen.sentence[: seen.start + 1],
                )
                and not re.search(r"^[てで]み", seen.marker)
            ),
            lambda seen: (
                seen.marker.endswith("ましょうか")
                and not re.search(r"そろそろ|もう|ちゃんと|まず|[てで]みましょうか", seen.sentence)
            ),
            lambda seen: (
                bool(re.search(r"(?:始め|終わり|休憩し|話し|聞き|続け|進め|紹介し)ま", seen.sentence))
                and not re.search(r"みま", seen.marker)
            ),
            open_question,
        ),
    ),
    Rule(
        "ja-if-only-you",
        "own_choice",
        re.compile(
            r"(?:[えけせてねめれげべ]ば|[ただ]ら)(?:いい|良い|よい|ええ|よろしい|済む|すむ)(?:だけ|話|"
            r"こと)?(?:なん|なの|ん|の)?(?:じゃ|では|ちゃう|とちが|やん|やろ|に(?:[。!?、…ね]|$)|だけ)"
        ),
        (
            reported,
            past,
            about_me,
            mine_so_far,
            about_another,
            open_question,
            past_throughout,
            own_thought,
            lambda seen: bool(re.match(r"[、]?[^。]{0,12}(?:できな|言えな|なぜか|つい|どうしても)", seen.tail)),
            lambda seen: bool(re.search(r"自分に[^。]{0,4}なれ?$", seen.before)),
        ),
    ),
    Rule(
        "ja-it-would-do-to",
        "own_choice",
        re.compile(
            r"(?:[えけせてねめれげべ]ば|[ただ]ら)(?:いい|良い|よい|ええ|よろしい)(?:ん)?(?:です|だ)?(?:よ|"
            r"さ|で(?!す|しょ)|と思(?:う|い)|かも|でしょう|だろう|[。!…]|$)|(?:[うくすつぬむぶぐる]|"
            r"ない)と(?:いい|良い|よい|ええ)(?:です)?(?:よ|さ|で(?!す)|と思(?:う|います)|かも|でしょう|"
            r"[。!…]|$|らしい)"
        ),
        (
            reported,
            past,
            lambda seen: about_me(seen) and not pressed(seen),
            mine_so_far,
            about_another,
            open_question,
            own_thought,
            happens,
            lambda seen: bool(re.search(r"(?:それ|これ|元気|無事|幸せ)で(?:いれ|あれ)ば|さえ", seen.before)),
            lambda seen: bool(re.match(r"(?:と(?:言|いう))|か", seen.tail)),
            lambda seen: bool(re.search(r"でしょうか|だろうか", seen.marker + seen.tail)),
        ),
    ),
)

"""Japanese: orders in rarer dress (「〜すること。」「〜しときな」「〜っきゃない」), many of them in dialect."""

import re
from typing import Final

from dialogue.core.language.ja.scope import (
    MINE,
    about_me,
    courteous,
    given_back,
    of_the_meeting,
    past_throughout,
    reported,
    tell_me,
)
from dialogue.core.language.rule import Rule

BLUNT: Final = (
    Rule(
        "ja-see-to-it",
        "own_step",
        re.compile(r"(?:[うくすつぬむぶぐる]|ない|せん)こと(?:ね?[!。]+$|、[^。]{0,12}(?:だけ|忘れ))"),
        (
            reported,
            *MINE,
            of_the_meeting,
            lambda seen: bool(re.search(r"私|僕|俺", seen.whole[len(seen.earlier) :])),
            lambda seen: bool(
                re.search(
                    r"(?:趣味|夢|目標|楽しみ|日課|役目|願い|心残り|後悔|きっかけ|理由|自慢|幸せ|思い出|悩み|特技|癖|の|こと|"
                    r"たい|モットー|信条|約束)(?:は|が|も|って)|私|僕|俺|という$|ある$|思う$|が[^。、]{0,3}$",
                    seen.before + seen.marker[:1],
                )
            ),
        ),
    ),
    Rule(
        "ja-do-it-now",
        "own_step",
        re.compile(
            r"(?:(?:[しっん見えけせてねめれげべ][とど]き|[いう][とど]き(?=な|や|んさい))(?:な(?!い)|や|なはれ|なっせ|んさい|いや)?|"
            r"[きしちみりびぎけせめれげべ](?:んさい|なっせ|なはれ|んしゃい|なされ)|(?:ちま|じま|[てで]ま)(?:え|いな)|[てで]まい|"
            r"[てで]き(?:い)?や|[てで](?:しまいな|いな(?=[。!]))|(?:断|守|頼|や|取|帰|送)りや)(?:よ|ね)?[。!]*$"
        ),
        (reported, past_throughout, about_me),
    ),
    Rule(
        "ja-stem-and-na",
        "own_step",
        re.compile(
            r"[きしちみりびぎけせめれげべ](?<!好き)(?<!嫌い)な(?:よ|って)[。!]*$|[しみりぎびけせめれげべ]な[。!]*$"
        ),
        (
            reported,
            about_me,
            lambda seen: bool(
                re.search(r"(?:かな|はな|だし|けれ|だけ|すれ|あれ|それ|これ|どれ)な", seen.sentence[-6:])
            ),
        ),
    ),
    Rule(
        "ja-nothing-else-for-it",
        "own_step",
        re.compile(r"っきゃない|べし[。、!]|[るくすむ](?:のみ|しかない)(?:だ|です|っしょ|でしょ)(?:よ)?"),
        (reported, *MINE, past_throughout, given_back),
    ),
    Rule(
        "ja-leave-off",
        "own_permission",
        re.compile(
            r"(?:んで|(?<!な)んでも|んと|ねえで)(?:よか|ええ|いい)(?:とに|よ|けん|わ|で|[。!]|$)|(?:やめ|止め)(?:とこ(?!う)|よか|ましょ(?!う))|"
            r"(?:注意|禁止|なし|ほどほどに)(?:ね|な)[。、!]|(?:とか|のは|は)[、]?(?:絶対)?(?:いかん|あかん)(?:ばい|で|ぞ|よ)|"
            r"(?:[おこそとのもろごぼ]う|よう|とこ)[、](?:な|ね)[?!。]"
        ),
        (reported, *MINE, of_the_meeting, past_throughout),
    ),
    Rule(
        "ja-do-me-the-favour",
        "own_wish",
        re.compile(r"[てで]くれ(?:よ|な)?[。!]*$"),
        (
            reported,
            tell_me,
            courteous,
            of_the_meeting,
            past_throughout,
            lambda seen: bool(re.search(r"助け|手伝っ|貸し|許し|来$|返し|代わっ|勘弁し|放っておい|信じ", seen.before)),
        ),
    ),
    Rule(
        "ja-you-would-do",
        "own_choice",
        re.compile(
            r"(?:きゃ|りゃ|しゃ)あ?(?:いい|ええ|よか)(?:ん|の|よ|さ|[。?!]|$)|[てで]みりゃあ?[。!]*$|"
            r"(?:ちゃえ|じゃえ|とけ|すれ|[えけせめれげべ])ば[?]|[てで]み[?]|(?:みちゃ|のは|て(?:みて)?は)どう(?:ね|かのう|かね)"
        ),
        (reported, *MINE, past_throughout),
    ),
)

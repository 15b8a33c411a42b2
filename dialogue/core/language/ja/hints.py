"""Japanese: hints (「相談室、予約なしでも入れますよ」) and ways shown in passing (「〜とかね」)."""

import re
from typing import Final

from dialogue.core.language.ja.scope import (
    MINE,
    about_me,
    asked,
    courteous,
    given_back,
    handed,
    mine_so_far,
    of_the_meeting,
    open_question,
    own_thought,
    past,
    past_throughout,
    reported,
    to_listener,
)
from dialogue.core.language.rule import Condition, Rule, Sighting

_TOLD: Final[tuple[Condition, ...]] = (
    reported,
    own_thought,
    *MINE,
    past,
    past_throughout,
    given_back,
    of_the_meeting,
    courteous,
)


def _offered(seen: Sighting) -> bool:
    """The speaker offers to do it: 「眠れないなら、電話に付き合いますよ」."""
    return bool(
        re.search(
            r"迎え|手伝|送り|送る|貸し|貸す|[てで]あげ|一緒に|案内|持って(?:き|行)|教えま|聞きます|付き合い|代わり|出すよ|出しま|"
            r"作りま|行きま|来て",
            seen.tail,
        )
    )


HINTS: Final = (
    Rule(
        "ja-help-is-near",
        "own_step",
        re.compile(
            r"(?:相談|窓口|センター|図書館|公民館|ハローワーク|役所|役場|(?:学生|就職|教務|教育)課|カウンセ|保健室|内科|外科|"
            r"眼科|婦人科|クリニック|病院|講座|講習|訓練|制度|サークル|求人|奨学金|助成|補助金|交流(?:の)?会|教室|弁護士|先生|"
            r"保健師|集まる会|掲示板)[^。]{0,28}?(?:やって|開いて|聞いて(?:くれ|もらえ)|来てくれ|出て|使え|受けられ|入れ|通え|"
            r"見て(?:くれ|もらえ)|教えてくれ|載って|ある|あり(?:ま|そう)|いる|いま|詳し|乗ってくれ|のってくれ|出してもら)"
        ),
        (*_TOLD, asked, open_question, _offered),
        (handed,),
    ),
    Rule(
        "ja-surprisingly",
        "own_turn",
        re.compile(r"案外|意外(?:と|に)|あんがい"),
        (
            *_TOLD,
            lambda seen: bool(re.search(r"私|僕|俺|うち|自分", seen.sentence)),
            lambda seen: bool(re.search(r"た(?:ん|の)?(?:です|だ)?よ[。!]*$", seen.sentence)),
        ),
        (handed,),
    ),
    Rule(
        "ja-if-that-is-so",
        "own_choice",
        re.compile(
            r"(?:[いうるくすむぶつぐ]|大変|無理|苦手|不安|嫌|いや|心配|好き)(?:の|ん)?(?:なら|だったら)(?!ない|い)|"
            r"[一-龥ァ-ヶーTE](?<!私)(?<!僕)(?<!俺)(?<!分)(?<!君)(?<!今)(?<!人)(?<!生)なら、"
        ),
        (
            *_TOLD,
            asked,
            open_question,
            _offered,
            lambda seen: bool(
                re.search(r"たい[。]?$|今しか|いつでも|大丈夫です|平気|でき(?:ます|る)|空いて", seen.tail)
            ),
        ),
        (lambda seen: handed(seen) or bool(re.search(r"[一-龥](?:です|だ)?[。!]*$", seen.tail)),),
    ),
    Rule(
        "ja-the-secret",
        "own_value",
        re.compile(
            r"(?:秘訣|秘けつ|ひけつ|コツ|こつ|極意|鉄則|基本|近道|特効薬|ポイント|決め手)(?:は|って)[^。?]{0,30}[。!]*$|"
            r"(?:とき|時|(?<![今明昨毎])日)(?:は|には)[、]?[一-龥ァ-ヶー]{1,8}(?:が一番|がいい|でいい|で十分)?(?:だ|です|に限|っちゃ|ばい)"
        ),
        (
            *_TOLD,
            asked,
            open_question,
            lambda seen: bool(re.search(r"私|僕|俺|うち|わが家|我が家|自分|何|どう|[?]", seen.sentence)),
        ),
    ),
    Rule(
        "ja-they-wait",
        "own_scene",
        re.compile(r"待って(?:い)?(?:る|ます)(?:よ|かもしれ|んじゃ|のでは|と思|はず)"),
        (reported, about_me, past_throughout, of_the_meeting),
        (lambda seen: bool(re.search(r"親|母|父|娘|息子|妹|弟|兄|姉|奥さん|旦那|孫|友|電話|言葉", seen.before)),),
    ),
    Rule(
        "ja-is-not-the-way",
        "own_permission",
        re.compile(
            r"(?:こと|話|もの|もん|荷物|道|選択|問題|恥)(?:だけ)?(?:じゃ|では|や|とは)(?:ない|ありません|ねえ|なか|あらへん)"
            r"(?:です|の|ん|わ|だ)*(?:よ|と思|さ|で|ばい|から|って|し)"
        ),
        (
            reported,
            *MINE,
            past,
            past_throughout,
            given_back,
            of_the_meeting,
            lambda seen: bool(
                re.search(
                    r"たいした|大した|簡単|楽な|普通|容易|できる$|珍しい|めずらしい|なかなか|そんな$", seen.before
                )
            ),
        ),
    ),
    Rule(
        "ja-that-alone",
        "own_turn",
        re.compile(
            r"(?:だけで|だけでも|ひとつで|一つで|一本で|[一二三四五十\d]+分でも)[、]?[^。]{0,14}?(?:違[いうっ]|変わ|楽|軽く|済む|すむ|"
            r"味方|伝わ|埋ま|すっきり|来てくれ)"
        ),
        (*_TOLD, asked, open_question),
        (lambda seen: handed(seen) or bool(re.search(r"かもしれ|と思", seen.tail)),),
    ),
)


WAYS: Final = (
    Rule(
        "ja-there-is-a-way",
        "own_choice",
        re.compile(
            r"(?:という|っていう|って|といった|なんて(?:いう)?|[うくすつぬむぶぐる](?:くらい|ぐらい)の|そんな)(?:の|手|道|ルート|選択肢?|順番|"
            r"案|[一-龥]{1,2}の仕方|[一-龥ぁ-ん]{1,4}方)(?:も|だって)(?:また|今は|最近は|、)*(?:[。…]|あり|ある|アリ|なくは|ないわけ|"
            r"かと|かな|考えられ|ええ|一つ|ひとつ|答え|手)|"
            r"も[、]?(?:また)?(?:ひとつ|一つ)の(?:考え|答え|道|選択|方法|手)|ありといえばあり|悪くないですよ"
        ),
        (
            *_TOLD,
            asked,
            open_question,
            lambda seen: bool(re.match(r"[^。]{0,6}(?:ましたか|ますか|のか)", seen.tail)),
        ),
    ),
    Rule(
        "ja-or-so",
        "own_choice",
        re.compile(
            r"(?:[てで]みる|(?:に|と)する|[うくすつむぶぐる])(?:、とか|とか)(?:ね|かな|は、?どう[^。]{0,8})?[?…。]*$|"
            r"とか(?:も|は)、?(?:できる|どう(?:な(?:ん|の)|で)|向いて)|[一-龥]からでも(?:[。…よ]|いい|遅く)"
        ),
        (reported, *MINE, past_throughout, of_the_meeting, open_question),
        (lambda seen: bool(re.search(r"[?]|、とか|たとえば|例えば|みる|からでも|とか[もは]", seen.sentence)),),
    ),
    Rule(
        "ja-it-is-worth",
        "own_choice",
        re.compile(
            r"価値(?:は|が)(?:ある|あり)|(?:皆さん|みなさん|[一-龥]{1,4}さん|君|あなた)も[、]?(?:ぜひ|とにかく)|ぜひ[。!]*$"
        ),
        (reported, past_throughout, of_the_meeting, courteous, own_thought, asked, mine_so_far, about_me),
        (lambda seen: not re.search(r"来て|遊び|会い|お越し|聞かせ|一緒", seen.sentence) or to_listener(seen),),
    ),
)

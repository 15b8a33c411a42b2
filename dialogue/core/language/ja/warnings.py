"""Japanese: what comes of it, and what is not done (「〜と後悔しますよ」「〜てはいけない」「〜のはもったいない」)."""

import re
from typing import Final

from dialogue.core.language.ja.scope import (
    ELSEWHERE,
    MINE,
    about_another,
    about_me,
    asked,
    courteous,
    embedded,
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
from dialogue.core.language.rule import Rule

WARNINGS: Final = (
    Rule(
        "ja-or-else",
        "own_turn",
        re.compile(
            r"(?:ないと|なければ|なきゃ|[うくすつぬむぶぐる]と|ない(?:まま|で)|たら|だら|ては|ちゃ|てると|"
            r"れば|まま(?:だと|では|じゃ)?|んと|ばかり(?:だと|では|じゃ)|ているうちは|てるうちは|"
            r"ない(?:かぎり|限り)|過ぎ(?:て|たら)から(?:だと|では))[^。]{0,18}?"
            r"(?:後悔(?:し(?!た|て)|す)|失敗(?:し(?!た|て)|す)|損(?:し(?!た)|す|を)|困(?:り|る)|"
            r"大変(?:なこと|です|だ)?|手遅れ|痛い目|苦労(?:し(?!た)|す)|体を壊|身体を壊|病気にな|"
            r"倒れ(?:ます|る)|つぶれ|潰れ|だめにな|ダメにな|取り返しがつか|足をすくわ|信用を失|信用され|"
            r"嫌われ|続きません|持ちません|もた(?:ない|ません)"
            r"|泣(?:きを|くこと|くよ|きますよ)|ひどい目|えらい目|置いていかれ|バカを見|馬鹿を見|成長(?:し|"
            r"でき)|伸び(?:ない|ません)|うまくいかな|うまくいきま|つらい(?:です|と思|よ|思い)|きつ(?:い|"
            r"く)|老後が|一生(?:逃|後|そ|苦|引)|遅い(?:です|よ|で)|間に合わな|間に合いま|何も変わ(?:ら|"
            r"り)|孤立|見放|愛想|なくな(?:る|り)ま?す?よ|息切れ|壊れ(?:る|ちゃ|て)|逃げること|寂し|報いが|"
            r"見えなくな|相手にされ|体にき|子ども(?:だ|です)|半人前|太(?:る|り)|遅刻|変われ(?:ない|ませ)|"
            r"始まら|(?:虫歯|風邪|迷子|バカ|ばか|一人|ひとり)(?:に|を)|てしまい?ますよ|ちゃ(?:う|"
            r"います)よ)"
        ),
        (
            reported,
            own_thought,
            past,
            asked,
            about_me,
            mine_so_far,
            about_another,
            past_throughout,
            embedded,
            lambda seen: bool(
                re.search(
                    r"(?:きっと|また)?(?:のだろう|と(?:思|考)(?:っ|え|い(?!ま)))|(?:の|ん)(?:です|だ)(?:が|けど)|"
                    r"気がし|のが怖|心配で|不安",
                    seen.tail,
                )
            ),
        ),
        (
            lambda seen: (
                to_listener(seen)
                or pressed(seen)
                or bool(
                    re.search(
                        r"(?:ます|ません|る|ない|です|だ|と思(?:う|います))(?:なあ|ね|で|わ|ぞ)?[。!…]*$", seen.sentence
                    )
                )
            ),
        ),
    ),
    Rule(
        "ja-then-you-will",
        "own_turn",
        re.compile(
            r"(?:(?:[うくすつぬむぶぐる]|ない)と|[えけせてねめれげべ]ば|だけでも?|よう(?:では|じゃ)|"
            r"このまま(?:では|じゃ|だと))[、]?[^。]{1,30}?(?:ます|ません|[うくすつぬむぶぐる]|ない|同じだ|"
            r"同じです|遅い(?:です)?)(?:よ|からね|ぞ|で)[。!…]*$"
        ),
        (
            reported,
            *MINE,
            past,
            past_throughout,
            own_thought,
            asked,
            of_the_meeting,
            open_question,
            courteous,
            lambda seen: bool(
                re.search(
                    r"春|夏|秋|冬|桜|駅|右|左|曲が|海|山|天気|雨|雪|出口|バス|電車|お店|道を|さえ|によると|よると|"
                    r"という|というと|言うと|から言えば|(?:^|[。、])すると|だと|私たち|ここ",
                    seen.sentence,
                )
            ),
            lambda seen: bool(
                re.search(
                    r"(?:手伝|連絡|送|持って|行|来|待|話|聞|教え|付き合|代わ|迎え|ついて|作)[ぁ-ん]{0,4}よ[。!]*$|"
                    r"んですよ|んだよ|と思",
                    seen.sentence,
                )
            ),
        ),
    ),
    Rule(
        "ja-beware",
        "own_turn",
        re.compile(
            r"(?:に(?:は|だけは)?|のは|よう|くれぐれも)[、]?(?:気をつけ|用心し|注意し|警戒し)(?:て(?:ね|"
            r"ください|くださいね|よ|な)?[。!…]*$|て(?:ください|下さい|おいて|いて|ね)|た(?:ほう|方)|"
            r"ないと|なきゃ|なさい|や|とき|ろ)|(?:[うくすつぬむぶぐる]|ない)(?:の)?(?:だけ)?(?:は|"
            r"には)(?:気をつけ|要注意|注意が必要|ほどほどに|控えめに)"
        ),
        (reported, courteous, of_the_meeting, about_me),
    ),
    Rule(
        "ja-not-allowed",
        "own_turn",
        re.compile(
            r"[はが]禁物|は(?:だめ|駄目|ダメ|いけません|いけない)(?:です)?よ|は(?:体|身体|目|健康|教育|心|"
            r"頭)に(?:悪い|よくな|良くな|毒)|(?<!なく)(?:[ちじ]ゃ|[てで]は|[ただ]ら|"
            r"(?:[うくすつぬむぶぐる]|ない)のは)(?:絶対に?|ほんまに|やっぱり|本当は|まだ)?(?:だめ|駄目|"
            r"ダメ|いけ(?:ない|ま)|いかん|あかん|まずい|アウト|なら(?:ない|ぬ)|NG)"
        ),
        (
            *ELSEWHERE,
            asked,
            about_me,
            mine_so_far,
            about_another,
            given_back,
            lambda seen: bool(re.match(r"(?:なん|な(?:の|ん)で|でし|だっ|そう|気が)", seen.tail)),
            lambda seen: bool(re.search(r"[?]|ですか", seen.tail)) and not re.search(r"じゃない", seen.tail),
            of_the_meeting,
        ),
    ),
    Rule(
        "ja-verdict",
        "own_turn",
        re.compile(
            r"(?:[うくすつぬむぶぐる]|ない|った|て|する|だけ)(?:の|なんて|っていうの|というの|こと)?(?:は|"
            r"には|って|なんて)(?:、)?(?:ちょっと|少し|まだ|さすがに|やっぱり|あまり|あんまり|"
            r"いくらなんでも|かなり|絶対|とても|一番)*"
            r"(?:早(?:い|すぎ|計)|落ち着きがな|みっともな|情けな|いただけな|恥ずかしい(?:よ|です)|"
            r"もったいな|違(?:う|い)|おかし|無謀|無茶|危ない|危険|禁物|無責任|失礼|損|逆効果|考えもの|"
            r"よくな|良くな|よろしくな|感心し|甘い|甘え|ずるい|卑怯|間違|筋違い|無理がある|贅沢|わがまま|"
            r"どうか(?:な|と)|いかがなもの|あとがつら|後がつら|お(?:すすめ|勧め)(?:し|でき)(?:ない|ま)|"
            r"惜し)"
        ),
        (
            *ELSEWHERE,
            *MINE,
            lambda seen: asked(seen) and not re.search(r"かな[あぁ]?[。…]*$", seen.sentence),
            lambda seen: bool(re.search(r"(?:自分(?:でも|が)|って(?:思|気))", seen.sentence)),
            lambda seen: bool(re.search(r"ですか[?。]*$", seen.sentence)) and not re.search(r"じゃ", seen.tail),
        ),
    ),
    Rule(
        "ja-leave-it",
        "own_turn",
        re.compile(
            r"(?:の|こと|だけ|なんか|ばっかり|それ|癖)(?:だけ)?(?:は|、)?(?:やめ|止め|よし|避け|控え|慎み|"
            r"我慢し)(?:て(?:ね|よ|おいて|おこう|おき|ください|[。!]|$)|た(?:ら|ほう|方)|とき|とけ|とこう|"
            r"よう(?:よ|ね)|な(?:さい|よ)|ませんか|ろ|ましょう|ない[?])"
        ),
        (reported, past_throughout, about_me, own_thought),
    ),
)

"""Japanese: one's own story tied to the listener, and what is recommended."""

import re
from typing import Final

from dialogue.core.language.ja.scope import (
    MINE,
    about_another,
    asked,
    courteous,
    embedded,
    experience_before,
    of_the_meeting,
    open_question,
    own_thought,
    past,
    past_throughout,
    reported,
    to_listener,
)
from dialogue.core.language.rule import Rule

LESSONS: Final = (
    Rule(
        "ja-so-you-too",
        "own_story",
        re.compile(
            r"(?:だから|ですから|なので|んだから|から、?|ので、?|ように、?|ためにも、?)(?:きっと|ぜひ|"
            r"どうか|絶対)?[、]?(?:あなた|君|きみ|あんた|お前|みなさん|皆さん|みんな)(?:も|は|に|なら|"
            r"だって|には)"
        ),
        (
            reported,
            past_throughout,
            asked,
            of_the_meeting,
            about_another,
            lambda seen: bool(
                re.search(
                    r"(?:聞きたい|ありがとう|感謝|好き|会え|話を|お話|どう|気持ちが(?:わか|分か)|思い出)", seen.tail
                )
            ),
        ),
    ),
    Rule(
        "ja-you-will-too",
        "own_story",
        re.compile(
            r"(?:あなた|君|きみ|あんた|お前|みなさん|皆さん)(?:[^。、]{0,10}(?:も|なら|"
            r"だって))[、]?(?=きっと|必ず|まだまだ|いずれ|いつか|絶対)|(?:あなた|君|きみ|あんた|お前|"
            r"みなさん|皆さん)(?:も|なら|だって)(?:きっと|必ず|まだまだ|いずれ|いつか|絶対|そのうち|"
            r"この先)?[^。]{0,12}?(?:でき(?:る|ま)|いけ(?:る|ま|んで)|いけるで|変われ|分かり?(?:ま|る)|"
            r"わかり?(?:ま|る)|大丈夫|なれ(?:る|ま)|乗り越え|見つか|なんとかな|何とかな|うまくい|"
            r"やれ(?:る|ま)|やり直せ|強くな)"
        ),
        (reported, past_throughout, asked),
        (experience_before,),
    ),
    Rule(
        "ja-so-do-not-worry",
        "own_story",
        re.compile(
            r"(?:だから|ですから|なので|から|ので)[、]?(?:何も|そんなに|全然)?(?:大丈夫|気にすること|"
            r"心配(?:し|いら|ない|ご無用)|焦ること|安心して)"
        ),
        (reported, past_throughout, asked, courteous, of_the_meeting),
        (experience_before,),
    ),
    Rule(
        "ja-speaking-from-experience",
        "own_story",
        re.compile(
            r"から言(?:う|え|わせ|いま)|経験(?:から|上)(?:言|申)|(?:者|先輩|年寄り|年長者|"
            r"親)として(?:一言|ひと言|ひとこと|言|申)|老婆心|お節介|おせっかい|余計なお世話|僭越ながら|"
            r"口うるさ(?:い|く)(?:よう|言)|悪いことは言わ|騙されたと思って|だまされたと思って|"
            r"耳が痛い(?:かも|だろう)|厳しいことを言"
        ),
        (
            reported,
            past_throughout,
            about_another,
            lambda seen: bool(re.search(r"(?:言|申)(?:わ|し)(?:れ|ませ|な)", seen.marker)),
        ),
    ),
    Rule(
        "ja-it-pays",
        "own_story",
        re.compile(
            r"(?:今|その|この|若い頃|若いとき|いま)[^。]{0,12}?(?:苦労|経験|失敗|遠回り|時間|努力|悩み|"
            r"我慢|回り道|つらさ|涙)[^。]{0,8}?(?:必ず|きっと|いつか|いずれ|絶対|あとで|後で|"
            r"無駄に)[^。]{0,10}?(?:役に立|役立|報われ|実を結|力にな|糧にな|活き|生き|財産|よかったと|"
            r"ならない|なりません)|(?:苦労|経験|失敗|遠回り|努力|"
            r"回り道)は[^。]{0,6}(?:無駄に(?:は)?な(?:らない|りません)|裏切(?:らない|りません)|"
            r"財産(?:です|だ)|宝(?:です|だ)|肥やし)(?:よ)?"
        ),
        (reported, past, past_throughout, *MINE, own_thought, asked),
    ),
)


RECOMMENDATIONS: Final = (
    Rule(
        "ja-recommend",
        "own_choice",
        re.compile(
            r"(?:おすすめ|お勧め|お薦め|オススメ|推奨|一押し|いちおし|(?<!お)(?<!に)勧め|"
            r"(?<!お)薦め)(?:し(?:ま|た(?:い|く)|て(?:い|お)?(?:ます|る))|です|だ|なん|でき|や(?:で)?|"
            r"かな|ます|は[^。?]{1,12}(?:です|かな)|[。!…]*$)"
        ),
        (
            reported,
            past,
            past_throughout,
            asked,
            about_another,
            lambda seen: bool(
                re.search(
                    r"(?:教え|聞き|知り|あれば|ありますか|ある[?]|何|なに|どれ|どこ|られ|してくれ)",
                    seen.tail + seen.before[-3:],
                )
            ),
            lambda seen: bool(re.search(r"(?:教え|何|どんな)", seen.before)),
        ),
    ),
    Rule(
        "ja-works",
        "own_choice",
        re.compile(
            r"(?:が|は|も)(?:いちばん|一番|よく|案外|結構|けっこう|とても)?(?:効(?:き(?:ます|目)|く(?:ん|"
            r"よ|と思)|果的|果があ)|有効|役立ち|役に立ち|いちばんの薬|一番の薬)(?:です|だ|ます|よ|と思|"
            r"ん)?|(?:の|って|、)(?:は)?(?:なかなか|本当に|いいもんで|案外)?いい(?:です|もん(?:です|だ)|"
            r"ものです)よ[。!…]*$|(?:には|とき(?:は|には)|なら)[、]?[^。、]{1,10}が(?:一番|"
            r"いちばん)?いい(?:です)?よ"
        ),
        (
            reported,
            *MINE,
            past,
            past_throughout,
            asked,
            own_thought,
            of_the_meeting,
            lambda seen: bool(re.search(r"いつでも|どちら|どっち|大丈夫|ここ|席", seen.sentence)),
        ),
    ),
    Rule(
        "ja-do-it-ahead",
        "own_choice",
        re.compile(
            r"(?:[てで]お(?:く|けば|いたら|いて)|[とど](?:くと|けば|いたら|"
            r"いて))[と]?[、]?[^。]{0,12}?(?:助か(?:る|り)|安心|楽(?:に|です|だ|よ)|役に立|いい(?!か)|"
            r"違(?:う|い)ま?|得(?!意)|間違いな|損は|困ら(?:な|ず)|大丈夫|便利|無駄に|後悔し)"
        ),
        (
            reported,
            past,
            past_throughout,
            *MINE,
            asked,
            own_thought,
            open_question,
            of_the_meeting,
            lambda seen: bool(re.search(r"ばよかった", seen.marker + seen.tail)),
        ),
    ),
    Rule(
        "ja-you-will-see",
        "own_story",
        re.compile(
            r"(?:[えけせてねめれげべ]ば|[うくすつぬむぶぐる]と|[ただ]ら|うちに|だけで)[、]?(?P<sure>必ず|"
            r"きっと|絶対に?|そのうち|いつか|自然と|だんだん|少しずつ)?[^。]{0,14}?(?:見え(?:て|る|ま)|"
            r"楽にな|すっきりし|変わ(?:る|り)|慣れ(?:る|ま)|うまくい(?:く|き)|大丈夫|なんとかな|何とかな|"
            r"間違いな|開け(?:る|ま|て)|伸び(?:る|ま)|落ち着(?:く|き)|わか(?:る|り)ま?|分か(?:る|り)|"
            r"身につ|道が|助か(?:る|り)|上達|続け?られ|続きやす|治(?:る|り)|味方|返って|報われ|強くな|"
            r"広が(?:る|り)|気が?済|ほぐれ|軽くな|喜(?:ぶ|び)|答えが|近道|気持ちい|いけ(?:る|ま))"
        ),
        (
            reported,
            past,
            past_throughout,
            *MINE,
            asked,
            own_thought,
            open_question,
            of_the_meeting,
            courteous,
            embedded,
            lambda seen: "だけで" in seen.marker and bool(re.match(r"(?:ら|り)?(?:ません|ない)", seen.tail)),
            lambda seen: bool(re.search(r"うと|という|いうと|なると[^。]*わか", seen.marker[:4])),
        ),
        (
            lambda seen: (
                bool(
                    re.search(r"よ(?:ね)?[。!…]*$|から(?:ね)?[。!]*$|で[。!]*$", seen.sentence)
                    and not re.search(r"ん(?:です|だ)よ(?:ね)?[。!]*$", seen.sentence)
                )
                or seen.marker.find("必ず") >= 0
                or seen.marker.find("きっと") >= 0
                or seen.marker.find("だけで") >= 0
                or seen.marker.endswith("間違いな")
                or bool(re.search(r"ば[、]?(?:大丈夫|何とか|なんとか)", seen.marker))
                or to_listener(seen)
            ),
        ),
    ),
)

"""Japanese: how things are done, with or without a verb of obligation (「〜するものです」「人生、最後は…」)."""

import re
from typing import Final

from dialogue.core.language.ja.scope import (
    about_another,
    about_me,
    asked,
    embedded,
    for_people,
    mine_so_far,
    of_the_meeting,
    open_question,
    own_thought,
    past,
    past_throughout,
    pressed,
    reported,
)
from dialogue.core.language.rule import Rule

_MINE: Final = (about_me, mine_so_far, about_another)


_ELSEWHERE: Final = (reported, own_thought, past, embedded)


NORMS: Final = (
    Rule(
        "ja-what-matters",
        "own_value",
        re.compile(
            r"(?:[うくすつぬむぶぐる]|ない|った|て)(?:の|こと|ん|というの)(?:が|は|も|だって)(?:何より|"
            r"やっぱり|結局|本当に|とても|すごく|まず)?(?:も)?(?:一番|いちばん|大切|大事|肝心|重要|基本|"
            r"先決|近道|常識|礼儀|筋|当たり前|当然|普通|マナー|コツ|秘訣|鍵|カギ|正解|王道|鉄則|必須|"
            r"不可欠|第一|義務|務め|責任|(?:なにより|何より)の|親孝行|幸せなん|相場|たしなみ|定石|"
            r"セオリー|エチケット|立派な|勇気|才能|優しさ|やさしさ|強さ|仕事のうち|親心|思いやり)"
        ),
        (
            reported,
            own_thought,
            past,
            asked,
            *_MINE,
            open_question,
            lambda seen: bool(
                re.match(
                    r"[^。、]{0,4}(?:好き|楽し|嬉し|うれし|苦手|怖|こわ|つら|辛|悲し|寂し|しんど|苦し|心配|不安|"
                    r"難し|嫌|な(?:のか|人|こと|もの)|に(?:し|な(?!る))|の(?:職場|時代|家|世界|頃|ころ|こと)|"
                    r"だ(?:と(?!思(?:い?ます|う))|った))",
                    seen.tail,
                )
            ),
            of_the_meeting,
        ),
    ),
    Rule(
        "ja-thing-to-do",
        "own_value",
        re.compile(
            r"(?:(?<!と)(?<!て)[うくすつぬむぶぐる]|ない|ん)(?:もの|もん)(?:です|だ|や|じゃ|"
            r"でしょう?)(?:よ|から|ぞ|って)?[。!…]*$"
        ),
        (
            reported,
            *_MINE,
            lambda seen: (
                bool(
                    re.search(
                        r"(?:とい|使|ある|作|できる|いる|くれる|もらえる|なる|わかる)$", seen.sentence[: seen.start + 1]
                    )
                )
                and not for_people(seen)
            ),
        ),
    ),
    Rule(
        "ja-it-is-to",
        "own_value",
        re.compile(r"(?:[うくすつぬむぶぐる]|ない)(?:こと|事)(?:です|だ|や)(?:よ|ね|な|って|わ|ぞ)?[。!…]*$"),
        (
            reported,
            *_MINE,
            lambda seen: (
                bool(
                    re.search(
                        r"(?:夢|趣味|役目|楽しみ|きっかけ|理由|目標|仕事|願い|望み|日課|癖|習慣|自慢|課題|特技|の|こと|もの|時間)は",
                        seen.before,
                    )
                )
                and not re.search(
                    r"(?:大事|大切|肝心|必要|コツ|秘訣|基本|一番|まず|いい|ポイント|鍵|成功|最初|うち|とき|時|"
                    r"ときに|今)(?:な|に)?(?:の|こと)?は",
                    seen.before,
                )
            ),
            lambda seen: bool(
                re.search(r"(?:ある|いう|思う|する)$", seen.sentence[: seen.start + 1])
                and re.search(r"(?:よく|そう|どう|もある)", seen.before[-4:])
            ),
        ),
    ),
    Rule(
        "ja-the-point-is",
        "own_value",
        re.compile(
            r"(?:大事|大切|肝心|重要|必要|特効薬|近道|いちばんいい|一番いい|ポイント|コツ|秘訣|基本|鉄則|"
            r"鍵)な?(?:の|こと|もの)?は"
        ),
        (
            *_MINE,
            past_throughout,
            asked,
            open_question,
            reported,
            of_the_meeting,
            lambda seen: bool(re.search(r"(?:にとって|個人的に|私の|僕の|俺の|うちの)", seen.before)),
            lambda seen: bool(re.search(r"何|なん|どこ|どんな|[かの][?。]*$|[?]", seen.tail)),
            lambda seen: (
                not re.search(
                    r"(?:こと|もの|の|ん|[うくすつぬむぶぐる])(?:です|だ|や|じゃ)?(?:よ|ね|と思(?:う|"
                    r"います))?[よね]*[。!…]*$|です[よね]*[。!]*$",
                    seen.tail,
                )
            ),
        ),
    ),
    Rule(
        "ja-proverb",
        "own_value",
        re.compile(
            r"てなんぼ|に限(?:る|ります)|に(?:越|こ)したことは(?:ない|ありません)|[たっ](?:者|もの|もん|"
            r"モン)勝ち|[はが](?:第一|命|すべて|全て|資本|もの(?:を|ぞ)?言)(?:です|だ|や|い)|てこそ|"
            r"に尽き(?:る|ます)|(?:買ってでも|石の上にも三年|急がば回れ|苦労は|百聞は)|一人前(?:です|だ)|本分は|"
            r"あっての(?!こと)|たほうが勝ち|に勝るものは|ほど(?:いい|良い)(?:ん(?:です|だ)|です|だ|よ|"
            r"[。])|より[^。、]{1,5}(?:です|だ)よ[。!…]*$|[てで](?:初めて|はじめて)[^。]{1,14}(?:る|ます|"
            r"く|う)(?:ん(?:です|だ)|もの(?:です|だ))よ?|(?:社会人|大人|男|女|人|子|子ども|親|"
            r"夫婦)の(?:常識|マナー|たしなみ|務め|美学|礼儀|責任|つとめ)(?:です|だ)"
        ),
        (
            reported,
            *_MINE,
            past,
            own_thought,
            asked,
            lambda seen: bool(re.search(r"と(?:いう|は言|言)", seen.clause_tail)),
        ),
    ),
    Rule(
        "ja-rule-of-conduct",
        "own_value",
        re.compile(
            r"が(?:基本|鉄則|常識|大原則|原則|マナー|礼儀|筋|道理|当たり前|あたりまえ|当然|王道|正解|肝心|"
            r"普通|無難|賢明|得策|先決|一番の[一-龥]{1,4}|何より)(?:です|だ|なん|でしょう?|や|じゃ|"
            r"というもの)(?:よ|ね|ぞ|な|ない|です|か|で)*[。!?…]*$"
        ),
        (
            reported,
            *_MINE,
            past,
            asked,
            lambda seen: bool(re.search(r"(?:当社|弊社|うちの|会社では|この辺|この町|地元で|当時)", seen.before)),
        ),
    ),
    Rule(
        "ja-what-makes",
        "own_value",
        re.compile(
            r"(?:の|こと|って|それ|これ)が(?:本当の|一人前の|真の|いい|ほんまの|良い)?(?:大人|社会人|男|"
            r"女|母親|父親|親|プロ|友だち|友達|親友|夫婦|家族|人間|人の道|誠意|務め|仕事|学生|学問|人生|"
            r"愛情|思いやり|優しさ|やさしさ|責任)(?:です|だ|って|という|でしょう?|じゃない|というもの|や|"
            r"の(?:務め|役目|仕事|つとめ|たしなみ|礼儀|流儀|筋))"
        ),
        (*_ELSEWHERE, *_MINE, asked),
    ),
    Rule(
        "ja-such-people",
        "own_value",
        re.compile(
            r"(?:社会人|学生|大人|男|女|親|新人|若手|プロ|人間|長男|長女|部下|上司|先輩|夫婦|家族|友だち|"
            r"仲間|若者)(?:なら|だったら|たるもの|である以上|は黙って|なんだから|なんですから|"
            r"として(?:は)?)"
        ),
        (
            *_MINE,
            past_throughout,
            reported,
            asked,
            lambda seen: bool(
                re.search(
                    r"無料|割引|入れ|参加|泊ま|使え|もらえ|申し込|わか|分か|知って|って言|と言|暮ら|過ご|迎え|"
                    r"生きて|働いて|付き合って",
                    seen.tail,
                )
            ),
            lambda seen: "として" in seen.marker and not pressed(seen),
            of_the_meeting,
            lambda seen: (
                not re.search(
                    r"(?:です|ます|る|う|く|す|ない|ません|だ|しょう|もの)(?:よ|ね|よね|ぞ|から|わ)*[。!?…]*$",
                    seen.tail,
                )
            ),
        ),
    ),
    Rule(
        "ja-while-young",
        "own_value",
        re.compile(
            r"(?:若い|元気な|学生の|独身の|二十代の|20代の|三十代の|体が動く|身軽な|親がいる|親が元気な|"
            r"早い|今の|生きてる|生きている|ある|できる|小さい|新人の)うち(?:は|に|だけ|しか|が|の)"
        ),
        (
            *_MINE,
            past_throughout,
            own_thought,
            asked,
            reported,
            lambda seen: bool(
                re.search(
                    r"(?:に、?と思|つもり|ようと思|(?:し|み|い|り|き|ち)たい|予定|ことにし|てき|てい(?:る|ます)|"
                    r"けど|の話|と(?:焦|迷|考|決))",
                    seen.tail,
                )
            ),
            lambda seen: bool(re.search(r"(?:た|たんです|ました)[。よねが]*$", seen.sentence)),
        ),
        (
            lambda seen: bool(
                re.search(
                    r"(?:です|ます|る|う|く|す|ぶ|む|ない|ません|だ|しょう|しろ|もの|よ|ね|いい|に|"
                    r"が花)[よねぞで]*[。!…]*$",
                    seen.tail,
                )
            ),
        ),
    ),
    Rule(
        "ja-who-succeeds",
        "own_value",
        re.compile(
            r"(?:成功している|成功する|できる|仕事のできる|伸びる|幸せな|信頼される)(?:人|やつ|者)(?:は|"
            r"ほど)[^。]*(?:です|だ|ます|る|い)(?:よ|から)?[。]?$|(?:今|最近|近頃|いま)の(?:若い(?:人|者|"
            r"子)|若者|学生)(?:たち|さん)?(?:は|って)[^。]*(?:から(?:ね)?|よ|ね|です|だ)[。]?$|(?:人|ひと|"
            r"者|やつ|奴|子|人間|若者|学生|方)(?:が|ほど|ほうが|は|だけが)(?:結局|一番|いちばん|最後に|"
            r"最後は|自然と|必ず|やっぱり|早く|あとで|どこでも|どこに行っても)*(?:は)?(?:伸び|成功|得をす|"
            r"得する|勝[ちつ]|成長し|評価され|信頼され|うまくい|好かれ|嫌われ|幸せにな|残[るり]|楽にな|"
            r"損をす|損する|苦労す|通用し|強い(?:です|ん)|後悔す|取り残され|置いていかれ)|ない(?:人|やつ|"
            r"者)(?:は|に)[^。]{1,16}?(?:ない|ません)(?:よ|から|もの)?[。!…]*$"
        ),
        (*_MINE, past, reported, own_thought, asked),
    ),
    Rule(
        "ja-maxim",
        "own_value",
        re.compile(
            r"(?:人生|世の中|世間|社会|結婚|夫婦|大人|人間|男|女|若者|プロ|仕事|会社|お金|夢|友情|恋愛|"
            r"子育て|子ども|親|家族|組織|信用|信頼|縁|運|チャンス|若さ|苦労|失敗|努力|約束|礼状|挨拶|"
            r"人付き合い|人間関係|健康|時間|学歴|肩書き|言葉|面接|転職|就職|就活|友だち|友達|自信|才能|"
            r"やる気|評価|幸せ|成功|涙|愛|自由|謝罪|お礼|正論|噂|癖)"
            r"(?:(?:というもの|という|っていう|って|ての|てもの)(?:の)?(?:は|も)?|なんて(?:もの)?(?:は)?|"
            r"なんか|とは|だけ(?:では|で|じゃ)|、最後は|、結局は?|(?<=人生)、|(?<=世の中)、|"
            r"は(?=[^。]*(?:もの|もん|[てで]くれ|"
            r"(?:です|だ|ます|ません|ない|る)(?:よ|から(?:ね)?|って|ぞ|で))[。!…]*$))|(?:人生|夫婦|"
            r"世の中|人間|友情|信用|信頼|結婚|苦労|失敗|大人)は[、]?(?=[^。]*ん(?:です|だ)[。!…]*$)|"
            r"(?:まともな|ちゃんとした|普通の|本物の|一流の|できる)[一-龥ぁ-ん]{1,5}(?:なら|は|"
            r"だったら)[、]?(?=[^。]*よ[。!…]*$)|(?:[一二三四五]十代|[2-5]0代|学生時代|青春|若さ|"
            r"大学時代)は[、]?(?=[^。]*(?:時期|とき|時|もの)(?:です|だ)よ?[。]?$)|(?:それ|続ける|やる|"
            r"動く|待つ|耐える|信じる|飛び込む|ぶつかる|向き合う|[うくすつぬむぶぐる])しか(?=(?:ない|"
            r"ありません)(?:ん|の)?(?:です|だ)?よ?[。!…]*$)"
        ),
        (
            reported,
            *_MINE,
            past,
            past_throughout,
            own_thought,
            asked,
            open_question,
            of_the_meeting,
            lambda seen: bool(re.search(r"(?:私|僕|俺|うち|今|その|この|あの|前)の$|(?:その|この|あの)$", seen.before)),
            lambda seen: bool(
                re.search(
                    r"好き|楽し|嬉し|うれし|苦手|怖|こわ|つら|悲し|寂し|不安|にとって|たい[でけとなの]|かな|"
                    r"だろう|[?]|んですけど|わから|分から|[てで](?:い|お)?(?:ます|る)(?:[。]|$)|休み|忙し|来年|"
                    r"来月|今|順調|元気|決めて|あまり",
                    seen.tail,
                )
            ),
            lambda seen: (
                not re.search(
                    r"(?:です|だ|ます|ません|ない|る|もの|もん|[一-龥])(?:よ|から|からね|よね|って|ぞ|で|ね)*[。!…]*$",
                    seen.tail,
                )
            ),
        ),
    ),
    Rule(
        "ja-the-more",
        "own_value",
        re.compile(
            r"(?:[たるす]|ない)(?:ぶん|分)だけ[^。]{1,20}?(?:る|ます|う|く)(?:ん(?:です|だ)|もの(?:です|"
            r"だ))?(?:よ|から)?(?:ね)?[。!…]*$"
        ),
        (reported, *_MINE, past, past_throughout, asked),
    ),
    Rule(
        "ja-everybody-does",
        "own_value",
        re.compile(
            r"(?:誰でも|誰もが|誰だって|みんな|人は(?:皆|みんな)?)[^。]{0,14}?(?:通る|そう(?:です|だ)|"
            r"最初は|同じ|不安|失敗|悩む|悩み|経験する)[^。]{0,8}?(?:よ|もの(?:です|だ)|んだから)|"
            r"一握り(?:です|だ)よ|待って(?:は)?くれ(?:ない|ません)"
        ),
        (reported, *_MINE[:2], past, past_throughout, asked),
    ),
    Rule(
        "ja-normally",
        "own_value",
        re.compile(
            r"(?:^|[、。\s])(?:普通(?:は|なら|だったら|、)|ふつう(?:は|なら|、)|一般的に(?:は|、)|"
            r"常識的に|世間では|世の中では|本来(?:は|なら)|社会に出(?:たら|れば)|大人になったら)"
        ),
        (
            *_MINE,
            past_throughout,
            reported,
            own_thought,
            asked,
            of_the_meeting,
            lambda seen: bool(re.search(r"けど|のに|らしい|そうです", seen.tail)),
        ),
    ),
)

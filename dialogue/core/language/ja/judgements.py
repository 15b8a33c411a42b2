"""Japanese: judging the listener so that a change is implied (「考えすぎですよ」「まだ若いんだから」)."""

import re
from typing import Final

from dialogue.core.language.ja.scope import (
    MINE,
    about_another,
    about_me,
    asked,
    mine_so_far,
    of_the_meeting,
    own_thought,
    past,
    past_throughout,
    pressed,
    reported,
    to_listener,
)
from dialogue.core.language.rule import Rule, Sighting


def _of_the_mind(seen: Sighting) -> bool:
    """What need not be is a state of mind, or the ending hands it over: not 「見る前に送られることはありません」."""
    return (
        pressed(seen)
        or to_listener(seen)
        or bool(
            re.search(
                r"気に|焦|悩|恐れ|怖が|心配|急|無理|恥|責め|我慢|遠慮|卑下|比べ|諦め|あきらめ|迷|謝|頑張|"
                r"がんば|落ち込|合わせ|背負|抱え|まで$",
                seen.before + seen.marker[:1],
            )
            or re.search(r"必要|義務|ほど|なくた?って", seen.marker)
        )
    )


JUDGEMENTS: Final = (
    Rule(
        "ja-too-much",
        "own_turn",
        re.compile(
            r"(?:考え|気にし|頑張り|がんばり|働き|真面目|まじめ|厳し|遠慮し|抱え込み|溜め込み|ため込み|"
            r"心配し|無理し|甘やかし|急ぎ|慎重|優し|やさし|責め|遣い|使い|思い詰め|思いつめ|焦り|謙遜し|"
            r"謙虚|背負い|期待し|こだわり|背伸びし|悩み|我慢し|頼り|欲張り|一般化し|真剣|完璧主義|"
            r"自分に[^。]{0,4}|人に[^。]{0,4}|ゴロゴロし|甘え|振り回され|飛ばし|詰め込み|悲観的|楽観的|"
            r"受け身|弱気|強気|卑屈|大げさ|理想が高|に?なり)(?:すぎ|過ぎ)(?:です|だ|ている(?:よう|気が)|"
            r"てる(?:よう|気が)|る(?:ん|の|と|よ|かな|ところ|"
            r"きらい|傾向|[。ねな])|ます|なん|じゃ|では|ん|かな|かも|て(?:い)?(?:ます|る|ませんか|ない))"
        ),
        (
            reported,
            own_thought,
            past,
            past_throughout,
            *MINE,
            lambda seen: asked(seen) and not re.search(r"かな[あぁ]?[。…]*$|ませんか", seen.sentence),
        ),
    ),
    Rule(
        "ja-that-is-how-you-are",
        "own_turn",
        re.compile(
            r"(?:[よねな]|だ)、(?:君|あなた|お前|あんた|おまえ)(?:は|って|の|も)|(?:あなた|君|"
            r"お前)の(?:悪い|よくない|いけない)(?:癖|ところ|くせ)|(?:あなた|君)(?:ほど|ともあろう)(?:の|"
            r"人)|(?:邪魔をし|首を絞め|空回りし|目をそらし|目を背け|殻に閉じこも|意固地にな|損をし|"
            r"無理をし)[^。]{0,6}(?:よう|気が|んじゃ|のでは)|(?:じゃなくて|ではなくて)[、]?(?:ただの|"
            r"単なる)|(?:それは|それって)[、]?(?:ただの|単なる)|(?:から|せいで)[、]?(?:いつも|余計|結局|"
            r"また|毎回)[^。]{1,16}(?:んです|んだ|の)よ|(?:あなた|君|お前|あんた)は[^。]{1,24}(?:んです|"
            r"んだ|の)よ[。!]*$|(?:ばかり|ばっかり)(?:で|して(?:い)?て)[^。]{1,16}んじゃない|にもなって|"
            r"いい(?:歳|年)を?して|その(?:歳|年)(?:で|になって)|(?:あなた|君)は[^。]{0,14}(?:知らない|"
            r"分かってない|わかってない)(?:から|だけ|ん)|(?:言い方|伝え方|やり方|聞き方|態度|選び方)(?:が|"
            r"も|は)(?:ちょっと|少し)?(?:まずい|悪い|よくない|まずかった|悪かった|"
            r"よくなかった)(?:です)?(?:ね|よ|と思)|(?:本気|本当にやりたい(?:の)?|やる気)(?:なら|だったら|"
            r"でしたら|があ(?:る|れば)(?:なら)?)|(?:気持ち|立場|こと)を(?:少しは)?(?:考え|想像し)(?:た|"
            r"てみた)こと(?:は|が|も)?(?:あり|ある|ない)"
        ),
        (
            reported,
            *MINE,
            own_thought,
            lambda seen: past(seen) and "まず" not in seen.marker,
            lambda seen: bool(
                re.search(r"(?:お話|話|声|言葉|ありがと|すてき|素敵|好き|本当に)", seen.sentence)
                and re.search(r"[よねな]、", seen.marker)
            ),
        ),
    ),
    Rule(
        "ja-a-waste",
        "own_turn",
        re.compile(
            r"(?:勿体|もったい)な(?:い|すぎ)(?:です|ん|と思(?:う|い)|気が(?:し|す)|[よねなわ。!…、]|こと|"
            r"$|じゃ|のでは|のに)"
        ),
        (reported, past, past_throughout, *MINE, own_thought, lambda seen: bool(re.search(r"って言[うわ]", seen.tail))),
        (
            lambda seen: (
                to_listener(seen)
                or pressed(seen)
                or bool(
                    re.search(r"(?:のは|なんて|だけでは|(?:で|て)、?|ままでは|ちゃ|たら|と|のに|のが)", seen.before)
                )
            ),
        ),
    ),
    Rule(
        "ja-still-young",
        "own_turn",
        re.compile(
            r"(?:まだ|まだまだ|せっかく)[^。、]{0,8}(?:若い|これから|[一二三四五六七八九十\d]+(?:代|"
            r"歳)?(?=でしょ|だよ|なん|です|じゃ)|二十代|20代|三十代|30代|学生|一年生|時間(?:は|が)ある|"
            r"先は長い|[大短]学まで出|ここまで)[^。、]{0,4}?(?:のに|んだから|なんだから|から|じゃない|"
            r"じゃん|でしょう?|し、|よ|やん|ですよ)"
        ),
        (reported, past, past_throughout, about_me, mine_so_far, about_another, own_thought, asked),
    ),
    Rule(
        "ja-only-an-excuse",
        "own_turn",
        re.compile(
            r"(?:逃げ|言い訳|甘え|怖がっ|避け|ごまかし|意地を張っ|強がっ|先延ばしに?し|探し|格好つけ|"
            r"気取っ|迷っ|人のせいにし|見栄を張っ|思い込ん)[^。、]{0,6}?(?:だけ|ばかり|ように(?:見え|思え|"
            r"聞こえ|感じ)|んじゃ|のでは|だろう|でしょう)"
        ),
        (reported, past, past_throughout, *MINE, own_thought, lambda seen: bool(re.search(r"どう|何", seen.before))),
    ),
    Rule(
        "ja-your-view-is",
        "own_turn",
        re.compile(
            r"(?:それ|そこ|その[一-龥ァ-ヶぁ-ん]{1,8}|そんな[一-龥ァ-ヶぁ-ん]{0,8}|あなた[^。]{0,8}|"
            r"君[^。]{0,8}|考え方?|やり方|見方|視野|覚悟|努力|方向|気持ち|準備|詰め|詰めが|読み|認識|"
            r"発想)(?:は|が|って|も|じゃ|では)(?:、)?(?:ちょっと|少し|まだ|まだまだ|さすがに|やっぱり|"
            r"あまりに|随分|いささか)*(?:甘い|甘く|浅い|狭い|古い|弱い|足り(?:ない|てない|ていない|"
            r"ません)|不足|後ろ向き|消極的|贅沢|わがまま|失礼|おかしい|間違って|違ってい|間違い|勘違い|"
            r"思い込み|言い訳|無責任|未熟|無謀|無茶|逃げ|ずるい|損|幼い|偏って|固い|硬い|よくない|"
            r"良くない|通用し|非常識|ひとりよがり|独りよがり|大げさ)"
        ),
        (
            reported,
            past,
            past_throughout,
            about_me,
            mine_so_far,
            about_another,
            own_thought,
            lambda seen: asked(seen) and not re.search(r"かな[あぁ]?[。…]*$", seen.sentence),
            lambda seen: bool(re.search(r"(?:私|僕|俺|自分)(?:の|には|が)", seen.before)),
        ),
    ),
    Rule(
        "ja-made-for",
        "own_turn",
        re.compile(
            r"(?:向いて|向き|合って|似合って|適任|才能|素質|ふさわし)[^。、]{0,8}?(?:と思(?:う|い)|よ|"
            r"はず|んじゃ|です(?:ね|[。!])|気が(?:し|す)|でしょう|のに)"
        ),
        (reported, past, past_throughout, about_me, mine_so_far, about_another, own_thought, asked),
        (to_listener,),
    ),
    Rule(
        "ja-no-need",
        "own_permission",
        re.compile(
            r"(?:[うくすつぬむぶぐる]|まで)(?:ような|ほどの)?(?:必要|こと|義務|理由)(?:は|なんて|も|"
            r"なんか|って)?(?:ぜんぜん|全然|まったく|全く|少しも|ひとつも)?(?:ない|ありません|あらへん|"
            r"ございません|ねえ)|なくた?って[。…]*$|ほどの(?:こと|問題|話)(?:でも|では|じゃ)(?:ない|"
            r"ありません)"
        ),
        (
            reported,
            past,
            own_thought,
            about_me,
            mine_so_far,
            about_another,
            asked,
            past_throughout,
            lambda seen: (
                bool(
                    re.search(
                        r"何も|特に|(?:話す|言う|できる|する|やる)$"
                        r"|(?:わかる|ある|という)$",
                        seen.sentence[: seen.start + 1],
                    )
                )
                and not to_listener(seen)
            ),
            lambda seen: bool(re.match(r"(?:し|の|仕事|日|人|ので|から、)", seen.tail)),
            of_the_meeting,
            lambda seen: seen.sentence[: seen.start + 1].endswith("いただく"),
        ),
        (_of_the_mind,),
    ),
    Rule(
        "ja-if-you-have-time-to",
        "own_turn",
        re.compile(
            r"(?:暇|ひま|時間|余裕|元気|お金|体力)が(?:あったら|あるなら|あれば|あるんだったら|"
            r"あるのなら)[、]?(?!また|ぜひお|お|一緒)"
        ),
        (
            reported,
            about_me,
            past_throughout,
            of_the_meeting,
            mine_so_far,
            asked,
            lambda seen: bool(re.search(r"たい(?:です|と|な|ね|けど|[。])|いいな|ようと思", seen.tail)),
        ),
        (lambda seen: bool(re.search(r"[てるい][暇ひ]|くらい|なら|ほど", seen.sentence)),),
    ),
    Rule(
        "ja-that-will-not-do",
        "own_turn",
        re.compile(
            r"(?:それ|そんな(?:こと|の|ふうに|調子|考え|態度|気持ち)?|その(?:まま|調子|程度|歳|年|やり方|"
            r"考え))(?:では|じゃ|だと|で(?:は|も))[^。]{0,16}?(?:泣(?:き|く)|悲しみ|悲しむ|だめ|駄目|ダメ|"
            r"いけない|困(?:る|り)|通用し(?:な|ま)|続か|続きま|うまくいか|うまくいきま|伸び(?:な|ま)|"
            r"変わ(?:ら|りま)|何も|もたな|浮かばれ|認め|進ま|進み|信用|嫌われ|務まら|務まりま)"
        ),
        (reported, past, about_me, mine_so_far, about_another, own_thought, past_throughout, asked),
    ),
)

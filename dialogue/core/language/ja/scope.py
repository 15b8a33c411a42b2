"""Who speaks of whom in a Japanese sentence, and what its ending makes of the words before it.

Japanese leaves the subject out, and the last syllables decide: 「行ったほうがいいですよ」 is told to a listener,
「行ったほうがいいのかな」 asks, 「行ったほうがいいと思って、電話した」 is one's own past. So each rule names its
marker, and the conditions here look at subject, ending and scope.
"""

import re
from typing import Final

from dialogue.core.language.rule import Condition, Sighting

_ME: Final = r"(?:私|わたくし|わたし|あたし|僕|ぼく|俺|おれ|オレ|わし|ワシ|小生)(?:自身|たち|達|ら)?"
SELF: Final = re.compile(
    rf"{_ME}(?:って)?(?:は|も|が|には|にも|にとって|としては|の(?:場合|中|家|人生|夢|役目|父|母|周り)|、|なんか|なんて)"
    r"|(?:自分|当時|あの頃|あのころ|その頃|我が家|わが家|(?<![のいなるたん])うち|ウチ|我々)(?:は|"
    r"も|にとって|としては|の中で|の場合)"
    r"|自分に言い聞かせ|うちの(?:子|息子|娘|父|母|人|家|会社|夫|妻)|、(?:私|僕|俺)[。!?]?$"
)
LISTENER: Final = re.compile(
    r"あなた|貴方|(?<![諸主])君(?:は|が|も|に|なら|だっ|の|を|みたい|ら|たち|、|って|にも)|"
    r"きみ(?:は|が|も|に|なら|の|を|、)"
    r"|お前|おまえ|あんた|おたく|(?:皆|みな)(?:さん|様|さま)|みんな(?:も|は|に)|[A-Z]\s?(?:君|くん|さん|ちゃん)"
)
_KIN: Final = (
    r"父|母|両親|親父|おやじ|お袋|おふくろ|兄|姉|弟|妹|祖父|祖母|じいちゃん|ばあちゃん|息子|娘|孫|"
    r"妻|夫|主人|家内|嫁|旦那"
    r"|上司|部下|部長|課長|社長|店長|先生|教授|先輩|後輩|友人|友だち|友達|同僚|彼女?|監督|コーチ|"
    r"師匠|医者|あの人|相手"
    r"|仲間|子ども|子供|お?客(?:さん)?|住民|地元の人|誰か|生徒|教え子|患者|家族|お父さん|お母さん|"
    r"おじいちゃん|おばあちゃん"
)
THIRD: Final = re.compile(rf"(?:{_KIN})(?:さん|たち|達)?(?:自身)?(?:は|が|も)(?!いちばん|一番|元気なうち)")
TO_THIRD: Final = re.compile(rf"(?:{_KIN}|子ども(?:たち)?|子供(?:たち)?)(?:さん|たち|達)?(?:に|から|を)(?:は|も)?")
# Kin spoken of with respect is the listener's.
_YOURS: Final = re.compile(r"(?:娘|息子|弟|妹|兄|姉|奥|旦那|お子|お孫|親御)さん|ご(?:主人|両親|家族)")
PEOPLE: Final = re.compile(
    r"若い(?:人|うち|方|皆)|若者|学生(?:さん)?(?:は|なら|の(?:うち|間|あいだ)|たるもの)|社会(?:人|"
    r"に出)|新人|大人(?:は|なら)|人間|誰(?:でも|だって)"
    r"|人(?:は|として|に何か)|男(?:は|なら|たるもの)|女(?:は|なら)|親(?:は|なら)|仲間|二十代|"
    r"三十代|20代|30代|人生|世の中|結局"
    r"|なんだから|なんですから|以上は|からには|になったら|になるなら|普通|ふつう|本来|(?:就職|"
    r"結婚|独立|起業|入社|就活|留学)(?:する|した|し)?(?:なら|たら)|うちに"
)
_QUESTION_WORD: Final = re.compile(
    r"どう(?!か(?![なし])|して?も|せ)|(?:何|なに|いつ|どこ|誰|だれ)(?!か(?![な。?])|でも|も|"
    r"だって|事|より)|なん[でと](?!か)|どれ|どちら(?!も|でも)|どっち(?!も|でも|つか)|どんな(?!に)|"
    r"どの(?!み)|いくら(?!でも)|いくつ"
)
# An ending that hands the words to somebody.
PRESSED: Final = re.compile(
    r"(?:よ|よね|ぞ|わよ|さ|もの|って|から|からね|で)[。!…〜ー♪☆\s]*$|でしょう?[。!?…]*$|"
    r"じゃない(?:です)?か?[。?!]*$|じゃん"
)
_HANDED: Final = re.compile(
    r"(?:よ|よね|けど(?:ね|な[あぁ]?|ねえ)?|らしい(?:です)?|みたい(?:です)?|そうです|はず(?:です)?|(?:ん|の)(?:です|だ)よね|もの(?:です)?|"
    r"もんです|んよ|ばい|ぞ|(?:かも)?しれません|かもしれない|じゃないですか|んじゃない(?:かな[あぁ]?|です?か)?|(?<=る)で|し|っちゃ|に限る)"
    r"[。!?…〜ー♪☆笑w\s]*$"
)
_PAST: Final = re.compile(
    r"(?:かっ|だっ|でし|まし|[っいしてれけきちめべねせげえ])た(?!ら|り|い|め|く|だ|方|ほう|とき)|んだ(?=[。、]|$)"
)
_REPORTED: Final = re.compile(
    r"(?:ません|ない|です|ます|だ|[よねなかぞわ])*[、,]?\s*(?:と|って|っと|とか|なんて|などと?|みたいな(?:こと|話)|"
    r"という(?:ような)?(?:言葉|声|話|助言|アドバイス|意見|教え|手紙)|だの)"
    r".{0,16}?(?:言わ|いわ|言っ(?:た|て)|言う(?:の|ん)|言い(?:ま|残|聞|張|続|出)|おっしゃ|仰|"
    r"聞(?:い|か|き)|教(?:わ|え)|諭|叱|怒|注意|忠告|助言|アドバイスさ|アドバイスを"
    r"|励ま|勧め|薦め|すすめられ|書(?:い|か)|説得|止め(?:ら|た)|反対|笑(?:わ|っ)|口癖|口ぐせ|言葉|"
    r"育て|口にし|繰り返|声をかけ(?:ら|て)|迫ら|責め|頼ま|催促|急かさ|ささや|返(?:事|され)|"
    r"伝え(?:ら|た|て)|おどさ|脅さ|おどか|たしなめ|くぎを|釘を|刺さ|何度も|うるさ|しつこ)"
)
_REPORTED_LATER: Final = re.compile(
    r"[、,]\s*(?:と|って|とだけ|とか)[^。]{0,12}?(?:言わ|言っ(?:た|て)|言う|書(?:い|か)|教わ|"
    r"聞(?:い|か)|諭|叱|怒|勧め|励ま|あり?まし|あった)"
)
# 「怒られたんです。もっとはっきり話しなさいって。」
_TOLD_BEFORE: Final = re.compile(r"(?:言われ|怒られ|叱られ|注意され|笑われ|言って|言う)[^。]{0,10}[。!]\s*$")
_OWN_THOUGHT: Final = re.compile(
    r"(?:(?:のでは|んじゃ|のじゃ|ん|の|です|だ|ない|よ|ね|な|か|かも|わ|ぞ)*)[、,]?\s*(?:と|って|"
    r"とは|とも|なんて)(?:[^。]{0,9}?)"
    r"(?:思(?:っ|わ(?:ず|さ|な(?:く|か))|え(?:た|て|る|ま)|い(?:込|続|出|つつ|な(?:が|お)|知|至|"
    r"まし|立|つめ|が))|感じ(?:た|て|る(?:よ|こ)|まし|なが)|考え(?:た|て(?!ます)|まし|な|る(?:よ|"
    r"こ))"
    r"|気(?:づ|付|が(?:つ|付|し(?:て|た)))|信じ|悟|決め|覚悟|(?:わか|分か)(?:っ|り)|迷|悩|何度も|"
    r"毎(?:日|晩|朝)|知(?:っ|り)|学(?:ん|び)|自分に|心に|焦|言い聞かせ|腹を|身に(?:しみ|染み))"
)
_ADNOMINAL: Final = re.compile(
    r"[、]?(?:という(?:の|空気|考|気持|思)|の(?:か|は|が|を|に|だろう)|か(?:どうか|も?(?:分|"
    r"わ)から|迷|悩|、)|と(?:き|ころ|いう|の|は(?:言|限))|って(?:いう|気)|ような|みたいな|ように|"
    r"ほど|くらい|だけの|もの(?!です|だ)|こと(?!です|だ)|やつ|[一-龥ァ-ヶ])"
)
_NOT_ADNOMINAL: Final = re.compile(r"気が(?:し|す)|感じ(?:が|で)|思|絶対|様(?:です|だ)|筈|かも")
_ASKED: Final = re.compile(
    r"(?:です|ます|でしょう|なん(?:です|でしょう|だろう)|もの(?:です|でしょう|だろう)|ん(?:です|"
    r"でしょう|だろう)|の(?:でしょう|だろう)?|だろう|なの|(?:よ|よろし)い)*(?:か(?!も|ら)(?:ね|"
    r"なぁ?|なあ|しら)?|の|[?])[。?!…〜ー]*$"
)
_DENIED_QUESTION: Final = re.compile(r"^(?:ん|の|です)?(?:じゃ|では|ちゃう|とちゃう|とちが)")
# Words of the meeting itself: hearing each other, taking turns, coming and going.
MEETING: Final = re.compile(
    r"聞こえ|声[でが]|マイク|カメラ|画面|ミュート|チャット|席[にはを]|入室|退室|お入り|入り直|"
    r"資料(?:は|が|の|をお|を送|を配)|録音|メモ|順番|一人[一二三\d]*[分回]?(?:ずつ|、)|お一人"
    r"|一言ずつ|ひとこと|パス(?:し|と|で|は|も)|沈黙|黙って|休憩|次の方|次回|残り(?:時間|"
    r"[一二三四五\d])|この場|ここで(?:の|は|聞)|問い(?:を|は|に)|質問(?:に|は|を)"
    r"|一人称|対話|輪になって|スリッパ|玄関|受付|名札|飲み物(?:を|が)|お茶|お手洗い|トイレ|駐車|"
    r"エレベーター|リンク|接続|電波|イヤホン|通信|音(?:が|量|声)|[一二三四五\d]+分(?:ずつ|間|"
    r"ほど)?(?:で|、|話|の)"
    r"|自己紹介|呼ばれたい|お名前|出席|欠席|日程|返信|ご返|連絡を|助言や|話している人|静かな時間|"
    r"心に残った|思い出した場面|お手元|荷物|上着|コート|傘|途切れ|つない|バトン|隣の方|浮かんだ|"
    r"場面を|鈴が|持ち時間|区切|口火|じゃんけん|意見ではなく|ひざ掛け|毛布|お寒|暖房|逆光|"
    r"カーテン|窓[をが]|話し終わ|口を挟|聞くこと|お会いし|空いて(?:い)?ます|ボタン|いったん|"
    r"皆さんで|全員|輪の|バスの|チャイム|時計|ご自由に|[こそあ]ちらに|[こそあ]ちらで|ここに|用紙|"
    r"アンケート|記入|署名|発言|挙手|手を挙げて(?:ください|$)|時計回り|話していき|開始|集合|聞き役|話し手|話す人|くじで|"
    r"カードを|石を持|次の話題|もう一周|交代(?:して(?:ください|$)|しましょう)|いすを|椅子を|元に戻して|"
    r"聞くだけ|今日の約束|呼び方|自由に使"
)
# An invitation: to do something together, at a day or a place.
_SOME_DAY: Final = re.compile(r"今度|来[週月年]|今夜|このあと|この後|飲みに|よかったら|よければ")
_TOGETHER: Final = re.compile(
    rf"(?:一緒|いっしょ)に(?!頑張|がんば|考え|悩)|(?:みんな|皆|[二三四五六七八九]人)で|{_SOME_DAY.pattern}|"
    r"食事|ご飯|ごはん|私と|僕と|帰り"
)
# The other's words or feeling, given back: 「〜と感じておられたんですね」.
_GIVEN_BACK: Final = re.compile(
    r"(?:[てで](?:い|お|こ|き|いらっ)[^。、]{0,6}|た|だ|である|ある|い)(?:ん|の)(?:です|だ|でしょう)ね[。…]*$|"
    r"(?:という|って)(?:こと|お?気持ち|思い|感じ)(?:です|なんです|だった(?:の|ん)です)ね"
)
_GIVEN_BACK_NEXT: Final = re.compile(
    r"^[「」。\s]*(?:そう|そんな(?:ふうに|お?気持ち|思い))[、]?[^。]{0,12}(?:言い?(?:聞|き)か|感じ|思っ|気持ち)"
)
_LEND_ME: Final = re.compile(r"(?:聞か(?:せ|し)|教え|おしえ|貸し|待っ|座っ|掛け|もう一[度回].{0,4})$")
_TELL_ME: Final = re.compile(
    r"(?:聞か(?:せ|し)|教え|おしえ|(?<!電)話し|語っ|言っ|おっしゃっ|送っ|見せ|待っ|お待ちになっ|"
    r"座っ|掛け|呼ん|知らせ|連絡し|返信し|貸し|(?:どうぞ|こちらに|部屋に|ルームに)入っ|"
    r"お入りになっ|開け|閉め|始め(?:てい)?|説明し|続け(?=[てで]くだ)|読ん(?=でもらえ)|"
    r"もう一[度回].{0,4})$"
)
COURTESY: Final = re.compile(
    r"お大事に|よろしく|気をつけて(?:お帰り|帰|行って|来|いらし|お越し)|お待ち|楽しみにして|"
    r"ごゆっくり|どうぞ(?!、?自分)|許して|気にしないで|お気になさら|お構いなく|ご自愛"
    r"|安心して(?:ください|ね)?[。!]*$|応援して|お幸せ|お元気で|元気でい|よいお年|私のこと|"
    r"僕のこと|心配しないで|お体|お身体|体に気|風邪|足元|道中|熱い"
    r"|^[ぁ-ん一-龥A-Z、\s]{0,6}(?:頑張|がんば)っ?(?:て|れ)(?:ね|ください|くださいね|"
    r"よ)?[。!]*(?:.{0,6}(?:頑張|がんば)れ[。!]*)?$|(?:見てて|聞いて|信じて)(?:ね|よ)?[。!]*$|"
    r"来て(?:ね|ください)|遊びに"
)
DEFICIT: Final = re.compile(
    r"もっと|もう少し|少しずつ|少しは|少しでも|そろそろ|たまには|ちゃんと|きちんと|しっかり|"
    r"自分(?:を|に|の|で)|周り|まわり|人に|頼(?:れ|る|っ)|甘え|休(?:め|む|ん)|肩の力|許(?:せ|す|"
    r"し)|断(?:れ|る)"
    r"|言え|焦ら|無理せ|無理をし|素直|[てで]あげ|よう(?:に)?な[るれっ]|笑え|笑って|話せ|話し合|"
    r"分かり合|仲直り|伝えら|向き合|手放|泣け|信じ|認め|選べ|任せ|歩幅|味わ|なれる?$|好きになれ"
)
_EVENT: Final = re.compile(
    r"(?:うまくい|上手くい|晴れ?|降|治|良くな|よくな|元気にな|見つか|受か|合格|届|叶|かな(?:う|"
    r"え)|会え|来られ|勝|当た|間に合|戻|落ち着|咲|暖か|涼し|つなが|伝わ|生まれ|増え|続|実|通|回復|"
    r"決ま|楽にな|始ま|進|行け|取れ|買え|見られ|食べられ)[ぁ-ん]{0,6}$"
)


def about_me(seen: Sighting) -> bool:
    """The speaker is the one spoken of."""
    return bool(SELF.search(seen.sentence)) and not LISTENER.search(seen.sentence)


def mine_so_far(seen: Sighting) -> bool:
    """The speaker was the topic up to here, and nothing hands this sentence to the listener."""
    told = LISTENER.search(seen.sentence) or PRESSED.search(seen.sentence)
    return bool(SELF.search(seen.earlier)) and not told


def about_another(seen: Sighting) -> bool:
    """Somebody who is not here is the one spoken of."""
    told = LISTENER.search(seen.sentence) or _YOURS.search(seen.sentence)
    return bool(THIRD.search(seen.before)) and not told


def to_another(seen: Sighting) -> bool:
    """Something is wished from somebody who is not here."""
    return bool(TO_THIRD.search(seen.before) or THIRD.search(seen.before)) and not LISTENER.search(seen.sentence)


def to_listener(seen: Sighting) -> bool:
    """The listener is named in the sentence, or in the text while this sentence is not about the speaker."""
    return bool(LISTENER.search(seen.sentence)) or (
        bool(LISTENER.search(seen.whole)) and not SELF.search(seen.sentence)
    )


def for_people(seen: Sighting) -> bool:
    """It is said of people in general, or of people in the listener's place."""
    return bool(PEOPLE.search(seen.sentence))


def past(seen: Sighting) -> bool:
    """The clause is told in the past."""
    return bool(_PAST.search(seen.clause_tail))


def given_back(seen: Sighting) -> bool:
    """What the other said or felt is given back, in this sentence or by 「そんなふうに感じて…」 in the next."""
    after = seen.whole[len(seen.earlier) + len(seen.sentence) :]
    return bool(_GIVEN_BACK.search(seen.sentence) or _GIVEN_BACK_NEXT.search(after))


def together(seen: Sighting) -> bool:
    """An invitation to do something together."""
    return bool(_TOGETHER.search(seen.before))


def some_day(seen: Sighting) -> bool:
    """An invitation with its day or its "if you like"."""
    return bool(_SOME_DAY.search(seen.before))


def past_throughout(seen: Sighting) -> bool:
    """The sentence ends in the past, whatever stands between."""
    return bool(
        re.search(
            r"(?:かった|だった|でした|ました|[っいしてれけ]た)(?:んです|のです|ん|の|よ|ね|な|けど|が|から)*[。…!]*$",
            seen.sentence,
        )
    )


def reported(seen: Sighting) -> bool:
    """Somebody said, asked or wrote it."""
    added = re.search(r"(?:って|と)(?:ね|さ)?[。!]*$", seen.sentence) and _TOLD_BEFORE.search(seen.earlier)
    return bool(_REPORTED.match(seen.tail) or _REPORTED_LATER.search(seen.tail) or added)


def own_thought(seen: Sighting) -> bool:
    """The speaker tells that they thought, felt or found it."""
    quoted = re.match(r"[よねなかぞわのんです]{0,6}[、,]?\s*(?:と|って)(?!思(?:い?ます|う))", seen.tail)
    return bool(_OWN_THOUGHT.match(seen.tail)) or (bool(quoted) and past_throughout(seen))


def embedded(seen: Sighting) -> bool:
    """The words belong to a noun or to a larger thought instead of standing for themselves."""
    return bool(_ADNOMINAL.match(seen.tail)) and not _NOT_ADNOMINAL.match(seen.tail)


def asked(seen: Sighting) -> bool:
    """It is asked, without a "not" that holds the answer."""
    return bool(_ASKED.match(seen.tail)) and not _DENIED_QUESTION.match(seen.tail)


def open_question(seen: Sighting) -> bool:
    """A question word stands before the marker."""
    return bool(_QUESTION_WORD.search(re.split("[、,]", seen.before)[-1]))


def handed(seen: Sighting) -> bool:
    """The ending hands a fact over: 〜よ, 〜けどね, 〜らしいですよ, 〜んじゃない(かな)."""
    return bool(_HANDED.search(seen.sentence))


def pressed(seen: Sighting) -> bool:
    """The ending hands it to the listener (よ, でしょう, じゃない…)."""
    return bool(PRESSED.search(seen.sentence))


def of_the_meeting(seen: Sighting) -> bool:
    """It serves the meeting: hearing, turns, coming and going, the agreements."""
    return bool(MEETING.search(seen.sentence))


def tell_me(seen: Sighting) -> bool:
    """The listener is asked to tell, show, send or wait, for the speaker's sake."""
    return any(
        _LEND_ME.search(asked_for) or (_TELL_ME.search(asked_for) and not TO_THIRD.search(seen.before))
        for asked_for in (seen.before, seen.sentence[: seen.start + 1])
    )


def courteous(seen: Sighting) -> bool:
    """A set phrase of courtesy or good wishes."""
    return bool(COURTESY.search(seen.sentence))


def lacking(seen: Sighting) -> bool:
    """Words that say what the listener is short of (もっと, もう少し, たまには, 自分を…)."""
    return bool(DEFICIT.search(seen.before))


def happens(seen: Sighting) -> bool:
    """What is wished happens by itself: good weather, good luck, getting well."""
    return bool(_EVENT.search(seen.before))


def experience_before(seen: Sighting) -> bool:
    """The speaker's own story stands before the marker."""
    return bool(SELF.search(seen.earlier + seen.before))


MINE: Final[tuple[Condition, ...]] = (about_me, mine_so_far, about_another)
"""The speaker's own story, or that of somebody who is not here."""

ELSEWHERE: Final[tuple[Condition, ...]] = (reported, own_thought, past, embedded)
"""What is told of, not said to the listener now."""

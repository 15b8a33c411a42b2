"""What the lint looks for, rule by rule, in Japanese and English: patterns only, no logic.

Rules and their numbers follow the deck's ten rules in `docs/dialogue.md`. Japanese patterns need no tokenizer:
each names the characters around a word where the bare word would be something else (夫 in 工夫, 親 in 親しい).
"""

import re
from re import IGNORECASE, Pattern
from typing import Final


def _any_of(*alternatives: str) -> Pattern[str]:
    return re.compile("|".join(alternatives), IGNORECASE)


# Rule 1: an open question word; 何か, 誰も, いつも, どうしても ask nothing.
OPEN_WORD_JA: Final = re.compile(
    r"(?:何|なに)(?!か(?!ら)|も|度も|でも|より)|なん(?:で|の)(?!も)|どんな(?!に)|どのよう|どの|どれ(?!か|も|でも)"
    r"|どう(?!か|し(?:て)?も|にか|ぞ|せ)|(?:誰|だれ)(?!か(?!ら)|も|でも)|いつ(?!か(?!ら)|も|でも|の間)"
    r"|どこ(?!か(?!ら)|も|でも)|いくつ(?!か|も)|なぜ"
)
QUESTION_END_JA: Final = re.compile(r"か[。？?]|[？?]")
# 「何を食べたか覚えていますか」 is answered with yes or no, however open its inner words are.
CLOSED_JA: Final = _any_of(
    r"か(?:を|は|、)?[^。]{0,6}(?:覚えて|思い出せ|知って|分かり|わかり|言え|話せ|説明でき)[^。]{0,4}ますか",
    r"(?:ません|じゃない|ではない|でない)(?:です)?か(?=[。？?]|$)",
    r"[^。]か、?それとも[^。]*",
)
# Two open words in two clauses are two questions; 「何と何の間で」 stands in one clause and is one.
_ASKS_JA: Final = r"(?:何(?!か|も|度)|どんな|どう(?!し|か)|いつ(?![もか])|どこ(?![かも])|誰(?![かも]))"
TWO_QUESTIONS_JA: Final = re.compile(rf"{_ASKS_JA}[^。、？]*[たてりしきいみちびえじか]、[^。？]*?{_ASKS_JA}")
OPEN_WORD_EN: Final = re.compile(r"\b(?:what|how|who|whose|whom|where|which|why)\b", IGNORECASE)
OPENING_WHEN_EN: Final = re.compile(r"^when (?:did|do|does|was|were|is|are|have|has|had|will|would)\b", IGNORECASE)
CLOSED_EN: Final = re.compile(
    r"(?:^|[,;:.!?]\s+|\band )(?:so |then )?(?:do|does|did|is|are|was|were|have|has|had|can|could|will|would|may)"
    r" (?:you|your|it|that|there|this|they|we|he|she|anyone|anything)\b[^?]*\?"
    r"|\b\w+n['’]t (?:you|your|it|that|there|they|we)\b[^?]*\?",
    IGNORECASE,
)
TWO_QUESTIONS_EN: Final = re.compile(
    r"\b(?:what|how|who|where|which|when|why)\b[^?]*\band (?:what|how|who|where|which|when|why)\b", IGNORECASE
)

# Rule 3: nobody is asked to advise, and nobody answers for people in general.
ADVICE_JA: Final = _any_of(
    r"べき",
    r"(?:した|する|い|の|ない|った|んだ|いた)(?:ほう|方)が(?:よ|い|良|善)",
    r"(?:たら|れば|せば|えば|てば|めば|べば|けば|げば|ると|ても)(?:よ|い|良)(?:い|か)(?!る|た|ま)",
    r"正解|正しい(?:答|や|生|選)|アドバイス|助言|忠告|教訓|秘訣|コツ|指南",
    r"教え(?:て|ま|たい|られ|る(?:なら|と))|おすすめ|お勧め|お薦め|オススメ|勧め(?:ます|たい|る)|薦め",
    r"(?:普通|ふつう|一般)(?:は|なら|に|的に)|常識|当然|当たり前|あたりまえ",
    r"(?:し|け|ね|め|べ|せ|て|ら|か|わ)?な(?:ければ|くては|いと)(?:な(?:ら|り)|いけ)|必要がありますか",
    r"(?:若い(?:人|世代)|若者|後輩|次の世代|これからの(?:人|世代)|学生|年上の人|年配の人)(?:た?ち)?(?:に|へ)(?!な)",
    r"(?:人間|人々|みんな|みな|現代人|日本人|若者|大人|世の中)(?:は|が|って)",
    r"(?:^|[、。])人は",
)
ADVICE_EN: Final = _any_of(
    r"\bshould(?:n['’]t)?\b",
    r"\bought\b",
    r"\bmust(?:n['’]t)?\b",
    r"\b(?:have|has|need|needs) to\b(?= (?:be|do|know|learn|have))",
    r"\bsupposed to\b|\bhad better\b",
    r"\badvi[cs]\w*|\brecommend\w*|\bsuggest\w*|\btips?\b|\blessons? (?:for|to)\b|\bsecrets? (?:of|to)\b",
    r"\b(?:best|right|correct|proper|ideal) (?:ways?|answers?|choices?|things? to)\b",
    r"\bteach\b|\btell (?:us|me|them|others|young\w*|students?|people|someone)\b",
    r"\b(?:young|older|younger|most|normal|ordinary) people\b|\bpeople (?:should|usually|normally|need)\b|\bnormally\b",
    r"\b(?:what|how) (?:do|does|can|is) (?:people|everyone|one|society|students?)\b",
)

# Rule 4: no life course is taken for granted.
LIFE_COURSE_JA: Final = _any_of(
    r"会社|職場|上司|部下|同僚|就職|就活|転職|入社|昇進|出世|定年|退職|あなたの仕事|お仕事|バイト",
    r"(?:子ども|子供|こども)(?!の(?:ころ|頃|とき|時)|時代|心)|お子さん|息子|(?<!彼女の)娘|孫",
    r"卒業|入学|受験|大学|高校|学校|サークル|ゼミ",
    r"結婚|離婚|(?<![丈工])夫(?!人|婦)|夫婦|妻|配偶者|両親|父|母(?!語)|(?<![身肉])親(?![しくせ切友近身密愛指類])|兄弟|姉妹",
)
LIFE_COURSE_EN: Final = _any_of(
    r"\bcompan(?:y|ies)\b|\bboss\b|\bcolleagues?\b|\bcareer\b|\byour jobs?\b|\bpromot\w+|\bretire\w*|\bworkplace\b",
    r"\byour (?:child|children|sons?|daughters?|grandchild\w*|kids?)\b|\bgrandchild\w*",
    r"\bgraduat\w+|\buniversity\b|\bcollege\b|\bschool\b|\bexams?\b",
    r"\bmarr(?:y|ied|iage)\b|\bdivorce\w*|\bhusband\b|\bwife\b|\bspouse\b"
    r"|\b(?:parents?|mother|father|brothers?|sisters?)\b",
)
IF_ANY_JA: Final = re.compile(r"もしあれば|もしいれば|もしあったら")
IF_ANY_EN: Final = re.compile(r"\bif (?:any|there (?:is|was|are|were)|you (?:have|had|ever))\b", IGNORECASE)

# Rule 6: from depth 3 a "why" sounds like a demand to justify oneself.
WHY_JA: Final = re.compile(r"なぜ|どうして(?!も|い|き|ほ|み)|(?<!た)何故|なんで|何で(?!し|す|も|き)")
WHY_EN: Final = re.compile(r"\bwhy\b|\bhow come\b|\bwhat for\b|\bfor what reason\b", IGNORECASE)

# Rule 8: the first prompts ask nobody to rank their life.
SUPERLATIVE_JA: Final = _any_of(
    r"一番|いちばん|１番|最も|もっとも|最(?:高|大|低|悪|良|強|愛)|ベスト|ワースト|トップ|ランキング|順位|[0-9０-９一二三]位|何位",
    r"[0-9０-９一二三]つ(?:だけ)?選",
)
SUPERLATIVE_EN: Final = _any_of(
    r"\bmost\b(?! of\b)|\bbest\b|\bworst\b|(?<!at )\bleast\b|\bfavou?rite\b|\bnumber one\b",
    r"\brank\w*|\btop (?:\w+ )?(?:\d+|two|three|five|ten)\b",
    r"\b(?:bigg|great|happi|sadd|hard|easi|proud|strong|deep|clos|long|earli|lat|old|young|fin|rich|kind|dear|high|low)est\b",
)

# Rule 9: a follow-up that offers an answer gets that answer back.
CANDIDATE_JA: Final = _any_of(
    r"たとえば|例えば|とか|などの?|それとも|または|あるいは|もしくは|のような|みたいな|（[^）]*）|\([^)]*\)",
    r"[るいたうくすむぐぬぶつだ]か、?[^。か]{1,14}か(?![ら。？?])",
    r"(?:どんな|どういう)(?:後悔|喜び|怒り|不安|悲しみ|感謝|悔しさ|くやしさ|誇り|罪悪感|成長|学び|教訓|安心|さびしさ|寂しさ|苦労|失敗)",
    r"(?:うれし|嬉し|悲し|かなし|つら|辛|楽し|悔し|くやし|さびし|寂し|こわ|怖)かったの(?:は|では)",
)
CANDIDATE_EN: Final = _any_of(
    r"\bsuch as\b|\bfor (?:example|instance)\b|\be\.g\.|\bincluding\b|\bor\b|\bmaybe\b|\bperhaps\b|\([^)]*\)",
    r"\b(?:what|how much) (?:regrets?|joy|anger|fear|sadness|gratitude|pride)\b",
    r"\b(?:what|how much) (?:guilt|growth|lessons?|relief|loneliness|shame)\b",
)

# Rule 10: both languages ask about the same moment and the same part of a decision.
PAST_END_JA: Final = re.compile(r"(?:ました|でした|だった|たの(?:です|でしょう)?)か[。？?]?$")
PAST_EN: Final = re.compile(
    r"\b(?:did|was|were|had|have|has|could|\w+ed|came|kept|went|felt|made|left|began|became|thought|saw|said|brought"
    r"|took|gave|held|stood|found|got|knew|chose|grew|ran|fell)\b",
    IGNORECASE,
)
SIMPLE_PAST_EN: Final = re.compile(r"\b(?:did|was|were|had)\b", IGNORECASE)
STAGE_WORDS: Final[tuple[tuple[str, Pattern[str], Pattern[str]], ...]] = (
    (
        "hesitation",
        re.compile(r"迷[いうわっ]|ためら|決めかね"),
        re.compile(r"\bhesitat\w+|\bwaver\w*|\bunsure\b|\bundecided\b", IGNORECASE),
    ),
    (
        "choice",
        re.compile(r"決め(?!られ|かね)|選[ばびぶべぼん択]"),
        re.compile(r"\bdecid\w+|\bdecision\w*|\bchoos\w+|\bchose\w*|\bchoices?\b", IGNORECASE),
    ),
    (
        "aftermath",
        re.compile(r"あと(?!で)|後に|その後"),
        re.compile(r"\bafter\w*|\bsince\b|\blater\b|\bonce\b", IGNORECASE),
    ),
)

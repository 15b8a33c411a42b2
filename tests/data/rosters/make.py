"""Write the sample rosters: `python3 tests/data/rosters/make.py`. Every person, school and company is made up.

26 students and 34 second-career alumni, with evenings and weekends such that most find a cohort, and three do not:
one who gave no time, one free on weekday afternoons alone, one free only late at night.
"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
SEED = 26
PARTICIPANT_HEADER = (
    "メールアドレス", "姓", "名", "せい", "めい", "呼ばれたい名前", "世代", "生年", "18歳以上で、高校生ではない",
    "言語", "タイムゾーン", "所属", "送り出し団体", "分野", "興味のあるテーマ", "参加できる時間", "一緒にしたくない人",
    "一緒にしたい人", "備考",
)  # fmt: skip
FACILITATOR_HEADER = (
    "メールアドレス", "氏名", "ふりがな", "呼ばれたい名前", "言語", "参加できる時間", "担当できるグループ数",
)  # fmt: skip

FAMILIES = """\
青木 あおき aoki|石田 いしだ ishida|上野 うえの ueno|江口 えぐち eguchi|大西 おおにし onishi|片山 かたやま katayama
北川 きたがわ kitagawa|工藤 くどう kudo|小泉 こいずみ koizumi|斉藤 さいとう saito
島田 しまだ shimada|菅原 すがわら sugawara
関口 せきぐち sekiguchi|髙﨑 たかさき takasaki|千葉 ちば chiba|土屋 つちや tsuchiya
寺田 てらだ terada|永井 ながい nagai
西村 にしむら nishimura|野口 のぐち noguchi|橋本 はしもと hashimoto|平野 ひらの hirano|福島 ふくしま fukushima
星野 ほしの hoshino|松尾 まつお matsuo|水野 みずの mizuno|村上 むらかみ murakami|森田 もりた morita|矢野 やの yano
吉川 よしかわ yoshikawa|渡辺 わたなべ watanabe|和田 わだ wada"""
YOUNG_NAMES = """\
葵 あおい aoi|陽菜 ひな hina|結衣 ゆい yui|咲良 さくら sakura|美月 みつき mitsuki|凛 りん rin
楓 かえで kaede|芽依 めい mei
詩織 しおり shiori|七海 ななみ nanami|彩花 あやか ayaka|琴音 ことね kotone|真央 まお mao|蓮 れん ren|湊 みなと minato
大和 やまと yamato|悠斗 ゆうと yuto|颯太 そうた sota|陸 りく riku|海斗 かいと kaito
拓海 たくみ takumi|翼 つばさ tsubasa
健 けん ken|亮 りょう ryo|直樹 なおき naoki|航 わたる wataru"""
SENIOR_NAMES = """\
武 たけし takeshi|裕子 ゆうこ yuko|恵子 けいこ keiko|由美 ゆみ yumi|真理 まり mari|直美 なおみ naomi
智子 ともこ tomoko
久美子 くみこ kumiko|明美 あけみ akemi|洋子 ようこ yoko|和子 かずこ kazuko|京子 きょうこ kyoko|幸子 さちこ sachiko
美穂 みほ miho|典子 のりこ noriko|順子 じゅんこ junko|敦子 あつこ atsuko|誠 まこと makoto
浩 ひろし hiroshi|隆 たかし takashi
修 おさむ osamu|徹 とおる toru|豊 ゆたか yutaka|茂 しげる shigeru|進 すすむ susumu
博 ひろし hiroshi2|哲也 てつや tetsuya
秀樹 ひでき hideki|和彦 かずひこ kazuhiko|正樹 まさき masaki|康弘 やすひろ yasuhiro|英二 えいじ eiji
剛 つよし tsuyoshi
勉 つとむ tsutomu"""
FACILITATORS = (
    ("facilitator1@example.net", "三宅 文", "みやけ ふみ", "ふみ", "日本語・英語", "火・木 18:30-22:00; 土 9:30-12:30"),
    ("facilitator2@example.net", "岡本 聡", "おかもと さとし", "さとし", "日本語", "月・水 18:30-22:00; 日 9:30-12:30"),
    ("facilitator3@example.net", "堀 玲子", "ほり れいこ", "れいこ", "日本語", "平日 19時〜21時半"),
    ("facilitator4@example.net", "大塚 学", "おおつか まなぶ", "まなぶ", "日本語", "土日 9:00-17:00; 木 19:00-22:00"),
    (
        "facilitator5@example.net",
        "浅野 かおる",
        "あさの かおる",
        "かおる",
        "日本語",
        "水・金 19:00-22:00; 土 13:00-17:00",
    ),
    (
        "facilitator6@example.net",
        "藤井 忍",
        "ふじい しのぶ",
        "しのぶ",
        "日本語",
        "火 18:30-22:00; 日 13:00-17:00, 19:00-21:30",
    ),
)

SCHOOLS = ("みなも大学", "ひなた大学", "こだま女子大学", "しおさい工科大学", "やまなみ大学院大学")
COMPANIES = (
    "あおぞら製作所",
    "つむぎ食品",
    "ことのは出版",
    "みちしるべ銀行",
    "はるかぜ物流",
    "退職",
    "自営業",
    "こもれび保険",
)
MAJORS = ("文学", "経済学", "教育学", "看護学", "情報工学", "建築学", "社会学", "農学", "国際関係", "デザイン")
TRADES = ("営業", "人事", "経理", "設計", "編集", "看護", "物流", "研究開発", "販売", "福祉")
THEMES = (
    "地域", "子育て", "転職", "学び直し", "音楽", "料理", "旅", "防災", "ものづくり", "本", "環境", "国際交流", "写真",
    "スポーツ", "介護", "健康", "農業", "映画",
)  # fmt: skip
# A day, start and end: what a person is free for. Facilitators cover each of them.
SLOTS = (
    ("月", 19, 21), ("火", 19, 21), ("水", 19, 21), ("木", 19, 21), ("金", 19, 21), ("土", 10, 12), ("土", 14, 16),
    ("日", 10, 12), ("日", 14, 16), ("日", 19, 21),
)  # fmt: skip
POPULARITY = (3, 5, 5, 5, 2, 6, 4, 5, 3, 2)


def people_rows() -> list[tuple[str, ...]]:
    """Return the rows below the header, students and second-career alumni in turn as they signed up."""
    random = Random(SEED)
    families = [family.split() for family in FAMILIES.replace("\n", "|").split("|")]
    students = [(name.split(), True) for name in YOUNG_NAMES.replace("\n", "|").split("|")]
    seniors = [(name.split(), False) for name in SENIOR_NAMES.replace("\n", "|").split("|")]
    everybody = students + seniors
    random.shuffle(everybody)
    rows = [
        _row(random, family=families[number % len(families)], given=given, is_student=is_student, number=number)
        for number, (given, is_student) in enumerate(everybody)
    ]
    _tell_special_stories(rows, [is_student for _, is_student in everybody])
    return [tuple(row[header] for header in PARTICIPANT_HEADER) for row in rows]


def _row(
    random: Random, *, family: Sequence[str], given: Sequence[str], is_student: bool, number: int
) -> dict[str, str]:
    year = random.randint(2003, 2007) if is_student else random.randint(1962, 1975)
    school = SCHOOLS[number % len(SCHOOLS)]
    company = COMPANIES[number % len(COMPANIES)]
    partner = random.choice((f"{school} 学生支援課", "")) if is_student else random.choice((f"{school} 校友会", "", ""))
    return {
        "メールアドレス": f"{given[2].rstrip('2')}.{family[2]}@example.{('org', 'com', 'net')[number % 3]}",
        "姓": family[0],
        "名": given[0],
        "せい": family[1],
        "めい": given[1],
        "呼ばれたい名前": random.choice((given[1], given[1], family[1], "")),
        "世代": "学生" if is_student else "セカンドキャリア",
        "生年": _year_as_written(random, year, is_student=is_student),
        "18歳以上で、高校生ではない": "はい",
        "言語": random.choice(("日本語", "日本語", "日本語", "日本語・英語")),
        "タイムゾーン": "",
        "所属": school if is_student else company,
        "送り出し団体": partner,
        "分野": random.choice(MAJORS if is_student else TRADES),
        "興味のあるテーマ": _themes(random),
        "参加できる時間": _times(random),
        "一緒にしたくない人": "",
        "一緒にしたい人": "",
        "備考": "",
    }


def _year_as_written(random: Random, year: int, *, is_student: bool) -> str:
    era = f"平成{year - 1988}年" if year >= 1989 else f"昭和{year - 1925}年"
    return str(year) if is_student else random.choice((str(year), f"{year}年", era))


def _themes(random: Random) -> str:
    chosen = random.sample(THEMES, random.randint(2, 4))
    return "、".join(random.choice((theme, theme, f"{theme}:5", f"{theme}:4")) for theme in chosen)


def _times(random: Random) -> str:
    """Write two to four free stretches, each person in one of the ways that people write them."""
    how_many = random.choice((2, 3, 3, 4))
    chosen: set[int] = set()
    while len(chosen) < how_many:
        chosen.update(random.choices(range(len(SLOTS)), weights=POPULARITY))
    style = random.choice(("{day} {start}:00-{end}:00", "{day}曜 {start}時〜{end}時", "{day} {start}:00〜{end}:30"))
    return "; ".join(
        style.format(day=SLOTS[slot][0], start=SLOTS[slot][1], end=SLOTS[slot][2]) for slot in sorted(chosen)
    )


def _tell_special_stories(rows: list[dict[str, str]], is_student: Sequence[bool]) -> None:
    students = [row for row, student in zip(rows, is_student, strict=True) if student]
    seniors = [row for row, student in zip(rows, is_student, strict=True) if not student]
    students[3].update(
        {"世代": "高校生", "生年": "2009", "18歳以上で、高校生ではない": "いいえ", "所属": "ひなた高校", "分野": ""}
    )
    students[9].update({"参加できる時間": "", "備考": "時間割が決まったら知らせます"})
    # Before 2009 this carrier gave out such addresses. One this long cannot exist.
    seniors[4]["メールアドレス"] = "madoi..sample..that.cannot.exist.anywhere@docomo.ne.jp"
    students[17]["参加できる時間"] = "水 22:00-25:00"
    seniors[7].update({"参加できる時間": "平日 13:00-15:00"})
    seniors[12].update(
        {"姓": "Garcia", "名": "Maria", "せい": "", "めい": "", "呼ばれたい名前": "Maria", "言語": "英語",
         "メールアドレス": "maria.garcia@example.com", "参加できる時間": "Tue 7pm-9pm; Sat 10:00-12:00"}
    )  # fmt: skip
    seniors[20]["一緒にしたくない人"] = students[5]["姓"] + " " + students[5]["名"]
    students[11]["一緒にしたい人"] = seniors[2]["メールアドレス"]
    seniors[2]["参加できる時間"] = students[11]["参加できる時間"] = "火・木 19:00-21:00; 土 10:00-12:00"


def csv_text(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return the table as Excel writes it."""
    page = io.StringIO(newline="")
    csv.writer(page).writerows([header, *rows])
    return page.getvalue()


def files() -> dict[str, bytes]:
    """Return the sample files by name, with the mark at the start that lets Excel open them by double click."""
    participants = csv_text(PARTICIPANT_HEADER, people_rows())
    facilitators = csv_text(FACILITATOR_HEADER, [(*facilitator, "2") for facilitator in FACILITATORS])
    return {"roster.csv": participants.encode("utf-8-sig"), "facilitators.csv": facilitators.encode("utf-8-sig")}


if __name__ == "__main__":
    for name, content in files().items():
        (HERE / name).write_bytes(content)

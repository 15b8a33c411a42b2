"""Write twelve exports of sign-up forms, and what each person in them meant: `python3 tests/data/exports/make.py`.

Every person, school and company is made up. Nothing of Madoi is imported: `record.json` is this script's own word for
who is free when, and the tests hold the importer to it. Windows are [weekday, start, end], Monday = 0, in minutes
after midnight; times that touch are one window.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import openpyxl

HERE = Path(__file__).parent
DAYS = "月火水木金土日"
ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Window = tuple[int, int, int]

YOUNG = """\
青葉 つむぎ あおば aoba|入江 そよか いりえ irie|卯月 はやて うづき uzuki|榎並 ことり えなみ enami
大空 みのる おおぞら ozora
霞 ほのか かすみ kasumi|木漏 ひなた きもれ kimore|雲井 あさひ くもい kumoi|小径 なぎさ こみち komichi
早瀬 いぶき はやせ hayase"""
GROWN = """\
里山 ひろの さとやま satoyama|潮見 まさと しおみ shiomi|田鶴 けいと たづ tazu|土筆 やすよ つくし tsukushi
遠野 たもつ とおの tono
渚 かつえ なぎさ nagisa|野分 とおる のわき nowaki|花筏 みちよ はないかだ hanaikada|紅葉 しげる もみじ momiji
若草 ふみよ わかくさ wakakusa"""


@dataclass
class Someone:
    """One made-up person, and what they meant to say."""

    family: str
    given: str
    kana: str
    email: str
    generation: str
    windows: list[Window] = field(default_factory=list)
    interests: dict[str, int] = field(default_factory=dict)
    partner: str = ""

    @property
    def name(self) -> str:
        return f"{self.family} {self.given}"


def cast(export: str, *, young: int = 5, grown: int = 5) -> list[Someone]:
    """Return people in the order in which they signed up, with addresses of their own for each export."""
    people = []
    for text, count, generation in ((YOUNG, young, "student"), (GROWN, grown, "alumni")):
        for line in text.replace("\n", "|").split("|")[:count]:
            family, given, kana, roman = line.split()
            people.append(Someone(family, given, kana, f"{roman}.{generation}.{export}@example.org", generation))
    Random(export).shuffle(people)
    return people


def joined(windows: Iterable[Window]) -> list[Window]:
    """Return the same times with those that touch or overlap on one day as one."""
    result: list[Window] = []
    for day, start, end in sorted(windows):
        if result and result[-1][0] == day and start <= result[-1][2]:
            result[-1] = (day, result[-1][1], max(end, result[-1][2]))
        else:
            result.append((day, start, end))
    return result


def clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def half_clock(minutes: int) -> str:
    """Return a time as people with twelve hours write it: 7pm, 7:30pm."""
    hour, minute = divmod(minutes, 60)
    shown = f"{(hour - 1) % 12 + 1}" + (f":{minute:02}" if minute else "")
    return shown + ("am" if hour < 12 else "pm")


def as_csv(rows: Sequence[Sequence[object]], *, encoding: str = "utf-8-sig", separator: str = ",") -> bytes:
    page = io.StringIO(newline="")
    csv.writer(page, delimiter=separator).writerows(rows)
    return page.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Sequence[object]], *, merged: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for cells in merged:
        book.active.merge_cells(cells)
    page = io.BytesIO()
    book.save(page)
    return page.getvalue()


def google_grid(people: list[Someone], random: Random) -> bytes:
    """A form's grid question in Japanese: a row for each weekday, boxes for hours."""
    slots = [(1140, 1200), (1200, 1260), (600, 660), (660, 720)]
    heads = [f"参加できる時間 [{day}曜日]" for day in DAYS]
    rows = [["タイムスタンプ", "メールアドレス", "お名前（フルネーム）", "フリガナ", "あなたの立場を教えてください",
             "18歳以上ですか？（高校生を除く）", *heads, "事務局への連絡事項"]]  # fmt: skip
    for number, one in enumerate(people):
        ticked = {day: [slot for slot in slots if random.random() < 0.4] for day in range(7)}
        one.windows = joined((day, *slot) for day, some in ticked.items() for slot in some)
        cells = [", ".join(f"{clock(start)}-{clock(end)}" for start, end in ticked[day]) for day in range(7)]
        side = "大学生・大学院生" if one.generation == "student" else "社会人（50代からのセカンドキャリア）"
        rows.append([f"2026/11/{number + 1:02} 10:2{number % 10}:15", one.email, one.name, one.kana, side,
                     "はい、18歳以上です", *cells, "よろしくお願いします" if number % 3 else ""])  # fmt: skip
    return as_csv(rows, encoding="utf-8")


def google_grid_turned(people: list[Someone], random: Random) -> bytes:
    """The same kind of question in English, turned: a row for each hour, boxes for weekdays."""
    slots = [(1140, 1200), (1200, 1260), (540, 600)]
    heads = [f"When can you join us? [{half_clock(start)}-{half_clock(end)}]" for start, end in slots]
    rows = [["Timestamp", "Email Address", "Your full name", "Are you a student or a professional?", *heads]]
    for number, one in enumerate(people):
        ticked = {slot: [day for day in range(7) if random.random() < 0.35] for slot in slots}
        one.windows = joined((day, *slot) for slot, days in ticked.items() for day in days)
        cells = [", ".join(ENGLISH[day] for day in ticked[slot]) for slot in slots]
        side = "Undergraduate" if one.generation == "student" else "Mid-career professional"
        rows.append([f"11/{number + 1}/2026 9:30:00", one.email, one.name, side, *cells])
    return as_csv(rows, encoding="utf-8")


CANDIDATES = (("12/1(火) 19:00〜", 1), ("12/3(木) 19:00〜", 3), ("12/5(土) 10:00〜", 5), ("12/8(火) 19:00〜", 1))
LASTS = 90


def _candidate_windows(answers: Sequence[str]) -> list[Window]:
    """Return the weekly times of ○: both Tuesdays must be taken for Tuesdays to be promised."""
    starts = {1: 1140, 3: 1140, 5: 600}
    refused = {day for (_, day), answer in zip(CANDIDATES, answers, strict=True) if answer != "○"}
    return joined((day, starts[day], starts[day] + LASTS) for day in starts if day not in refused)


def attendance_table(people: list[Someone], random: Random) -> bytes:
    """A table of ○ △ × with a column for each candidate, below the title of the poll."""
    rows: list[list[object]] = [
        ["灯の会 第4期 日程調整"],
        [],
        ["No.", "氏名", "メール", "区分", *(head for head, _ in CANDIDATES), "備考"],
    ]
    for number, one in enumerate(people, start=1):
        answers = [random.choice("○○△×") for _ in CANDIDATES]
        one.windows = _candidate_windows(answers)
        side = "学生" if one.generation == "student" else "社会人"
        rows.append([number, one.name, one.email, side, *answers, "遅れるかもしれません" if number % 4 == 0 else ""])
    return as_xlsx(rows)


def attendance_download(people: list[Someone], random: Random) -> bytes:
    """The download of an attendance table: candidates as rows, people as columns, addresses in the comments."""
    answers = {one.email: [random.choice("○○○△×") for _ in CANDIDATES] for one in people}
    for one in people:
        one.windows = _candidate_windows(answers[one.email])
    rows = [
        ["灯の会 学生の日程"],
        ["コメントにメールアドレスを書いてください"],
        [],
        ["日程", *(one.name for one in people)],
    ]
    for place, (head, _) in enumerate(CANDIDATES):
        rows.append([head, *(answers[one.email][place] for one in people)])
    rows.append(["コメント", *(one.email for one in people)])
    return as_csv(rows, encoding="cp932")


def busy_by_weekday(people: list[Someone], random: Random) -> bytes:
    """Excel with merged heads over two rows: hours of work and classes, by weekday. A blank cell: nothing that day."""
    day_from, day_to = 480, 1320
    upper = ["氏名", "メールアドレス", "学生・社会人", "仕事や授業のある時間", *[None] * 6, "備考"]
    lower = [None, None, None, *DAYS, None]
    rows: list[list[object]] = [upper, lower]
    for one in people:
        cells, free = [], []
        for day in range(7):
            busy = random.choice(((), ((540, 1020),), ((540, 720), (780, 1110)), ((600, 1170),), ((480, 1320),)))
            if day > 4:
                busy = random.choice(((), (), ((540, 1020),)))
            cells.append("終日" if busy == ((480, 1320),) else "、".join(_bare(start, end) for start, end in busy))
            edges = [day_from, *(edge for span in busy for edge in span), day_to]
            free += [(day, start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]
        one.windows = joined(free)
        rows.append([one.name, one.email, "学生" if one.generation == "student" else "社会人", *cells, ""])
    return as_xlsx(rows, merged=("A1:A2", "B1:B2", "C1:C2", "D1:J1", "K1:K2"))


def _bare(start: int, end: int) -> str:
    return "-".join(clock(edge) if edge % 60 else str(edge // 60) for edge in (start, end))


THEMES = ("働き方", "子育て", "地域", "学び直し")
STORED = {"地域": "地域・ボランティア"}
"""A theme that means a topic of another name is kept as that topic."""
WORDS_FOR = {5: "とても話したい", 4: "まあ話したい", 2: "あまり", 0: "まったく"}


def ratings_in_words(people: list[Someone], random: Random) -> bytes:
    """A column for each theme with words for ratings, times in one text."""
    rows: list[list[object]] = [
        ["連番", "お名前", "E-mail", "世代", *(f"関心のあるテーマ [{theme}]" for theme in THEMES), "参加可能な時間帯"]
    ]
    texts = (
        ("月・水 19:00〜21:00", [(0, 1140, 1260), (2, 1140, 1260)]),
        ("火 19時半〜21時半、土 10:00〜12:00", [(1, 1170, 1290), (5, 600, 720)]),
        ("平日 20:00-22:00", [(day, 1200, 1320) for day in range(5)]),
        ("土日 午後1時〜4時", [(5, 780, 960), (6, 780, 960)]),
    )
    for number, one in enumerate(people, start=1):
        rated = {theme: random.choice((5, 4, 2, 0)) for theme in THEMES}
        one.interests = {theme: rating for theme, rating in rated.items() if rating}
        text, one.windows = random.choice(texts)
        side = "学生" if one.generation == "student" else "卒業生"
        rows.append([number, one.name, one.email, side, *(WORDS_FOR[rated[theme]] for theme in THEMES), text])
    return as_xlsx(rows)


def english_twelve_hours(people: list[Someone], random: Random) -> bytes:
    """A column for each weekday with free hours, written with am and pm."""
    rows = [["No.", "First name", "Last name", "E-mail address", "Role", *(f"{day} availability" for day in ENGLISH)]]
    spans = ((1140, 1260), (1170, 1290), (600, 720), (1200, 1320))
    styles = (
        lambda start, end: f"{half_clock(start)}-{half_clock(end)}",
        lambda start, end: (
            f"{half_clock(start).replace('pm', ' PM').replace('am', ' AM')} to "
            + half_clock(end).replace("pm", " PM").replace("am", " AM")
        ),
    )
    for number, one in enumerate(people, start=1):
        cells, free = [], []
        for day in range(7):
            some = [span for span in spans[:: random.choice((2, 3))] if random.random() < 0.4]
            cells.append("; ".join(random.choice(styles)(*span) for span in some))
            free += [(day, *span) for span in some]
        one.windows = joined(free)
        side = "Student" if one.generation == "student" else "Second career"
        rows.append([number, one.given, one.family, one.email, side, *cells])
    return as_csv(rows, encoding="utf-8")


def spoken_words(people: list[Someone], random: Random) -> bytes:
    """Times in words, in the encoding of Japanese Excel. One person means two Saturdays of a month."""
    weekdays = range(5)
    said = [
        ("平日19時以降", [(day, 1140, 1380) for day in weekdays]),
        ("土日終日", [(day, 480, 1320) for day in (5, 6)]),
        ("火・木の夜", [(1, 1140, 1320), (3, 1140, 1320)]),
        ("金 22時〜25時", [(4, 1320, 1500)]),
        ("第2・4土曜 10時〜12時", [(5, 600, 720)]),  # the coordinator asked: every Saturday is right
        ("毎日20時から22時まで可", [(day, 1200, 1320) for day in range(7)]),
        ("月曜 12時まで", [(0, 480, 720)]),
        ("水 夜7時〜9時；日 午前10時〜12時", [(2, 1140, 1260), (6, 600, 720)]),
        ("なし", []),
        ("土日の夜", [(5, 1140, 1320), (6, 1140, 1320)]),
    ]
    rows = [["お名前", "ご連絡先メールアドレス", "学生or社会人", "ご都合のよい曜日と時間", "所属"]]
    for one, (text, windows) in zip(people, said, strict=True):
        one.windows = joined(windows)
        side = "学生" if one.generation == "student" else "社会人"
        rows.append([one.name, one.email, side, text, random.choice(("みなも大学", "つむぎ食品", ""))])
    return as_csv(rows, encoding="cp932")


def titled_list(people: list[Someone], random: Random) -> bytes:
    """Three title rows, running numbers, remarks; family and given name apart; numbers for themes."""
    spans = ((1140, 1260), (1200, 1320))
    upper = [
        "連番",
        "氏名",
        None,
        "フリガナ",
        "メール",
        "区分",
        "興味（1〜5）",
        None,
        None,
        "参加可能時間",
        *[None] * 4,
        "備考",
    ]
    lower = [None, "姓", "名", None, None, None, *THEMES[:3], *DAYS[:5], None]
    rows: list[list[object]] = [
        ["対話プログラム申込者一覧"],
        ["2026年11月20日現在", None, None, "取扱注意"],
        [],
        upper,
        lower,
    ]
    for number, one in enumerate(people, start=1):
        rated = {theme: random.randint(1, 5) for theme in THEMES[:3]}
        one.interests = rated
        some = {day: [span for span in spans if random.random() < 0.4] for day in range(5)}
        one.windows = joined((day, *span) for day, taken in some.items() for span in taken)
        cells = ["、".join(f"{start // 60}時〜{end // 60}時" for start, end in some[day]) for day in range(5)]
        side = "学生" if one.generation == "student" else "OB・OG"
        rows.append([number, one.family, one.given, one.kana, one.email, side, *rated.values(), *cells, "要連絡"])
    merged = ("A4:A5", "B4:C4", "D4:D5", "E4:E5", "F4:F5", "G4:I4", "J4:N4", "O4:O5")
    return as_xlsx(rows, merged=merged)


def partner_students(people: list[Someone], random: Random) -> bytes:
    """What one partner sends of its own side: nobody says who they are, for all are students of one school."""
    rows = [["受付番号", "名前", "ふりがな", "メールアドレス", "空いている時間"]]
    texts = (("火 19:00-21:00", [(1, 1140, 1260)]), ("木 18:30-20:30", [(3, 1110, 1230)]), ("", []))
    for number, one in enumerate(people, start=1):
        text, one.windows = random.choice(texts)
        one.partner = "みなも大学 学生支援課"
        rows.append([f"S-{number:03}", one.name, one.kana, one.email, text])
    return as_csv(rows, encoding="utf-8")


def partner_alumni(people: list[Someone], random: Random) -> bytes:
    """What the other partner sends: named slots with ✓."""
    slots = (("火曜夜（19:00〜21:00）", (1, 1140, 1260)), ("木曜夜（19:00〜21:00）", (3, 1140, 1260)),
             ("土曜午前（10:00〜12:00）", (5, 600, 720)))  # fmt: skip
    rows: list[list[object]] = [["氏名", "メールアドレス", *(head for head, _ in slots), "ひとこと"]]
    for one in people:
        taken = [random.random() < 0.5 for _ in slots]
        one.windows = joined(window for (_, window), is_taken in zip(slots, taken, strict=True) if is_taken)
        one.partner = "ことのは校友会"
        rows.append([one.name, one.email, *("✓" if is_taken else "" for is_taken in taken), "楽しみです"])
    return as_xlsx(rows)


def english_busy(people: list[Someone], random: Random) -> bytes:
    """Excel's “Unicode text”: busy hours by weekday with am and pm. A blank cell says nothing about its day."""
    rows = [["Full name", "Email", "Generation", *(f"Busy hours ({day[:3]})" for day in ENGLISH), "Comments"]]
    for one in people:
        cells, free = [], []
        for day in range(7):
            busy = random.choice(((), ((540, 1020),), ((480, 1110),), ((600, 840), (1140, 1320))))
            cells.append(", ".join(f"{half_clock(start)}-{half_clock(end)}" for start, end in busy))
            if busy:
                edges = [480, *(edge for span in busy for edge in span), 1320]
                free += [(day, start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]
        one.windows = joined(free)
        side = "student" if one.generation == "student" else "second career"
        rows.append([one.name, one.email, side, *cells, "see you"])
    return as_csv(rows, encoding="utf-16", separator="\t")


EXPORTS: tuple[tuple[str, Callable[[list[Someone], Random], bytes], int, int], ...] = (
    ("01_google_grid.csv", google_grid, 6, 6),
    ("02_google_grid_turned.csv", google_grid_turned, 6, 6),
    ("03_attendance_table.xlsx", attendance_table, 8, 8),
    ("04_attendance_download.csv", attendance_download, 10, 0),
    ("05_busy_by_weekday.xlsx", busy_by_weekday, 6, 6),
    ("06_ratings_in_words.xlsx", ratings_in_words, 5, 5),
    ("07_english_twelve_hours.csv", english_twelve_hours, 6, 6),
    ("08_spoken_words.csv", spoken_words, 5, 5),
    ("09_titled_list.xlsx", titled_list, 5, 5),
    ("10_partner_students.csv", partner_students, 8, 0),
    ("11_partner_alumni.xlsx", partner_alumni, 0, 8),
    ("12_english_busy.txt", english_busy, 6, 6),
)


def make() -> tuple[dict[str, bytes], dict[str, dict[str, dict[str, object]]]]:
    """Return each export's bytes, and by export and address what each person meant."""
    files: dict[str, bytes] = {}
    record: dict[str, dict[str, dict[str, object]]] = {}
    for name, write, young, grown in EXPORTS:
        people = cast(name[:2], young=young, grown=grown)
        files[name] = write(people, Random(name))
        record[name] = {
            one.email: {
                "family_name": one.family,
                "given_name": one.given,
                "generation": one.generation,
                "windows": [list(window) for window in one.windows],
                "interests": {STORED.get(theme, theme): rating for theme, rating in one.interests.items()},
                "partner": one.partner,
            }
            for one in people
        }
    return files, record


def main() -> None:
    files, record = make()
    for name, content in files.items():
        (HERE / name).write_bytes(content)
    text = json.dumps(record, ensure_ascii=False, indent=1)
    (HERE / "record.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

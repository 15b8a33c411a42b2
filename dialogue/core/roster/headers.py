"""Which column is which: header names in Japanese and English, in the many spellings that forms give them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from dialogue.core.roster.errors import ErrorCode, RosterError, roster_error
from dialogue.core.text import for_comparing, narrow, visible


class Column(StrEnum):
    """What a roster may say about a person."""

    EMAIL = "email"
    FULL_NAME = "full_name"
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    FULL_KANA = "full_kana"
    FAMILY_KANA = "family_kana"
    GIVEN_KANA = "given_kana"
    PREFERRED_NAME = "preferred_name"
    GENERATION = "generation"
    BIRTH_YEAR = "birth_year"
    ADULT = "adult"
    LANGUAGES = "languages"
    ZONE = "zone"
    AFFILIATION = "affiliation"
    PARTNER = "partner"
    FIELD = "field"
    INTERESTS = "interests"
    AVAILABILITY = "availability"
    KEEP_APART = "keep_apart"
    KEEP_TOGETHER = "keep_together"
    MAX_COHORTS = "max_cohorts"
    SECOND_EMAIL = "second_email"


MAX_HEAD: Final = 200
"""Characters of a head that are looked at: questions are longer than names, and end before this."""

NAME_COLUMNS: Final = (Column.FAMILY_NAME, Column.FULL_NAME, Column.GIVEN_NAME)

PARTICIPANT_COLUMNS: Final = frozenset(Column) - {Column.MAX_COHORTS}
FACILITATOR_COLUMNS: Final = frozenset(
    {
        Column.EMAIL,
        Column.FULL_NAME,
        Column.FAMILY_NAME,
        Column.GIVEN_NAME,
        Column.FULL_KANA,
        Column.FAMILY_KANA,
        Column.GIVEN_KANA,
        Column.PREFERRED_NAME,
        Column.LANGUAGES,
        Column.ZONE,
        Column.AVAILABILITY,
        Column.MAX_COHORTS,
        Column.SECOND_EMAIL,
    }
)

# Spellings are compared without case, width, spaces, punctuation and the difference of the two kana.
_SPELLINGS: Final[Mapping[Column, str]] = {
    Column.EMAIL: "メールアドレス メール メルアド 電子メール 連絡先メールアドレス Eメール Eメールアドレス Email "
    "E-mail Mail Email-address E-mail-address Mail-address",
    Column.FULL_NAME: "氏名 お名前 名前 姓名 フルネーム 参加者名 参加者氏名 進行役 進行役名 進行役氏名 "
    "氏名漢字 お名前漢字 "
    "Name Full-name Fullname Participant Participant-name Facilitator Facilitator-name",
    Column.FAMILY_NAME: "姓 苗字 名字 姓漢字 Family-name Last-name Surname",
    Column.GIVEN_NAME: "名 下の名前 名漢字 Given-name First-name Forename",
    Column.FULL_KANA: "ふりがな よみがな 読み仮名 よみ 読み かな 氏名ふりがな 氏名かな 氏名よみ "
    "お名前ふりがな お名前かな "
    "名前ふりがな 名前かな 姓名ふりがな 姓名かな しめい Kana Furigana Name-kana Full-name-kana Name-in-kana Reading",
    Column.FAMILY_KANA: "せい 姓ふりがな 姓かな 姓よみ 苗字ふりがな 名字ふりがな "
    "Family-kana Family-name-kana Last-name-kana Surname-kana",
    Column.GIVEN_KANA: "めい 名ふりがな 名かな 名よみ 下の名前ふりがな Given-kana Given-name-kana First-name-kana",
    Column.PREFERRED_NAME: "呼ばれたい名前 呼ばれたいお名前 呼び名 呼称 ニックネーム あだ名 "
    "Preferred-name Nickname Name-to-be-called Display-name",
    Column.GENERATION: "世代 区分 世代区分 参加区分 参加者区分 立場 学生社会人 Generation Role Category",
    Column.BIRTH_YEAR: "生年 生まれ年 生まれた年 誕生年 出生年 生年月日 誕生日 Birth-year Year-of-birth Born "
    "Birthday "
    "Birthdate Birth-date Date-of-birth DOB",
    Column.ADULT: "18歳以上で高校生ではない 18歳以上で高校生ではありません 18歳以上で高校生でない "
    "18歳以上かつ高校生ではない "
    "18歳以上 成人 Adult 18-or-over 18-or-older 18-or-over-and-not-in-high-school "
    "I-am-18-or-over-and-not-in-high-school 18-or-older-and-not-in-high-school",
    Column.LANGUAGES: "言語 使用言語 対話の言語 対話言語 話せる言語 参加できる言語 Language Languages",
    Column.ZONE: "タイムゾーン 時間帯 時差 標準時 Timezone Time-zone Zone TZ",
    Column.AFFILIATION: "所属 所属先 所属名 学校 学校名 大学 大学名 勤務先 勤め先 会社 会社名 学校勤務先 "
    "学校または勤務先 "
    "Affiliation School University Employer Company School-or-employer Organisation Organization",
    Column.PARTNER: "送り出し団体 送出団体 派遣元 紹介団体 推薦団体 Partner Partner-organisation Partner-organization",
    Column.FIELD: "専攻 専門 職種 分野 専攻分野 専攻職種 専攻または職種 職業 仕事 学部 学科 "
    "Field Field-of-work Field-of-study Field-of-work-or-study Major Occupation Profession",
    Column.INTERESTS: "興味 関心 興味関心 関心事 関心テーマ 興味のあるテーマ 関心のあるテーマ "
    "興味があるテーマ 話したいテーマ "
    "テーマ Interest Interests Topics Themes",
    Column.AVAILABILITY: "参加できる時間 参加できる時間帯 参加可能時間 参加可能時間帯 参加可能な時間 "
    "参加可能な時間帯 参加可能日時 "
    "空き時間 空いている時間 都合のよい時間 都合の良い時間 希望時間 Availability Available-times Available-hours "
    "When-available Times",
    Column.KEEP_APART: "一緒にしたくない人 別のグループにしたい人 離したい人 別にする人 Keep-apart Not-with "
    "Apart Avoid",
    Column.KEEP_TOGETHER: "一緒にしたい人 同じグループにしたい人 一緒にする人 Keep-together With Together",
    Column.MAX_COHORTS: "担当できるグループ数 担当グループ数 担当可能グループ数 担当数 グループ数 "
    "Cohorts Max-cohorts Number-of-cohorts Cohort-count How-many-cohorts",
    Column.SECOND_EMAIL: "別のメールアドレス 第2メールアドレス 予備のメールアドレス サブメールアドレス "
    "Second-email Other-email Alternative-email Second-e-mail-address",
}
_PUNCTUATION: Final = re.compile(r"[\W_]+")
# What forms add to a header without changing what it asks for. Other words in brackets do change it: メール（保護者）.
_DECORATION: Final = re.compile(
    r"[(\[【〔<][\s*※]*(?:必須(?:項目)?|任意(?:項目)?|漢字|半角(?:英数字?)?|全角|複数(?:回答)?可|西暦|西暦4桁|"
    r"日本時間|jst|required|optional|例[:.、 ].*?|e\.?g\.?.*?)[\s*※]*[)\]】〕>]",
    re.IGNORECASE,
)


def header_key(header: str) -> str:
    """Return what is compared of a header: neither width, case, kana, spaces nor punctuation count."""
    return _key(header[: 4 * MAX_HEAD])


@lru_cache(maxsize=1024)
def _key(header: str) -> str:
    return _PUNCTUATION.sub("", for_comparing(visible(header)[:MAX_HEAD]))


_COLUMN_OF: Final[Mapping[str, Column]] = {
    header_key(spelling): column for column, spellings in _SPELLINGS.items() for spelling in spellings.split()
}


@dataclass(frozen=True, slots=True)
class Heading:
    """The columns of one file: where each stands and how its header is written."""

    positions: Mapping[Column, int]
    written: Mapping[Column, str]
    ignored: tuple[str, ...]

    def name(self, column: Column) -> str:
        return self.written.get(column, "")


def column_of(header: str) -> Column | None:
    """Return what a header asks for, None when it is not one of ours."""
    if len(header) > 200:
        return None
    exact = _COLUMN_OF.get(header_key(header))
    return exact or _COLUMN_OF.get(header_key(_DECORATION.sub("", narrow(visible(header)))))


def read_heading(
    cells: Sequence[str],
    *,
    names: Sequence[str],
    line: int,
    wanted: frozenset[Column],
    required: Sequence[Column],
    columns: Mapping[str, Column | None],
    named: Iterable[str],
) -> tuple[Heading, list[RosterError]]:
    """Return the columns that a header row names, and what is wrong with it.

    `names` are the heads as unique names. `columns` says by `header_key` what a head means, None to leave that
    column out; it goes before the spellings known here. `named` must all be there. Columns outside `wanted` are
    ignored and listed. A name is required in any of its columns.
    """
    present = {header_key(name) for name in names}
    errors = [
        roster_error(ErrorCode.UNKNOWN_MAPPING, line=line, value=header)
        for header in named
        if header_key(header) not in present
    ]
    meant = [
        columns[header_key(name)] if header_key(name) in columns else column_of(cell)
        for cell, name in zip(cells, names, strict=True)
    ]
    _read_name_beside_surname_as_given(meant, cells)

    positions: dict[Column, int] = {}
    written: dict[Column, str] = {}
    ignored: list[str] = []
    for position, (header, column) in enumerate(zip(cells, meant, strict=True)):
        if column is None or column not in wanted:
            if visible(header):
                ignored.append(visible(header)[:60])
        elif column in positions:
            errors.append(
                roster_error(ErrorCode.REPEATED_HEADER, line=line, column=header, value=header, other=written[column])
            )
        else:
            positions[column] = position
            written[column] = names[position]
    errors.extend(
        roster_error(ErrorCode.MISSING_HEADER, line=line, header=column.value)
        for column in required
        if column not in positions
    )
    if not any(column in positions for column in NAME_COLUMNS):
        errors.append(roster_error(ErrorCode.MISSING_HEADER, line=line, header="name"))
    return Heading(positions, written, tuple(ignored)), errors


def _read_name_beside_surname_as_given(meant: list[Column | None], cells: Sequence[str]) -> None:
    """Let 名前 mean the given name in a file with 姓 and 名前, as many forms have it."""
    if Column.FAMILY_NAME in meant and Column.GIVEN_NAME not in meant and meant.count(Column.FULL_NAME) == 1:
        position = meant.index(Column.FULL_NAME)
        if header_key(cells[position]) in ("名前", "お名前", "name"):
            meant[position] = Column.GIVEN_NAME

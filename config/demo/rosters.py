"""The demo's cast as roster files, so that it comes in by the same door as everybody."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dialogue.core.roster import FacilitatorRow, ParticipantRow, read_facilitators, read_participants

PARTICIPANT_HEADERS = {
    "メールアドレス": "email",
    "姓": "family_name",
    "名": "given_name",
    "せい": "family_kana",
    "めい": "given_kana",
    "呼ばれたい名前": "preferred_name",
    "世代": "generation",
    "生年": "birth_year",
    "18歳以上で、高校生ではない": "under_18",
    "言語": "languages",
    "タイムゾーン": "zone",
    "所属": "affiliation",
    "送り出し団体": "partner",
    "専攻・職種": "field",
    "興味": "interests",
    "参加できる時間": "availability",
    "一緒にしたくない人": "keep_apart",
    "一緒にしたい人": "keep_together",
}
FACILITATOR_HEADERS = {
    "メールアドレス": "email",
    "姓": "family_name",
    "名": "given_name",
    "せい": "family_kana",
    "めい": "given_kana",
    "呼ばれたい名前": "preferred_name",
    "言語": "languages",
    "タイムゾーン": "zone",
    "参加できる時間": "availability",
    "担当できるグループ数": "max_cohorts",
}


def participant_rows(people: Sequence[Mapping[str, Any]], *, today: date) -> Sequence[ParticipantRow]:
    """Return the cast's participants as the roster reader gives them."""
    return read_participants(content=_csv(people, PARTICIPANT_HEADERS), filename="cast.csv", today=today).rows


def facilitator_rows(people: Sequence[Mapping[str, Any]]) -> Sequence[FacilitatorRow]:
    """Return the cast's facilitators as the roster reader gives them."""
    return read_facilitators(content=_csv(people, FACILITATOR_HEADERS), filename="cast.csv").rows


def _csv(people: Sequence[Mapping[str, Any]], headers: Mapping[str, str]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(headers)
    for person in people:
        writer.writerow(_cell(key, person[key]) for key in headers.values())
    return file.getvalue().encode()


def _cell(key: str, value: Any) -> str:
    if key == "under_18":
        return "いいえ" if value else "はい"
    return ";".join(value) if isinstance(value, list) else str(value or "")

"""I1 to I6 of the outbox, asked in SQL of the database and compared with what the mail server was given."""

from collections import Counter, defaultdict
from collections.abc import Set
from datetime import datetime
from typing import Any

from django.db import connection
from icalendar import Calendar

from tests.faults.stage import Stage, Violation, one_value

DOUBLE_BOOKED = """
    WITH seat AS (
        SELECT session_id, person_id FROM dialogue_sessions_attendance
        UNION SELECT id, facilitator_id FROM dialogue_sessions_dialoguesession
    )
    SELECT count(*) FROM seat a
    JOIN seat b ON b.person_id = a.person_id AND b.session_id > a.session_id
    JOIN dialogue_sessions_dialoguesession s ON s.id = a.session_id AND s.status = 'confirmed'
    JOIN dialogue_sessions_dialoguesession t ON t.id = b.session_id AND t.status = 'confirmed'
    WHERE s.starts_at < t.ends_at AND t.starts_at < s.ends_at
"""
HALF_BOOKED = """
    SELECT count(*) FROM dialogue_sessions_sessionseries series
    JOIN dialogue_cohort cohort ON cohort.id = series.cohort_id
    JOIN dialogue_term term ON term.id = cohort.term_id
    LEFT JOIN LATERAL (
        SELECT count(*) AS sessions, coalesce(sum(here.people), 0) AS people, coalesce(sum(here.invited), 0) AS invited
        FROM (
            SELECT s.id,
                (SELECT count(*) FROM dialogue_sessions_attendance a WHERE a.session_id = s.id) AS people,
                (SELECT count(*) FROM dialogue_outboundmessage m
                 WHERE m.subject_key = 'session:' || s.id AND m.kind = 'invitation') AS invited
            FROM dialogue_sessions_dialoguesession s WHERE s.cohort_id = cohort.id
        ) here
    ) found ON true
    LEFT JOIN LATERAL (
        SELECT count(*) AS seats FROM dialogue_membership m WHERE m.cohort_id = cohort.id
    ) members ON true
    WHERE CASE WHEN series.status = 'booked' THEN
            found.sessions <> term.session_count OR found.people <> term.session_count * members.seats
            OR found.invited <> term.session_count * (members.seats + 1)
        ELSE found.sessions <> 0 END
"""
SENT_TWICE = """
    SELECT count(*) FROM (
        SELECT 1 FROM dialogue_outboundmessage WHERE status = 'sent'
        GROUP BY kind, subject_key, recipient_id, subject_version HAVING count(*) > 1
    ) doubled
"""
LEFT_OVER = """
    SELECT count(*) FROM dialogue_outboundmessage
    WHERE status = 'sending' OR (status = 'queued' AND (due_at <= clock_timestamp() OR attempts > 0))
"""
MEMBERS_OF_COHORTS = """
    SELECT count(*) FROM dialogue_cohort cohort WHERE
        (SELECT count(*) FROM dialogue_membership m WHERE m.cohort_id = cohort.id) NOT BETWEEN 4 AND 6
"""


def settled() -> bool:
    """Whether nothing that is due waits or is in somebody's hands, and no series waits."""
    waiting = one_value("SELECT count(*) FROM dialogue_sessions_sessionseries WHERE status = 'queued'")
    return waiting == 0 and one_value(LEFT_OVER) == 0


def check(
    stage: Stage,
    *,
    acknowledged: list[int] | None = None,
    cuts: int | None = None,
    sign_in_numbers: int = 0,
    forgotten: Set[str] = frozenset(),
) -> None:
    """Compare everything. `cuts` is how many senders were cut off, and so how many mails may have arrived twice.

    `sign_in_numbers` is how many mails have no row: those numbers are sent at once, by the web process itself.
    `forgotten` are the names of mails about what was lost with a database; they are passed over.

    Raises:
        Violation: an invariant does not hold.
    """
    cuts = len(stage.killed) * 2 if cuts is None else cuts
    sink = [mail for mail in stage.mails() if mail["id"] not in forgotten]
    problems = list(_problems(sink, acknowledged or [], cuts, sign_in_numbers))
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, count(*) FROM dialogue_outboundmessage GROUP BY status ORDER BY status")
        counts = dict(cursor.fetchall())
    stage.log(f"outbox {counts}; sink {len(sink)} mails, {len({mail['id'] for mail in sink})} names")
    if problems:
        raise Violation("; ".join(problems))


def _problems(mails: list[dict[str, Any]], acknowledged: list[int], cuts: int, sign_in_numbers: int) -> Any:
    for name, sql in (
        ("I2 overlapping sessions", DOUBLE_BOOKED), ("I3 rows sent twice", SENT_TWICE),
        ("I4 half a series", HALF_BOOKED), ("I4 half a cohort", MEMBERS_OF_COHORTS),
    ):  # fmt: skip
        if found := one_value(sql):
            yield f"{name}: {found}"
    for series in acknowledged:
        if not one_value("SELECT count(*) FROM dialogue_sessions_sessionseries WHERE id = %s", series):
            yield f"I1 series {series} was acknowledged and is gone"
    rows = _rows()
    times = Counter(mail["id"] for mail in mails)
    if (strange := len(set(times) - set(rows))) != sign_in_numbers:
        yield f"I3 {strange} mails of no row, {sign_in_numbers} are sign-in numbers"
    yield from _counts(rows, times, cuts)
    yield from _after_cancel(rows, mails)
    yield from _calendars(mails)


def _rows() -> dict[str, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.message_id, m.kind, m.status, m.subject_key, m.subject_version, p.email, m.dedupe_key "
            "FROM dialogue_outboundmessage m JOIN dialogue_person p ON p.id = m.recipient_id"
        )
        names = [column[0] for column in cursor.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def repeats(kind: str) -> bool:
    return not kind.startswith("reminder") and kind not in {"record_due", "guardian_nudged"}


def _counts(rows: dict[str, dict[str, Any]], times: Counter[str], cuts: int) -> Any:
    extra = 0
    for name, row in rows.items():
        arrived = times[name]
        if row["status"] == "sent" and not arrived:
            yield f"I3 {row['dedupe_key']} is noted as sent and never arrived"
        if row["status"] == "void" and arrived and row["kind"] != "invitation" and repeats(row["kind"]) is False:
            yield f"I3 {row['dedupe_key']} is void and arrived"
        if not repeats(row["kind"]) and arrived > 1:
            yield f"I3 reminder {row['dedupe_key']} arrived {arrived} times"
        extra += max(0, arrived - 1)
    if extra > cuts:
        yield f"I3 {extra} mails arrived once more, {cuts} could have"
    if lost := [row["dedupe_key"] for row in rows.values() if row["status"] == "dead"]:
        yield f"I3 given up: {lost[:3]}"


def _after_cancel(rows: dict[str, dict[str, Any]], mails: list[dict[str, Any]]) -> Any:
    cancelled: set[tuple[str, str]] = set()
    for mail in mails:
        row = rows.get(mail["id"])
        if row is None or not row["subject_key"].startswith("session:"):
            continue
        what = (row["subject_key"], row["email"])
        if row["kind"] == "session_cancelled":
            cancelled.add(what)
        elif what in cancelled:
            yield f"I5 {row['dedupe_key']} arrived after the cancel"


def _calendars(mails: list[dict[str, Any]]) -> Any:
    """Replay each person's mails as a calendar program would, and compare with what stands in the database."""
    shown: dict[tuple[str, str], tuple[int, str, datetime]] = {}
    for mail in mails:
        if not mail["calendar"]:
            continue
        calendar = Calendar.from_ical(mail["calendar"])
        (event,) = calendar.walk("VEVENT")
        key, sequence = (mail["to"], str(event["UID"])), int(event["SEQUENCE"])
        if key not in shown or sequence > shown[key][0]:
            shown[key] = (sequence, str(calendar["METHOD"]), event.decoded("DTSTART"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT uid, status, starts_at FROM dialogue_sessions_dialoguesession")
        real = {uid: (status, starts_at) for uid, status, starts_at in cursor.fetchall()}
    ghosts: defaultdict[str, int] = defaultdict(int)
    for (_person, uid), (_sequence, method, starts_at) in shown.items():
        status, start = real[uid]
        if (status == "cancelled") != (method == "CANCEL"):
            ghosts["a ghost or a gap"] += 1
        elif method == "REQUEST" and start != starts_at:
            ghosts["a wrong time"] += 1
    yield from (f"calendars: {what} in {count}" for what, count in ghosts.items())

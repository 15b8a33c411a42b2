"""The lists of what the office does as sheets: messages, mails, ways in, runs, what was done, lists taken along."""

from datetime import datetime

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from dialogue.core.sheet import Sheet
from dialogue.core.wall_clock import zone_named
from dialogue.models import Partner, Term
from dialogue.ways_in import partners_of, ways_of
from matching.models import MatchRun
from sessions.list_files.names import NAMES
from sessions.list_files.rows import moment, whole
from sessions.list_files.taken import taken_in, taken_lines
from sessions.term_log import LogFilter, entries_of, log_lines
from sessions.term_mails import mail_lines, mails_of
from sessions.term_messages import MessageLine, message_lines, shown_of


def messages(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    zone = zone_named(term.zone)
    lines = message_lines(whole(shown_of(term, show=asked.get("show", ""), now=now)), term=term, now=now)
    return Sheet(
        name=str(NAMES["messages"]),
        headings=(_("To whom"), _("What"), _("About"), _("Day"), _("Time of day"), _("State"), _("Reason")),
        rows=(
            (
                line.one.recipient.full_name or line.one.recipient.preferred_name,
                str(line.kind),
                _about(line),
                *moment(line.one.sent_at or line.one.due_at, zone),
                line.one.get_status_display() + (" (LINE)" if line.one.channel == "line" else ""),
                str(line.reason),
            )
            for line in lines
        ),
    )


def _about(line: MessageLine) -> str:
    cohort, session = line.subject or (None, None)
    if session:
        return _("Cohort %(cohort)s, session %(number)s") % {"cohort": cohort, "number": session}
    return _("Cohort %(number)s") % {"number": cohort} if cohort else ""


def mails(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    zone = zone_named(term.zone)
    return Sheet(
        name=str(NAMES["mails"]),
        headings=(
            _("Subject"), _("Day"), _("Time of day"), _("Written by"), _("Sent to"), _("Waiting to leave"), _("Sent"),
            _("Taken back or no longer wanted"), _("May not have arrived"),
        ),
        rows=(
            (
                line.subject,
                *moment(line.mail.leaves_at, zone),
                line.mail.written_by.full_name if line.mail.written_by else "",
                line.people,
                line.waiting,
                line.sent,
                line.void,
                line.trouble,
            )
            for line in mail_lines(list(whole(mails_of(term))))
        ),
    )  # fmt: skip


def joining(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    """Return who recruits. Of a partner's contacts there is the number alone: the page shows their addresses."""
    host = term.programme.organisation
    partners: list[Partner | None] = [None, *whole(partners_of(term))]
    taking, not_taking = _("Taking sign-ups"), _("Not taking sign-ups")
    return Sheet(
        name=str(NAMES["joining"]),
        headings=(_("Who recruits"), _("Link"), _("Signed up"), _("Contacts")),
        rows=(
            (
                way.partner.name if way.partner else _("%(host)s (host)") % {"host": host.name},
                "" if way.link is None else taking if way.is_open else not_taking,
                way.number,
                len(way.contacts) if way.partner else None,
            )
            for way in ways_of(term, partners, today=timezone.localdate(now))
        ),
    )


def runs(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    zone = zone_named(term.zone)
    rows = whole(term.match_runs.select_related("asked_by").defer("note", "wishes", "keeps", "hints").order_by("-pk"))
    return Sheet(
        name=str(NAMES["runs"]),
        headings=(
            _("Day"), _("Time of day"), _("State"), _("Placed"), _("Everybody"), _("Asked by"), _("Seed"),
        ),
        rows=(
            (
                *moment(run.created_at, zone),
                run.get_status_display(),
                *((run.placed, run.people) if _has_result(run) else (None, None)),
                run.asked_by.full_name if run.asked_by else "",
                run.seed,
            )
            for run in rows
        ),
    )  # fmt: skip


def _has_result(run: MatchRun) -> bool:
    return run.finished_at is not None and run.status != MatchRun.Status.FAILED


def log(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    zone = zone_named(term.zone)
    form = LogFilter(asked, term=term, today=timezone.localdate(now, timezone=zone))
    lines = log_lines(whole(entries_of(term, form)), term)
    return Sheet(
        name=str(NAMES["log"]),
        headings=(_("Kind of change"), _("Concerns"), _("Day"), _("Time of day"), _("By whom")),
        rows=((str(line.what), line.about, *moment(line.at, zone), line.by or _("Madoi by itself")) for line in lines),
    )


def taken(term: Term, asked: QueryDict, now: datetime) -> Sheet:
    zone = zone_named(term.zone)
    yes, no = _("Yes"), _("No")
    return Sheet(
        name=str(NAMES["taken"]),
        headings=(
            _("List"), _("Kind of file"), _("Rows"), _("A part of the list"), _("Day"), _("Time of day"), _("By whom"),
        ),
        rows=(
            (str(one.name), one.form, one.rows, yes if one.is_narrowed else no, *moment(one.at, zone), one.by)
            for one in taken_lines(whole(taken_in(term)))
        ),
    )  # fmt: skip

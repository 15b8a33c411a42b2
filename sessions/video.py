"""How the people of a session see and hear each other: one way in for a pasted link, Jitsi and Madoi's own room.

Where a session has a link of its own, that is its way in, whatever its term chose: so a coordinator can lead one
session elsewhere when something fails. Tokens and passes end by the real time, also where a demo's clock is moved on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from dialogue.addresses import address_of
from dialogue.models import Membership, Person, Term
from dialogue.video import works
from sessions.core.video import RelayPass, ice_settings, jitsi_link, jitsi_room, relay_pass
from sessions.models import Attendance, DialogueSession

Video = Term.Video

OVERRUN: Final = timedelta(hours=1)
"""How long after the end of a session a pass to the relay still opens it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideGuide:
    """The video as it stands on the page of a session's room."""

    kind: str
    """A value of `Term.Video`; empty where there is no way in yet."""
    link: str = ""
    """Opens the video in a tab of its own."""
    frame: str = ""
    """Shows it on the page itself."""
    call: str = ""
    """Where a browser asks for what the own room needs."""


def held_in(session: DialogueSession) -> DialogueSession:
    """Return the session in whose room this one is held: its host's where it is held together."""
    return session.joint_with or session


def video_of(session: DialogueSession) -> str:
    """Return the way in as a value of `Term.Video`, or nothing. Reads host and term: cohorts of one are together."""
    if held_in(session).room_url:
        return Video.LINK
    chosen = session.cohort.term.video
    return chosen if chosen != Video.LINK and works(chosen) else ""


def door_of(session: DialogueSession) -> str:
    """Return where somebody goes who enters: to a pasted link at once, else to the room's page. Maybe nothing."""
    video = video_of(session)
    if video == Video.LINK:
        return held_in(session).room_url
    return address_of("room", session.pk) if video else ""


def video_link(session: DialogueSession, *, name: str, wall: float) -> str:
    """Return the address of the video itself for somebody who goes by this name. `wall` is the real time.

    It is for this moment: a token in it ends soon. The own room has none beside its page. Maybe nothing.
    """
    held, video = held_in(session), video_of(session)
    if video != Video.JITSI:
        return door_of(session)
    return jitsi_link(
        base=settings.JITSI_URL,
        app_id=settings.JITSI_APP_ID,
        secret=settings.JITSI_APP_SECRET,
        room=jitsi_room(secret=settings.JITSI_APP_SECRET, uid=held.uid),
        name=name,
        now=wall,
    )


def beside_guide(session: DialogueSession, *, reader: Person, here: bool, wall: float) -> BesideGuide:
    """Return the video as the room's page shows it; with `here`, Jitsi stands on the page instead of a tab."""
    video = video_of(session)
    if video == Video.JITSI and here:
        return BesideGuide(kind=video, frame=video_link(session, name=reader.preferred_name, wall=wall))
    if video == Video.OWN:
        return BesideGuide(kind=video, call=address_of("session_call", session.pk))
    return BesideGuide(kind=video, link=address_of("session_video", session.pk) if video else "")


def allowing(response: HttpResponseBase, video: BesideGuide, request: HttpRequest) -> HttpResponseBase:
    """Let this one page show what its video frames, if it does; every other page keeps the policy of the site."""
    if not video.frame:
        return response
    parts = urlsplit(video.frame)
    return csp_update({"frame-src": f"{parts.scheme}://{parts.netloc}"})(lambda _request: response)(request)


def call_of(session: DialogueSession, *, reader: Person, now: datetime, wall: float) -> dict[str, Any]:
    """Return what a browser needs to take part in the own room: `me`, `people` (key → name) and `ice`. Two queries."""
    held = held_in(session)
    passed: RelayPass | None = None
    if settings.TURN_URLS:
        lasts = max(timedelta(), held.ends_at - now) + OVERRUN
        until = wall + lasts.total_seconds()
        passed = relay_pass(secret=settings.TURN_SECRET, uid=held.uid, person=reader.pk, until=until)
    return {
        "me": reader.pk,
        "people": names_in(held),
        "ice": ice_settings(urls=settings.TURN_URLS, passed=passed),
    }


def names_in(held: DialogueSession) -> dict[int, str]:
    """Return the names that people go by in a session's room: its circle, those with it, who steps in, who leads."""
    together = DialogueSession.objects.filter(Q(pk=held.pk) | Q(joint_with=held)).order_by()
    members = Membership.objects.filter(cohort__sessions__in=together, left_at__isnull=True)
    stepping_in = Attendance.objects.filter(session__in=together, guest__ended_at__isnull=True, guest__isnull=False)
    inside = Q(pk__in=members.values("participation__person")) | Q(pk__in=stepping_in.values("person"))
    leading = Q(pk__in=together.values("facilitator"))
    return dict(Person.objects.filter(inside | leading).values_list("pk", "preferred_name"))

"""What a term's log says of each thing that was done. What has no words here is not shown: it is somebody's own."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue.reception_words import HISTORY

SETTINGS: Final[dict[str, Promise]] = {
    "programme_created": _("Programme made"),
    "term_created": _("Term made"),
    "term_changed": _("Term changed"),
    "term_copied": _("Made from an earlier term"),
    "facilitators_copied": _("Facilitators brought along"),
    "quorum_set": _("Quorum set"),
    "usual_wishes_kept": _("Usual wishes for forming kept"),
    "coordinator_added": _("Coordinator added"),
    "coordinator_removed": _("Coordinator removed"),
    "safety_contact_added": _("Safety contact added"),
    "safety_contact_removed": _("Safety contact removed"),
    "join_link_opened": _("Join link made"),
    "join_link_renewed": _("Join link renewed"),
    "join_link_closed": _("Join link closed"),
}
PEOPLE: Final[dict[str, Promise]] = {
    **HISTORY,
    "roster_imported": _("Roster brought in"),
    "facilitators_imported": _("Facilitators brought in"),
    "answers_changed": _("Answers changed"),
    "availability_changed": _("Times changed"),
    "availability_added": _("A time added"),
    "interests_changed": _("Interests changed"),
    "partner_may_know": _("Agreed that the partner may know"),
    "partner_may_not_know": _("Took back that the partner may know"),
    "pair_wish_changed": _("Wish about two people changed"),
    "pairs_wished": _("Wish about several people changed"),
    "time_asked": _("Asked for one more time"),
}
COHORTS: Final[dict[str, Promise]] = {
    "match_run_started": _("Forming of cohorts started"),
    "match_run_discarded": _("Proposals set aside"),
    "match_run_published": _("Cohorts published"),
    "match_run_unpublished": _("Publication taken back"),
    "board_changed": _("Proposals changed by hand"),
    "run_note_written": _("Note on the proposals written"),
    "cohort_locked": _("Locked"),
    "cohort_unlocked": _("Unlocked"),
    "cohort_window_set": _("Time of the cohort changed"),
    "cohorts_repaired": _("Cohorts repaired"),
    "repair_taken_back": _("Repair taken back"),
    "term_deck_set": _("What prompts are drawn from changed"),
    "prompts_drawn": _("Prompts drawn anew"),
    "own_scene_asked": _("A scene of one’s own is asked for"),
    "own_scene_not_asked": _("A scene of one’s own is no longer asked for"),
}
SESSIONS: Final[dict[str, Promise]] = {
    "series_booked": _("Dates booked"),
    "series_queued_again": _("Dates looked for once more"),
    "series_moved": _("All sessions moved"),
    "series_moved_back": _("All sessions moved back"),
    "series_cancelled": _("All sessions cancelled"),
    "session_added": _("Session added"),
    "session_moved": _("Session moved"),
    "session_cancelled": _("Session cancelled"),
    "session_postponed": _("Session put off"),
    "session_date_chosen": _("New date chosen"),
    "other_dates_proposed": _("Other dates proposed"),
    "facilitator_changed": _("Facilitator changed"),
    "place_changed": _("Place changed"),
    "prompt_replaced": _("Prompt replaced"),
    "record_asked_for": _("Asked for the record"),
    "gathering_opened": _("Gathering opened"),
    "gathering_fixed": _("Date of the gathering settled"),
    "gathering_extended": _("More time to choose among the dates of a gathering"),
    "gathering_changed": _("Gathering changed"),
    "gathering_cancelled": _("Gathering called off"),
    "gathering_told": _("Short version of the gathering sent"),
}
MAILS: Final[dict[str, Promise]] = {
    "bulk_mail_sent": _("Mail to several people"),
    "bulk_mail_taken_back": _("Mail to several people taken back"),
    "list_taken": _("List saved as a file"),
}

GROUPS: Final[dict[str, tuple[Promise, dict[str, Promise]]]] = {
    "people": (_("People"), PEOPLE),
    "cohorts": (_("Cohorts"), COHORTS),
    "sessions": (_("Sessions and gatherings"), SESSIONS),
    "mails": (_("Mails and files"), MAILS),
    "settings": (_("Term and staff"), SETTINGS),
}
WORDS: Final[dict[str, Promise]] = {action: word for _name, words in GROUPS.values() for action, word in words.items()}

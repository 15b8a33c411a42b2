"""Pages of those who run terms: where each stands, its cohorts, sessions and messages."""

from django.urls import path

from sessions.views import (
    after,
    coordinator,
    gatherings,
    notes,
    places,
    postponing,
    prompting,
    publishing,
    rescuing,
    sent,
    series,
    terms,
)
from sessions.views.sharing import cohort_own_scene

urlpatterns = [
    path("terms/", terms.terms, name="terms"),
    path("terms/<int:pk>/", terms.term, name="term"),
    path("terms/<int:pk>/cohorts/", coordinator.term_cohorts, name="term_cohorts"),
    path("terms/<int:pk>/sessions/", coordinator.term_sessions, name="term_sessions"),
    path("terms/<int:pk>/postpone/", postponing.term_postpone, name="term_postpone"),
    path("terms/<int:pk>/postponed/", postponing.term_postponed, name="term_postponed"),
    path("terms/<int:pk>/gatherings/", gatherings.term_gatherings, name="term_gatherings"),
    path("terms/<int:pk>/gatherings/new/", gatherings.gathering_new, name="gathering_new"),
    path("g/<int:pk>/fix/", gatherings.gathering_fix, name="gathering_fix"),
    path("g/<int:pk>/change/", gatherings.gathering_change, name="gathering_change"),
    path("g/<int:pk>/cancel/", gatherings.gathering_cancel, name="gathering_cancel"),
    path("g/<int:pk>/page/", gatherings.gathering_page_version, name="gathering_page_version"),
    path("g/<int:pk>/invite/", gatherings.gathering_invite, name="gathering_invite"),
    path("terms/<int:pk>/messages/", sent.term_messages, name="term_messages"),
    path("terms/<int:pk>/messages/<int:message>/again/", sent.message_again, name="message_again"),
    path("terms/<int:pk>/quorum/", rescuing.term_quorum, name="term_quorum"),
    path("terms/<int:pk>/after/", after.term_after, name="term_after"),
    path("terms/<int:pk>/reported-notes/", notes.term_reported_notes, name="term_reported_notes"),
    path("notes/<int:pk>/settle/", notes.note_settle, name="note_settle"),
    path("cohorts/<int:pk>/", coordinator.cohort, name="cohort"),
    path("cohorts/<int:pk>/prompts/", prompting.cohort_prompts, name="cohort_prompts"),
    path("cohorts/<int:pk>/own-scene/", cohort_own_scene, name="cohort_own_scene"),
    path("cohorts/<int:pk>/add-session/", series.session_add, name="session_add"),
    path("cohorts/<int:pk>/move-back/", series.series_move_back, name="series_move_back"),
    path("runs/<int:pk>/publish/", publishing.run_publish, name="run_publish"),
    path("s/<int:pk>/move/", coordinator.session_move, name="session_move"),
    path("s/<int:pk>/prompts/<int:number>/", prompting.session_prompt, name="session_prompt"),
    path("s/<int:pk>/new-date/", postponing.session_new_date, name="session_new_date"),
    path("s/<int:pk>/place/", places.session_place, name="session_place"),
    path("s/<int:pk>/move-all/", series.series_move, name="series_move"),
    path("s/<int:pk>/cancel-all/", series.series_cancel, name="series_cancel"),
    path("s/<int:pk>/cancel/", coordinator.session_cancel, name="session_cancel"),
]

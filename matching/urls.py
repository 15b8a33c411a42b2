"""Pages about forming cohorts. Publishing and repairs are with the sessions, whose dates and mails they make."""

from django.urls import path

from matching import asking_views, board_views, cohort_lock_views, lock_views, note_views, pair_views, views

urlpatterns = [
    path("terms/<int:pk>/runs/", views.term_runs, name="term_runs"),
    path("runs/<int:pk>/", views.run, name="run"),
    path("runs/<int:pk>/progress/", views.run_progress, name="run_progress"),
    path("runs/<int:pk>/discard/", views.run_discard, name="run_discard"),
    path("runs/<int:pk>/people/<int:participation>/", board_views.run_move, name="run_move"),
    path("runs/<int:pk>/people/<int:participation>/pair/", pair_views.run_pair, name="run_pair"),
    path("runs/<int:pk>/note/", note_views.run_note, name="run_note"),
    path("runs/<int:pk>/step-back/", board_views.run_step_back, name="run_step_back"),
    path("runs/<int:pk>/lock/", lock_views.run_lock, name="run_lock"),
    path("runs/<int:pk>/rerun/", lock_views.run_rerun, name="run_rerun"),
    path("runs/<int:pk>/compare/<int:other>/", lock_views.run_compare, name="run_compare"),
    path("runs/<int:pk>/history/", board_views.run_history, name="run_history"),
    path("runs/<int:pk>/ask/<int:participation>/", asking_views.run_ask, name="run_ask"),
    path("time-asked/<int:pk>/", asking_views.time_ask, name="time_ask"),
    path("cohorts/<int:pk>/locks/", cohort_lock_views.cohort_locks, name="cohort_locks"),
]

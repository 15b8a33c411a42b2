"""The five things that the lower apps may tell the higher ones.

Each is sent inside the transaction that made it true. A receiver is one line into a service and only writes rows.

cohort_formed, cohort_changed: `cohort_id`, `now`; the latter with `former_window` (weekday and minutes after midnight)
    where the cohort meets at another time from now on
participation_ended, consent_withdrawn: `participation_id`, `now`
person_erased: `person_id`, `now`
"""

from django.dispatch import Signal

cohort_formed = Signal()
cohort_changed = Signal()
participation_ended = Signal()
consent_withdrawn = Signal()
person_erased = Signal()

"""Pages about a term and its people."""

from django.urls import include, path

from dialogue.views.applicant import invitation, reception_reply
from dialogue.views.for_several import term_for_several
from dialogue.views.guardian import guardian
from dialogue.views.importing import term_import
from dialogue.views.mapping import term_import_mapping, term_import_toml
from dialogue.views.own_decks import (
    own_deck,
    own_deck_edit,
    own_deck_new,
    own_deck_prompts,
    own_deck_remove,
    own_deck_term,
    own_decks,
)
from dialogue.views.own_prompts import (
    prompt_adapt,
    prompt_approve,
    prompt_edit,
    prompt_leave_out,
    prompt_new,
    prompt_restore,
    prompt_retire,
    prompt_take_in,
)
from dialogue.views.people import participation_end
from dialogue.views.prompts import prompt, prompts
from dialogue.views.reaching import contact_choices, line_webhook, person_address
from dialogue.views.reception import reception, reception_decide
from dialogue.views.reception_person import reception_guardian, reception_identity, reception_note, reception_person
from dialogue.views.safety_contacts import safety_contact_remove, term_safety
from dialogue.views.sharing import sharing
from dialogue.views.staff import coordinator_remove, term_staff
from dialogue.views.terms import term_edit, term_new
from dialogue.views.values import values, values_choose, values_forget

urlpatterns = [
    path("", include("dialogue.recruiting_urls")),
    path("", include("dialogue.sign_up_urls")),
    path("terms/new/", term_new, name="term_new"),
    path("terms/<int:pk>/edit/", term_edit, name="term_edit"),
    path("terms/<int:pk>/import/", term_import, name="term_import"),
    path("terms/<int:pk>/import/mapping/", term_import_mapping, name="term_import_mapping"),
    path("terms/<int:pk>/import/mapping.toml", term_import_toml, name="term_import_toml"),
    path("participations/<int:pk>/end/", participation_end, name="participation_end"),
    path("terms/<int:pk>/people/do/", term_for_several, name="term_for_several"),
    # Safety contacts
    path("terms/<int:pk>/safety/", term_safety, name="term_safety"),
    path("terms/<int:pk>/safety/<int:contact>/remove/", safety_contact_remove, name="safety_contact_remove"),
    path("terms/<int:pk>/staff/", term_staff, name="term_staff"),
    path("terms/<int:pk>/staff/<int:role>/remove/", coordinator_remove, name="coordinator_remove"),
    # The library
    path("decks/", own_decks, name="own_decks"),
    path("decks/new/", own_deck_new, name="own_deck_new"),
    path("decks/<int:pk>/", own_deck, name="own_deck"),
    path("decks/<int:pk>/edit/", own_deck_edit, name="own_deck_edit"),
    path("decks/<int:pk>/prompts/", own_deck_prompts, name="own_deck_prompts"),
    path("decks/<int:pk>/remove/", own_deck_remove, name="own_deck_remove"),
    path("decks/<int:pk>/terms/<int:term>/", own_deck_term, name="own_deck_term"),
    path("prompts/", prompts, name="prompts"),
    path("prompts/new/", prompt_new, name="prompt_new"),
    path("prompts/<slug:slug>/", prompt, name="prompt"),
    path("prompts/<slug:slug>/edit/", prompt_edit, name="prompt_edit"),
    path("prompts/<slug:slug>/approve/", prompt_approve, name="prompt_approve"),
    path("prompts/<slug:slug>/retire/", prompt_retire, name="prompt_retire"),
    path("prompts/<slug:slug>/restore/", prompt_restore, name="prompt_restore"),
    path("prompts/<slug:slug>/adapt/", prompt_adapt, name="prompt_adapt"),
    path("prompts/<slug:slug>/leave-out/<int:programme>/", prompt_leave_out, name="prompt_leave_out"),
    path("prompts/<slug:slug>/take-in/<int:programme>/", prompt_take_in, name="prompt_take_in"),
    path("values/", values, name="values"),
    path("values/choose/", values_choose, name="values_choose"),
    path("values/forget/", values_forget, name="values_forget"),
    path("sharing/", sharing, name="sharing"),
    # How people are reached
    path("contact/", contact_choices, name="contact_choices"),
    path("participations/<int:pk>/address/", person_address, name="person_address"),
    path("line/webhook/", line_webhook, name="line_webhook"),
    # Reception
    path("terms/<int:pk>/reception/", reception, name="reception"),
    path("terms/<int:pk>/reception/decide/", reception_decide, name="reception_decide"),
    path("participations/<int:pk>/", reception_person, name="reception_person"),
    path("participations/<int:pk>/note/", reception_note, name="reception_note"),
    path("participations/<int:pk>/identity/", reception_identity, name="reception_identity"),
    path("participations/<int:pk>/guardian/", reception_guardian, name="reception_guardian"),
    path("participations/<int:pk>/reply/", reception_reply, name="reception_reply"),
    path("participations/<int:pk>/invitation/", invitation, name="invitation"),
    path("guardian/<str:token>/", guardian, name="guardian"),
]

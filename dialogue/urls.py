"""Pages about a term and its people."""

from django.urls import include, path

from dialogue.views.guardian import guardian
from dialogue.views.importing import term_import
from dialogue.views.mapping import term_import_mapping, term_import_toml
from dialogue.views.people import participation_end, term_people
from dialogue.views.terms import term_edit, term_new

urlpatterns = [
    path("", include("dialogue.sign_up_urls")),
    path("", include("dialogue.join_urls")),
    path("terms/new/", term_new, name="term_new"),
    path("terms/<int:pk>/edit/", term_edit, name="term_edit"),
    path("terms/<int:pk>/people/", term_people, name="term_people"),
    path("terms/<int:pk>/import/", term_import, name="term_import"),
    path("terms/<int:pk>/import/mapping/", term_import_mapping, name="term_import_mapping"),
    path("terms/<int:pk>/import/mapping.toml", term_import_toml, name="term_import_toml"),
    path("participations/<int:pk>/end/", participation_end, name="participation_end"),
    # Reception
    path("guardian/<str:token>/", guardian, name="guardian"),
]

"""Pages about the ways into a term: links, flyers, partners and their contacts."""

from django.urls import path

from dialogue.views import join_links

urlpatterns = [
    path("terms/<int:pk>/join/", join_links.term_join, name="term_join"),
    path("terms/<int:pk>/partners/new/", join_links.partner_new, name="partner_new"),
    path("terms/<int:pk>/partners/<int:partner>/contact/", join_links.contact_new, name="contact_new"),
    path("terms/<int:pk>/contacts/<int:contact>/remove/", join_links.contact_remove, name="contact_remove"),
    path("links/<int:pk>/", join_links.join_link, name="join_link"),
    path("links/<int:pk>/close/", join_links.join_link_close, name="join_link_close"),
    path("links/<int:pk>/renew/", join_links.join_link_renew, name="join_link_renew"),
    path("links/<int:pk>/flyer/", join_links.join_link_flyer, name="join_link_flyer"),
    path("links/<int:pk>/qr.svg", join_links.join_link_qr, {"form": "svg"}, name="join_link_svg"),
    path("links/<int:pk>/qr.png", join_links.join_link_qr, {"form": "png"}, name="join_link_png"),
]

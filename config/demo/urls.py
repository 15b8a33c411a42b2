"""Addresses that only the demo has."""

from django.urls import path

from config.demo import views

urlpatterns = [
    path("", views.front),
    path("demo/", views.doors, name="doors"),
    path("demo/enter/<slug:door>/", views.enter, name="demo_enter"),
    path("demo/practice/<slug:way>/", views.practise, name="demo_practice"),
    path("demo/mails/", views.mails, name="demo_mails"),
    path("demo/mails/<int:pk>/", views.mail, name="demo_mail"),
    path("demo/mails/<int:pk>/file/", views.mail_file, name="demo_mail_file"),
    path("demo/outbox/", views.outbox, name="demo_outbox"),
    path("demo/outbox/kill/", views.outbox_kill, name="demo_kill"),
    path("demo/clock/", views.clock_forward, name="demo_clock"),
]

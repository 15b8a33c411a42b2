"""Signing up by a join link, and one's own answers afterwards."""

from django.urls import path

from dialogue.views.answers import (
    answers_interests,
    answers_near,
    answers_partner,
    answers_phone,
    answers_speaking,
    answers_take_back,
    answers_times,
    my_answers,
)
from dialogue.views.join_sending import join_again, join_check, join_done, join_number
from dialogue.views.joining import join, join_fit, join_near, join_page

urlpatterns = [
    path("join/<str:code>/", join, name="join"),
    path("join/<str:code>/near/", join_near, name="join_near"),
    path("join/<str:code>/fit/", join_fit, name="join_fit"),
    path("join/<str:code>/check/", join_check, name="join_check"),
    path("join/<str:code>/number/", join_number, name="join_number"),
    path("join/<str:code>/done/", join_done, name="join_done"),
    path("join/<str:code>/again/", join_again, name="join_again"),
    path("join/<str:code>/<str:page>/", join_page, name="join_page"),
    path("answers/<int:pk>/", my_answers, name="my_answers"),
    path("answers/<int:pk>/times/", answers_times, name="answers_times"),
    path("answers/<int:pk>/interests/", answers_interests, name="answers_interests"),
    path("answers/<int:pk>/interests/near/", answers_near, name="answers_near"),
    path("answers/<int:pk>/phone/", answers_phone, name="answers_phone"),
    path("answers/<int:pk>/partner/", answers_partner, name="answers_partner"),
    path("answers/<int:pk>/speaking/", answers_speaking, name="answers_speaking"),
    path("answers/<int:pk>/take-back/", answers_take_back, name="answers_take_back"),
]

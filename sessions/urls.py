"""Pages of the people in sessions, and the first page of all."""

from django.urls import path

from sessions.views.adding import gathering_to_calendar, session_to_calendar
from sessions.views.after import session_after, small_step
from sessions.views.answer_link import answer_link, answer_link_add, answer_link_enter, answer_link_off
from sessions.views.asked import alone, stand_in
from sessions.views.bringing import session_cards
from sessions.views.coaching import coaching
from sessions.views.dates import dates_link, session_dates, session_reschedule, session_wish
from sessions.views.eve import session_eve
from sessions.views.facilitator import facilitator
from sessions.views.feed import calendar, calendar_choice, calendar_feed
from sessions.views.gathering import (
    gathering,
    gathering_answer,
    gathering_choose,
    gathering_choose_link,
    gathering_link,
    gathering_link_add,
)
from sessions.views.greeting import circle, greeting_card, greeting_card_take_back
from sessions.views.guide import session_guide
from sessions.views.home import home
from sessions.views.language import set_language
from sessions.views.notes import note_report, note_take_back, notebook
from sessions.views.participant import session_answer, session_enter, session_page, session_reflection
from sessions.views.partner import partner, partner_term
from sessions.views.practice import practice, practice_room
from sessions.views.record import session_record
from sessions.views.rescuing import session_away, session_rescue
from sessions.views.room import room, room_signal
from sessions.views.safety import safety, safety_take_up
from sessions.views.standby import standby, standby_ask
from sessions.views.video import session_call, session_video

urlpatterns = [
    path("", home, name="home"),
    path("s/<int:pk>/", session_page, name="session"),
    path("s/<int:pk>/answer/", session_answer, name="session_answer"),
    path("s/<int:pk>/enter/", session_enter, name="session_enter"),
    path("s/<int:pk>/cards/", session_cards, name="session_cards"),
    path("s/<int:pk>/add/<str:where>/", session_to_calendar, name="session_to_calendar"),
    path("s/<int:pk>/reflection/", session_reflection, name="session_reflection"),
    path("s/<int:pk>/after/", session_after, name="session_after"),
    path("steps/<int:pk>/", small_step, name="small_step"),
    path("s/<int:pk>/record/", session_record, name="session_record"),
    path("a/<str:token>/", answer_link, name="answer_link"),
    path("a/<str:token>/enter/", answer_link_enter, name="answer_link_enter"),
    path("a/<str:token>/add/<str:where>/", answer_link_add, name="answer_link_add"),
    path("a/<str:token>/off/", answer_link_off, name="answer_link_off"),
    path("s/<int:pk>/eve/", session_eve, name="session_eve"),
    path("s/<int:pk>/guide/", session_guide, name="session_guide"),
    path("s/<int:pk>/room/", room, name="room"),
    path("s/<int:pk>/room/signal/", room_signal, name="room_signal"),
    path("s/<int:pk>/video/", session_video, name="session_video"),
    path("s/<int:pk>/call/", session_call, name="session_call"),
    path("s/<int:pk>/rescue/", session_rescue, name="session_rescue"),
    path("s/<int:pk>/away/", session_away, name="session_away"),
    path("s/<int:pk>/dates/", session_dates, name="session_dates"),
    path("s/<int:pk>/other-dates/", session_reschedule, name="session_reschedule"),
    path("s/<int:pk>/wish/", session_wish, name="session_wish"),
    path("alone/<str:token>/", alone, name="alone"),
    path("stand-in/<str:token>/", stand_in, name="stand_in"),
    path("standby/", standby, name="standby"),
    path("standby/<str:token>/", standby_ask, name="standby_ask"),
    path("dates/<str:token>/", dates_link, name="dates_link"),
    path("g/<int:pk>/", gathering, name="gathering"),
    path("g/<int:pk>/choose/", gathering_choose, name="gathering_choose"),
    path("g/<int:pk>/answer/", gathering_answer, name="gathering_answer"),
    path("g/a/<str:token>/", gathering_link, name="gathering_link"),
    path("g/a/<str:token>/add/<str:where>/", gathering_link_add, name="gathering_link_add"),
    path("g/d/<str:token>/", gathering_choose_link, name="gathering_choose_link"),
    path("g/<int:pk>/add/<str:where>/", gathering_to_calendar, name="gathering_to_calendar"),
    path("practice/", practice, name="practice"),
    path("practice/room/", practice_room, name="practice_room"),
    path("facilitator/", facilitator, name="facilitator"),
    path("coaching/", coaching, name="coaching"),
    path("safety/", safety, name="safety"),
    path("safety/<int:pk>/take-up/", safety_take_up, name="safety_take_up"),
    path("calendar/", calendar, name="calendar"),
    path("calendar/choice/", calendar_choice, name="calendar_choice"),
    path("calendar/<str:token>.ics", calendar_feed, name="calendar_feed"),
    path("partner/", partner, name="partner"),
    path("partner/<int:pk>/", partner_term, name="partner_term"),
    path("cohorts/<int:pk>/people/", circle, name="circle"),
    path("cohorts/<int:pk>/card/", greeting_card, name="greeting_card"),
    path("cohorts/<int:pk>/card/take-back/", greeting_card_take_back, name="greeting_card_take_back"),
    path("cohorts/<int:pk>/notes/", notebook, name="notebook"),
    path("notes/<int:pk>/take-back/", note_take_back, name="note_take_back"),
    path("notes/<int:pk>/report/", note_report, name="note_report"),
    path("language/", set_language, name="set_language"),
]

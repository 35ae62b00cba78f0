"""The addresses of home, my work, the ledger and the door."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from guantong.overview.views import (
    campaigns,
    changes,
    door,
    entering,
    home,
    notices,
    people,
    routine,
    work,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("my-work/", work.my_work, name="my-work"),
    path("notices/", notices.notices, name="notices"),
    path("notices/seen/", notices.see_notices, name="see-notices"),
    path("notices/digest/", notices.choose_digest, name="choose-digest"),
    path("stop-digest/<str:token>/", notices.stop_digest, name="stop-digest"),
    path("people/", people.list_people, name="people"),
    path("people/<int:person_id>/", people.show_person, name="person"),
    path("people/<int:person_id>/appoint/", people.give_role, name="appoint"),
    path("people/<int:person_id>/deputy/", people.add_deputy, name="name-deputy"),
    path("people/<int:person_id>/hand-over/", people.pass_on, name="hand-over"),
    path("appointments/<int:appointment_id>/end/", people.end_role, name="end-appointment"),
    path("deputies/<int:deputyship_id>/end/", people.end_deputy, name="end-deputy"),
    path("handover/", people.handover, name="handover"),
    path("campaigns/", campaigns.list_campaigns, name="campaigns"),
    path("campaigns/choose/", campaigns.choose_campaign, name="choose-campaign"),
    path("campaigns/open/", campaigns.start_campaign, name="open-campaign"),
    path("campaigns/close/", campaigns.end_campaign, name="close-campaign"),
    path("campaigns/reopen/", campaigns.resume_campaign, name="reopen-campaign"),
    path("campaigns/carry/", campaigns.carry_problems, name="carry-forward"),
    path("routine/", routine.routine, name="routine"),
    path("ledger/", changes.ledger, name="ledger"),
    path("new/<slug:slug>/", entering.enter, name="enter"),
    path("r/<int:record_id>/correct/", entering.correct, name="correct"),
    path("sign-in/", door.SignIn.as_view(), name="sign-in"),
    path("sign-in/<int:person_id>/", door.sign_in_as, name="sign-in-as"),
    path("sign-out/", door.sign_out, name="sign-out"),
    path("language/", login_not_required(set_language), name="set_language"),
]

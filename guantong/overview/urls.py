"""The addresses of home, my work, the ledger and the door."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from guantong.overview.views import (
    areas,
    changes,
    door,
    entering,
    home,
    house,
    outcome,
    registers,
    work,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("my-work/", work.my_work, name="my-work"),
    path("areas/", areas.list_areas, name="areas"),
    path("areas/<str:code>/", areas.show_area, name="area"),
    path("registers/", registers.list_registers, name="registers"),
    path("registers/<slug:kind>/", registers.list_things, name="register"),
    path("registers/<slug:kind>/new/", registers.enter_thing, name="register-new"),
    path("registers/<slug:kind>/<int:thing_id>/", registers.correct_thing, name="register-correct"),
    path("what-became-of-it/", outcome.own_outcomes, name="own-outcomes"),
    path("sites/<int:site_id>/what-became-of-it/", outcome.site_outcomes, name="site-outcomes"),
    path("given/<int:page_id>/take-back/", outcome.take_back, name="take-back"),
    path("given/<str:token>/", outcome.given_page, name="given-page"),
    path("given/<str:token>/<str:language>.<str:form>", outcome.given_paper, name="given-paper"),
    path("ledger/", changes.ledger, name="ledger"),
    path("new/<slug:slug>/", entering.enter, name="enter"),
    path("r/<record:record_id>/correct/", entering.correct, name="correct"),
    path("keys/", house.keys, name="keys"),
    path("style/", house.style, name="style"),
    path("sign-in/", door.SignIn.as_view(), name="sign-in"),
    path("sign-in/<int:person_id>/", door.sign_in_as, name="sign-in-as"),
    path("sign-out/", door.sign_out, name="sign-out"),
    path("language/", login_not_required(set_language), name="set_language"),
]

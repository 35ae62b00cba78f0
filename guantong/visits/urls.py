"""The addresses of visits beyond their lists: /visits/sites/, joining one."""

from django.urls import path

from guantong.visits import views

urlpatterns = [
    path("visits/sites/", views.sites, name="visit-sites"),
    path("r/<record:record_id>/join/", views.join, name="join-visit"),
]

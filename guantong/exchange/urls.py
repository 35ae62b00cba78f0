"""The addresses of official lists and of the papers on one record."""

from django.urls import path

from guantong.exchange import views

urlpatterns = [
    path("official/<slug:name>/<str:language>.<str:form>", views.official_list, name="official"),
    path(
        "r/<record:record_id>/documents/<slug:name>/<str:language>.<str:form>",
        views.record_document,
        name="record-document",
    ),
]

"""The addresses of audit."""

from django.urls import path

from guantong.audit import views

urlpatterns = [
    path("samples/", views.list_samples, name="samples"),
    path("samples/draw/<slug:slug>/", views.draw, name="draw-sample"),
    path("samples/<int:draw_id>/", views.show_sample, name="sample"),
    path("samples/<int:draw_id>/workbook/", views.export_sample, name="sample-workbook"),
    path("samples/<int:draw_id>/list/", views.give_list, name="sample-list"),
    path("samples/drawn/<int:drawn_id>/sound/", views.judge_sound, name="judge-sound"),
    path("r/<record:record_id>/query/", views.raise_query, name="raise-query"),
]

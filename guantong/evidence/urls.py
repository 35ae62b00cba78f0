"""The addresses of evidence."""

from django.urls import path

from guantong.evidence import views

urlpatterns = [
    path("evidence/<int:attachment_id>/", views.download, name="evidence"),
    path("evidence/<int:attachment_id>/withdraw/", views.withdraw, name="withdraw-evidence"),
    path("r/<record:record_id>/evidence/", views.attach, name="attach-evidence"),
]

"""The addresses of evidence."""

from django.urls import path

from guantong.evidence import views

urlpatterns = [
    path("evidence/<int:attachment_id>/", views.download, name="evidence"),
    path("evidence/<int:attachment_id>/withdraw/", views.withdraw, name="withdraw-evidence"),
    path("evidence/<int:attachment_id>/version/", views.add_version, name="replace-evidence"),
    path("r/<record:record_id>/evidence/reuse/", views.reuse, name="reuse-evidence"),
    path("r/<record:record_id>/evidence/document/", views.name_document, name="name-document"),
    path("r/<record:record_id>/evidence/", views.attach, name="attach-evidence"),
]

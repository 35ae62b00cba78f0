"""The addresses of evidence."""

from django.urls import path

from guantong.evidence.views import attaching, looking

urlpatterns = [
    path("evidence/<int:attachment_id>/", looking.download, name="evidence"),
    path("evidence/<int:attachment_id>/page/", looking.show, name="evidence-page"),
    path("evidence/<int:attachment_id>/redact/", looking.redact, name="redact-evidence"),
    path("evidence/<int:attachment_id>/withdraw/", attaching.withdraw, name="withdraw-evidence"),
    path("evidence/<int:attachment_id>/version/", attaching.add_version, name="replace-evidence"),
    path("r/<record:record_id>/evidence/reuse/", attaching.reuse, name="reuse-evidence"),
    path("r/<record:record_id>/evidence/document/", attaching.name_document, name="name-document"),
    path("r/<record:record_id>/evidence/", attaching.attach, name="attach-evidence"),
]

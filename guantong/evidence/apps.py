from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "guantong.evidence"
    label = "evidence"

    def ready(self) -> None:
        from guantong.evidence.models import Attachment, File
        from guantong.ledger.tracking import track

        track("file", File)
        track("attachment", Attachment)

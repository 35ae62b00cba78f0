from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "guantong.evidence"
    label = "evidence"

    def ready(self) -> None:
        from guantong.evidence.models import Attachment, File
        from guantong.evidence.queries import contents
        from guantong.ledger.tracking import track
        from guantong.ledger.verification.derived import also_compare

        track("file", File)
        track("attachment", Attachment)
        also_compare("file", "content", contents)

        from guantong.evidence.operations import Files
        from guantong.records.registry import keep_files_by

        keep_files_by(Files())

        from guantong.evidence.views import attaching
        from guantong.records.panels import Panel, add_page, add_panel, keep_files_with

        add_panel(Panel("evidence", "evidence/_panel.html", attaching.panel))
        add_panel(
            Panel(
                "judged by", "evidence/_judged_by.html", attaching.judged_by, is_for_verdicts=True
            )
        )
        add_page("attachment", "evidence-page")
        keep_files_with(attaching.keep)

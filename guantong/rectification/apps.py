from django.apps import AppConfig


class RectificationConfig(AppConfig):
    name = "guantong.rectification"
    label = "rectification"

    def ready(self) -> None:
        from guantong.ledger.tracking import track
        from guantong.rectification import models

        track("closure", models.Closure)
        track("progress note", models.ProgressNote)
        track("verification item", models.VerificationItem)
        track("checklist item", models.ChecklistItem)
        track("inspection reply", models.InspectionReply)
        track("routing", models.Routing)
        track("review", models.Review)

        from guantong.records.searching import index_said

        index_said("closure", models.Closure, "determination", on=["problem"])
        index_said("progress note", models.ProgressNote, "text", on=["measure"])
        index_said("verification item", models.VerificationItem, "text", on=["verification"])
        index_said("checklist item", models.ChecklistItem, "text", "found", on=["inspection"])
        index_said("inspection reply", models.InspectionReply, "text", on=["inspection"])
        index_said("routing", models.Routing, "reason", "answer", on=["problem"])
        index_said("review", models.Review, "text", on=["problem"])

        from guantong.records.panels import Panel, add_panel
        from guantong.rectification.views import drives

        add_panel(Panel("drive", "rectification/_drive.html", drives.panel))

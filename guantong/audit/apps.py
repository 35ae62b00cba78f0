from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "guantong.audit"
    label = "audit"

    def ready(self) -> None:
        from guantong.audit import views
        from guantong.audit.models import Verdict
        from guantong.ledger.tracking import track
        from guantong.records.panels import ListPanel, Panel, add_list_panel, add_panel

        track("verdict", Verdict)
        add_panel(Panel("audit", "audit/_panel.html", views.panel))
        add_list_panel(ListPanel("audit", "audit/_list.html", views.list_panel))

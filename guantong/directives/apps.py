from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    name = "guantong.directives"
    label = "directives"

    def ready(self) -> None:
        from guantong.directives import views
        from guantong.directives.models import AskedUnit, RequestItem
        from guantong.ledger.tracking import track
        from guantong.records.panels import Panel, add_panel
        from guantong.records.searching import index_said

        track("request item", RequestItem)
        track("asked unit", AskedUnit)
        index_said("request item", RequestItem, "text", "why_new", on=["request"])
        add_panel(Panel("asked", "directives/_asked.html", views.panel))

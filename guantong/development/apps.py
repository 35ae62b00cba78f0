from django.apps import AppConfig


class DevelopmentConfig(AppConfig):
    name = "guantong.development"
    label = "development"

    def ready(self) -> None:
        from guantong.development.models import Milestone
        from guantong.ledger.tracking import track

        # An indicator's id is its record's: its milestones belong to its story.
        track("milestone", Milestone, record="indicator_id")

        from guantong.development import views
        from guantong.records.panels import Panel, add_panel

        add_panel(Panel("indicator", "development/_panel.html", views.panel))

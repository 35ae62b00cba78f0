from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "guantong.visits"
    label = "visits"

    def ready(self) -> None:
        from guantong.records.panels import Panel, add_panel
        from guantong.visits import views

        add_panel(Panel("crowding", "visits/_crowding.html", views.panel))

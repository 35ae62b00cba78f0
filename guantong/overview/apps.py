from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "guantong.overview"
    label = "overview"

    def ready(self) -> None:
        from guantong.overview.views import entering
        from guantong.records.panels import add_way_in

        add_way_in(enter=entering.entrance, correct=entering.way_to_correct)

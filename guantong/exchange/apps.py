from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "guantong.exchange"
    label = "exchange"

    def ready(self) -> None:
        from guantong.exchange.models import ImportRun
        from guantong.ledger.tracking import track

        track("import", ImportRun)

        from guantong.exchange import views
        from guantong.records.panels import ListPanel, Panel, add_list_panel, add_panel

        add_list_panel(ListPanel("lists", "exchange/_lists.html", views.lists_panel))
        add_panel(Panel("documents", "exchange/_documents.html", views.documents_panel))

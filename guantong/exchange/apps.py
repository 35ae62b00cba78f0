from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "guantong.exchange"
    label = "exchange"

    def ready(self) -> None:
        from guantong.exchange.models import ImportRun
        from guantong.exchange.operations.forgetting import forget_words
        from guantong.ledger.tracking import track
        from guantong.records.registry import forget_also

        track("import", ImportRun)
        forget_also(forget_words)

        from guantong.exchange.views import documents, exporting, importing
        from guantong.records.panels import (
            ListPanel,
            Panel,
            add_list_panel,
            add_panel,
            add_work_link,
            give_templates_at,
            take_rows_at,
        )

        add_list_panel(ListPanel("exports", "exchange/_exports.html", exporting.exports_panel))
        add_panel(Panel("documents", "exchange/_documents.html", documents.documents_panel))
        add_work_link(exporting.weekly_link)
        give_templates_at(exporting.template_address)
        take_rows_at(importing.address)

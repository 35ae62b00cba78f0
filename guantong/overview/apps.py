from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "guantong.overview"
    label = "overview"

    def ready(self) -> None:
        from guantong.ledger.tracking import track
        from guantong.overview.models import GivenPage
        from guantong.overview.operations import forget_words
        from guantong.overview.views import entering, outcome, registers
        from guantong.records.panels import Panel, add_panel, add_way_in, keep_registers_at
        from guantong.records.registry import forget_also

        forget_also(forget_words)
        track("given page", GivenPage)
        add_panel(Panel("outcome", "overview/_outcome_link.html", outcome.panel))
        add_panel(Panel("ways on", "overview/_ways_on.html", entering.ways_on))
        add_way_in(
            enter=entering.entrance,
            correct=entering.way_to_correct,
            together=entering.ways_together,
        )
        keep_registers_at(registers.address_of)

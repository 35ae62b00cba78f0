from django.apps import AppConfig


class IndustryConfig(AppConfig):
    name = "guantong.industry"
    label = "industry"

    def ready(self) -> None:
        from guantong.industry.models import Place, Sector, Site
        from guantong.ledger.tracking import track

        track("sector", Sector)
        track("place", Place)
        track("site", Site)
